"""What else answers a question: the same asked of other events, and other values that articles give for this one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.answering.candidates import Candidate
from service.answering.expected import Expected
from service.answering.features import asks_for_role, surroundings
from service.answering.matching import match_term
from service.answering.reading import ReadQuestion
from service.answering.values import FIGURES, value_of
from service.grounding.disagreements import (
    Amount,
    Value,
    amounts_of,
    differing,
    event_of,
    same_event,
    same_quantity,
)
from service.text.names import ROLES

_ANSWERS_TOO = 0.5
"""A sentence on another event counts when its probability is at least this share of the best one's."""
_LIKELY = 0.35
_AS_WELL = 0.75
"""Share of the probability of an article's best sentence that another one of it has to have to give a value too."""
_MOST_VALUES = 8
_COMPARED = 30
"""Sentences whose figures are compared with the answer's."""
_SAME = 0.8
_BESIDE = 4
"""Words between a role and whose it is: "the mayor of the capital, Kyiv"."""
_ONE_VALUE = FIGURES | {Expected.DATE, Expected.PLACE, Expected.PERSON, Expected.ORGANISATION, Expected.THING}
"""Kinds of answers of which two are two values of one thing; two reasons are not."""
_ONCE = (
    r"born|birth|die[ds]?|found(?:ed|ing)|establish(?:ed|ment)|built|build|construct(?:ed|ion)|complet(?:ed|ion)|"
    r"releas(?:ed?|ing)|publish(?:ed)?|form(?:ed|ation)|creat(?:ed|ion)|incorporat(?:ed|ion)|introduc(?:ed|tion)|"
    r"inaugurat(?:ed|ion)|elected|appointed|won|directed|produced|wrote|composed|designed|painted"
)
"""What is done once only to what a question names."""
_LASTING = rf"locat(?:ed|ion)|based|situated|associated|affiliated|belong(?:s|ed)?|known|{_ONCE}"
_ATTRIBUTE = re.compile(
    rf"\b(?:{_LASTING})\b"
    r"|\b(?:what|who|which)(?:['’]s|[ ](?:is|was|are|were))[ ](?![a-z]+ing\b)|\b(?:what|which)[ ]\w+[ ](?:is|was)\b"
    r"|\b(?:what|which)[ ](?:sport|position|party|instrument|language)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"who[ ](?:are|were)\b", re.IGNORECASE)
"""Asks for several: two names are no disagreement."""
_MEASURES = re.compile(r"\b(?:population|length|height|width|depth|size|area|elevation|median)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Alternatives:
    """`events`: the best sentence on each further event. `articles`: of other articles those that answer otherwise.

    `disputes`: values of one thing that differ, the best sentence's first.
    """

    events: tuple[Candidate, ...] = ()
    articles: tuple[Candidate, ...] = ()
    disputes: tuple[tuple[Value, ...], ...] = ()


def alternatives(
    question: ReadQuestion, ranked: Sequence[tuple[float, Candidate]], further: Sequence[Candidate]
) -> Alternatives:
    """`ranked`: probability and candidate, best first. `further`: the best of each article that answers as well."""
    lasting = asks_attribute(question)
    probability_of = {id(c): p for p, c in ranked}
    best = ranked[0][1]
    events = [] if lasting else other_events(question, ranked)
    told = [value for c in (ranked[0][1], *events) if (value := value_of(question, c)) is not None]
    covered = {c.context.article.id for c in (ranked[0][1], *events)}
    further = [
        c
        for c in further
        if c.context.article.id not in covered and speaks_to(question, c, best) and _gives_date(question, c)
        if lasting or probability_of[id(c)] >= _least(ranked)
    ]
    if not told or question.expected not in _ONE_VALUE:
        return Alternatives(articles=tuple(further) if lasting else ())
    values = {id(c): value_of(question, c) for c in further}
    articles = [c for c in further if _tells_more(values[id(c)], told, lasting=lasting)]
    stated = [value for value in values.values() if value is not None]
    if lasting:
        stated += _beside(question, ranked, [ranked[0][1], *further])
    return Alternatives(
        tuple(events),
        tuple(articles),
        tuple(found for value in told if (found := _dispute(question, value, ranked, stated, lasting=lasting))),
    )


def _of_the_same(question: ReadQuestion, candidate: Candidate, best: Candidate) -> bool:
    """Whether a sentence or what stands around it has the names asked for that the best one has: another hotel that
    burned is no other event of this one."""
    return _names_met(question, candidate) >= _names_met(question, best)


def _names_met(question: ReadQuestion, candidate: Candidate) -> frozenset[int]:
    context, i = candidate.context, candidate.index
    readings = [context.reading(i), *(reading for _, reading in surroundings(context, i))]
    return frozenset(
        t
        for t, term in enumerate(question.terms)
        if term.name is not None and any(match_term(term, reading).degree >= _SAME for reading in readings)
    )


def _least(ranked: Sequence[tuple[float, Candidate]]) -> float:
    """How probable a sentence on another event has to be."""
    return max(_LIKELY, _ANSWERS_TOO * ranked[0][0])


def asks_attribute(question: ReadQuestion) -> bool:
    """Whether a lasting property of something named is asked for ("What is the population of", "Where was she born").

    Such an answer is of no event: articles that differ contradict each other or are of two things of one name.
    """
    if question.dates or not any(term.name for term in question.terms) or _SEVERAL.match(question.text):
        return False
    if question.expected in FIGURES:
        return _MEASURES.search(question.text) is not None
    return _ATTRIBUTE.search(question.text) is not None


def _gives_date(question: ReadQuestion, candidate: Candidate) -> bool:
    """ "Overnight" does not say when one more article's event was."""
    return question.expected is not Expected.DATE or value_of(question, candidate) is not None


def speaks_to(question: ReadQuestion, candidate: Candidate, best: Candidate) -> bool:
    """Whether a further sentence can answer the very question that the best one does.

    Another hotel that burned is no other event of the one asked about; who holds a role it has to say beside whose.
    """
    if not asks_attribute(question) and not _of_the_same(question, candidate, best):
        return False
    if not asks_for_role(question):
        return True
    places: dict[bool, list[int]] = {True: [], False: []}
    for term, match in zip(question.terms, candidate.weighing.matches, strict=True):
        if match.position is not None and match.degree >= _SAME and (term.name or term.words[-1] in ROLES):
            places[term.name is not None].append(match.position)
    return any(abs(role - name) <= _BESIDE for role in places[False] for name in places[True])


def other_events(question: ReadQuestion, ranked: Sequence[tuple[float, Candidate]]) -> list[Candidate]:
    """For a question that names no date the best sentence on each event of another day than those before it."""
    best = ranked[0][1]
    events = [event_of(best.context, best.index)]
    if question.dates:
        return []
    found = []
    for probability, candidate in ranked[1:]:
        if probability < _least(ranked):
            break
        if not speaks_to(question, candidate, best):
            continue
        event = event_of(candidate.context, candidate.index)
        # What is undated is no other event than what its own article dates.
        if not events[0].intervals and candidate.context is best.context:
            continue
        if event.narrow and all(event.conflicts(known) for known in events if known.intervals):
            events.append(event)
            found.append(candidate)
    return found


def _tells_more(value: Value | None, told: Sequence[Value], *, lasting: bool) -> bool:
    """Whether an article says something else than what is told, or the same of another event."""
    if value is None:
        return True
    return all(value.differs(other) or not (lasting or same_event(value, other)) for other in told)


def _dispute(
    question: ReadQuestion,
    answer: Value,
    ranked: Sequence[tuple[float, Candidate]],
    stated: Sequence[Value],
    *,
    lasting: bool,
) -> tuple[Value, ...]:
    if lasting:
        others = list(stated)
    elif question.expected in FIGURES:
        others = _same_amounts(answer, ranked)
    else:
        others = [value for value in stated if same_event(answer, value)]
    return differing([answer, *others])[:_MOST_VALUES]


def _beside(
    question: ReadQuestion, ranked: Sequence[tuple[float, Candidate]], answers: Sequence[Candidate]
) -> list[Value]:
    """What further sentences of the articles that answer give, when they answer nearly as well as those."""
    of_article = {c.context.article.id: c for c in answers}
    best = {id(c): p for p, c in ranked}
    found = []
    for probability, candidate in ranked:
        answer = of_article.get(candidate.context.article.id)
        if answer is None or answer is candidate or probability < _AS_WELL * best[id(answer)]:
            continue
        if (value := value_of(question, candidate)) is not None:
            found.append(value)
    return found


def _same_amounts(answer: Value, ranked: Sequence[tuple[float, Candidate]]) -> list[Value]:
    """What other sentences, of whatever article, give for the very quantity of the answer."""
    own = next((a for a in amounts_of(answer.context, answer.index) if a.value.text == answer.text), None)
    if own is None:
        return []
    found: list[Amount] = []
    for _, candidate in ranked[:_COMPARED]:
        if (candidate.context.article.id, candidate.index) != (answer.context.article.id, answer.index):
            found += amounts_of(candidate.context, candidate.index)
    return [amount.value for amount in found if same_quantity(own, amount)]
