"""One briefing in any format."""

from __future__ import annotations

import json
from typing import Literal, get_args

from service.briefing.body import briefing_body
from service.briefing.briefing import Briefing
from service.briefing.rendering.page import page_of

Format = Literal["md", "html", "txt", "json", "pdf"]
FORMATS: tuple[Format, ...] = get_args(Format)
MEDIA_TYPES: dict[Format, str] = {
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "json": "application/json",
    "pdf": "application/pdf",
}


def rendered(briefing: Briefing, wanted: Format) -> bytes:
    """The same briefing always gives the same bytes. Raises ExtraMissing for PDF where its library is not installed."""
    if wanted == "json":
        return json.dumps(briefing_body(briefing), ensure_ascii=False, indent=2).encode("utf-8", "replace") + b"\n"
    page = page_of(briefing)
    if wanted == "pdf":
        from service.briefing.rendering.pdf import as_pdf

        return as_pdf(page, briefing.created_at)
    if wanted == "html":
        from service.briefing.rendering.html import as_html

        return as_html(page).encode()
    if wanted == "md":
        from service.briefing.rendering.markdown import as_markdown

        return as_markdown(page).encode()
    from service.briefing.rendering.plain_text import as_text

    return as_text(page).encode()
