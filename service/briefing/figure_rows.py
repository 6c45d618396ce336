"""The figures of a briefing: each with what it counts and the event it is of, like ones side by side."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from service.briefing.statements import Statement
from service.grounding.disagreements import Amount, Value, amounts_of, differing, same_quantity
from service.text.figures import Figure
from service.text.sentence import SentenceReading
from service.text.thesaurus import groups_of
from service.text.words import is_stop_word

_BOUND = re.compile(
    r"(?:\b(?:about|around|roughly|approximately|nearly|almost|over|some|more than|fewer than|less than|at least|"
    r"at most|up to|exceeding|an estimated|as many as|close to|just over|just under)\s+)?(?:a further |another |an? )?"
    r"[$€£¥₴₽]?$",
    re.IGNORECASE,
)
_OVER = re.compile(r"(?P<before>\w+)\s+over\s+[$€£¥₴₽]?$", re.IGNORECASE)
_RANGE = re.compile(r"\s*[-–—]\s*[$€£¥₴₽]?|\s+(?:to|or)\s+[$€£¥₴₽]?", re.IGNORECASE)
_INCLUDING = re.compile(r"\b(?:including|among them)\s+(?:\w+\s+)?$", re.IGNORECASE)
_OF_THEM = re.compile(r"^\s+of\s+(?:them|whom|these|those)\b", re.IGNORECASE)
_CLAUSE_END = re.compile(r"[,;:.()—–]|\s+(?:and|as|according|which|who|while|after)\s")
_LABEL = re.compile(
    r"\b(?:category|level|grade|class|type|phase|stage|number|no\.|page|chapter|article|section|version|reactor|"
    r"terminal|gate|platform|route|highway|flight|group|round|day|week)\s+$|\d:$",
    re.IGNORECASE,
)
"""What stands before a number that tells one from another, and counts nothing, and before the minutes of an hour."""
_CLOCK = re.compile(r"^(?::\d\d|\s?[ap]\.?m\b)", re.IGNORECASE)
_UNIT_END = re.compile(r"^(?:\s?%|\s(?:per ?cent|percentage points?)\b|/h\b)")
_SHARE_OF = re.compile(r"^(?:\s+of(?:\s+[\w’'-]+){1,4}?(?=[,;.]|\s+(?:ended|were|was|had|have|has|is|are|in|and)\b))")
_PART_WORDS = 8
_PARTICIPLE_NEAR = 6
_EMPTY_VERBS = frozenset(
    "let suffered caused made gave took had got came went saw said told led left kept put set used showed needed "
    "expected increased reported claimed warned announced confirmed".split()
)
_PART_OF = re.compile(r"^\s+(?:out\s+)?of\s+(?:the\s+|all\s+|its\s+|some\s+)*(?P<whole>\d[\d.,]*|\w+)\b", re.IGNORECASE)
_OF_THE = re.compile(r"^\s+(?:more\s+)?of\s+(?:the|these|those|its|their)\s+", re.IGNORECASE)
_NO_NOUN = "amount"
_MEASURES = ("distance", "speed", "weight")
_MEASURE_NEAR = 0.55
"""How near to the topic a sentence must be for how far or how fast it says something was."""
_SMALL = 4
"""A smaller number is told only where something was done to what it counts: "two sides" is no figure."""


@dataclass(eq=False, slots=True)
class StatedFigure:
    """`shown`: as it stands in the sentence, with its bound and noun. `what`: noun and verb, for the row's name."""

    statement: Statement
    event: int | None
    amount: Amount
    shown: str
    noun: str
    verb: str
    acts: frozenset[str]
    """What was done to what it counts: the amount's own, else the participle before it ("deploying 653 drones")."""

    @property
    def number(self) -> float:
        return self.amount.value.number or 0.0


@dataclass(eq=False, slots=True)
class Row:
    """One quantity: figures that count the same, of which the same was done."""

    figures: list[StatedFigure] = field(default_factory=list)

    @property
    def what(self) -> str:
        nouns = Counter(f.noun for f in self.figures if f.noun)
        verbs = Counter(f.verb for f in self.figures if f.verb)
        noun = nouns.most_common(1)[0][0] if nouns else _NO_NOUN
        return f"{noun}, {verbs.most_common(1)[0][0]}" if verbs else noun

    @property
    def weight(self) -> tuple[int, int, float]:
        events = {f.event for f in self.figures if f.event is not None}
        return len(events), len(self.figures), max(f.statement.relevance for f in self.figures)


def rows_of(stated: Sequence[StatedFigure]) -> list[Row]:
    """Rows, those with most events and figures first; in a row each value of an event once, the events in order."""
    rows: list[Row] = []
    # Those of which nothing says what was done come last: they join the one row there is of their kind.
    for figure in sorted(stated, key=lambda f: not (f.acts or f.amount.harm)):
        fitting = [row for row in rows if same_row(row.figures[0], figure)]
        if fitting and (len(fitting) == 1 or figure.acts):
            fitting[0].figures.append(figure)
        else:
            rows.append(Row([figure]))
    for row in rows:
        row.figures = _once(row.figures)
    return sorted(rows, key=lambda r: tuple(-w for w in r.weight))


def _once(figures: Sequence[StatedFigure]) -> list[StatedFigure]:
    kept: dict[tuple[int | None, float, str | None], StatedFigure] = {}
    ordered = sorted(figures, key=lambda f: (f.event is None, f.event or 0))
    for figure in ordered:
        kept.setdefault((figure.event, figure.number, figure.amount.value.event.iso()), figure)
    return list(kept.values())


def stated_figures(statement: Statement, event: int | None) -> list[StatedFigure]:
    """The figures of a sentence that say how many or how much of what."""
    reading = statement.reading
    found = []
    for amount in amounts_of(statement.context, statement.index):
        figure = _figure_of(reading, amount)
        if figure is None or not _counts(reading, figure, amount) or _range_end(reading, figure) is not None:
            continue
        if amount.unit in _MEASURES and statement.relevance < _MEASURE_NEAR:
            continue
        noun, verb = _noun(reading, figure, amount), _verb(reading, figure, amount)
        acts = amount.acts or _acts_before(reading, figure)
        is_small = amount.unit == "count" and figure.value < _SMALL
        if verb or amount.unit == "money" or (noun and not is_small):
            found.append(StatedFigure(statement, event, amount, shown(reading, figure, amount), noun, verb, acts))
    return found


def _figure_of(reading: SentenceReading, amount: Amount) -> Figure | None:
    """The figure that an amount was made from: its value and what it counts."""
    for figure in reading.figures:
        starts_so = reading.text[figure.start :].startswith(amount.value.text)
        if figure.value == amount.value.number and starts_so and figure.counted[:3] == amount.counted:
            return figure
    return None


def _counts(reading: SentenceReading, figure: Figure, amount: Amount) -> bool:
    if _LABEL.search(reading.text[: figure.start]) or _CLOCK.match(reading.text[figure.end :]):
        return False
    if reading.text[figure.end : figure.end + 1] == "-" or (figure.value == 1 and amount.unit == "count"):
        return False  # "five-story building", "one of the largest"
    return bool(amount.counted or amount.unit != "count" or amount.harm)


def _range_end(reading: SentenceReading, figure: Figure) -> Figure | None:
    """The second number of "10 to 15 miles", for the first one."""
    for other in reading.figures:
        if other.start > figure.end and _RANGE.fullmatch(reading.text, figure.end, other.start):
            return other
    return None


def shown(reading: SentenceReading, figure: Figure, amount: Amount) -> str:
    """ "about 430 drones", "406 of 458 drones", "10 to 15 miles", "three of them in the region": word for word, with
    what bounds it and what it is a part of."""
    text = reading.text
    start, end = figure.start, figure.start + len(amount.value.text)
    first = next((f for f in reading.figures if _range_end(reading, f) is figure), None)
    start = start if first is None else first.start
    if _INCLUDING.search(text[:start]) or _OF_THEM.match(text[figure.end :]):
        clause = _CLAUSE_END.search(text, end)
        to = clause.start() if clause is not None else len(text)
        if len(text[start:to].split()) <= _PART_WORDS:
            return text[start:to].strip()
    start -= _bound(text[:start])
    end += len(match[0]) if (match := _UNIT_END.match(text[end:])) else 0
    part = _PART_OF.match(text[figure.end :])
    if part is not None and _has_digit_or_number(part["whole"]):
        end = max(end, _noun_end(text, figure.end + part.end()))
    elif (of_the := _OF_THE.match(text[figure.end :])) is not None:
        end = max(end, _noun_end(text, figure.end + of_the.end() - 1))
    elif text[start:end].endswith(("thirds", "quarters", "per cent", "percent", "%")):
        end += len(match[0]) if (match := _SHARE_OF.match(text[end:])) else 0
    return text[start:end].strip()


def _bound(before: str) -> int:
    """The length of the words that bound a figure: "about ". "Flew over ten cities" is no more than ten."""
    match = _BOUND.search(before)
    if match is None:
        return 0
    over = _OVER.search(before)
    if over is not None and not (is_stop_word(over["before"].lower()) or over["before"].lower().endswith("ed")):
        return len(before) - len(before.rstrip("$€£¥₴₽"))
    return len(match[0])


def _has_digit_or_number(word: str) -> bool:
    return word[0].isdigit() or word.lower() in (
        "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty hundred".split()
    )


def _noun_end(text: str, at: int) -> int:
    """Behind the noun that follows; where there is none, where the number ends."""
    match = re.match(r"\s+(?!in\b|at\b|on\b|by\b|and\b|were\b|was\b|had\b|out\b|that\b)[^\W\d_]+", text[at:])
    return at + match.end() if match is not None else at


def _acts_before(reading: SentenceReading, figure: Figure) -> frozenset[str]:
    """The stem of the "-ing" word nearest before a figure, and its groups of synonyms."""
    before = [word for word in reading.words if word.end <= figure.start][-_PARTICIPLE_NEAR:]
    for word in reversed(before):
        if word.lower.endswith("ing") and len(word.lower) > 5 and not is_stop_word(word.lower):
            return frozenset([word.stem, *(f"~{group}" for group in groups_of(word.stem) if group > 0)])
    return frozenset()


def _noun(reading: SentenceReading, figure: Figure, amount: Amount) -> str:
    """The words it counts, as they stand behind it: "ballistic missiles", of "585 of the drones" the drones."""
    if amount.unit == "money":
        return ""
    behind = reading.text[figure.end : figure.start + len(amount.value.text)].strip(" -\u00a0%")
    if behind:
        return behind.lower() if not behind[0].isupper() else behind
    for stem in figure.counted:
        word = next((w for w in reading.words if w.start >= figure.end and w.stem == stem), None)
        word = word or next((w for w in reading.words if w.stem == stem), None)
        if word is not None and word.lower.endswith("s"):
            return word.lower
    return {"dead": "people", "hurt": "people"}.get(amount.harm, "")


def _verb(reading: SentenceReading, figure: Figure, amount: Amount) -> str:
    """The verb that says what was done to it, as it stands there."""
    if amount.harm:
        return {"dead": "killed", "hurt": "wounded"}[amount.harm]
    at = next((k for k, word in enumerate(reading.words) if word.start >= figure.start), 0)
    near = sorted((abs(c.first - at), c.first, c.last) for c in reading.concepts if c.stem in amount.acts)
    if not near:
        return ""
    _, first, last = near[0]
    verb = " ".join(word.lower for word in reading.words[first : last + 1])
    return "" if verb in _EMPTY_VERBS else verb


def same_row(one: StatedFigure, other: StatedFigure) -> bool:
    if one.amount.unit != other.amount.unit or one.amount.harm != other.amount.harm:
        return False
    if one.amount.harm:
        return _head(one) == _head(other) or "people" in (_head(one), _head(other))
    if _head(one) != _head(other):
        return False
    return bool(one.acts & other.acts) or not (one.acts and other.acts)


def _head(figure: StatedFigure) -> str:
    """The noun itself: "residential buildings" counts buildings."""
    return figure.noun.split()[-1] if figure.noun else figure.amount.unit


def disputes(rows: Iterable[Row], stated: Sequence[StatedFigure]) -> list[tuple[str, tuple[Value, ...]]]:
    """What the articles give different values for: the row's name, and the values that differ."""
    found: list[tuple[str, tuple[Value, ...]]] = []
    seen: set[tuple[str, int]] = set()
    by_event: dict[tuple[int | None, str, str], list[StatedFigure]] = {}
    for figure in stated:
        by_event.setdefault((figure.event, figure.amount.unit, figure.amount.harm), []).append(figure)
    for row in rows:
        for figure in row.figures:
            if figure.event is None or (row.what, figure.event) in seen:
                continue
            like = by_event.get((figure.event, figure.amount.unit, figure.amount.harm), [])
            of_event = [f for f in like if same_row(f, figure)]
            others = [f for f in of_event if f.statement.one.story != figure.statement.one.story]
            values = [f.amount.value for f in others if same_quantity(figure.amount, f.amount)]
            if dispute := differing([figure.amount.value, *values]):
                seen.add((row.what, figure.event))
                shown_as = {id(f.amount.value): f.shown for f in of_event}
                found.append((row.what, tuple(replace(v, text=shown_as[id(v)]) for v in dispute)))
    return found
