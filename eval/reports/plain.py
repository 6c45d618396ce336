"""A report as lines for a terminal: the tables, without the cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eval.reports.report import Measured, Report, Table
from eval.reports.words import cell_text

_MOST = 60
"""Characters of a cell; longer ones are for the page."""


def as_lines(report: Report) -> Iterator[str]:
    yield f"{report.suite}: {report.headline}"
    for name, value in report.facts:
        yield f"  {name}: {value}"
    for table in report.tables:
        yield ""
        yield table.title
        yield from _rows(table)
        if table.note:
            yield f"  {table.note}"


def _rows(table: Table) -> Iterator[str]:
    cells = [list(table.columns), *([_cut(cell_text(cell)) for cell in row] for row in table.rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(table.columns))]
    numeric = [any(isinstance(row[i], int | Measured) for row in table.rows) for i in range(len(table.columns))]
    for row in cells:
        yield ("  " + "  ".join(_padded(row, widths, numeric))).rstrip()


def _padded(row: Sequence[str], widths: Sequence[int], numeric: Sequence[bool]) -> Iterator[str]:
    for i, cell in enumerate(row):
        yield cell.rjust(widths[i]) if numeric[i] and i else cell.ljust(widths[i])


def _cut(text: str) -> str:
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"
