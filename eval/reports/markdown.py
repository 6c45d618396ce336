"""A report as Markdown, for a pull request or a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eval.reports.report import MOST_SHOWN, CaseShown, Report, Table
from eval.reports.words import cell_text

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_LINKED = re.compile(r"(?<=:)(?=//)|(?<=www)(?=\.)|(?<=@)(?=\w)", re.IGNORECASE)
"""Where what becomes a link or calls somebody without any markup can be broken: a bare address, a name behind an @."""
_BREAK = "\u200b"


def as_markdown(report: Report) -> str:
    """The first failed cases in full, those that hold as a count. Nothing of a case is read as markup."""
    lines = [f"# {escaped(report.suite)}: evaluation report", "", escaped(report.headline), ""]
    lines += [f"- {escaped(name)}: {escaped(value)}" for name, value in report.facts]
    for table in report.tables:
        lines += ["", f"## {escaped(table.title)}", ""]
        if table.note:
            lines += [escaped(table.note), ""]
        lines += _rows(table)
    if report.cases:
        lines += ["", f"## Failed cases ({len(report.failed)})"]
        for case in report.failed[:MOST_SHOWN]:
            lines += ["", *_case(case)]
        if len(report.failed) > MOST_SHOWN:
            lines += ["", f"and {len(report.failed) - MOST_SHOWN} more"]
        lines += ["", f"{len(report.held)} cases hold."]
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """On one line, so that nothing in it begins a list, a heading or a row."""
    return _SPECIAL.sub(r"\\\1", _LINKED.sub(_BREAK, " ".join(text.split())))


def _rows(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(map(escaped, table.columns))} |"
    yield f"|{' --- |' * len(table.columns)}"
    for row in table.rows:
        yield f"| {' | '.join(escaped(cell_text(cell)) for cell in row)} |"


def _case(case: CaseShown) -> Iterator[str]:
    yield f"### {escaped(case.id)} ({escaped(case.kind)})"
    yield ""
    yield f"**Asked:** {escaped(case.asked)}"
    yield ""
    for fault in case.faults:
        yield f"- failed: {escaped(fault)}"
    for name, value in case.wanted:
        yield f"- {escaped(name)}: {escaped(value)}"
    yield f"- status: {escaped(case.status)}"
    for sentence in case.said:
        markers = "".join(f" \\[{marker}\\]" for marker in sentence.markers)
        said = escaped(sentence.text)
        yield f"- said: {said}" if said.endswith(markers.strip() or "\x00") else f"- said: {said}{markers}"
        for verdict in sentence.verdicts:
            yield f"  - {escaped(verdict)}"
    for quote in case.quotations:
        where = f"{escaped(quote.title)}, {escaped(quote.article_id)} {escaped(quote.place)}"
        yield f"- \\[{quote.marker}\\] {where}: {escaped(quote.quote)}"
