"""A title for a text that came without one."""

from __future__ import annotations

from pathlib import PurePath

from service.text.sentences import sentence_spans

MAX_TITLE_CHARACTERS = 120
"""A headline rarely passes 100 characters; a longer first line is the first paragraph."""

_FULL_STOPS = (".", "。", "।", "。”", ".”", '."', ".'", ".)")
_LOOKED_AT = 2_000  # characters: enough for the longest first sentence worth cutting


def title_of(text: str, origin: str, language: str | None = None) -> str:
    """The first line if it reads as a title, else the first sentence cut at a word, else the file's name.

    The text is cleaned text and keeps its title line.
    """
    start = text[:_LOOKED_AT]
    lines = start.splitlines()
    first = next((i for i, line in enumerate(lines) if any(c.isalnum() for c in line)), None)
    if first is None:
        return PurePath(origin).stem or "untitled"
    line = lines[first].strip()
    if len(line) <= MAX_TITLE_CHARACTERS and not line.endswith(_FULL_STOPS):
        return _cut(line)
    sentences = sentence_spans(line, language or "en")
    return _cut(sentences[0].of(line) if sentences else line)


def _cut(title: str) -> str:
    """One line, at most MAX_TITLE_CHARACTERS, cut between words."""
    title = " ".join(title.split())
    if len(title) <= MAX_TITLE_CHARACTERS:
        return title
    head, _, _ = title[:MAX_TITLE_CHARACTERS].rpartition(" ")
    return (head or title[: MAX_TITLE_CHARACTERS - 1]).rstrip(" ,;:–—-") + "…"
