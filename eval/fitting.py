"""What fitting and its reports share: labelled sentences of development questions, the fit, and what its folds give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from eval.cases import DATASETS, Case, read_cases
from eval.corpus import SEEDS, WORLD, library_of
from eval.ramdocs import AmbiguousCase, library_for, says
from service.answering.candidates import Candidates
from service.answering.features import FEATURES
from service.answering.selecting import select
from service.types import Filters, Question
from service.wiring import Groundwire

Floats = NDArray[np.float64]
FOLDS = 5
DEVELOPMENT: tuple[tuple[Path, tuple[str, ...]], ...] = (
    (SEEDS, ("seeds.jsonl", "seeds-reworded.jsonl")),
    (WORLD / "articles.jsonl", ("world/questions.jsonl",)),
    (DATASETS / "dates-articles.jsonl", ("dates.jsonl",)),
)
"""The articles and the questions on them that are fitted on. `world/heldout.jsonl` never is."""
_NEGATIVE_MASS = 8.0
"""How much all wrong sentences of one question weigh against its right ones together."""
_AMBIGUOUS_MASS = 0.4
"""How much an ambiguous question weighs against one of ours. With 1, news questions are answered worse again."""
_RANKS = np.array([float(name != "answer_near") for name in FEATURES])
"""What ranks sentences. How near the answer stands to the question's words tells articles apart, not news sentences."""


@dataclass(frozen=True, slots=True)
class Example:
    """One question's candidates, weighed and labelled. `case` is None for one of an ambiguous set."""

    name: str
    """Of the set that the question is from."""
    id: str
    case: Case | None
    found: Candidates
    values: Floats
    labels: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fit that has not seen the question makes of it: the best sentence's log-odds, whether that is right."""

    log_odds: float
    right: bool


def development_examples() -> list[Example]:
    """The examples of all development questions."""
    data: list[Example] = []
    for articles, names in DEVELOPMENT:
        with library_of(articles) as groundwire:
            for name in names:
                data += [_example(groundwire, name, case) for case in read_cases(DATASETS / name)]
    return data


def _example(groundwire: Groundwire, name: str, case: Case) -> Example:
    found = groundwire.candidates(Question(case.question, Filters(as_of=case.as_of)))
    labels = [_answers(case, found, i) for i in range(len(found.fitting))]
    return Example(name, case.id, case, found, _values(found), np.array(labels, dtype=np.int64))


def ambiguous_examples(cases: Sequence[AmbiguousCase]) -> list[Example]:
    """The examples of questions that are asked of conflicting articles; each gives the answer of its own."""
    with library_for(cases) as groundwire:
        return ambiguous_in(groundwire, cases)


def ambiguous_in(groundwire: Groundwire, cases: Iterable[AmbiguousCase]) -> list[Example]:
    """The same in a library that holds the articles of all cases."""
    data = []
    for case in cases:
        found = groundwire.candidates(case.asked)
        answers = {told.id: told.answer for told in case.articles if told.kind != "noise"}
        labels = [
            c.context.article.id in answers and says(c.context.text(c.index), answers[c.context.article.id])
            for c in found.fitting
        ]
        data.append(Example("ramdocs", case.id, None, found, _values(found), np.array(labels, dtype=np.int64)))
    return data


def _values(found: Candidates) -> Floats:
    return np.array([c.weighing.values for c in found.fitting], dtype=np.float64).reshape(-1, len(FEATURES))


def _answers(case: Case, found: Candidates, i: int) -> bool:
    candidate = found.fitting[i]
    if not case.answerable or candidate.context.article.id not in case.articles:
        return False
    selected, _ = select(found.question, [(1.0, candidate)], 3)
    return case.met_by(" ".join(s.context.text(s.index) for s in selected))


def fit(data: Sequence[Example]) -> Floats:
    """The weights of a logistic regression over sentences, in which each of our questions weighs the same."""
    data = [d for d in data if len(d.labels)]
    masses = [
        np.where(d.labels == 1, 1.0 / max(1, int(d.labels.sum())), _NEGATIVE_MASS / len(d.labels))
        * (1.0 if d.case is not None else _AMBIGUOUS_MASS)
        for d in data
    ]
    model = LogisticRegression(C=1.0, max_iter=5000, fit_intercept=False)
    values = np.vstack([d.values for d in data]) * _RANKS
    model.fit(values, np.concatenate([d.labels for d in data]), np.concatenate(masses))
    weights: Floats = np.asarray(model.coef_[0], dtype=np.float64) * _RANKS
    return weights


def unseen_log_odds(data: Sequence[Example]) -> list[Floats]:
    """The log-odds of every candidate by a fit that has not seen its question."""
    found: list[Floats] = [np.zeros(0)] * len(data)
    for train, test in GroupKFold(FOLDS).split(np.zeros(len(data)), groups=[d.id for d in data]):
        weights = fit([data[i] for i in train])
        for i in test:
            found[i] = data[i].values @ weights
    return found


def outcome(example: Example, log_odds: Floats) -> Outcome:
    """The best sentence's log-odds, and whether the answer made of it is right."""
    case = example.case
    if case is None:
        raise ValueError(f"{example.id}: an ambiguous question has no one right answer")
    if not len(log_odds):
        return Outcome(-20.0, False)
    order = np.argsort(-log_odds, kind="stable")
    ranked = [(float(1 / (1 + np.exp(-log_odds[i]))), example.found.fitting[i]) for i in order]
    selected, best = select(example.found.question, ranked, 3)
    right = (
        case.answerable
        and best.context.article.id in case.articles
        and case.met_by(" ".join(s.context.text(s.index) for s in selected))
    )
    return Outcome(float(log_odds[order[0]]), right)


def platt(outcomes: Sequence[Outcome]) -> tuple[float, float]:
    """Slope and offset that make of log-odds the probability of being right."""
    model = LogisticRegression(C=1e6)
    model.fit(np.array([[o.log_odds] for o in outcomes]), np.array([o.right for o in outcomes]))
    return float(model.coef_[0][0]), float(model.intercept_[0])


def unseen_confidences(data: Sequence[Example], outcomes: Sequence[Outcome]) -> Floats:
    """Each question's confidence by a scaling that has not seen it either."""
    found = np.zeros(len(outcomes))
    for train, test in GroupKFold(FOLDS).split(np.zeros(len(outcomes)), groups=[d.id for d in data]):
        slope, offset = platt([outcomes[i] for i in train])
        for i in test:
            found[i] = 1 / (1 + np.exp(-(slope * outcomes[i].log_odds + offset)))
    return found
