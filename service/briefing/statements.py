"""Which sentences of an article may stand in a briefing, and of which event each of them tells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import numpy as np

from service.answering.bearing import prose
from service.answering.instructions import asserts_nothing, instructs
from service.briefing.gathering import OnTopic
from service.grounding.context import ArticleContext
from service.grounding.disagreements import Event, event_of
from service.grounding.verbs import is_finite, says
from service.library.ports import Vector
from service.text.dating import sentence_times
from service.text.intervals import Interval
from service.text.names import ROLES, Name
from service.text.relative import WEEKDAYS
from service.text.sentence import SentenceReading
from service.text.words import PERSONAL, Token, is_stop_word

Place = Literal["main", "dated", "background", "unknown"]
"""`main`: of its article's main event; `dated`: of another day that it names; `background`: of a long stretch;
`unknown`: nothing says of which day, and it stands behind what is of another one."""

_SHORTEST, _LONGEST = 6, 60
_A_MONTH = timedelta(days=31)
_OPENING_WORDS = 5
_MOST_READ, _MOST_FIGURES = 14, 12
"""Sentences read of one article beside its lead: the nearest to the topic, and of the others those with a figure."""
_FIGURE_NEARNESS = 0.3
_OPENING = 10
"""Sentences in which a weekday is that of the news, if no other one is named there."""
_LEAST_PROSE, _PRESENT_PROSE = 0.3, 0.6
_CAPTION = re.compile(
    r"^\W*(?:photo(?:graph)?|image|picture|file photo|video|caption|credit|illustration|watch|source)\b(?:\s+by\b|\s*:)"
    r"|\(photo|/(?:reuters|afp|ap|getty|epa)\b|\bphoto by\b",
    re.IGNORECASE,
)
_ABOUT_ITSELF = re.compile(
    r"\b(?:this|the) (?:is a )?(?:developing )?(?:story|article|report|page|post) (?:is|was|will be|has been) "
    r"(?:still )?(?:developing|updated|tagged|being updated|corrected|first published)|\bthis is a developing story\b|"
    r"\bwill (?:run|publish|post|bring you) (?:more )?updates\b|\bits themes are\b|\bread (?:more|our)\b|"
    r"\bsubscribe\b|\bentity graph\b|\bnewsletter\b",
    re.IGNORECASE,
)
_CONNECTIVE = re.compile(
    r"^\W*(?:however|also|but|and|yet|still|then|instead|conversely|therefore|thus|nevertheless|besides|similarly|"
    r"likewise|on the other hand|for (?:example|instance)|as a result|in contrast|add to|"
    r"in (?:this|that) (?:setting|context|case)|"
    r"(?:moments|seconds|minutes|hours|days|weeks|months|years) (?:before|later|earlier|after|afterwards)(?=,))\b",
    re.IGNORECASE,
)
_BEFORE_NOUNS = frozenset("a an the of in at on by for from with to and its their his her two three four".split())
_BEHIND_VERBS = frozenset("a an the its his her their no about around more some up how that whether it them".split())
_POINTING_WORDS = 12
_DEMONSTRATIVES = frozenset("this these those".split())
_TIMES = frozenset("week month year time morning afternoon evening day weekend summer winter spring autumn".split())
_PLACING = frozenset("in at near from over across around of".split())
_SEVERAL, _ONE = frozenset("they them".split()), frozenset("he she him".split())
_PLURALS = frozenset("people children men women police both many some others and".split())
_PLURAL = re.compile(r"[^s]s$")
_CLEFT = re.compile(
    r"^It (?:is|was)\b.{3,90}\b(?:that|who)\b|^It (?:is|was|remains?) (?:\w+ ){0,3}"
    r"(?:known|unknown|clear|unclear|certain|uncertain|likely|unlikely|possible|expected|reported|confirmed)\b"
)
_FIGURE = re.compile(
    r"\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozens?|hundreds?|thousands?|millions?)\b",
    re.I,
)
_FIRST_PERSON = re.compile(r"\b(?:I|we|We|my|My|our|Our)\b")
_QUOTED = re.compile(r"[“\"][^”\"]*[”\"]")
_STILL_NOW = re.compile(r"\b(?:hours?|minutes?) ago\b|\b(?:earlier|later) (?:this week|today)\b|\bthis week\b", re.I)


@dataclass(frozen=True, eq=False, slots=True)
class Statement:
    """Sentence `index` of an article, as near to the topic as `relevance` says, the cosine of the two.

    `leaning`: it needs what stands before it to be understood. `event`: when what it tells was.
    """

    one: OnTopic
    index: int
    place: Place
    event: Event
    leaning: bool
    is_lead: bool
    opens: bool
    """It is the first sentence of its article that is one."""

    @property
    def context(self) -> ArticleContext:
        return self.one.context

    @property
    def text(self) -> str:
        return self.context.text(self.index)

    @property
    def reading(self) -> SentenceReading:
        return self.context.reading(self.index)

    @property
    def vector(self) -> Vector:
        vector: Vector = self.one.vectors[self.index]
        return vector

    @property
    def relevance(self) -> float:
        return float(self.one.relevance[self.index])

    @property
    def key(self) -> tuple[str, int]:
        return self.one.article.id, self.index

    @property
    def words(self) -> int:
        return len(self.text.split())


def statements_of(one: OnTopic, *, all_of_it: bool = False) -> list[Statement]:
    """The sentences of an article that may stand in a briefing, in order: its lead, and those nearest to the topic."""
    context = one.context
    lead = set(context.lead)
    nearest = np.argsort(-one.relevance, kind="stable").tolist()
    most = len(nearest) if all_of_it else _MOST_READ
    counting = [i for i in nearest[most:] if one.relevance[i] >= _FIGURE_NEARNESS and _FIGURE.search(context.text(i))]
    found: list[Statement] = []
    for i in sorted(lead.union(nearest[:most], counting[:_MOST_FIGURES])):
        if is_fit(context, i):
            place, event = placed(context, i)
            opens = i in lead and not found
            leaning = leans(context.reading(i)) or points_back(context, i)
            found.append(Statement(one, i, place, event, leaning, i in lead, opens))
    return found


def is_fit(context: ArticleContext, i: int) -> bool:
    """Whether a sentence states something in whole words of its own: no heading, caption, question or half a quote."""
    text = context.text(i)
    if not _SHORTEST <= len(text.split()) <= _LONGEST or _CAPTION.search(text) or _ABOUT_ITSELF.search(text):
        return False
    reading = context.reading(i)
    if reading.is_heading or not _is_clause(context, i):
        return False
    if text.count("“") != text.count("”") or text.count('"') % 2 or _FIRST_PERSON.search(_QUOTED.sub("", text)):
        return False
    return prose(reading) >= _LEAST_PROSE and not instructs(text) and not asserts_nothing(text)


def _is_clause(context: ArticleContext, i: int) -> bool:
    """Whether it has a verb: a caption often has none, and stands alone. One in the present tense looks like a noun."""
    reading = context.reading(i)
    words = reading.words
    if any(is_finite(words, k) for k in range(len(words))):
        return True
    if _stands_with_others(context, i):
        return reading.text.rstrip("\"'”’)]").endswith((".", "!")) and prose(reading) >= _PRESENT_PROSE
    return any(says(words[k]) or _is_present(words, k) for k in range(1, len(words) - 1))


def _stands_with_others(context: ArticleContext, i: int) -> bool:
    """Whether its paragraph has another sentence."""
    return context.previous(i) is not None or (i + 1 < len(context.spans) and context.previous(i + 1) == i)


def _is_present(words: Sequence[Token], k: int) -> bool:
    """ "The library holds 480,000 volumes", but "two floors", "the walls of the library"."""
    word, before, behind = words[k].lower, words[k - 1].lower, words[k + 1]
    if len(word) < 4 or not _PLURAL.search(word) or words[k].capitalised or before in _BEFORE_NOUNS:
        return False
    return behind.numeric or behind.lower in _BEHIND_VERBS


def leans(reading: SentenceReading) -> bool:
    """ "They downed 30", "In addition, ...", "In his post he ...": what is meant stands before."""
    if _CLEFT.match(reading.text):
        return False
    if reading.opens_with_pronoun or _CONNECTIVE.match(reading.text):
        return True
    named_at = min((name.first for name in reading.names if _may_be_meant(reading, name)), default=_OPENING_WORDS)
    if any(word.lower in PERSONAL for word in reading.words[: min(_OPENING_WORDS, named_at)]):
        return True
    return _means_others(reading)


def _may_be_meant(reading: SentenceReading, name: Name) -> bool:
    """Whether a pronoun behind a name may mean it: not "in Moscow, they"."""
    before = reading.words[name.first - 1].lower if name.first else ""
    return not name.initial and before not in _PLACING


def _means_others(reading: SentenceReading) -> bool:
    """ "The attack pushed them toward sanctions": nobody stands before it whom it could mean."""
    for k, word in enumerate(reading.words):
        before = reading.words[:k]
        if word.lower in _SEVERAL:
            some = any(w.numeric or w.lower in _PLURALS or _PLURAL.search(w.lower) for w in before)
            return not some and not any(name.last < k for name in reading.names)
        if word.lower in _ONE:
            return not any(name.last < k for name in reading.names) and not any(w.lower in ROLES for w in before)
    return False


def points_back(context: ArticleContext, i: int) -> bool:
    """ "Officials call this tactic ...": neither title nor lead has said which. "Despite these efforts, ..." is read
    without them."""
    words = context.reading(i).words
    opening = context.title.stems.union(*(context.reading(j).stems for j in context.lead if j != i))
    for k, word in enumerate(words[:_POINTING_WORDS]):
        named = [w for w in words[k + 1 : k + 3] if not is_stop_word(w.lower)]
        if k > 1 and word.lower in _DEMONSTRATIVES and named and not any(w.lower in _TIMES for w in named):
            known = opening.union(w.stem for w in words[:k])
            return known.isdisjoint(w.stem for w in named)
    return False


def placed(context: ArticleContext, i: int) -> tuple[Place, Event]:
    """Of which event a sentence tells. A day that another sentence names is never carried on to this one by itself.

    A month is an event where an article opens with it: "Unemployment rose to 4.6 percent in September".
    """
    event = event_of(context, i)
    anchor = context.anchor
    if event.intervals:
        if anchor is not None and _meets(event.intervals, anchor.intervals) and not _is_wide(event.intervals):
            return "main", event
        tells = not _is_wide(event.intervals) or (i in context.lead and is_for_timeline(event))
        return ("dated" if tells else "background"), event
    if anchor is not None:
        return "unknown", event
    return ("main" if _is_of_undated_main(context, i) else "unknown"), event


def _meets(some: tuple[Interval, ...], others: tuple[Interval, ...]) -> bool:
    return any(a.meets(b) for a in some for b in others)


def _is_wide(intervals: tuple[Interval, ...]) -> bool:
    return not intervals or any(i.open or i.last - i.first > timedelta(days=7) for i in intervals)


def is_for_timeline(event: Event) -> bool:
    """Whether it is known to be of one stretch of days, short enough to stand in a timeline."""
    return len(event.intervals) == 1 and all(not i.open and i.last - i.first <= _A_MONTH for i in event.intervals)


def _is_of_undated_main(context: ArticleContext, i: int) -> bool:
    """Whether a sentence without a day is of the main event of an article whose opening names none either.

    "Overnight" and "earlier this week" do not lead away from it; "two weeks earlier" does, and so does a sentence
    before it that names a day.
    """
    before = context.previous(i)
    if before is not None and before not in context.lead and context.dates(before):
        return False
    away = set(_away(context, i))
    if not away:
        return True
    opening = {words for j in range(min(_OPENING, len(context.spans))) for words in _away(context, j)}
    return i < _OPENING and away <= set(WEEKDAYS) and len(opening) == 1


def _away(context: ArticleContext, i: int) -> Iterator[str]:
    """The words of a sentence that may lead to another day than that of writing; of a weekday its bare name."""
    text = context.text(i)
    for mention in sentence_times(text, None).unresolved:
        words = text[mention.start : mention.end].lower()
        if mention.weekday is not None and not re.search(r"\b(?:last|next)\b", words):
            yield WEEKDAYS[mention.weekday]
        elif not mention.now and not _STILL_NOW.search(words):
            yield words
