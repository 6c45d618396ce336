"""Different values of one thing: which statements are of the same quantity of the same event, and which differ."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise

from service.grounding.context import ArticleContext
from service.grounding.quantities import Bound, quantities
from service.grounding.verbs import AUXILIARIES, is_past, says
from service.text.dating import publication_day, sentence_times
from service.text.figures import Figure
from service.text.intervals import Interval, agreement
from service.text.names import Name, same_name
from service.text.relative import is_time_of_saying
from service.text.sentence import SentenceReading
from service.text.thesaurus import groups_of
from service.text.words import Token, is_stop_word, stem, tokens
from service.types import Article

_ROUNDED = 0.1
"""How far a figure may lie from one that is said to be about it, as a share of the larger. Set by hand."""
_ROUNDED_FAR = 0.25
_NEAR = 8
"""Words between a figure and the verb that says what was done to what it counts."""
_SHARED_WORDS, _SHARED_NAMES = 0.4, 0.5
"""What the openings of two undated articles have in common, as a share of the smaller, when they are on one event. Two
attacks of one war have up to 0.33 of the words in common; two failures of one ferry more, and their dates keep them
apart."""
_ONE_EVENT = timedelta(days=7)
_NOUNS = 5
_PLURALS = frozenset("people children men women".split())
_HARM = dict.fromkeys(map(stem, "dead killed died deaths dying fatalities toll".split()), "dead") | dict.fromkeys(
    map(stem, "hurt injured injuries wounded".split()), "hurt"
)
_ANYBODY = frozenset(map(stem, "people persons civilians victims casualties residents".split())) | set(_HARM)


@dataclass(frozen=True, slots=True)
class Event:
    """When something was: its days, none where nothing says so, and the other sentence that says it."""

    intervals: tuple[Interval, ...] = ()
    dated_by: int | None = None
    elsewhere: str = ""
    """The words that name a day which is not known: "overnight", "two weeks earlier"."""

    def conflicts(self, other: Event) -> bool:
        """Whether both are dated and share no day. What is not dated may be of any day."""
        return agreement(self.intervals, other.intervals) == "conflicting"

    @property
    def narrow(self) -> bool:
        """Whether its days are few enough to tell one event from the next."""
        return bool(self.intervals) and all(i.reach.last - i.reach.first < _ONE_EVENT for i in self.intervals)

    def iso(self) -> str | None:
        """Its day or days, `None` where nothing says so, and where several are said or possible: none is guessed."""
        return self.intervals[0].iso() if len(self.intervals) == 1 else None


@dataclass(frozen=True, slots=True)
class Value:
    """What sentence `index` of an article gives as the answer or the amount, as it stands there.

    `number`: that of a figure; `bound`: how exact it is said to be.
    """

    context: ArticleContext
    index: int
    text: str
    event: Event = Event()
    number: float | None = None
    bound: Bound = ""

    def differs(self, other: Value) -> bool:
        """Whether both cannot be said of one thing: 430 and "about 400" can, and so can a name and its last part."""
        if self.number is not None and other.number is not None:
            return _numbers_differ(self, self.number, other, other.number)
        return _words_differ(self.text, other.text)


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure with what it counts, what is done to that, and where."""

    value: Value
    unit: str
    counted: tuple[str, ...]
    acts: frozenset[str]
    places: frozenset[str]
    harm: str = ""
    """Of people whether it counts the dead or the hurt."""


def event_of(context: ArticleContext, i: int) -> Event:
    """When what a sentence tells was: by its own dates, those of a sentence it leans on, else the article's event."""
    if own := _event_dates(context, i):
        return Event(own)
    before = context.previous(i)
    if before is not None and context.reading(i).opens_with_pronoun and (earlier := _event_dates(context, before)):
        return Event(earlier, before)
    anchor = context.anchor
    if anchor is not None and context.agreement(i, anchor.intervals)[0] == "compatible":
        return Event(tuple(anchor.intervals), anchor.sentence)
    text = context.text(i)
    return Event(elsewhere=" ".join(text[m.start : m.end].lower() for m in sentence_times(text, None).unresolved))


def _event_dates(context: ArticleContext, i: int) -> tuple[Interval, ...]:
    text = context.text(i)
    return tuple(m.interval for m in context.dates(i) if not is_time_of_saying(text, m))


def same_event(one: Value, other: Value) -> bool:
    """Whether two statements are of one event, as far as anything says so. In doubt they are not."""
    if one.event.conflicts(other.event):
        return False
    mine, theirs = one.context.article, other.context.article
    if mine.id == theirs.id or mine.story == theirs.story:
        return one.event.intervals == other.event.intervals and one.event.elsewhere == other.event.elsewhere
    if one.event.narrow and other.event.narrow:
        return _on_one_subject(one.context, other.context, words=0.0, names=0.0)
    if one.event.elsewhere != other.event.elsewhere or _published_apart(mine, theirs):
        return False
    return _on_one_subject(one.context, other.context, words=_SHARED_WORDS, names=_SHARED_NAMES)


def _published_apart(one: Article, other: Article) -> bool:
    days = publication_day(one.published_at), publication_day(other.published_at)
    return days[0] is not None and days[1] is not None and abs(days[0] - days[1]) >= _ONE_EVENT


def _on_one_subject(one: ArticleContext, other: ArticleContext, *, words: float, names: float) -> bool:
    """Whether the openings of two articles share a name, and these shares of their words and names at least."""
    my_names, my_words = _subject(one)
    their_names, their_words = _subject(other)
    named = sum(any(same_name(a, b) for b in their_names) for a in my_names)
    if not named and (my_names or their_names):
        return False
    shared = len(my_words & their_words)
    enough_names = named >= names * min(len(my_names), len(their_names))
    return enough_names and shared >= words * min(len(my_words), len(their_words))


@lru_cache(maxsize=512)
def _subject(context: ArticleContext) -> tuple[frozenset[str], frozenset[str]]:
    """The names and the content words of an article's title and lead."""
    readings = [context.title, *(context.reading(i) for i in context.lead)]
    names = {part for reading in readings for name in reading.names if not name.initial for part in name.parts}
    words = {word.stem for reading in readings for word in reading.words if not is_stop_word(word.lower)}
    return frozenset(names), frozenset(words)


def figure_value(context: ArticleContext, i: int, figure: Figure) -> Value:
    """A figure with the noun that follows, as the value of a sentence."""
    text = context.text(i)
    bounds = [q.bound for q in quantities(context.reading(i)) if q.figure.start == figure.start]
    shown = text[figure.start : _phrase_end(text, figure)]
    return Value(context, i, shown, _event_of_figure(context, i, figure), figure.value, bounds[0] if bounds else "")


def _event_of_figure(context: ArticleContext, i: int, figure: Figure) -> Event:
    """That of its sentence; of several days its own: "12 on 3 March and 40 on 9 March", "on 3 March 12, on 9 March 40".

    Where figures and days do not take turns, nothing says which is whose, and all of the days are left.
    """
    text, event = context.text(i), event_of(context, i)
    days: dict[int, list[Interval]] = {}
    for mention in context.dates(i):
        if not is_time_of_saying(text, mention):
            days.setdefault(mention.start, []).append(mention.interval)
    if event.dated_by is not None or len(days) < 2:
        return event
    order = sorted({*days, *(f.start for f in context.reading(i).figures if not f.vague), figure.start})
    follows, leads = order[-1] in days, order[0] in days
    if follows == leads or any(a in days and b in days for a, b in pairwise(order)):
        return event
    own = min(d for d in days if d > figure.start) if follows else max(d for d in days if d < figure.start)
    return Event(tuple(days[own]))


def _phrase_end(text: str, figure: Figure) -> int:
    """Where the noun ends that a figure counts: of "18 ballistic missiles were" after the missiles."""
    end = figure.end + (text[figure.end : figure.end + 1] == "%")
    for word in tokens(text[end : end + 80])[:_NOUNS]:
        between = text[end : figure.end + word.start]
        if word.stem not in figure.counted or between.strip(" -\u00a0"):
            break
        end = figure.end + word.end
        if word.lower.endswith("s") or word.lower in _PLURALS:
            break
    return end


def is_whole(reading: SentenceReading, figure: Figure) -> bool:
    """Whether a figure is what others are a part of: the 458 of "406 of 458 drones"."""
    before = reading.text[max(0, figure.start - 16) : figure.start].split()
    ends = {reading.text[f.start : f.end].split()[-1] for f in reading.figures if f.end <= figure.start}
    while before and before[-1].lower() in ("of", "out", "the", "all"):
        if len(before) > 1 and before[-1].lower() == "of" and before[-2] in ends | {"out"}:
            return True
        before.pop()
    return False


def amounts_of(context: ArticleContext, i: int) -> list[Amount]:
    """The exact figures of a sentence that count something, with what tells them from others of their kind."""
    reading = context.reading(i)
    places = frozenset(p for n in reading.names if context.kind_of(n) == "place" for p in n.parts)
    found = []
    for figure in reading.figures:
        if not figure.vague and figure.unit != "duration" and not is_whole(reading, figure):
            acts, value = _acts(reading, figure), figure_value(context, i, figure)
            harm = _harm(figure) if figure.unit == "count" else ""
            found.append(Amount(value, figure.unit, figure.counted[:3], acts, places, harm))
    return found


def _harm(figure: Figure) -> str:
    """By the words behind a figure, else by those before it: "12 killed and 30 hurt" counts two things."""
    for stems in (figure.counted, figure.before):
        for word in stems:
            if word in _HARM:
                return _HARM[word]
    return ""


def _acts(reading: SentenceReading, figure: Figure) -> frozenset[str]:
    """The stem of the verb nearest to a figure, and its groups of synonyms: "shot down 30" and "30 were downed"."""
    at = next((k for k, word in enumerate(reading.words) if word.start >= figure.start), 0)
    near = [
        (abs(concept.first - at), concept)
        for concept in reading.concepts
        if _tells(reading.words[concept.first])
        if abs(concept.first - at) <= _NEAR and not _in_name(reading.names, concept.first)
    ]
    if not near:
        return frozenset()
    _, nearest = min(near, key=lambda found: found[0])
    return frozenset([nearest.stem, *(f"~{group}" for group in nearest.groups if group > 0)])


def _tells(word: Token) -> bool:
    return is_past(word) and word.lower not in AUXILIARIES and not says(word)


def _in_name(names: Iterable[Name], at: int) -> bool:
    return any(name.first <= at <= name.last for name in names)


def same_quantity(one: Amount, other: Amount) -> bool:
    """Whether two figures are of the same thing, of the same doing, at the same place, in the same event.

    When in doubt they are not: a disagreement that is none misleads more than one that is missed.
    """
    if one.unit != other.unit or not same_event(one.value, other.value):
        return False
    return _one_thing(one, other) and _one_place(one, other)


def _one_thing(one: Amount, other: Amount) -> bool:
    """Whether two figures count the same, of which the same was done: "killed 15" and "12 people died"."""
    if one.harm or other.harm:
        return one.harm == other.harm and _people(one.counted[:1]) == _people(other.counted[:1])
    if one.value.context.article.id == other.value.context.article.id:
        # Who counts one thing twice counts a part of it: only the very same words are a contradiction.
        return bool(one.acts & other.acts) and one.counted == other.counted
    if one.counted and other.counted and not _alike(one.counted[:1], other.counted[:1]):
        return False
    if not (one.acts or other.acts):
        return bool(one.counted and other.counted)
    return bool(one.acts & other.acts)


def _people(counted: Sequence[str]) -> tuple[str, ...]:
    """What is counted, where that is more special than people: "three children"."""
    return tuple(word for word in counted if word not in _ANYBODY)


def _one_place(one: Amount, other: Amount) -> bool:
    """Whether two figures can be of one place: what one sentence names, the other or its article's opening does too."""
    if not one.places or not other.places:
        named = one if one.places else other
        plain = other if one.places else one
        return not named.places or _names_any(plain.value.context, named.places)
    return any(same_name(a, b) for a in one.places for b in other.places)


def _names_any(context: ArticleContext, parts: Iterable[str]) -> bool:
    names, _ = _subject(context)
    return any(same_name(part, name) for part in parts for name in names)


def _alike(some: Iterable[str], others: Iterable[str]) -> bool:
    mine, theirs = set(some), set(others)
    if mine & theirs:
        return True
    groups = {g for word in mine for g in groups_of(word) if g > 0}
    return any(g in groups for word in theirs for g in groups_of(word))


def differing(values: Sequence[Value]) -> tuple[Value, ...]:
    """Of these values of one thing those that differ from each other, the first before them; none if all agree.

    What several sources say alike counts once, and so do the copies of one story.
    """
    kept: list[Value] = []
    for value in values:
        if all(value.differs(other) for other in kept):
            kept.append(value)
    return tuple(kept) if len(kept) > 1 else ()


def _numbers_differ(one: Value, a: float, other: Value, b: float) -> bool:
    if a == b:
        return False
    larger, apart = max(abs(a), abs(b)), abs(a - b)
    if "about" in (one.bound, other.bound) and apart <= _ROUNDED * larger:
        return False
    low, high = (one, other) if a < b else (other, one)
    # "More than 400" says no less than 430 does, but not that it was 900; "at least 12" is no round figure.
    rounded = (low.bound == "over" and _is_round(min(a, b))) or (high.bound == "under" and _is_round(max(a, b)))
    return not (rounded and apart <= _ROUNDED_FAR * larger)


def _is_round(number: float) -> bool:
    return number >= 10 and number % 10 == 0


def _words_differ(one: str, other: str) -> bool:
    mine, theirs = _content(one), _content(other)
    if not mine or not theirs:
        return False
    fewer, more = sorted((mine, theirs), key=len)
    return not all(any(_same_word(a, b) for b in more) for a in fewer)


def _same_word(a: str, b: str) -> bool:
    # "Football" and "footballer"
    return same_name(a, b) or (min(len(a), len(b)) >= 6 and (a.startswith(b[:-1]) or b.startswith(a[:-1])))


def _content(text: str) -> list[str]:
    words = tokens(text)
    return [word.lower for word in words if not is_stop_word(word.lower)] or [word.lower for word in words]
