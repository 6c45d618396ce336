"""Answers to ambiguous questions that the weights were fitted on, by fits that have not seen the question."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sklearn.model_selection import GroupKFold

from eval.fit import THRESHOLD, further_model, further_rows
from eval.fitted_on import fitted_on
from eval.fitting import FOLDS, Example, ambiguous_in, development_examples, fit, outcome, platt, unseen_log_odds
from eval.measurements.options import Steps
from eval.ramdocs import AmbiguousCase, library_for
from service.answering.confidence import ConfidenceModel
from service.answering.extractive import ExtractiveAnswerer
from service.answering.further import FurtherModel
from service.library.library import Library
from service.types import Answer
from service.wiring import LIBRARY_FILE

_LEAST_TO_FOLD = 25


@dataclass(frozen=True, slots=True)
class Answered:
    """`by_folds`: the answer is one of weights that have not seen the question, those that ship have."""

    case: AmbiguousCase
    answer: Answer
    by_folds: bool


def answered(cases: Sequence[AmbiguousCase], steps: Steps) -> list[Answered]:
    """In the order of the cases. Those that took part in the fit and are too few for folds are left out."""
    known = fitted_on("answers")
    seen = [case for case in cases if case.key in known]
    with (
        tempfile.TemporaryDirectory(prefix="groundwire-eval-") as folder,
        library_for(cases, Path(folder)) as groundwire,
    ):
        found = {
            case.id: Answered(case, groundwire.ask(case.asked, "extractive"), by_folds=False)
            for case in steps.over("questions", [case for case in cases if case.key not in known])
        }
        if _foldable(seen):
            examples = ambiguous_in(groundwire, steps.over("questions, for folds", seen))
            library = Library(Path(folder) / LIBRARY_FILE)
            try:
                for model, further, tested in steps.over("folds", list(_models(seen, examples))):
                    answerer = ExtractiveAnswerer(library, groundwire.retriever, model=model, further=further)
                    found |= {c.id: Answered(c, answerer.answer(c.asked), by_folds=True) for c in tested}
            finally:
                library.close()
    return [found[case.id] for case in cases if case.id in found]


def _foldable(cases: Sequence[AmbiguousCase]) -> bool:
    noisy = sum(any(article.kind == "noise" for article in case.articles) for case in cases)
    return min(len(cases), 2 * noisy) >= _LEAST_TO_FOLD


def _models(
    cases: Sequence[AmbiguousCase], examples: Sequence[Example]
) -> Iterator[tuple[ConfidenceModel, FurtherModel, list[AmbiguousCase]]]:
    """For each fold what `eval.fit` would write without its cases, and the cases."""
    data = development_examples()
    for train, test in GroupKFold(FOLDS).split(range(len(cases)), groups=[case.id for case in cases]):
        learned = [examples[i] for i in train]
        log_odds = unseen_log_odds([*data, *learned])
        slope, offset = platt([outcome(d, odds) for d, odds in zip(data, log_odds, strict=False)])
        weights = tuple(float(weight) for weight in fit([*data, *learned]))
        inputs, labels, _ = further_rows([cases[i] for i in train], learned, log_odds[len(data) :])
        model = ConfidenceModel(weights, slope, offset, THRESHOLD)
        yield model, further_model(inputs, labels), [cases[i] for i in test]
