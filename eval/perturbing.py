"""True sentences made false by one change each, to fit the support scorer on: no hand-written lie is made here.

Every change is kept small, as a model's slip is: another figure, date or name, a denial, an opposite, two names in each
other's place, a figure of the next sentence, a detail from another article.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from service.grounding.context import ArticleContext
from service.grounding.opposites import opposed
from service.grounding.verbs import AUXILIARIES, is_past
from service.text.names import Name
from service.text.sentence import SentenceReading, read_sentence

_MONTHS = "January February March April May June July August September October November December".split()
_AUXILIARY = re.compile(r"\b(was|were|is|are|has|have|had|will|would|can|could|did|does)\b(?! not)")
_DENIAL = re.compile(r"\b(was|were|is|are|has|have|had|will|would|can|could|did|does) not\b")
_PAST_TO_BASE = re.compile(r"(?:ied|ed)$")


@dataclass(frozen=True, slots=True)
class Lie:
    text: str
    kind: str


_Change = Callable[[SentenceReading, ArticleContext, Sequence[SentenceReading], random.Random], str | None]


def lies_of(
    sentence: str, context: ArticleContext, elsewhere: Sequence[SentenceReading], chance: random.Random
) -> Iterator[Lie]:
    """One lie of every kind that the sentence allows. `elsewhere`: sentences of other articles."""
    reading = read_sentence(sentence)
    for kind, change in _CHANGES.items():
        text = change(reading, context, elsewhere, chance)
        if text is not None and text != sentence:
            yield Lie(text, kind)


def _replaced(reading: SentenceReading, start: int, end: int, new: str) -> str:
    return reading.text[:start] + new + reading.text[end:]


def _figure(
    reading: SentenceReading, context: ArticleContext, elsewhere: Sequence[SentenceReading], chance: random.Random
) -> str | None:
    found = [f for f in reading.figures if f.value >= 2 and not f.vague and reading.text[f.start].isdigit()]
    if not found:
        return None
    figure = chance.choice(found)
    said = reading.text[figure.start : figure.end]
    digits = re.match(r"[\d.,]+", said)
    if digits is None:
        return None
    value = float(digits.group().replace(",", "").rstrip("."))
    new = value * chance.choice((0.5, 2, 3, 1.4, 0.7, 10)) + chance.choice((1, 2, 7))
    shown = f"{new:,.0f}" if value == int(value) else f"{new:.1f}"
    return _replaced(reading, figure.start, figure.start + digits.end(), shown)


def _date(
    reading: SentenceReading, context: ArticleContext, elsewhere: Sequence[SentenceReading], chance: random.Random
) -> str | None:
    if not reading.dates:
        return None
    mention = chance.choice(reading.dates)
    said = reading.text[mention.start : mention.end]
    for month in _MONTHS:
        if month in said:
            return _replaced(reading, mention.start, mention.end, said.replace(month, _another(month, chance)))
    year = re.search(r"\d{4}", said)
    if year is None:
        return None
    changed = str(int(year.group()) + chance.choice((-2, -1, 1, 3)))
    return _replaced(reading, mention.start, mention.end, said.replace(year.group(), changed))


def _another(month: str, chance: random.Random) -> str:
    return chance.choice([m for m in _MONTHS if m != month])


def _names_of(reading: SentenceReading) -> list[Name]:
    return [n for n in reading.names if not n.initial]


def _name(
    reading: SentenceReading, context: ArticleContext, elsewhere: Sequence[SentenceReading], chance: random.Random
) -> str | None:
    """A name by another of the same article, or of another article, of the same kind."""
    mine = _names_of(reading)
    if not mine:
        return None
    name = chance.choice(mine)
    parts = {part for n in reading.names for part in n.parts}
    pool = [context.reading(i) for i in range(len(context.spans))]
    if chance.random() < 0.5:
        pool = list(elsewhere)
    others = [
        r.text[n.start : n.end]
        for r in pool
        for n in _names_of(r)
        if n.kind == name.kind and not parts & set(n.parts) and not re.search(r"['’]s?$", r.text[n.start : n.end])
    ]
    if not others:
        return None
    said = reading.text[name.start : name.end]
    ending = re.search(r"['’]s?$", said)
    return _replaced(reading, name.start, name.end, chance.choice(others) + (ending.group() if ending else ""))


def _negation(
    reading: SentenceReading, context: ArticleContext, elsewhere: Sequence[SentenceReading], chance: random.Random
) -> str | None:
    text = reading.text
    if match := _DENIAL.search(text):
        return text[: match.end(1)] + text[match.end() :]
    if match := _AUXILIARY.search(text):
        return f"{text[: match.end()]} not{text[match.end() :]}"
    for i, word in enumerate(reading.words):
        if i and is_past(word) and word.lower.endswith("ed") and reading.words[i - 1].lower not in AUXILIARIES:
            base = _PAST_TO_BASE.sub(lambda m: "y" if m.group() == "ied" else "", word.text)
            return f"{text[: word.start]}did not {base}{text[word.end :]}"
    return None


def _opposite(
    reading: SentenceReading, context: ArticleContext, elsewhere: Sequence[SentenceReading], chance: random.Random
) -> str | None:
    """A word by its opposite, taken in the same form from what other articles say."""
    for word in reading.words:
        if word.capitalised:
            continue
        for other in (w for r in elsewhere for w in r.words):
            alike = other.lower[-2:] == word.lower[-2:] and is_past(other) == is_past(word)
            if alike and not other.capitalised and opposed(word.lower, other.lower):
                return _replaced(reading, word.start, word.end, other.text)
    return None


def _roles(
    reading: SentenceReading, context: ArticleContext, elsewhere: Sequence[SentenceReading], chance: random.Random
) -> str | None:
    """Two names of the sentence in each other's place, around a verb."""
    names = [n for n in reading.names if not n.initial or n.kind != "other"]
    for one in names:
        for other in names:
            between = reading.words[one.last + 1 : other.first]
            if one.last >= other.first or not any(is_past(w) or w.lower in AUXILIARIES for w in between):
                continue
            if set(one.parts) & set(other.parts) or len(between) > 8:
                continue
            first, second = (re.sub(r"['’]s?$", "", reading.text[n.start : n.end]) for n in (one, other))
            ends = [re.search(r"(?:['’]s?)?$", reading.text[n.start : n.end]) for n in (one, other)]
            tail = [e.group() if e else "" for e in ends]
            return (
                reading.text[: one.start] + second + tail[0] + reading.text[one.end : other.start] + first + tail[1]
            ) + reading.text[other.end :]
    return None


def _merge(
    reading: SentenceReading, context: ArticleContext, elsewhere: Sequence[SentenceReading], chance: random.Random
) -> str | None:
    """A figure or a date by one that another sentence of the article has."""
    pool = [context.reading(i) for i in range(len(context.spans)) if context.text(i) != reading.text]
    if reading.dates and chance.random() < 0.5:
        mine = chance.choice(reading.dates)
        dates = [r.text[d.start : d.end] for r in pool for d in r.dates if not d.interval.meets(mine.interval)]
        return _replaced(reading, mine.start, mine.end, chance.choice(dates)) if dates else None
    found = [f for f in reading.figures if f.value >= 2 and not f.vague]
    if not found:
        return None
    figure = chance.choice(found)
    values = {f.value for f in reading.figures}
    figures = [
        r.text[f.start : f.end] for r in pool for f in r.figures if f.unit == figure.unit and f.value not in values
    ]
    return _replaced(reading, figure.start, figure.end, chance.choice(figures)) if figures else None


def _invented(
    reading: SentenceReading, context: ArticleContext, elsewhere: Sequence[SentenceReading], chance: random.Random
) -> str | None:
    """A detail of another article's at the end, or a common noun by one of another article's."""
    tails = [m.group() for r in elsewhere if (m := re.search(r",\s[a-z][^,;]{15,60}[.]$", r.text))]
    if tails and chance.random() < 0.6:
        return reading.text.rstrip(".!? ") + chance.choice(tails)
    words = [
        w
        for w in reading.words
        if not w.capitalised and len(w.text) > 5 and w.text.isalpha() and w.end < len(reading.text)
    ]
    others = [w.text for r in elsewhere for w in r.words if not w.capitalised and len(w.text) > 5 and w.text.isalpha()]
    if not words or not others:
        return None
    word = chance.choice(words)
    alike = [o for o in others if o[-2:] == word.text[-2:] and o not in reading.text]
    return _replaced(reading, word.start, word.end, chance.choice(alike)) if alike else None


_CHANGES: dict[str, _Change] = {
    "figure": _figure,
    "date": _date,
    "name": _name,
    "negation": _negation,
    "antonym": _opposite,
    "roles": _roles,
    "merge": _merge,
    "invented": _invented,
}
