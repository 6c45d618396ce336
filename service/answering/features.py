"""What speaks for and against one sentence as the answer to a question, as numbers for the fitted model.

Every feature is a property of question, sentence and its place in the article, none of any particular topic.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.answering.bearing import answer_near, defines, prose, quoted_missing
from service.answering.expected import Expected
from service.answering.kinds import KindMatch, asks_for_holder
from service.answering.matching import NO_MATCH, Match, TermMatcher
from service.answering.reading import ReadQuestion, Term
from service.grounding.context import ArticleContext
from service.text.names import ROLES, Name, same_name
from service.text.sentence import SentenceReading

FEATURES = (
    "bias",
    "similarity",  # cosine of question and sentence
    "chunk_similarity",  # cosine of question and chunk
    "coverage",  # rarity-weighted share of the question's terms met in the sentence itself
    "context_coverage",  # what neighbours, heading, title and lead add
    "missing",  # rarity of the rarest term met nowhere
    "missing_squared",
    "verb_missing",  # what the question says was done or happened is met nowhere
    "asked_noun_missing",  # "Which hospital ...": no hospital here
    "names_missing",  # share of the question's names met neither here nor in context
    "names_in_context",  # share of them met in context only
    "numbers_missing",  # share of the question's figures not in the sentence
    "kind",  # presence of the expected kind of answer
    "kind_absent",  # the expected kind, where there is one, is hardly there
    "kind_is_open",  # a question that expects no particular kind
    "close_together",  # terms that stand together in the question stand together here
    "wrong_owner",  # "Russia's minister" asked, "the Ukrainian minister" said
    "other_place",  # a place asked for is not named here, and another one is
    "other_names",  # names asked for are not in the sentence itself, and places or persons not asked for are
    "wrong_agent",  # "Ukraine launched" asked, "Russia launched" said
    "denied",  # the sentence negates a term and the question does not, or the reverse
    "date_compatible",  # dates asked for and found
    "few_terms",  # a question with one or two terms is met by chance
    "heading",
    "all_met",  # every term is met in the sentence or its context
    "answer_near",  # what looks like the answer stands near what the question says of it
    "defines",  # the sentence says what the question's subject is
    "prose",  # a sentence, no menu or table
    "quoted_missing",  # a title that the question quotes is not here
    "similarity_gap",  # how far the most similar sentence of all candidates is ahead
    "coverage_gap",  # how far the best covered one is ahead
)

_PREVIOUS, _PREVIOUS_LINKED, _TITLE, _LEAD, _HEADING, _SECOND_PREVIOUS = 0.6, 0.85, 0.65, 0.55, 0.5, 0.3
_NEGATIONS = frozenset(
    """
    not no never without neither nor none cannot didn't wasn't weren't isn't hasn't haven't don't doesn't won't
    """.split()
)


@dataclass(frozen=True, slots=True)
class Weighing:
    """The features of one sentence and what they were made of."""

    values: tuple[float, ...]
    matches: tuple[Match, ...]
    """In the sentence itself, one a term."""
    degrees: tuple[float, ...]
    """With context, one a term, 0..1."""
    kind: KindMatch


def term_weights(terms: Sequence[Term], frequencies: Mapping[str, int], chunks: int) -> list[float]:
    """How much each term carries: its inverse document frequency in 0.35..1, times its factor.

    `frequencies`: chunks that hold each word of the terms; a phrase is as rare as its rarest word.
    """
    top = math.log(1 + chunks + 0.5)
    weights = []
    for term in terms:
        count = min(frequencies.get(word, 0) for word in term.words)
        rarity = math.log(1 + (chunks - count + 0.5) / (count + 0.5)) / (top or 1.0)
        weights.append(term.factor * (0.35 + 0.65 * min(1.0, max(0.0, rarity))))
    return weights


def weigh(
    question: ReadQuestion,
    matcher: TermMatcher,
    weights: Sequence[float],
    context: ArticleContext,
    i: int,
    *,
    similarity: float,
    chunk_similarity: float,
    date_compatible: bool,
    kind: KindMatch,
) -> Weighing:
    """The features of sentence `i` of an article, in the order of FEATURES."""
    sentence = context.reading(i)
    matches = matcher.matches(sentence)
    degrees = [match.degree for match in matches]
    for share, other in surroundings(context, i):
        for t, match in enumerate(matcher.matches(other)):
            if share * match.degree > degrees[t]:
                degrees[t] = share * match.degree
    total = sum(weights) or 1.0
    here = sum(w * m.degree for w, m in zip(weights, matches, strict=True)) / total
    everywhere = sum(w * d for w, d in zip(weights, degrees, strict=True)) / total
    missing = max((w * (1 - d) for w, d in zip(weights, degrees, strict=True)), default=0.0)
    named = [(m.degree, d) for t, m, d in zip(question.terms, matches, degrees, strict=True) if t.name]
    numbered = [m.degree for t, m in zip(question.terms, matches, strict=True) if t.number is not None]
    open_kind = question.expected in (Expected.THING, Expected.YES_NO)
    values = {
        "bias": 1.0,
        "similarity": similarity,
        "chunk_similarity": chunk_similarity,
        "coverage": here,
        "context_coverage": everywhere - here,
        "missing": missing,
        "missing_squared": missing * missing,
        "verb_missing": _verb_missing(question, degrees),
        "asked_noun_missing": _asked_noun_missing(question, degrees),
        "names_missing": _share([d < 0.4 for _, d in named]),
        "names_in_context": _share([m < 0.5 <= d for m, d in named]),
        "numbers_missing": _share([d == 0 for d in numbered]),
        "kind": kind.degree,
        "kind_absent": float(kind.degree < 0.35),
        "kind_is_open": float(open_kind),
        "close_together": _closeness(question.terms, matches),
        "wrong_owner": _wrong_owner(question, sentence, matches),
        "other_place": _other_place(question, sentence, context, matches),
        "other_names": _other_names(question, sentence, matches),
        "wrong_agent": _wrong_agent(question, sentence, matches),
        "denied": float(_negated(question.words) != _negated_near(sentence, matches)),
        "date_compatible": float(date_compatible),
        "few_terms": float(len(question.terms) <= 2),
        "heading": float(sentence.is_heading),
        "all_met": float(bool(degrees) and min(degrees) >= 0.5),
        "answer_near": answer_near(question, matches, sentence, kind),
        "defines": defines(question, sentence) if open_kind else 0.0,
        "prose": prose(sentence),
        "quoted_missing": quoted_missing(question, context, sentence),
    }
    return Weighing(tuple(values.get(name, 0.0) for name in FEATURES), matches, tuple(degrees), kind)


def compared(weighings: Sequence[Weighing]) -> list[Weighing]:
    """The same weighings with the features that compare each with the best of them filled in."""
    places = [FEATURES.index(name) for name in ("similarity", "coverage", "context_coverage")]
    gaps = [FEATURES.index(name) for name in ("similarity_gap", "coverage_gap")]
    measures = [(w.values[places[0]], w.values[places[1]] + w.values[places[2]]) for w in weighings]
    best = [max((m[k] for m in measures), default=0.0) for k in range(2)]
    filled = []
    for weighing, measure in zip(weighings, measures, strict=True):
        values = list(weighing.values)
        for k, place in enumerate(gaps):
            values[place] = best[k] - measure[k]
        filled.append(replace(weighing, values=tuple(values)))
    return filled


_FIGURES_ASKED = frozenset({Expected.QUANTITY, Expected.MONEY, Expected.PERCENT, Expected.DISTANCE, Expected.DURATION})


_WRONG_OWNER, _OTHER_PLACE = FEATURES.index("wrong_owner"), FEATURES.index("other_place")


def lacks_kind(question: ReadQuestion, kind: KindMatch) -> bool:
    """Whether a sentence cannot be the answer because it lacks the figure, date or place asked for. Said of most, and
    quickly: the others alone are weighed."""
    if kind.excluded or (question.expected in _FIGURES_ASKED and kind.degree < 0.25):
        return True
    return question.expected in (Expected.DATE, Expected.PLACE) and kind.degree == 0.0


def disqualified(question: ReadQuestion, weighing: Weighing) -> bool:
    """Whether a sentence with what is asked for cannot be the answer, however well it fits otherwise.

    It lacks the holder of the role asked for, or the figure by which the question names the event, or it counts what
    was asked of one place at another.
    """
    if asks_for_role(question) and weighing.values[_WRONG_OWNER] > 0:
        return True
    if any(
        t.number is not None and t.words[0][0].isdigit() and d == 0
        for t, d in zip(question.terms, weighing.degrees, strict=True)
    ):
        return True
    return question.expected in _FIGURES_ASKED and weighing.values[_OTHER_PLACE] > 0


def asks_for_role(question: ReadQuestion) -> bool:
    """ "Who is the mayor of Kharkiv?": asks who holds a role."""
    return asks_for_holder(question) and any(term.words[-1] in ROLES for term in question.terms)


def surroundings(context: ArticleContext, i: int) -> list[tuple[float, SentenceReading]]:
    """What lends a sentence its terms: neighbours, heading, lead and title, each with how far it counts."""
    found = [(_TITLE, context.title)]
    before = context.previous(i)
    if before is not None:
        linked = context.reading(i).opens_with_pronoun
        found.append((_PREVIOUS_LINKED if linked else _PREVIOUS, context.reading(before)))
        second = context.previous(before)
        if second is not None:
            found.append((_SECOND_PREVIOUS, context.reading(second)))
    heading = context.heading(i)
    if heading is not None:
        found.append((_HEADING, context.reading(heading)))
    found.extend((_LEAD, context.reading(j)) for j in context.lead if j != i)
    return found


_AUXILIARIES = frozenset("did do does was were is are has have had will would can could".split())


def _verb_missing(question: ReadQuestion, degrees: Sequence[float]) -> float:
    """How far the first term after the auxiliary that is no name ("did Russia *refuse*") is from being met, 0..1."""
    at = next((i for i, word in enumerate(question.words) if word.lower in _AUXILIARIES), None)
    if at is None:
        return 0.0
    for term, degree in zip(question.terms, degrees, strict=True):
        if term.name is None and term.number is None and term.concept.first > at:
            return 1.0 - degree
    return 0.0


def _asked_noun_missing(question: ReadQuestion, degrees: Sequence[float]) -> float:
    """How far the noun right after "which" or "what" is from being met, 0..1; a mere kind ("city") is 0."""
    for i, word in enumerate(question.words[:-1]):
        if word.lower in ("which", "what"):
            following = [
                (t, d) for t, d in zip(question.terms, degrees, strict=True) if t.concept.first in (i + 1, i + 2)
            ]
            return max((1.0 - d for t, d in following if t.name is None and t.factor >= 1.0), default=0.0)
    return 0.0


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0


def _closeness(terms: Sequence[Term], matches: Sequence[Match]) -> float:
    """Mean over neighbouring terms of the question of 1/(1 + extra distance/4) in the sentence; 0.5 without a pair."""
    scores = []
    for (a, x), (b, y) in zip(
        list(zip(terms, matches, strict=True)), list(zip(terms, matches, strict=True))[1:], strict=False
    ):
        if x.position is None or y.position is None:
            continue
        asked = abs(b.concept.first - a.concept.first)
        extra = max(0, abs(y.position - x.position) - asked)
        scores.append(1 / (1 + extra / 4))
    return sum(scores) / len(scores) if scores else 0.5


def _wrong_owner(question: ReadQuestion, sentence: SentenceReading, matches: Sequence[Match]) -> float:
    """1 when a noun that the question ties to a name ("Russia's minister", "mayor of Kharkiv") has another one here."""
    for t, term in enumerate(question.terms):
        if term.name is None:
            continue
        for u, noun in enumerate(question.terms):
            position = matches[u].position
            if noun.name or noun.number is not None or position is None or not _tied(question, term, noun):
                continue
            owner = _nearest_owner(sentence, position)
            if owner is not None and not _is(owner, term.name):
                at = matches[t].position
                if at is None or abs(at - position) > 4 or owner.last == position - 1:
                    return 1.0
    return 0.0


def _tied(question: ReadQuestion, name: Term, noun: Term) -> bool:
    words, n, m = question.words, name.concept.first, noun.concept.first
    if name.name is not None:
        n = name.name.last if m > n else name.name.first
    if m > n:
        return m - n <= 2
    between = [w.lower for w in words[m + 1 : n]]
    return len(between) <= 2 and "of" in between


def _nearest_owner(sentence: SentenceReading, position: int) -> Name | None:
    near = [
        n
        for n in sentence.names
        if n.kind != "person" and min(abs(n.first - position), abs(n.last - position)) <= 4 and not n.initial
    ]
    return min(near, key=lambda n: min(abs(n.first - position), abs(n.last - position)), default=None)


def _is(a: Name, b: Name) -> bool:
    return any(same_name(x, y) for x in a.parts for y in b.parts)


def _other_place(
    question: ReadQuestion, sentence: SentenceReading, context: ArticleContext, matches: Sequence[Match]
) -> float:
    """1 when a name asked for is not in the sentence and a place not asked for is: "over Kyiv", not Kharkiv."""
    if question.expected is Expected.PLACE:
        return 0.0
    asked = [t.name for t in question.terms if t.name is not None]
    unmet = [
        n for n, m in zip((t.name for t in question.terms), matches, strict=True) if n is not None and m.degree < 0.5
    ]
    if not unmet:
        return 0.0
    around = [context.title, *(context.reading(j) for j in context.lead)]
    unmet = [n for n in unmet if not any(_is(n, other) for reading in around for other in reading.names)]
    others = [n for n in sentence.names if n.kind == "place" and not any(_is(n, a) for a in asked)]
    if not unmet:
        return 0.0
    return float(bool(others))


def _other_names(question: ReadQuestion, sentence: SentenceReading, matches: Sequence[Match]) -> float:
    asked = [t.name for t in question.terms if t.name is not None]
    if question.expected in (Expected.PERSON, Expected.PLACE, Expected.ORGANISATION):
        return 0.0
    unmet = [t for t, m in zip(question.terms, matches, strict=True) if t.name is not None and m.degree < 0.5]
    others = [n for n in sentence.names if not n.initial and not any(_is(n, a) for a in asked)]
    return len(unmet) / max(1, len(asked)) if others else 0.0


def _wrong_agent(question: ReadQuestion, sentence: SentenceReading, matches: Sequence[Match]) -> float:
    """1 when the name before the question's verb is not before that verb here, and another name is."""
    for t, term in enumerate(question.terms[:-1]):
        verb = question.terms[t + 1]
        position = matches[t + 1].position
        if term.name is None or verb.name or verb.number is not None or position is None:
            continue
        after_auxiliary = term.concept.first > 0 and question.words[term.concept.first - 1].lower in (
            "did", "do", "does", "has", "have", "had", "will", "would", "can", "could",
        )  # fmt: skip
        if not after_auxiliary or verb.concept.first - (term.name.last if term.name else 0) > 2:
            continue
        left = [n for n in sentence.names if n.last < position and n.kind != "person"]
        nearest = left[-1] if left else None
        if nearest is not None and not _is(nearest, term.name) and not any(_is(n, term.name) for n in left[-2:]):
            return 1.0
    return 0.0


def _negated(words: Sequence[object]) -> bool:
    return any(getattr(w, "lower", "") in _NEGATIONS for w in words)


def _negated_near(sentence: SentenceReading, matches: Sequence[Match]) -> bool:
    positions = [m.position for m in matches if m is not NO_MATCH and m.position is not None]
    return any(
        word.lower in _NEGATIONS and any(0 < p - i <= 4 for p in positions) for i, word in enumerate(sentence.words)
    )
