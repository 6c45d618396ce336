"""A page as plain text of 72 columns, as mail has it."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from service.briefing.rendering.page import ChangesPart, Differing, Figure, Line, Note, Page, Part, SourceLine
from service.briefing.rendering.words import counted

COLUMNS = 72


def as_text(page: Page) -> str:
    """No line is longer than `COLUMNS` but for a word that is; ends with a line break."""
    return "\n".join(_lines(page)) + "\n"


def _lines(page: Page) -> Iterator[str]:
    yield from _wrapped(f"Briefing: {page.topic}")
    yield ""
    yield from _wrapped(page.headline)
    yield "=" * COLUMNS
    for item in page.about:
        yield from _wrapped(item, "  ")
    if page.degraded:
        yield from _wrapped(f"Written with less than was asked for: {page.degraded}", "  ")
    if page.nearest_topics:
        yield from ("", *_wrapped("The library has articles on:"))
        for topic in page.nearest_topics:
            yield from _item(topic)
    if page.bottom_line:
        yield from _part(page.bottom_line)
    if page.changes:
        yield from _changes(page.changes)
    for part in page.parts:
        yield from _part(part)
    if page.figures:
        yield from _figures(page.figures)
    if page.timeline:
        yield from _title("Timeline")
        for entry in page.timeline:
            yield from _item(f"{entry.date}: {entry.text}{_refs(entry.markers)}")
    if page.differing:
        yield from _differing(page.differing)
    if page.not_known:
        yield from _part(page.not_known, listed=True)
    if page.sources or page.undated:
        yield from _title("Sources")
        for line in page.sources:
            yield from _source(line)
        if page.undated:
            yield from _wrapped("Without a stated date of publication:")
            for line in page.undated:
                yield from _source(line)
    if page.notes:
        yield from _title("Notes")
        for note in page.notes:
            yield from _note(note)


def _refs(markers: Sequence[int]) -> str:
    return "".join(f" [{marker}]" for marker in markers)


def _wrapped(text: str, indent: str = "", lead: str = "") -> list[str]:
    return textwrap.wrap(
        text,
        COLUMNS,
        initial_indent=lead or indent,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


def _item(text: str, indent: str = "") -> list[str]:
    return _wrapped(text, indent + "  ", indent + "- ")


def _title(title: str) -> list[str]:
    title = title.upper()
    return ["", title, "-" * min(len(title), COLUMNS)]


def _part(part: Part, *, listed: bool = False) -> Iterator[str]:
    yield from _title(part.title)
    for number, group in enumerate(part.groups):
        if number:
            yield ""
        if group.title:
            yield from _wrapped(f"* {group.title}", "  ", " ")
        if group.about:
            yield from _wrapped(f"({group.about})", "  ")
        lines = [_line(line) for line in group.lines]
        if listed:
            for line in lines:
                yield from _item(line)
        else:
            yield from _wrapped(" ".join(lines), "  " if group.title else "")


def _line(line: Line) -> str:
    tag = f"{line.tag.upper()}: " if line.tag else ""
    return f"{tag}{line.text}{_refs(line.markers)}"


def _changes(changes: ChangesPart) -> Iterator[str]:
    yield from _title("Changes since the last briefing")
    if changes.nothing_new:
        yield from _wrapped(f"Nothing new since {changes.since}.")
    else:
        yield from _wrapped(f"Compared with {changes.since}:")
    for one in changes.new:
        yield from _item(f"NEW: {one.text}{_refs(one.markers)}")
    for updated in changes.updated:
        yield from _item(f"UPDATED: {updated.what}: {updated.old} -> {updated.new}{_refs(updated.markers)}")
    for gone in changes.withdrawn:
        yield from _item(f"WITHDRAWN: {gone.text} ({gone.reason})")
    if changes.unchanged:
        yield from _wrapped(f"Unchanged, and not repeated here: {counted(len(changes.unchanged), 'sentence')}.")


def _figures(figures: Sequence[Figure]) -> Iterator[str]:
    yield from _title("Figures")
    for figure in figures:
        yield from _wrapped(f"{figure.what}:")
        for cell in figure.cells:
            event = f"; {cell.event}" if cell.event else ""
            yield from _item(f"{cell.value} [{cell.marker}]{event}; {cell.date}; {cell.source}", "  ")


def _differing(differing: Sequence[Differing]) -> Iterator[str]:
    yield from _title("Where the articles disagree")
    for one in differing:
        yield from _wrapped(f"{one.about}:")
        for said in one.values:
            date = f" ({said.date})" if said.date else ""
            yield from _item(f"{said.value}{date}, {said.who} [{said.marker}]", "  ")


def _source(line: SourceLine) -> Iterator[str]:
    aside = f"; {line.aside}" if line.aside else ""
    cited = counted(line.cited, "time")
    yield from _item(f"{line.title}, {line.source}, {line.published}; cited {cited}{aside}")
    if line.url:
        yield f"  {line.url}"


def _note(note: Note) -> Iterator[str]:
    also = f" Also in {', '.join(note.also_in)}." if note.also_in else ""
    lead = f"[{note.marker}] "
    indent = " " * len(lead)
    yield from _wrapped(f"“{note.quote}” {note.title}, {note.source}, {note.published}.{also}", indent, lead)
    yield from _wrapped(f"article {note.article_id}, characters {note.start}-{note.end} of revision", indent)
    # 71 characters: only without an indent do they fit.
    yield note.revision
    yield ""
