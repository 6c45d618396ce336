"""Reading a question: what kind of answer it expects, the terms that carry it, and its dates."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.answering.expected import Expected, expected_answer
from service.answering.vocabulary import ANSWER_NOUNS, LIGHT, PAST_FORMS, SCAFFOLDING
from service.text.asked_dates import asked_dates
from service.text.figures import CURRENCIES
from service.text.intervals import DateMention, Interval
from service.text.names import Name, names
from service.text.numbers import is_ordinal, numbers
from service.text.thesaurus import Concept, concepts
from service.text.words import Token, is_stop_word, tokens


@dataclass(frozen=True, slots=True)
class Term:
    """Something an answer has to be about. `factor` scales its rarity: 1, less where wording varies freely."""

    concept: Concept
    words: tuple[str, ...]
    name: Name | None
    number: float | None
    factor: float


@dataclass(frozen=True, slots=True)
class ReadQuestion:
    """A question's reading. `counted`: indexes into `terms` of what a quantity question counts."""

    text: str
    words: tuple[Token, ...]
    expected: Expected
    terms: tuple[Term, ...]
    counted: tuple[int, ...]
    dates: tuple[DateMention, ...]

    @property
    def intervals(self) -> tuple[Interval, ...]:
        return tuple(mention.interval for mention in self.dates)


def read_question(text: str, today: date, *, pinned: bool = False) -> ReadQuestion:
    """Read a question; relative words such as "yesterday" count from `today`, weekdays too where it is pinned."""
    words = tokens(text)
    dates = asked_dates(text, today, pinned=pinned)
    expected = expected_answer(text)
    terms = _terms(text, words, dates, expected)
    return ReadQuestion(
        text=text,
        words=tuple(words),
        expected=expected,
        terms=tuple(terms),
        counted=tuple(_counted(text, words, terms)) if expected in (Expected.QUANTITY, Expected.DURATION) else (),
        dates=tuple(dates),
    )


def _terms(text: str, words: Sequence[Token], dates: Sequence[DateMention], expected: Expected) -> list[Term]:
    found_names = [n for n in names(text, words) if not _only_question_word(n)]
    values = {i: n.value for n in numbers(words) for i in range(n.first, n.last + 1)}
    terms: list[Term] = []
    seen: set[tuple[str, ...]] = set()
    for concept in concepts(words):
        covered = words[concept.first : concept.last + 1]
        first = covered[0]
        if any(d.start < covered[-1].end and first.start < d.end for d in dates):
            continue
        name = next((n for n in found_names if n.first <= concept.first <= n.last), None)
        key = tuple(w.lower for w in covered)
        if key in seen or (len(covered) == 1 and _carries_nothing(first, name)):
            continue
        seen.add(key)
        # The whole name stands in its first term.
        if name is not None and concept.first != name.first and any(t.name is name for t in terms):
            continue
        named_kind = covered[0].lower in ANSWER_NOUNS and _follows_question_word(words, concept.first)
        factor = _factor(covered, name, names_kind=named_kind)
        terms.append(Term(concept, key, name, values.get(concept.first), factor))
    return terms


def _only_question_word(name: Name) -> bool:
    return name.first == name.last and (name.initial or name.parts[0] in SCAFFOLDING)


def _carries_nothing(word: Token, name: Name | None) -> bool:
    if name is not None:
        return False
    if is_stop_word(word.lower) or is_ordinal(word.lower):
        return True
    return word.lower in SCAFFOLDING


def _follows_question_word(words: Sequence[Token], at: int) -> bool:
    """ "Which city", "what kind of weapon": the noun says what is asked for, and an answer need not repeat it."""
    return any(word.lower in ("which", "what", "who", "whose", "name", "list") for word in words[max(0, at - 3) : at])


def _factor(covered: Sequence[Token], name: Name | None, *, names_kind: bool) -> float:
    if name is not None:
        return 1.3
    word = covered[0].lower
    if word[0].isdigit():
        return 1.2
    if names_kind:
        return 0.25
    if covered[0].stem in CURRENCIES:
        return 0.3
    if word.endswith("ly") or len(word) < 3 or word in LIGHT:
        return 0.4
    return 1.0


def _counted(text: str, words: Sequence[Token], terms: Sequence[Term]) -> list[int]:
    """Indexes of the terms that name what is counted: "how many [power plants] did", "number of [missiles]"."""
    match = re.search(
        r"\bhow (?:many|much)\b|\b(?:more|fewer)\b(?=.*\bor\b)|\b(?:number|count|total|amount) of\b",
        text,
        re.IGNORECASE,
    )
    if match is None:
        return [i for i, term in enumerate(terms) if term.concept.stem == "popul"]
    start = next((i for i, word in enumerate(words) if word.start >= match.end()), len(words))
    inside = _noun_phrase(words, terms, start)
    if not inside:  # "Of the 653 drones, how many were shot down?"
        number = next((i for i, word in enumerate(words[:start]) if word.numeric), start)
        inside = _noun_phrase(words[:start], terms, number)
    return inside


def _noun_phrase(words: Sequence[Token], terms: Sequence[Term], start: int) -> list[int]:
    inside: list[int] = []
    named: list[int] = []
    for i in range(start, len(words)):
        word = words[i]
        at = next((t for t, term in enumerate(terms) if _covers(term, i)), None)
        if word.lower in _PHRASE_GLUE or (at is not None and terms[at].number is not None):
            continue
        if at is None or ((inside or named) and looks_like_verb(word)):
            break
        if terms[at].name:
            named.append(at)
        elif at not in inside:
            inside.append(at)
    return inside or named[-1:]  # "Russian soldiers" counts soldiers, "Conservatives" counts those


def _covers(term: Term, i: int) -> bool:
    if term.name is not None:
        return term.name.first <= i <= term.name.last
    return term.concept.first <= i <= term.concept.last


_PHRASE_GLUE = frozenset("of the different more other these those its their additional further and".split())


def looks_like_verb(word: Token) -> bool:
    """A past form, by its ending or from the list of those that have none."""
    return word.lower.endswith("ed") or word.lower in PAST_FORMS
