"""Two questions in one: "How many were hurt, and when did it begin?" is asked as two, each whole in itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from service.answering.reading import looks_like_verb
from service.text.asked_dates import asked_dates
from service.text.names import names
from service.text.words import Token, tokens

_WORDS = r"(?:how\s+(?:many|much|long|far|old|big|high)|who|whom|when|where|why|which|what)"
_LEAD = r"(?:(?:on|in|at|by|from|to|of|for|since)\s+)?"
# After a mere comma "which" and "who" mostly begin a clause of the same question; "how many" never does.
_BORDER = re.compile(
    rf"(?:\s*[,;]?\s+and\s+|\?\s+(?:and\s+)?|;\s*)(?={_LEAD}{_WORDS}\b)|,\s*(?=how\s+(?:many|much)\b)", re.IGNORECASE
)
_ASKING = re.compile(rf"^\W*{_LEAD}{_WORDS}\b", re.IGNORECASE)
_VERBS = frozenset("is are was were did do does has have had will would can could".split())
_MOST = 3


@dataclass(frozen=True, slots=True)
class Part:
    """`said`: as it stands in the question. `text`: with what it takes from the other parts, to be asked by itself."""

    said: str
    text: str


def parts_of(text: str, today: date) -> list[Part]:
    """The questions that a question consists of, at most three; of most one, in its own words."""
    pieces = [piece.strip(" \t\n?.!,;") for piece in _BORDER.split(text.strip())]
    pieces = [piece for piece in pieces if piece]
    if not 1 < len(pieces) <= _MOST or not all(_ASKING.match(piece) for piece in pieces):
        return [Part(text, text)]
    whole = [_with_predicate(piece, pieces[k + 1 :]) for k, piece in enumerate(pieces)]
    first = whole[0]
    completed = [first, *(_with_subject(piece, first, today) for piece in whole[1:])]
    return [Part(said, f"{piece}?") for said, piece in zip(pieces, completed, strict=True)]


def _with_predicate(piece: str, later: list[str]) -> str:
    """ "How many drones" of "how many drones and how many missiles were fired" were fired too."""
    if any(_verbal(word) for word in tokens(piece)):
        return piece
    for other in later:
        verb = next((word for word in tokens(other) if _verbal(word)), None)
        if verb is not None:
            return f"{piece} {other[verb.start :]}"
    return piece


def _with_subject(piece: str, first: str, today: date) -> str:
    """ "And when?" asks about what the first question does, and "how many were shot down" counts what it counts."""
    asking = _ASKING.match(piece)
    opening = _ASKING.match(first)
    if asking is None or opening is None:
        return piece
    rest = piece[asking.end() :]
    following = tokens(rest)
    if not following:
        return f"{piece} {first[opening.end() :].strip()}"
    if asking[0].lower().endswith(("many", "much")) and _verbal(following[0]):
        piece = f"{asking[0]} {_noun_after(first, opening.end())} {rest.strip()}".replace("  ", " ")
    if names(rest, following) or asked_dates(piece, today):
        return piece
    return " ".join([piece, *_circumstances(first, opening.end(), today)])


def _noun_after(first: str, at: int) -> str:
    """What the first question counts: its words up to the verb."""
    words = tokens(first[at:])
    verb = next((k for k, word in enumerate(words) if _verbal(word)), len(words))
    return first[at + words[0].start : at + words[verb - 1].end] if verb > 0 else ""


def _circumstances(first: str, at: int, today: date) -> list[str]:
    """The names and dates of the first question, which limit the others too where these name none."""
    words = tokens(first)
    dates = asked_dates(first, today)
    named = [
        first[n.start : n.end]
        for n in names(first, words)
        if n.start >= at and n.kind != "person" and not any(d.overlaps(n.start, n.end) for d in dates)
    ]
    return [*(f"in {name}" for name in dict.fromkeys(named)), *(f"on {first[d.start : d.end]}" for d in dates)]


def _verbal(word: Token) -> bool:
    return word.lower in _VERBS or looks_like_verb(word)
