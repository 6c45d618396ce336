"""Raw text to the text that groundwire keeps, shows and cites: offsets everywhere index what this returns."""

from __future__ import annotations

import re

from service.text.boilerplate import without_boilerplate
from service.text.characters import plain_characters
from service.text.lines import block_spans, line_spans
from service.text.markdown import plain_markdown

CLEANER = "1"
"""Version of these rules, kept with every article; raise it when the same raw text would come out otherwise."""

_SPACES = re.compile(r"[ \t]+")
_BLANK_RUN = re.compile(r"\n{3,}")
_RULE = re.compile(r"[-_=*~·•—– ]{3,}")
_ROUND_BULLET = re.compile(r"[•▪●‣◦·]\s*(?=\S)")
_PLAIN_BULLET = re.compile(r"(?:[-*+]\s+)+(?=\S)")


def clean(raw: str, *, markdown: bool = False) -> str:
    """The cleaned text; empty when nothing is left. `clean(clean(x)) == clean(x)` for any string.

    Blank lines separate paragraphs; a single break separates lines that are no wrapped paragraph. List items become
    paragraphs without their bullets. With `markdown`, marks are removed first.
    """
    text = _pass(plain_markdown(raw) if markdown else raw)
    # What one rule removes may bring lines together that another rule reads: repeat until nothing changes. It ends,
    # because every pass after the first makes the text shorter, or leaves its length and removes line breaks.
    while (settled := _pass(text)) != text:
        text = settled
    return text


def _pass(text: str) -> str:
    return _tidy(without_boilerplate(_unwrapped(_without_bullets(_tidy(plain_characters(text))))))


def _tidy(text: str) -> str:
    lines = ("" if _RULE.fullmatch(line) else _SPACES.sub(" ", line).strip() for line in text.split("\n"))
    return _BLANK_RUN.sub("\n\n", "\n".join(lines)).strip()


def _without_bullets(text: str) -> str:
    """List items as paragraphs. A dash is a bullet only in a list or after a blank line; else a line wrapped at it."""
    lines = text.split("\n")
    dashed = [bool(_PLAIN_BULLET.match(line)) for line in lines]
    out: list[str] = []
    for number, line in enumerate(lines):
        beside = number == 0 or not lines[number - 1] or dashed[number - 1] or any(dashed[number + 1 : number + 2])
        bullet = _ROUND_BULLET.match(line) or (_PLAIN_BULLET.match(line) if beside else None)
        out.append("\n" + line[bullet.end() :] if bullet else line)
    return "\n".join(out)


def _unwrapped(text: str) -> str:
    """Every wrapped paragraph in one line, so that a quote reads as a sentence, and between blank lines, so that its
    new length says nothing about the lines beside it.
    """
    out = []
    last_end = 0
    for block in block_spans(text):
        out.append(text[last_end : block.start])
        lines = [line.of(block.of(text)) for line in line_spans(block.of(text))]
        out.append(f"\n{_joined(lines)}\n" if len(lines) > 1 else block.of(text))
        last_end = block.end
    return "".join(out)


def _joined(lines: list[str]) -> str:
    joined = lines[0]
    for line in lines[1:]:
        hyphenated = re.search(r"[^\W\d_]-$", joined) and line[:1].islower()
        joined += line if hyphenated else " " + line
    return joined
