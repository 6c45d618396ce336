"""Fits the answerer's confidence: `python -m eval.fit [--write]`.

Candidate sentences are labelled from the cases (right article, every expected value, together with the sentences they
lean on) and a logistic regression is fitted on their features; each question weighs the same. Then the log-odds of each
question's best sentence, predicted by a fit that has not seen the question (5 folds), are scaled to the probability
that the answer is right (Platt). Prints what the folds give at several thresholds; --write replaces
service/answering/weights.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

import service.answering
from eval.cases import DATASETS, Case, read_cases
from eval.corpus import SEEDS, WORLD, library_of
from service.answering.candidates import Candidate, Candidates
from service.answering.confidence import ConfidenceModel
from service.answering.features import FEATURES
from service.answering.selecting import select
from service.types import Question
from service.wiring import Groundwire

Floats = NDArray[np.float64]
WEIGHTS = Path(service.answering.__file__).parent / "weights.json"
THRESHOLD = 0.5
"""An answer is given when it is more likely right than not."""
_NEGATIVE_MASS = 8.0
"""How much all wrong sentences of one question weigh against its right ones together."""


@dataclass(frozen=True, slots=True)
class Example:
    case: Case
    found: Candidates
    values: Floats
    labels: NDArray[np.int64]


def examples(groundwire: Groundwire, cases: Sequence[Case]) -> list[Example]:
    """The weighed and labelled candidates of every case."""
    collected = []
    for case in cases:
        found = groundwire.candidates(Question(case.question))
        values = np.array([c.weighing.values for c in found.fitting], dtype=np.float64).reshape(-1, len(FEATURES))
        labels = np.array([_answers(case, found, c) for c in found.fitting], dtype=np.int64)
        collected.append(Example(case, found, values, labels))
    return collected


def _answers(case: Case, found: Candidates, candidate: Candidate) -> bool:
    if not case.answerable or candidate.context.article.id not in case.articles:
        return False
    selected, _ = select(found.question, [(1.0, candidate)], 3)
    return case.met_by(" ".join(s.context.text(s.index) for s in selected))


def _fit(data: Sequence[Example]) -> Floats:
    data = [d for d in data if len(d.labels)]
    masses = [np.where(d.labels == 1, 1.0 / max(1, int(d.labels.sum())), _NEGATIVE_MASS / len(d.labels)) for d in data]
    model = LogisticRegression(C=1.0, max_iter=5000, fit_intercept=False)
    model.fit(np.vstack([d.values for d in data]), np.concatenate([d.labels for d in data]), np.concatenate(masses))
    return np.asarray(model.coef_[0], dtype=np.float64)


def _best(weights: Floats, example: Example) -> tuple[float, bool]:
    """The best sentence's log-odds and whether the answer made of it is right."""
    if not len(example.labels):
        return -20.0, False
    log_odds = example.values @ weights
    order = np.argsort(-log_odds, kind="stable")
    ranked = [(float(1 / (1 + np.exp(-log_odds[i]))), example.found.fitting[i]) for i in order]
    selected, best = select(example.found.question, ranked, 3)
    right = (
        example.case.answerable
        and best.context.article.id in example.case.articles
        and example.case.met_by(" ".join(s.context.text(s.index) for s in selected))
    )
    return float(log_odds[order[0]]), right


def _folds(data: Sequence[Example]) -> list[tuple[float, bool]]:
    results: list[tuple[float, bool]] = [(0.0, False)] * len(data)
    groups = [d.case.id for d in data]
    for train, test in GroupKFold(5).split(np.zeros(len(data)), groups=groups):
        weights = _fit([data[i] for i in train])
        for i in test:
            results[i] = _best(weights, data[i])
    return results


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.fit", description=__doc__)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    data: list[Example] = []
    for articles, names in (
        (SEEDS, ("seeds.jsonl", "seeds-reworded.jsonl")),
        (WORLD / "articles.jsonl", ("world/questions.jsonl",)),
    ):
        with library_of(articles) as groundwire:
            for name in names:
                data += examples(groundwire, read_cases(DATASETS / name))
    results = _folds(data)
    scores = np.array([[log_odds] for log_odds, _ in results])
    platt = LogisticRegression(C=1e6).fit(scores, np.array([right for _, right in results]))
    slope, offset = float(platt.coef_[0][0]), float(platt.intercept_[0])
    weights = _fit(data)
    model = ConfidenceModel(tuple(float(w) for w in weights), slope, offset, THRESHOLD)
    _report(data, results, model)
    if args.write:
        written = {
            "weights": {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)},
            "slope": round(slope, 4),
            "offset": round(offset, 4),
            "threshold": THRESHOLD,
            "questions": len(data),
        }
        WEIGHTS.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
        print(f"wrote {WEIGHTS.name}")
    return 0


def _report(data: Sequence[Example], results: Sequence[tuple[float, bool]], model: ConfidenceModel) -> None:
    prefixes = list(dict.fromkeys(d.case.id.rsplit("-", 1)[0] for d in data))
    for prefix in prefixes:
        own = [(d, r) for d, r in zip(data, results, strict=True) if d.case.id.rsplit("-", 1)[0] == prefix]
        for threshold in (0.4, 0.5, 0.55, 0.6, 0.7):
            given = [(d, right, model.confidence(odds) >= threshold) for d, (odds, right) in own]
            answered = [right and shown for d, right, shown in given if d.case.answerable]
            refused = [not shown for d, _, shown in given if not d.case.answerable]
            print(
                f"{prefix:<10} threshold {threshold}: answered {np.mean(answered):.3f}, refused {np.mean(refused):.3f}"
            )
    confidences = np.array([model.confidence(odds) for odds, _ in results])
    rights = np.array([right for _, right in results])
    print("confidence, of how many questions, share right (5 folds):")
    for low in np.arange(0.0, 1.0, 0.2):
        inside = (confidences >= low) & (confidences < low + 0.2)
        if inside.any():
            print(f"  {low:.1f}-{low + 0.2:.1f}  {inside.sum():>4}  {rights[inside].mean():.2f}")


if __name__ == "__main__":
    sys.exit(main())
