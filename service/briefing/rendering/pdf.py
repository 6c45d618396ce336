"""A page as PDF, set by Typst: an extra, as not everybody prints."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from importlib import resources
from typing import TYPE_CHECKING, Any

from service.briefing.rendering.page import Page
from service.errors import ExtraMissing, GroundwireError

if TYPE_CHECKING:
    from types import ModuleType


def as_pdf(page: Page, created_at: str) -> bytes:
    """Tagged, so that it can be read aloud; dated `created_at` (ISO 8601), so that it is the same whenever it is made.

    The template is ours and a fixed file; the page goes in as data, of which nothing is ever read as markup. Raises
    ExtraMissing where Typst is not installed.
    """
    typst = _typst()
    source = resources.files(__package__).joinpath("briefing.typ").read_bytes()
    try:
        made: bytes = typst.compile(
            source,
            format="pdf",
            sys_inputs={"page": json.dumps(_data(page), ensure_ascii=False)},
            timestamp=datetime.fromisoformat(created_at),
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as error:
        raise GroundwireError(
            f"the PDF could not be set ({error}); take another format, html prints as well"
        ) from error
    return made


def _data(page: Page) -> dict[str, Any]:
    return asdict(page)


def demand_typst() -> None:
    """Raise ExtraMissing where it is not installed, before anybody waits for a PDF."""
    _typst()


def _typst() -> ModuleType:
    try:
        import typst
    except ImportError:
        raise ExtraMissing("PDF is an extra that is not installed: run `pip install 'groundwire[pdf]'`") from None
    return typst
