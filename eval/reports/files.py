"""A report as a file: its name says the format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from eval.reports.html import as_html
from eval.reports.machine import as_json, as_junit
from eval.reports.markdown import as_markdown
from eval.reports.report import Report
from service.errors import InputRejected

FORMATS: Mapping[str, Callable[[Report], str]] = {
    ".html": as_html,
    ".md": as_markdown,
    ".json": as_json,
    ".xml": as_junit,
}


def write_report(report: Report, path: Path) -> None:
    """Raises InputRejected for a name that says no format, and where it cannot be written."""
    if path.suffix not in FORMATS:
        raise InputRejected(f"{path}: a report is one of {', '.join(FORMATS)}; end the name with one of them")
    text = FORMATS[path.suffix](report)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode("utf-8", "replace"))
    except OSError as error:
        raise InputRejected(f"{path}: cannot be written ({error.strerror}); name another file") from error
