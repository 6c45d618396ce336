"""Which line breaks are borders, and which only wrap a paragraph at some width.

A break is a *border* (heading, list item, new paragraph) unless it looks like a wrap; deciding needs the lines around
it, so this reads a run of non-blank lines at a time, and the whole text's habit where a run is too short to tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from service.types import Span

_LINE = re.compile(r"[^\n]*\n?")
_MARKER = re.compile(r"(?:[-*+•▪●‣◦·]|\(?\d{1,3}[.)]|\(?[a-zA-Z]\))\s")
_ENDS_SENTENCE = re.compile(r"[.!?…:;。！？؟।][\"'”’»)\]]*$")
_OPEN_WORDS = (
    "a an the of in on at to for from by with and or but as that which who its their his her this these into over "
    "after before since than about against between is are was were be been has have had will would not"
)
_ENDS_OPEN = re.compile(rf"(?:[^\W\d_]-|\b(?:{'|'.join(_OPEN_WORDS.split())}))$")

_NARROWEST, _WIDEST = 40, 160
"""Text is wrapped at 65 to 120 columns as a rule; longer lines are paragraphs, shorter ones lists or verse."""

_CONTINUED_SHARE = 0.3
"""Four of five words of news prose begin in lower case, so most breaks of a wrapped text go on in lower case."""


def line_spans(text: str) -> list[Span]:
    """Spans of the lines without surrounding white space, blank ones included (as empty spans), in order."""
    spans = []
    for match in _LINE.finditer(text):
        if match.end() == match.start():
            break
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        spans.append(Span(start, start + len(line.strip())))
    return spans


def block_spans(text: str) -> list[Span]:
    """Spans of the blocks: a paragraph, a heading, a list item. A block of several lines is a wrapped paragraph."""
    blocks: list[Span] = []
    runs = list(_runs(line_spans(text)))
    habit = _wraps_by_habit(text, runs)
    for run in runs:
        lines = [span.of(text) for span in run]
        width = max(len(line) for line in lines)
        wrapped = _NARROWEST <= width <= _WIDEST and (habit or _share_of_continued(lines) >= _CONTINUED_SHARE)
        begin = run[0].start
        for number in range(len(run) - 1):
            if not _wraps(lines[number], lines[number + 1], width, wrapped):
                blocks.append(Span(begin, run[number].end))
                begin = run[number + 1].start
        blocks.append(Span(begin, run[-1].end))
    return blocks


def _runs(lines: Sequence[Span]) -> Iterator[list[Span]]:
    run: list[Span] = []
    for line in lines:
        if line.start < line.end:
            run.append(line)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _wraps_by_habit(text: str, runs: Sequence[Sequence[Span]]) -> bool:
    breaks = continued = 0
    for run in runs:
        lines = [span.of(text) for span in run]
        if len(lines) > 1 and max(map(len, lines)) <= _WIDEST:
            breaks += len(lines) - 1
            continued += sum(_continues(a, b) for a, b in pairwise(lines))
    return continued >= 3 and continued >= _CONTINUED_SHARE * breaks


def _share_of_continued(lines: Sequence[str]) -> float:
    if len(lines) < 3:
        return 0.0
    return sum(_continues(a, b) for a, b in pairwise(lines)) / (len(lines) - 1)


def _continues(line: str, following: str) -> bool:
    """The break stands inside a sentence: nothing ends before it, and the line is left open or goes on in lower case
    (or in a script that has none)."""
    if _ENDS_SENTENCE.search(line) or _MARKER.match(following):
        return False
    if line.endswith(",") or _ENDS_OPEN.search(line):
        return True
    first = following[0]
    return first.islower() or (first.isalpha() and first.lower() == first.upper() and len(line) >= _NARROWEST)


def _wraps(line: str, following: str, width: int, wrapped: bool) -> bool:
    lower = following[0].islower()
    room = len(line) + 1 + len(following.split(maxsplit=1)[0]) <= width
    if _MARKER.match(following):
        return False
    if _ENDS_SENTENCE.search(line):
        return wrapped and not room
    if line.endswith(",") or (lower and line.count(" ") >= 3):
        return True
    if _ENDS_OPEN.search(line) and (lower or not room):
        return True
    return wrapped and not room
