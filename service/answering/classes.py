"""Classes of things that questions name ("which sport", "the profession of"), and the words that belong to each.

A hand-made list, in `classes.txt`: it tells a sentence that can answer from one that merely speaks of the same person
or work. A line is `nouns: members`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

_ASKING = re.compile(r"\b(?:what|which)\b", re.IGNORECASE)
_PHRASE_END = re.compile(
    r"\b(?:did|do|does|has|have|had|will|would|can|could|that|who|associated|played|known|used|by|for|on|in|is)\b|[?,;]",
    re.IGNORECASE,
)
_AFTER_VERB = re.compile(r"\s*(?:is|was|are|were|'s)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class AskedClass:
    """A class of things by the noun that the question gives it."""

    noun: str
    members: re.Pattern[str]

    def found_in(self, text: str) -> list[tuple[int, int]]:
        """The spans of a text that name a member."""
        return [(m.start(), m.end()) for m in self.members.finditer(text)]


@cache
def _classes() -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    made = []
    for line in files("service.answering").joinpath("classes.txt").read_text(encoding="utf-8").splitlines():
        nouns, members = line.split(":")
        # Longest first, so that "ice hockey" is no mere "hockey".
        words = sorted((re.escape(member.strip()) for member in members.split(",")), key=len, reverse=True)
        made.append(
            (
                re.compile(rf"\b(?:{'|'.join(nouns.split())})\b", re.IGNORECASE),
                re.compile(rf"(?<![\w-])(?:{'|'.join(words).replace(chr(92) + ' ', '[ -]')})s?(?![\w])", re.IGNORECASE),
            )
        )
    return tuple(made)


def asked_class(text: str) -> AskedClass | None:
    """The class that "what" or "which" asks for: "what sport", "what is the profession of", "which kind of music"."""
    asking = _ASKING.search(text)
    if asking is None:
        return None
    after = _AFTER_VERB.match(text, asking.end())
    begin = after.end() if after else asking.end()
    ending = _PHRASE_END.search(text, begin)
    end = ending.start() if ending else len(text)
    for noun, members in _classes():
        if found := noun.search(text, begin, end):
            return AskedClass(found[0].lower(), members)
    return None
