"""Fits the answerer's confidence: `python -m eval.fit [--ambiguous FILE.jsonl] [--write]`.

Candidate sentences are labelled from the cases (right article, every expected value, together with the sentences they
lean on) and a logistic regression is fitted on their features; each question weighs the same. Then the log-odds of each
question's best sentence, predicted by a fit that has not seen the question (5 folds), are scaled to the probability
that the answer is right (Platt). With --ambiguous (RAMDocs cases, see eval/ramdocs.py) their sentences are learned from
too, and the model of whether one more article answers is fitted: an article answers that is no noise. Prints what the
folds give at several thresholds; --write replaces service/answering/weights.json, without --ambiguous all but the model
of further articles.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

import service.answering
from eval.fitted_on import note_fitted
from eval.fitting import (
    FOLDS,
    Example,
    Floats,
    Outcome,
    ambiguous_examples,
    development_examples,
    fit,
    outcome,
    platt,
    unseen_confidences,
    unseen_log_odds,
)
from eval.ramdocs import AmbiguousCase, read_ambiguous
from eval.selective import calibration_error
from service.answering.features import FEATURES
from service.answering.further import EXTRA, FurtherModel, best_of_each

WEIGHTS = Path(service.answering.__file__).parent / "weights.json"
THRESHOLD = 0.5
"""An answer is given when it is more likely right than not."""
FURTHER_THRESHOLD = 0.83
LEAST_ODDS = -2.0
"""Where nine of ten noise articles are not cited. The second keeps out articles on something else, of which the
ambiguous cases have few: without it each question on the seeds gets half an article more that does not answer it."""


def further_rows(
    cases: Sequence[AmbiguousCase], data: Sequence[Example], log_odds: Sequence[Floats]
) -> tuple[Floats, NDArray[np.bool_], list[str]]:
    """Inputs of the model of further articles, whether each answers, and its question: the best sentence of each."""
    inputs, labels, groups = [], [], []
    for case, example, odds in zip(cases, data, log_odds, strict=True):
        noise = {told.id for told in case.articles if told.kind == "noise"}
        order = np.argsort(-odds, kind="stable")
        ranked = [(float(odds[i]), example.found.fitting[i]) for i in order]
        for of_article, candidate in best_of_each(ranked):
            inputs.append([of_article, ranked[0][0] - of_article, *candidate.weighing.values])
            labels.append(candidate.context.article.id not in noise)
            groups.append(case.id)
    return np.array(inputs), np.array(labels), groups


def _further(inputs: Floats, labels: NDArray[np.bool_]) -> LogisticRegression:
    return LogisticRegression(C=0.3, max_iter=5000).fit(inputs, labels)


def further_model(inputs: Floats, labels: NDArray[np.bool_]) -> FurtherModel:
    """Fitted on what further_rows gives."""
    fitted = _further(inputs, labels)
    weights = tuple(float(weight) for weight in fitted.coef_[0])
    return FurtherModel(weights, float(fitted.intercept_[0]), FURTHER_THRESHOLD, LEAST_ODDS)


def _report_further(inputs: Floats, labels: NDArray[np.bool_], groups: Sequence[str]) -> None:
    unseen = np.zeros(len(labels))
    for train, test in GroupKFold(FOLDS).split(inputs, groups=groups):
        unseen[test] = _further(inputs[train], labels[train]).predict_proba(inputs[test])[:, 1]
    for threshold in (0.6, 0.7, 0.75, 0.8, 0.85, 0.9):
        shown = (unseen >= threshold) & (inputs[:, 0] >= LEAST_ODDS)
        print(
            f"further articles, threshold {threshold}: {shown[labels].mean():.3f} of those that answer, "
            f"{1 - shown[~labels].mean():.3f} of the noise left out"
        )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.fit", description=__doc__)
    parser.add_argument("--ambiguous", type=Path, help="RAMDocs cases to learn from too")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    data = development_examples()
    cases = read_ambiguous(args.ambiguous) if args.ambiguous else []
    ambiguous = ambiguous_examples(cases) if cases else []
    log_odds = unseen_log_odds([*data, *ambiguous])
    outcomes = [outcome(d, odds) for d, odds in zip(data, log_odds, strict=False)]
    slope, offset = platt(outcomes)
    weights = fit([*data, *ambiguous])
    _report(data, outcomes)
    written = json.loads(WEIGHTS.read_text(encoding="utf-8")) | {
        "weights": {name: round(float(w), 4) for name, w in zip(FEATURES, weights, strict=True)},
        "slope": round(slope, 4),
        "offset": round(offset, 4),
        "threshold": THRESHOLD,
        "questions": len(data) + len(ambiguous),
    }
    if cases:
        inputs, labels, groups = further_rows(cases, ambiguous, log_odds[len(data) :])
        _report_further(inputs, labels, groups)
        model = further_model(inputs, labels)
        named = zip((*EXTRA, *FEATURES), model.weights, strict=True)
        written["further"] = {
            "weights": {name: round(w, 4) for name, w in named},
            "offset": round(model.offset, 4),
            "threshold": model.threshold,
            "least_odds": model.least_odds,
        }
    if args.write:
        WEIGHTS.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")
        if cases:
            note_fitted("answers", (case.key for case in cases))
        print(f"wrote {WEIGHTS.name}")
    return 0


def _report(data: Sequence[Example], outcomes: Sequence[Outcome]) -> None:
    confidences = unseen_confidences(data, outcomes)
    rights = np.array([o.right for o in outcomes])
    answerable = np.array([d.case is not None and d.case.answerable for d in data])
    for name in dict.fromkeys(d.name for d in data):
        own = np.array([d.name == name for d in data])
        for threshold in (0.4, 0.5, 0.55, 0.6, 0.7):
            given = confidences >= threshold
            print(
                f"{name:<22} threshold {threshold}: answered {(rights & given)[own & answerable].mean():.3f}, "
                f"refused {(~given)[own & ~answerable].mean():.3f}"
            )
    print(f"expected calibration error {calibration_error(confidences, rights):.3f}, of {len(data)} questions")


if __name__ == "__main__":
    sys.exit(main())
