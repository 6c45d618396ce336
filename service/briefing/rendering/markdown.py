"""A page as Markdown with footnotes, as GitHub, Pandoc and most editors read them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import quote

from service.briefing.rendering.page import ChangesPart, Differing, Figure, Line, Note, Page, Part, SourceLine
from service.briefing.rendering.words import counted

_MARKUP = re.compile(r"[\\`*_\[\]<>|~&$^]")
_AT_START = re.compile(r"^(?:(\d+)([.)])|([#+\-=:]))")
_AUTOLINKED = re.compile(r"://|(?i:(?<=www)\.)|@")
"""Some readers make a link of an address that merely stands in the text; links come from stored metadata alone."""


def as_markdown(page: Page) -> str:
    """Ends with a line break."""
    return "\n\n".join(block for block in _blocks(page) if block) + "\n"


def escaped(text: str) -> str:
    """The text as Markdown that shows just that, wherever on a line it stands."""
    text = _MARKUP.sub(r"\\\g<0>", text)
    text = _AUTOLINKED.sub(lambda found: "".join(rf"\{c}" for c in found[0]), text)
    return _AT_START.sub(lambda found: rf"{found[1]}\{found[2]}" if found[1] else rf"\{found[3]}", text)


def _blocks(page: Page) -> Iterator[str]:
    yield f"# {escaped(page.headline)}"
    yield f"**Briefing: {escaped(page.topic)}**"
    yield "  \n".join(escaped(item) for item in page.about)
    if page.degraded:
        yield f"> Written with less than was asked for: {escaped(page.degraded)}"
    if page.nearest_topics:
        yield "The library has articles on:"
        yield _list(escaped(topic) for topic in page.nearest_topics)
    if page.bottom_line:
        yield from _part(page.bottom_line)
    if page.changes:
        yield from _changes(page.changes)
    for part in page.parts:
        yield from _part(part)
    if page.figures:
        yield "## Figures"
        yield _figures(page.figures)
    if page.timeline:
        yield "## Timeline"
        yield _list(f"**{escaped(e.date)}**: {escaped(e.text)}{_refs(e.markers)}" for e in page.timeline)
    if page.differing:
        yield "## Where the articles disagree"
        yield _differing(page.differing)
    if page.not_known:
        yield from _part(page.not_known, listed=True)
    if page.sources or page.undated:
        yield "## Sources"
        yield _list(_source(line) for line in page.sources)
        if page.undated:
            yield "Without a stated date of publication:"
            yield _list(_source(line) for line in page.undated)
    yield "\n".join(_note(note) for note in page.notes)


def _refs(markers: Sequence[int]) -> str:
    return "".join(f"[^{marker}]" for marker in markers)


def _line(line: Line) -> str:
    tag = f"**{line.tag.capitalize()}:** " if line.tag else ""
    return f"{tag}{escaped(line.text)}{_refs(line.markers)}"


def _part(part: Part, *, listed: bool = False) -> Iterator[str]:
    yield f"## {escaped(part.title)}"
    for group in part.groups:
        if group.title:
            yield f"### {escaped(group.title)}"
        if group.about:
            yield f"*{escaped(group.about)}*"
        lines = [_line(line) for line in group.lines]
        yield _list(lines) if listed else " ".join(lines)


def _changes(changes: ChangesPart) -> Iterator[str]:
    yield "## Changes since the last briefing"
    if changes.nothing_new:
        yield f"Nothing new since {escaped(changes.since)}."
    else:
        yield f"Compared with {escaped(changes.since)}:"
    yield _list(
        [
            *(f"**New:** {escaped(one.text)}{_refs(one.markers)}" for one in changes.new),
            *(
                f"**Updated:** {escaped(u.what)}: {escaped(u.old)} → {escaped(u.new)}{_refs(u.markers)}"
                for u in changes.updated
            ),
            *(f"**Withdrawn:** {escaped(one.text)} ({escaped(one.reason)})" for one in changes.withdrawn),
        ]
    )
    if changes.unchanged:
        # Escaping keeps their text from closing it.
        yield f"<details><summary>Unchanged: {counted(len(changes.unchanged), 'sentence')}</summary>"
        yield _list(_line(line) for line in changes.unchanged)
        yield "</details>"


def _figures(figures: Sequence[Figure]) -> str:
    rows = ["| What | Value | Event | Date of the event | Source |", "| --- | --- | --- | --- | --- |"]
    for figure in figures:
        what = escaped(figure.what)
        for cell in figure.cells:
            event = escaped(cell.event or "")
            value = f"{escaped(cell.value)}{_refs([cell.marker])}"
            rows.append(f"| {what} | {value} | {event} | {escaped(cell.date)} | {escaped(cell.source)} |")
            what = ""
    return "\n".join(rows)


def _differing(differing: Sequence[Differing]) -> str:
    lines = []
    for one in differing:
        lines.append(f"- {escaped(one.about)}")
        for said in one.values:
            date = f" ({escaped(said.date)})" if said.date else ""
            lines.append(f"  - {escaped(said.value)}{date}, {escaped(said.who)}{_refs([said.marker])}")
    return "\n".join(lines)


def _source(line: SourceLine) -> str:
    aside = f"; {escaped(line.aside)}" if line.aside else ""
    title = _linked(line.title, line.url)
    return f"{title}, {escaped(line.source)}, {escaped(line.published)}; cited {counted(line.cited, 'time')}{aside}"


def _note(note: Note) -> str:
    where = f"{_code(note.article_id)} {_code(note.revision)} characters {note.start}-{note.end}"
    also = f"; also in {escaped(', '.join(note.also_in))}" if note.also_in else ""
    title = _linked(note.title, note.url)
    whose = f"{title}, {escaped(note.source)}, {escaped(note.published)}"
    return f"[^{note.marker}]: “{escaped(note.quote)}” {whose}; {where}{also}"


def _linked(title: str, url: str | None) -> str:
    if url is None:
        return escaped(title)
    return f"[{escaped(title)}](<{quote(url, safe=_LEFT_IN_URLS)}>)"


_LEFT_IN_URLS = "%/:=&?~#+!$,;'@()*[].-_"
"""All that a URL has, but not what ends or opens one in angle brackets."""


def _code(text: str) -> str:
    """As a code span, however many backquotes it has itself."""
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _list(items: Iterable[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
