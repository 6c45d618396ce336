"""Who and what a set of articles names, read without the service's own reader, whose blind spots a lie must not share.

A run of capitals is a country (by a list), an organisation (by a word in it), a place (named after "in" or "near"
somewhere) or a person (beside a role); what is none of these is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from eval.lie_words import ADJECTIVES, CALENDAR, COUNTRIES, ORGANISATION_WORDS, ROLES, TITLES
from service.grounding.context import ArticleContext

NameKind = Literal["country", "adjective", "organisation", "place", "person"]

_WORD = r"(?:(?:[A-Z]\.){2,}|(?:Mc|O['’])?[A-ZÀ-Þ][\w]*(?:-[A-ZÀ-Þ]\w*)*)"
_RUN = re.compile(rf"(?<![\w-]){_WORD}(?: (?:(?:of|for|(?<=Council )on|de|del) )?{_WORD})*")
_PLACED = re.compile(r"\b(?:in|near|outside|out of|(?:city|town|village|island|state|region) of)\s+$")
_PLACED_BY_NEXT = re.compile(r" (?:region|oblast|province|prefecture)\b")
_COMMON = frozenset(
    "The A An In On At It He She They But And For From Of As When While After Before This That"
    " Over Inside Only Some Many Three Two Its His Her".split()
)


_ADJECTIVE_ONLY = frozenset("American Western European Eastern Atlantic".split())


@dataclass(frozen=True, slots=True)
class Named:
    """`text[start:end]` names something of this kind."""

    start: int
    end: int
    text: str
    kind: NameKind


@dataclass(frozen=True)
class Names:
    """The kinds of all names in some articles, by their text."""

    kinds: dict[str, NameKind]
    by_article: dict[str, tuple[str, ...]]

    def of(self, text: str) -> list[Named]:
        """The names in a text whose kind is known, in order."""
        found: list[Named] = []
        for start, run in _runs(text):
            kind = self.kinds.get(run)
            if kind is None and run in COUNTRIES:
                kind = "country"
            if kind is None and run in ADJECTIVES:
                kind = "adjective"
            if kind is not None:
                found.append(Named(start, start + len(run), run, kind))
        return found

    def like(self, name: Named, without: Iterable[str]) -> list[str]:
        """Other names of its kind and number of words from all the articles, none of these, in a fixed order."""
        refused = set(without) | {name.text}
        words = len(name.text.split())
        return sorted(
            text
            for text, kind in self.kinds.items()
            if kind == name.kind and text not in refused and (len(text.split()) > 1) == (words > 1)
        )


def read_names(contexts: Sequence[ArticleContext]) -> Names:
    kinds: dict[str, NameKind] = {}
    by_article: dict[str, tuple[str, ...]] = {}
    for context in contexts:
        seen: dict[str, None] = {}
        for i in range(len(context.spans)):
            text = context.text(i)
            if context.reading(i).is_heading:
                continue
            for start, run in _runs(text):
                kind = _kind(text, start, run)
                if kind is not None:
                    kinds.setdefault(run, kind)
                seen[run] = None
        by_article[context.article.id] = tuple(seen)
    for person in [text for text, kind in kinds.items() if kind == "person" and " " in text]:
        kinds.setdefault(person.split()[-1], "person")
        if kinds[person.split()[-1]] == "place":
            del kinds[person]
    return Names(kinds, by_article)


def _runs(text: str) -> list[tuple[int, str]]:
    """Runs of capitals without the titles and adjectives before a name: where, and what."""
    found: list[tuple[int, str]] = []
    for match in _RUN.finditer(text):
        words = match.group().split(" ")
        start = match.start()
        while words and len(words) > 1 and (words[0] in TITLES | ADJECTIVES.keys() | _COMMON):
            if words[0] in ADJECTIVES:
                found.append((start, words[0]))
                if words[1] not in TITLES and set(words[1:]) & ORGANISATION_WORDS:
                    found.pop()  # "Ukrainian Air Force" is one name
                    break
            start += len(words[0]) + 1
            words = words[1:]
        run = " ".join(words)
        if run and run not in CALENDAR and run not in TITLES and run not in _COMMON | _ADJECTIVE_ONLY:
            found.append((start, run))
    return found


def _kind(text: str, start: int, run: str) -> NameKind | None:
    words = run.split(" ")
    before, after = text[:start], text[start + len(run) :]
    if run in COUNTRIES:
        return "country"
    if run in ADJECTIVES:
        return "adjective"
    if set(words) & CALENDAR:
        return None
    if set(words) & ORGANISATION_WORDS:
        return "organisation"
    if len(words) <= 2 and (_PLACED.search(before) or _PLACED_BY_NEXT.match(after)) and not re.match(r"['’]s", after):
        return "place"
    beside = re.findall(r"\w+", before)[-4:] + re.findall(r"\w+", after)[:5]
    titled = re.findall(r"\w+", before)[-1:]
    if len(words) in (2, 3) and all(w[0].isupper() and not w.isupper() for w in words):
        return "person" if {w.lower() for w in beside} & ROLES else None
    if len(words) == 1 and titled and titled[0] in TITLES:
        return "person"
    return None
