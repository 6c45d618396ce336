"""Which sentences make a briefing: central ones that add something to those before, within a number of words.

Maximal marginal relevance (Carbonell and Goldstein, "The use of MMR", SIGIR 1998) over the stored sentence vectors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.briefing.ranking import RankedEvent
from service.briefing.repeating import says_again, shared
from service.briefing.statements import Statement
from service.text.sentence import SentenceReading

_NEAR, _LEAD, _FIGURES, _NAMES, _TIME, _CENTROID, _NEWS = 1.3, 0.3, 0.2, 0.06, 0.12, 0.3, 0.8
_LONG, _SHORT, _A_WORD = 34, 14, 0.012
"""Words from which on a sentence costs more than it is worth, up to which it hardly says anything, and what each word
too many costs; one too few costs four times that."""
_LIKE = 0.35
"""How like a chosen sentence one may be, by vector and by words, before it is worth less."""
_REPEATED = 0.9
_AS_NEAR = 0.7
"""The share of the nearest sentence's relevance from which on one counts as wholly on the topic."""
_LEAST = 0.7
"""The worth below which a sentence is left out, however much room there is."""
_OF_EVENT = 0.25
_WORDS_AN_EVENT = 45
_MINOR_UNITS = ("duration", "distance", "speed")
_BOTTOM_SHARE, _MOST_BOTTOM = 0.36, 3
_BOTTOM_WORDS = 48
_DEFINITE = re.compile(r"^\W*(?:The|Such|An? \w+ so)\s+(?!\d)[a-z]")
_DEFINITE_COST = 0.35
_OPENS = 0.5
"""What an article opens with mostly says what happened, to a reader who knows nothing yet."""
_HABIT = re.compile(
    r"\b(?:often|typically|usually|generally|always|is|are|was|has been|have been) (?:also )?(?:known (?:for|to)|often|"
    r"typically|usually|seen as)\b|\b(?:often|typically|usually) \w+",
    re.IGNORECASE,
)
_HABIT_COST = 0.4
_PASSING = re.compile(r"\b(?:ago|today|tonight|this (?:morning|afternoon|evening)|right now|so far)\b", re.IGNORECASE)
_PASSING_COST = 0.3
"""A bottom line is read on another day than "an hour ago" was written."""

IsNew = Callable[[Statement], bool]


@dataclass(eq=False, slots=True)
class Selection:
    """`bottom`: in order of weight. `developments`: by event, these in order of weight, each read in its own order."""

    bottom: list[tuple[int, Statement]] = field(default_factory=list)
    developments: list[tuple[int, Statement]] = field(default_factory=list)

    def every(self) -> list[Statement]:
        return [statement for _, statement in (*self.bottom, *self.developments)]


class Selector:
    """Chooses among the statements of ranked events. `is_new`: what was not known the last time comes first."""

    def __init__(
        self,
        events: Sequence[RankedEvent],
        max_words: int,
        is_new: IsNew | None = None,
        taken: Sequence[Statement] = (),
    ) -> None:
        """`taken`: sentences that stand elsewhere in the briefing."""
        self._events = events
        self._max_words = max_words
        self._is_new = is_new
        self._nearest = max((s.relevance for event in events for s in event.group.statements), default=0.0)
        self._worth = {
            (e, statement.key): self._worth_of(statement, event)
            for e, event in enumerate(events)
            for statement in event.group.statements
        }
        self._chosen: list[Statement] = list(taken)
        self._developed: list[Statement] = []
        self._spent = 0

    def selected(self, *, bottom: bool = True, developments: bool = True) -> Selection:
        selection = Selection()
        if bottom:
            self._choose_bottom(selection)
        if developments:
            self._choose_developments(selection)
        return selection

    def _choose_bottom(self, selection: Selection) -> None:
        budget = min(self._max_words, max(_BOTTOM_WORDS, int(self._max_words * _BOTTOM_SHARE)))
        for e in self._in_turn(_MOST_BOTTOM):
            if (best := self._best([e], budget - self._spent, standing=True)) is not None:
                selection.bottom.append(best)

    def _in_turn(self, most: int) -> list[int]:
        """The first events; where there are fewer, the first one again."""
        order = list(range(min(most, len(self._events))))
        return order if len(order) > 1 else order * min(most, 2)

    def _choose_developments(self, selection: Selection) -> None:
        reach = max(3, self._max_words // _WORDS_AN_EVENT)
        found: list[tuple[int, Statement]] = []
        for e in range(min(reach, len(self._events))):
            # Each event has a sentence of its own before any has two.
            if (best := self._best([e], self._max_words - self._spent)) is not None:
                found.append(best)
        while (best := self._best(range(min(reach, len(self._events))), self._max_words - self._spent)) is not None:
            found.append(best)
        selection.developments = self._in_order(found)

    def _best(self, events: Iterable[int], room: int, *, standing: bool = False) -> tuple[int, Statement] | None:
        """The worthiest sentence that fits and adds something; it counts as chosen. `standing`: it needs no other."""
        candidates: list[tuple[float, int, Statement]] = []
        for e in events:
            for statement in self._events[e].group.statements:
                if statement in self._chosen or (standing and statement.leaning):
                    continue
                if statement.words > room and not standing:
                    continue
                worth = self._worth[e, statement.key] + _OF_EVENT * self._events[e].score
                if standing:
                    worth += _OPENS * statement.opens * self._nearness(statement)
                    worth -= 0.02 * max(0, statement.words - 35)
                    worth -= _DEFINITE_COST * _takes_as_known(statement)
                    worth -= _PASSING_COST * bool(_PASSING.search(statement.text))
                    worth -= _HABIT_COST * bool(_HABIT.search(statement.text))
                elif statement.leaning and not self._has_before(statement):
                    continue
                candidates.append((worth - self._repeats(statement), e, statement))
        if not candidates:
            return None
        worth, e, best = max(candidates, key=lambda c: (c[0], -c[1], c[2].key[0], -c[2].index))
        if worth < _LEAST + _OF_EVENT * self._events[e].score or best.words > room:
            return None  # for a bottom line the second best will not do
        self._chosen.append(best)
        if not standing:
            self._developed.append(best)
        self._spent += best.words
        return e, best

    def _worth_of(self, statement: Statement, event: RankedEvent) -> float:
        centroid = event.group.main.vector
        worth = _NEAR * statement.relevance + _CENTROID * float(statement.vector @ centroid)
        # On peace talks, the lead of a report of an attack and its figures are not the news.
        of_topic = _LEAD * statement.is_lead + min(0.6, _FIGURES * telling_figures(statement.reading))
        worth += of_topic * self._nearness(statement)
        worth += min(0.25, _NAMES * sum(not name.initial for name in statement.reading.names))
        worth += _TIME * bool(statement.event.intervals)
        worth -= _HABIT_COST * bool(_HABIT.search(statement.text))
        worth -= _A_WORD * (max(0, statement.words - _LONG) + 4 * max(0, _SHORT - statement.words))
        if self._is_new is not None and self._is_new(statement):
            worth += _NEWS
        return worth

    def _nearness(self, statement: Statement) -> float:
        """How near to the topic a sentence is beside the nearest of all, 0..1."""
        return min(1.0, max(0.0, statement.relevance) / (_AS_NEAR * self._nearest)) if self._nearest > 0 else 1.0

    def _repeats(self, statement: Statement) -> float:
        """What a sentence loses by what is said already; without end where it only says that again."""
        if not self._chosen:
            return 0.0
        cosines: NDArray[np.float32] = np.stack([c.vector for c in self._chosen]) @ statement.vector
        likest = 0.0
        for cosine, chosen in zip(cosines.tolist(), self._chosen, strict=True):
            if says_again(statement.reading, chosen.reading, cosine):
                return float("inf")
            likest = max(likest, (cosine + shared(statement.reading, chosen.reading)) / 2)
        return _REPEATED * max(0.0, likest - _LIKE)

    def _has_before(self, statement: Statement) -> bool:
        before = statement.context.previous(statement.index)
        return any(c.context is statement.context and c.index == before for c in self._developed)

    def _in_order(self, found: Sequence[tuple[int, Statement]]) -> list[tuple[int, Statement]]:
        """By event; within one the article's order, its main article first."""
        first = {id(t.one): k for event in self._events for k, t in enumerate(event.group.tellings)}
        return sorted(found, key=lambda f: (f[0], first.get(id(f[1].one), 0), f[1].index))


def telling_figures(reading: SentenceReading) -> int:
    """Figures that say how many or how much; "one" hardly ever does, and how far or how long is seldom the news."""
    return sum(not f.vague and f.value != 1 and f.unit not in _MINOR_UNITS for f in reading.figures)


def _takes_as_known(statement: Statement) -> bool:
    """ "The strikes were aimed at ...": which ones, only what stands before says."""
    return bool(_DEFINITE.match(statement.text)) and not statement.opens
