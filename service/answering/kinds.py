"""Whether a sentence holds the kind of thing a question asks for: a figure of what is counted, a person, a date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.answering.classes import asked_class
from service.answering.expected import Expected
from service.answering.matching import match_term
from service.answering.reading import ReadQuestion, Term, looks_like_verb
from service.answering.vocabulary import PAST_FORMS
from service.grounding.context import ArticleContext
from service.text.figures import Figure
from service.text.names import ROLES, Name, same_name
from service.text.sentence import SentenceReading
from service.text.thesaurus import groups_of
from service.text.words import is_stop_word

_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|as a result|in order to|so that|so as to|aim(?:s|ed|ing)? (?:to|at)|intend(?:s|ed)?|"
    r"meant to|designed to|in response|in retaliation|retaliat\w+|after|following|since|as|to \w+|caus\w+|reason|"
    r"why|prompted|triggered|led to|blam\w+|attempt to|signal\w*|for fear|over)\b",
    re.IGNORECASE,
)
_STRONG_CAUSE = re.compile(
    r"\b(?:because|due to|owing to|as a result|in order to|so that|so as to|aim(?:s|ed|ing)? (?:to|at)|intended|"
    r"meant to|designed to|in response|in retaliation|reason|caused|prompted|triggered|led to|attempt to)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(
    r"\b(?:dawn|dusk|noon|midnight|morning|afternoon|evening|overnight|night|yesterday|today|weekend|summer|winter|"
    r"spring|autumn|monday|tuesday|wednesday|thursday|friday|saturday|sunday|\d{1,2}(?::\d\d)? ?[ap]\.?m|"
    r"\d{1,2}:\d\d|ago|last (?:week|month|year)|earlier this|week|month|"
    r"year|hours? (?:before|after)|days? (?:before|after|prior))\b",
    re.IGNORECASE,
)
_HOURS = re.compile(
    r"\b(?:dawn|dusk|daybreak|sunrise|sunset|noon|midday|midnight|morning|afternoon|evening|overnight|night|"
    r"\d{1,2}(?::\d\d)? ?[ap]\.?m|\d{1,2}:\d\d|o'clock|first light)\b",
    re.IGNORECASE,
)
_OLD_YEAR = re.compile(
    r"(?:\b(?:in|since|from|by|of|until|circa|around|about|before|after|[a-z]+ed|born|built|begun|opened)[ ]"
    r"|[(–—-][ ]?)((?:1\d|20)\d\d)(?![\d%]|[.,]\d|[ ][a-z]+s\b)",
    re.IGNORECASE,
)
"""A year by itself, of any century: where a question asks when, "built in 1856" answers."""
_BY = re.compile(
    r"\b(?:directed|produced|written|designed|composed|created|painted|recorded|released|album|film|novel|book|song|"
    r"single|movie|play|series|game|work|opera|ep|musical)(?:[ ](?:and[ ]\w+[ ])?(?:by|from))\b",
    re.IGNORECASE,
)
_MAKER = re.compile(
    r"\b(?:artists?|authors?|directors?|composers?|designers?|creators?|architects?|producers?|writers?|band|singer"
    r"|directed|produced|wrote|composed|designed|created|recorded|sang|painted)\b",
    re.IGNORECASE,
)
_HOLDER = re.compile(
    r"\bwho(?:'s| is| was| are| were| serves| served| holds| held)\b|\bname of\b|\b(?:which|what) \w+ (?:is|was)\b|"
    r"^(?:which|what) \w+ (?:official|minister)\b",
    re.IGNORECASE,
)
_ANY_PLACE = re.compile(r"\bwhere\b|\b(?:which|what) (?:parts?|areas?|regions?|kinds? of places?)\b", re.IGNORECASE)
"""Places that need no name: "in the east", "at the station"."""
_PLAIN_ROLE = re.compile(
    r"^who(?:'s| is| was| are| were) (?:[\w'’.-]+ ){0,5}(?:"
    + "|".join(sorted(ROLES))
    + r")s?(?: (?:of|for|in|at) .*)?\??$",
    re.IGNORECASE,
)
"""Nothing but the role is asked for; a sentence without the role cannot answer."""
_NAMES_OF = re.compile(r"\bnames? of (?:the |these |those |all |both )*", re.IGNORECASE)
_PER = re.compile(r"(?:\s+[\w-]+){0,2}\s+(?:per|an?|every|each)\s+(?:square|\d|capita|hour|head|day|year|km|mile)")
_RATE = re.compile(r"\b(?:per|density|rate|every|each)\b", re.IGNORECASE)
_TOLL = re.compile(r"\b(?:death )?toll\b", re.IGNORECASE)
_DEAD = frozenset("kill dead die death toll victim casualti live".split())
_NEAR_BY = 60
"""Characters: "album by the American jazz saxophonist Sonny Rollins"."""
_PLACE_BEFORE = frozenset("in at near from over of across to".split())
_PERSONAL = frozenset("he she his her him they their".split())
_DIRECTIONS = re.compile(
    r"\b(?:east|west|north|south|central)(?:ern)?\b|"
    r"\b(?:city|town|region|station|refinery|airport|capital|abroad|home)\b",
    re.IGNORECASE,
)
_CASUALTIES = frozenset("wound injur kill dead die death hurt casualti victim".split())
_PAYING = frozenset("cost price worth paid pay spent spend bill budget fine".split())
_PEOPLE = frozenset(
    "popul peopl person civilian resid man men woman women child children inhabit citizen soldier".split()
)


@dataclass(frozen=True, slots=True)
class KindMatch:
    """How far (0..1) the expected kind is there, and the spans, relative to the sentence, that look like the answer."""

    degree: float
    spans: tuple[tuple[int, int], ...] = ()
    excluded: bool = False
    """Another one than asked for is named: "the new commander" of whom only the appointing president has a name."""


def match_kind(question: ReadQuestion, sentence: SentenceReading, context: ArticleContext, i: int) -> KindMatch:
    """Look for the expected kind in sentence `i`. Names and figures that the question itself gives do not count."""
    asked_names = _NAMES_OF.search(question.text)
    if asked_names is not None:
        return _bearers(question, sentence, context, asked_names.end())
    match question.expected:
        case Expected.QUANTITY:
            return _quantity(question, sentence)
        case Expected.MONEY | Expected.PERCENT | Expected.DISTANCE:
            return _measured(question, sentence, str(question.expected))
        case Expected.DURATION:
            return _duration(question, sentence)
        case Expected.DATE:
            return _date(question, sentence, context, i)
        case Expected.PERSON:
            return _person(question, sentence, context, i)
        case Expected.PLACE:
            named = _named(
                question, sentence, context, {"place": 1.0, "other": 0.3, "organisation": 0.3, "person": 0.2}
            )
            loosely = _ANY_PLACE.search(question.text) and _DIRECTIONS.search(sentence.text)
            return KindMatch(0.5) if loosely and named.degree < 0.5 else named
        case Expected.ORGANISATION:
            return _named(question, sentence, context, {"organisation": 1.0, "other": 0.7, "place": 0.4, "person": 0.6})
        case Expected.REASON:
            strong, weak = _STRONG_CAUSE.search(sentence.text), _CAUSE.search(sentence.text)
            return KindMatch(1.0 if strong else 0.6 if weak else 0.2)
        case Expected.THING:
            return _member(question, sentence)
        case Expected.YES_NO:
            return KindMatch(0.5)


def _member(question: ReadQuestion, sentence: SentenceReading) -> KindMatch:
    """A member of the class that is asked for ("what sport"), where it is a known one and the question gives none."""
    wanted = asked_class(question.text)
    if wanted is None:
        return KindMatch(0.5)
    given = question.text.lower()
    spans = [(a, b) for a, b in wanted.found_in(sentence.text) if sentence.text[a:b].lower() not in given]
    return KindMatch(1.0, tuple(spans)) if spans else KindMatch(0.2)


def _head_noun(question: ReadQuestion, after: int) -> Term | None:
    """The last noun of the phrase that begins at this character: "names of the [power plants] hit on Thursday"."""
    noun = None
    terms = {term.concept.first: term for term in question.terms if term.name is None}
    for i, word in enumerate(question.words):
        if word.start < after or any(t.name and t.name.first <= i <= t.name.last for t in question.terms):
            continue
        if is_stop_word(word.lower) or (noun is not None and looks_like_verb(word)):
            break
        noun = terms.get(i, noun)
    return noun


def _bearers(question: ReadQuestion, sentence: SentenceReading, context: ArticleContext, after: int) -> KindMatch:
    """ "What are the names of the power plants": a name right beside the thing; without it the sentence is excluded."""
    noun = _head_noun(question, after)
    if noun is None or match_term(noun, sentence).degree < 0.8:
        return KindMatch(0.5)
    of_person = noun.words[-1] in ROLES
    held = _holds(question, sentence, context, noun, of_person=of_person)
    return KindMatch(1.0) if held else KindMatch(0.2, excluded=True)


def _asked_values(question: ReadQuestion) -> set[float]:
    return {term.number for term in question.terms if term.number is not None}


def _fresh(question: ReadQuestion, found: Sequence[Figure]) -> list[Figure]:
    asked = _asked_values(question)
    return [f for f in found if f.value not in asked]


def _quantity(question: ReadQuestion, sentence: SentenceReading) -> KindMatch:
    fresh = _fresh(question, sentence.figures)
    if _TOLL.search(question.text):
        fresh = [f for f in fresh if not _DEAD.isdisjoint((*f.counted, *f.before))] or fresh
        harmed = bool(fresh) and not _DEAD.isdisjoint((*fresh[0].counted, *fresh[0].before))
        return KindMatch(1.0 if harmed else 0.3 if fresh else 0.0, tuple((f.start, f.end) for f in fresh))
    if not question.counted:
        degree = 0.6 if fresh else 0.0
        return KindMatch(degree, tuple((f.start, f.end) for f in fresh))
    head = question.terms[question.counted[-1]]
    best, spans = 0.0, []
    for figure in fresh:
        degree = counts(figure, head) * (0.7 if figure.vague else 1.0)
        if _PER.match(sentence.text, figure.end) and not _RATE.search(question.text):
            degree = min(degree, 0.3)
        if degree > 0.3:
            spans.append((figure.start, figure.end))
        best = max(best, degree)
    return KindMatch(best, tuple(spans))


def counts(figure: Figure, head: Term) -> float:
    """How far a figure counts what `head` names: 1 for its own noun, less for a synonym or an elided one."""
    if figure.unit in ("money", "percent"):
        return 0.3
    wanted = head.concept.groups
    stems = figure.counted
    for place, stem in enumerate(stems):
        if head.concept.stem == stem:
            return 1.0 if place <= 2 else 0.8
        if _shares_group(stem, wanted):
            return 0.85 if place <= 2 else 0.6
    people = head.concept.stem in _PEOPLE
    if people and any(s in _CASUALTIES | _PEOPLE for s in stems):
        return 0.9
    if not stems:
        elided = (people and any(s in _CASUALTIES for s in figure.before)) or any(
            s == head.concept.stem or _shares_group(s, wanted) for s in figure.before
        )
        if stems_before(figure, head):
            return 0.95
        return 0.7 if elided else 0.25
    return 0.0


def stems_before(figure: Figure, head: Term) -> bool:
    """ "The population was 4,411": what is counted is the nearest noun before."""
    return head.concept.stem in figure.before[:2]


def _shares_group(stem: str, groups: frozenset[int]) -> bool:
    return any(group > 0 for group in groups_of(stem) & groups)


def _measured(question: ReadQuestion, sentence: SentenceReading, unit: str) -> KindMatch:
    fresh = _fresh(question, sentence.figures)
    fitting = [f for f in fresh if f.unit == unit]
    if not fitting and unit == "money":  # "it cost 48 million crowns": any currency, after a word for paying
        paid = [f for f in fresh if f.unit == "count" and any(s in _PAYING for s in f.before)]
        return KindMatch(0.8 if paid else 0.0, tuple((f.start, f.end) for f in paid))
    return KindMatch(1.0 if fitting else 0.0, tuple((f.start, f.end) for f in fitting))


def _duration(question: ReadQuestion, sentence: SentenceReading) -> KindMatch:
    fresh = _fresh(question, sentence.figures)
    fitting = [f for f in fresh if f.unit == "duration"]
    if fitting:
        return KindMatch(1.0, tuple((f.start, f.end) for f in fitting))
    aged = re.search(r"\bhow old\b|\bage\b", question.text, re.IGNORECASE) and re.search(
        r"\b(?:aged?|is|was|are|were) \d{1,3}\b|, \d{1,3},", sentence.text
    )
    if aged:
        return KindMatch(0.9)
    long = re.search(r"\bhow long\b", question.text, re.IGNORECASE)
    if long and any(f.unit == "distance" for f in fresh):
        return KindMatch(0.8)
    return KindMatch(
        0.35
        if long and re.search(r"\b(?:until|till|since|overnight|decades|years|months|weeks)\b", sentence.text)
        else 0.0
    )


def _date(question: ReadQuestion, sentence: SentenceReading, context: ArticleContext, i: int) -> KindMatch:
    lower = question.text.lower()
    if re.search(r"\b(?:hour|time of day|what time|which time)\b", lower):
        clock = _HOURS.search(sentence.text)
        return KindMatch(1.0, ((clock.start(), clock.end()),)) if clock else KindMatch(0.0)
    said = context.dates(i) or ([] if context.anchor is None else None)
    if re.search(r"\b(?:what|which) year\b", lower):
        years = [m for m in sentence.dates if m.interval.year_known]
        anchored = context.anchor is not None and any(x.year_known for x in context.anchor.intervals)
        spans = [(m.start, m.end) for m in years] + [(m.start(1), m.end(1)) for m in _OLD_YEAR.finditer(sentence.text)]
        return KindMatch(1.0, tuple(spans)) if spans else KindMatch(0.3 if anchored else 0.0)
    if sentence.dates:
        return KindMatch(1.0, tuple((d.start, d.end) for d in sentence.dates))
    if long_past := [(m.start(1), m.end(1)) for m in _OLD_YEAR.finditer(sentence.text)]:
        return KindMatch(0.9, tuple(long_past))
    anchored_degree = 0.6 if said is None else 0.0
    clock = _CLOCK.search(sentence.text)
    if re.search(r"\b(?:what|which|the) (?:exact |calendar |full )?(?:date|month)\b", lower) or clock is None:
        return KindMatch(anchored_degree)
    return KindMatch(0.7, ((clock.start(), clock.end()),))


def asks_for_holder(question: ReadQuestion) -> bool:
    """ "Who is the mayor of Kharkiv?": the role is part of what is asked, not of what happened."""
    return question.expected is Expected.PERSON and bool(_HOLDER.search(question.text))


def _person(question: ReadQuestion, sentence: SentenceReading, context: ArticleContext, i: int) -> KindMatch:
    """A person; where the question asks for the holder of a role, one that the sentence gives that role."""
    if _MAKER.search(question.text) and (by := _made_by(question, sentence)):
        return KindMatch(1.0, by)
    named = _named(question, sentence, context, {"person": 1.0, "organisation": 0.7, "other": 0.6, "place": 0.25})
    roles = [t for t in question.terms if t.words[-1] in ROLES] if asks_for_holder(question) else []
    met = [role for role in roles if match_term(role, sentence).degree >= 0.8]
    asked_plainly = bool(roles) and bool(_PLAIN_ROLE.search(question.text))
    if (met or asked_plainly) and not any(_holds(question, sentence, context, role) for role in met):
        return KindMatch(min(named.degree, 0.3), named.spans, excluded=True)
    if named.degree < 0.6 and any(w.lower in _PERSONAL for w in sentence.words[:8]):
        before = context.previous(i)
        steps = 0
        while before is not None and steps < 3:
            earlier = _named(
                question,
                context.reading(before),
                context,
                {"person": 0.8, "organisation": 0.3, "other": 0.4, "place": 0.1},
            )
            if earlier.degree >= 0.6:
                return KindMatch(earlier.degree)
            before, steps = context.previous(before), steps + 1
    return named


def _made_by(question: ReadQuestion, sentence: SentenceReading) -> tuple[tuple[int, int], ...]:
    """The name that follows "album by", "directed by" within a few words, else nothing."""
    spans = []
    for by in _BY.finditer(sentence.text):
        near = (n for n in sentence.names if 0 <= n.start - by.end() <= _NEAR_BY and not _is_asked(question, n))
        if name := next(near, None):
            spans.append((name.start, name.end))
    return tuple(spans)


def _holds(
    question: ReadQuestion,
    sentence: SentenceReading,
    context: ArticleContext,
    role: Term,
    *,
    of_person: bool = True,
) -> bool:
    """Whether a name stands right beside the role: "Mayor Klitschko", "Malkov, the governor of the region"."""
    for concept in sentence.concepts:
        if concept.stem != role.concept.stem and not any(g > 0 for g in concept.groups & role.concept.groups):
            continue
        for name in sentence.names:
            if _is_asked(question, name) or (of_person and context.kind_of(name) not in ("person", "other")):
                continue
            if not of_person and name.first and sentence.words[name.first - 1].lower in _PLACE_BEFORE:
                continue
            first, last = min(concept.first, name.first), max(concept.last, name.last)
            inside = range(max(0, min(concept.last, name.last) + 1), max(concept.first, name.first))
            if name.first <= concept.first <= name.last or (
                len(inside) <= 7 and not any(_verbal(sentence, j) for j in inside) and last >= first
            ):
                return True
    return False


def _verbal(sentence: SentenceReading, j: int) -> bool:
    word = sentence.words[j].lower
    return (
        word in ("had", "has", "have", "says", "to", "who", "that", "but", "and")
        or word in PAST_FORMS
        or (word.endswith("ed") and len(word) > 4)
    )  # fmt: skip


def _named(
    question: ReadQuestion, sentence: SentenceReading, context: ArticleContext, worth: dict[str, float]
) -> KindMatch:
    best, spans = 0.0, []
    for name in sentence.names:
        if _is_asked(question, name):
            continue
        kind = context.kind_of(name)
        if name.initial and kind == "other" and name.parts[-1] not in context.name_parts:
            continue  # the capital is the sentence's
        degree = worth[kind] * (0.5 if name.initial and kind == "other" else 1.0)
        best = max(best, degree)
        if degree >= 0.5:
            spans.append((name.start, name.end))
    return KindMatch(best, tuple(spans))


def _is_asked(question: ReadQuestion, name: Name) -> bool:
    asked = {part for term in question.terms if term.name for part in term.name.parts} | {
        w.lower for w in question.words
    }
    return all(any(same_name(part, other) for other in asked) for part in name.parts)
