"""A sentence cut to length at its clauses, word for word, with marks where something was left out."""

from __future__ import annotations

import re
from itertools import pairwise

_LEAST_SHARE = 0.6
"""Where whole clauses use less of the words, a clause is cut."""

_BORDER = re.compile(r"[,;:—–]\s+(?!\d)|\s+(?=(?:which|who|while|where|after|as|and|but|because|although)\s)")


def clipped(text: str, longest: int, place: int = 0) -> str:
    """At most so many words around the character at `place`, whole clauses where they fit; "…" marks each cut."""
    if len(text.split()) <= longest:
        return text
    borders = [0, *(match.end() for match in _BORDER.finditer(text)), len(text)]
    clauses = list(pairwise(borders))
    first = last = next((k for k, (_, end) in enumerate(clauses) if place < end), len(clauses) - 1)

    def fits(a: int, b: int) -> bool:
        return len(text[clauses[a][0] : clauses[b][1]].split()) <= longest

    if fits(0, last):
        first = 0
    while first > 0 and fits(first - 1, last):
        first -= 1
    while last + 1 < len(clauses) and fits(first, last + 1):
        last += 1
    start, end = clauses[first][0], clauses[last][1]
    if not fits(first, last) or len(text[start:end].split()) < _LEAST_SHARE * longest:
        words = [match.span() for match in re.finditer(r"\S+", text)]
        at = next((k for k, (_, stop) in enumerate(words) if place < stop), 0)
        from_word = 0 if at < longest else max(0, min(at - longest // 3, len(words) - longest))
        start, end = words[from_word][0], words[from_word + longest - 1][1]
    said = text[start:end].strip().rstrip(",;:—– ")
    stop = start + (len(text[start:end]) - len(text[start:end].lstrip())) + len(said)
    return ("… " if start else "") + said + (" …" if stop < len(text.rstrip()) else "")
