"""Which sentences make a briefing: central ones that add something to those before, within a number of words.

Maximal marginal relevance (Carbonell and Goldstein, "The use of MMR", SIGIR 1998) over the stored sentence vectors.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from service.briefing.nearness import Nearness
from service.briefing.ranking import RankedEvent
from service.briefing.repeating import says_again, shared
from service.briefing.statements import Statement
from service.text.sentence import SentenceReading

_NEAR, _LEAD, _FIGURES, _NAMES, _TIME, _CENTROID, _NEWS = 2.8, 0.3, 0.15, 0.08, 0.12, 0.3, 0.8
_LONG, _SHORT, _A_WORD = 34, 14, 0.012
"""Words from which on a sentence costs more than it is worth, up to which it hardly says anything, and what each word
too many costs; one too few costs four times that."""
_LIKE = 0.35
"""How like a chosen sentence one may be, by vector and by words, before it is worth less."""
_REPEATED = 0.9
_LEAST = 1.0
"""The worth below which a sentence is left out, however much room there is."""
_OF_EVENT = 0.25
_WORDS_AN_EVENT = 45
_MINOR_UNITS = ("duration", "distance", "speed")
_BOTTOM_SHARE, _MOST_BOTTOM = 0.36, 3
_BOTTOM_WORDS, _FOLLOWED_WORDS = 48, 80
"""What a bottom line may have however little there is: for its first sentence, and with what leans on that."""
_DEFINITE = re.compile(r"^\W*(?:The|Such|An? \w+ so)\s+(?!\d)[a-z]")
_DEFINITE_COST = 0.35
_OPENS = 0.7
"""What an article opens with mostly says what happened, to a reader who knows nothing yet."""
_FAR = 0.6
"""The share of the nearest sentence's nearness up to which an opening is of something else."""
_HABIT = re.compile(
    r"\b(?:often|typically|usually|generally|always|is|are|was|has been|have been) (?:also )?(?:known (?:for|to)|often|"
    r"typically|usually|seen as)\b|\b(?:often|typically|usually) \w+",
    re.IGNORECASE,
)
_HABIT_COST = 0.4
_NOTHING_EXACT_COST = 0.3
_PASSING = re.compile(r"\b(?:ago|today|tonight|this (?:morning|afternoon|evening)|right now|so far)\b", re.IGNORECASE)
_GOES_ON = re.compile(
    r"^\W*(?:in addition|additionally|moreover|furthermore|meanwhile|notably|indeed|of course|"
    r"(?:despite|given|amid|after|beyond|with) (?:these|this|those|such))\b",
    re.IGNORECASE,
)
_GOES_ON_COST = 0.2
_PASSING_COST = 0.3
"""A bottom line is read on another day than "an hour ago" was written."""

IsNew = Callable[[Statement], bool]


@dataclass(eq=False, slots=True)
class Selection:
    """`bottom`: in order of weight. `developments`: by event, these in order of weight, each in its own order; what
    is of no one event comes last."""

    bottom: list[tuple[int | None, Statement]] = field(default_factory=list)
    developments: list[tuple[int | None, Statement]] = field(default_factory=list)

    def every(self) -> list[Statement]:
        return [statement for _, statement in (*self.bottom, *self.developments)]


class Selector:
    """Chooses among the statements of ranked events and, for the developments, `beside`, those of no one event.

    `is_new`: what was not known the last time comes first. First the bottom, then what else is `taken`, then the rest.
    """

    def __init__(
        self,
        events: Sequence[RankedEvent],
        nearness: Nearness,
        max_words: int,
        is_new: IsNew | None = None,
        beside: Sequence[Statement] = (),
    ) -> None:
        self._events = events
        self._nearness = nearness
        self._max_words = max_words
        self._is_new = is_new
        self._of_event = {
            e: [s for s in event.group.statements if nearness.is_near(s)]
            for e, event in enumerate(events)
            if nearness.is_told(event)
        }
        self._beside = [s for s in beside if nearness.is_near(s)]
        self._home = {s.key: e for e, told in (*self._of_event.items(), (None, self._beside)) for s in told}
        self._by_key = {s.key: s for told in (*self._of_event.values(), self._beside) for s in told}
        self._worth = {
            s.key: self._worth_of(s, e) for e, told in (*self._of_event.items(), (None, self._beside)) for s in told
        }
        self._chosen: list[Statement] = []
        self._developed: list[Statement] = []
        self._spent = 0

    def take(self, statements: Iterable[Statement]) -> None:
        """Sentences that stand elsewhere in the briefing."""
        for statement in statements:
            self._chosen.append(statement)
            self._spent += statement.words

    def bottom(self) -> list[tuple[int | None, Statement]]:
        """In order of weight; a sentence that leans on another one stands behind it."""
        available = sum(statement.words for statement in self._by_key.values())
        most = int(min(self._max_words, available) * _BOTTOM_SHARE)
        found: list[tuple[int | None, Statement]] = []
        for e in range(min(_MOST_BOTTOM, len(self._of_event))):
            room = most if found else min(self._max_words, max(_BOTTOM_WORDS, most))
            if (best := self._best_standing(e, room - self._spent)) is not None:
                found.append((self._home[best.key], best))
        self._follow(found, max(most, _FOLLOWED_WORDS))
        while len(self._of_event) == 1 and 0 < len(found) < _MOST_BOTTOM:
            if (more := self._best_standing(0, most - self._spent)) is None:
                break
            found.append((self._home[more.key], more))
        return found

    def _follow(self, found: list[tuple[int | None, Statement]], most: int) -> None:
        """Put behind the sentences that are found what leans on them, as far as there is room."""
        k = 0
        while k < len(found) < _MOST_BOTTOM:
            e, statement = found[k]
            k += 1
            if (after := self._follower(statement, most - self._spent)) is not None:
                found.insert(k, (e if self._home[after.key] == e else None, after))

    def developments(self) -> list[tuple[int | None, Statement]]:
        """By event, each read in its own order; what is of no one event comes last."""
        reach = range(min(max(3, self._max_words // _WORDS_AN_EVENT), len(self._of_event)))
        for e in reach:
            # Each event has a sentence of its own before any has two.
            self._developed += self._best([e])
        while more := self._best([*reach, None]):
            self._developed += more
        return self._in_order()

    def _best_standing(self, e: int, room: int) -> Statement | None:
        """The worthiest sentence that needs no other; where that has no room, the second will not do.

        How an article opens may be of no known day, and still says what it is about.
        """
        articles = {t.one.article.id for t in self._events[e].group.tellings if t.is_main}
        openings = [s for s in self._beside if s.opens and s.one.article.id in articles]
        ranked = [
            (self._worth[s.key] + self._alone(s) - self._repeats(s), s)
            for s in (*self._of_event[e], *openings)
            if s not in self._chosen and not s.leaning
        ]
        if not ranked:
            return None
        worth, best = max(ranked, key=lambda r: (r[0], r[1].key[0], -r[1].index))
        if worth < self._least(e) or best.words > room:
            return None
        self.take([best])
        return best

    def _follower(self, statement: Statement, room: int) -> Statement | None:
        """The sentence behind one, where it leans on it and is worth it."""
        after = self._by_key.get((statement.key[0], statement.index + 1))
        if after is None or not after.leaning or after in self._chosen or after.words > room:
            return None
        if self._worth[after.key] - self._repeats(after) < self._least(0):
            return None
        self.take([after])
        return after

    def _best(self, events: Iterable[int | None]) -> list[Statement]:
        """The worthiest sentence that fits and adds something, with the one it leans on; they count as chosen."""
        room = self._max_words - self._spent
        candidates: list[tuple[float, int, list[Statement]]] = []
        for e in events:
            for statement in self._beside if e is None else self._of_event[e]:
                told = self._with_support(statement)
                if not told or sum(s.words for s in told) > room:
                    continue
                worth = sum(self._worth[s.key] - self._repeats(s) for s in told) / len(told)
                if worth >= self._least(e):
                    candidates.append((worth, len(self._events) if e is None else e, told))
        if not candidates:
            return []
        _, _, best = max(candidates, key=lambda c: (c[0], -c[1], c[2][0].key))
        self.take(best)
        return best

    def _with_support(self, statement: Statement) -> list[Statement]:
        """A sentence that is not chosen yet, behind the one that it leans on; none where that cannot stand."""
        if statement in self._chosen:
            return []
        before = self._before(statement)
        if before is None:
            return [] if statement.leaning else [statement]
        if before in self._developed:
            return [statement]
        return [] if before in self._chosen or before.leaning else [before, statement]

    def _before(self, statement: Statement) -> Statement | None:
        """What a sentence leans on."""
        index = statement.context.previous(statement.index) if statement.leaning else None
        return None if index is None else self._by_key.get((statement.key[0], index))

    def _least(self, e: int | None) -> float:
        return _LEAST + self._event_worth(e)

    def _event_worth(self, e: int | None) -> float:
        if e is None:
            return _OF_EVENT * min((self._events[told].score for told in self._of_event), default=0.0)
        return _OF_EVENT * self._events[e].score

    def _alone(self, statement: Statement) -> float:
        """What a sentence is worth more or less where it stands before all others."""
        worth = _OPENS * statement.opens * max(0.0, self._nearness.share(statement) - _FAR) / (1 - _FAR)
        worth -= 0.02 * max(0, statement.words - 35)
        worth -= _DEFINITE_COST * _takes_as_known(statement)
        worth -= _GOES_ON_COST * bool(_GOES_ON.search(statement.text))
        worth -= _PASSING_COST * bool(_PASSING.search(statement.text))
        worth -= _HABIT_COST * bool(_HABIT.search(statement.text))
        return worth

    def _worth_of(self, statement: Statement, e: int | None) -> float:
        worth = _NEAR * self._nearness.of(statement) + self._event_worth(e)
        if e is not None:
            worth += _CENTROID * float(statement.vector @ self._events[e].group.main.vector)
        # On peace talks, the lead of a report of an attack and its figures are not the news.
        of_topic = _LEAD * statement.is_lead + min(0.6, _FIGURES * telling_figures(statement.reading))
        worth += of_topic * self._nearness.share(statement)
        worth += min(0.35, _NAMES * sum(not name.initial for name in statement.reading.names))
        worth += _TIME * bool(statement.event.intervals)
        worth -= _NOTHING_EXACT_COST * _says_nothing_exact(statement)
        worth -= _HABIT_COST * bool(_HABIT.search(statement.text))
        worth -= _A_WORD * (max(0, statement.words - _SHORT) + 4 * max(0, _SHORT - statement.words))
        if self._is_new is not None and self._is_new(statement):
            worth += _NEWS
        return worth

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

    def _in_order(self) -> list[tuple[int | None, Statement]]:
        """By event; within one the article's order, its main article first.

        A sentence stands behind the one that it leans on. Where that is of another event it is shown as of none, and
        the two come last of theirs.
        """
        first = {id(t.one): k for event in self._events for k, t in enumerate(event.group.tellings)}
        roots = {s.key: self._root(s) for s in self._developed}
        apart = {root.key for key, root in roots.items() if self._home[key] != self._home[root.key]}

        def place(statement: Statement) -> tuple[int, bool, int, str, int, int]:
            root = roots[statement.key]
            home = self._home[root.key]
            event = len(self._events) if home is None else home
            article_id, index = root.key
            return event, root.key in apart, first.get(id(root.one), 0), article_id, index, statement.index

        shown = sorted(self._developed, key=place)
        return [(self._home[s.key] if self._home[s.key] == self._home[roots[s.key].key] else None, s) for s in shown]

    def _root(self, statement: Statement) -> Statement:
        before = self._before(statement)
        return self._root(before) if before is not None and before in self._developed else statement


def telling_figures(reading: SentenceReading) -> int:
    """Figures that say how many or how much; "one" hardly ever does, and how far or how long is seldom the news."""
    return sum(not f.vague and f.value != 1 and f.unit not in _MINOR_UNITS for f in reading.figures)


def _says_nothing_exact(statement: Statement) -> bool:
    """Neither who nor where, how many nor when."""
    reading = statement.reading
    names = any(not name.initial for name in reading.names)
    return not (names or telling_figures(reading) or statement.context.dates(statement.index))


def _takes_as_known(statement: Statement) -> bool:
    """ "The strikes were aimed at ...": which ones, only what stands before says."""
    return bool(_DEFINITE.match(statement.text)) and not statement.opens
