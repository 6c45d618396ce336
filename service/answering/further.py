"""What other articles answer: whether the best sentence of one more article is an answer too, and of which event."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from service.answering.candidates import Candidate
from service.answering.confidence import sigmoid
from service.answering.features import FEATURES

EXTRA = ("odds", "gap")
"""Besides the features: the log-odds of the sentence, and how far the best of all articles is ahead."""


@dataclass(frozen=True, slots=True)
class FurtherModel:
    """Logistic model of whether one more article answers, given that one does. `weights`: EXTRA, then FEATURES."""

    weights: tuple[float, ...]
    offset: float
    threshold: float
    least_odds: float

    def __post_init__(self) -> None:
        if len(self.weights) != len(EXTRA) + len(FEATURES):
            raise ValueError("the weights for further articles do not fit the features: run `python -m eval.fit`")

    def probability(self, odds: float, best_odds: float, values: Sequence[float]) -> float:
        inputs = (odds, best_odds - odds, *values)
        return sigmoid(self.offset + sum(w * v for w, v in zip(self.weights, inputs, strict=True)))

    def answers(self, odds: float, best_odds: float, values: Sequence[float]) -> bool:
        return odds >= self.least_odds and self.probability(odds, best_odds, values) >= self.threshold


@cache
def fitted_further() -> FurtherModel:
    """The model that ships with groundwire."""
    data = json.loads(files("service.answering").joinpath("weights.json").read_text(encoding="utf-8"))["further"]
    return FurtherModel(
        weights=tuple(float(data["weights"][name]) for name in (*EXTRA, *FEATURES)),
        offset=float(data["offset"]),
        threshold=float(data["threshold"]),
        least_odds=float(data["least_odds"]),
    )


def best_of_each(ranked: Sequence[tuple[float, Candidate]]) -> list[tuple[float, Candidate]]:
    """The best sentence of each article, best first; of what copies of one story say alike only the first."""
    found: list[tuple[float, Candidate]] = []
    said: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for odds, candidate in ranked:
        article = candidate.context.article
        key = (article.story, " ".join(candidate.context.text(candidate.index).split()))
        if article.id in seen:
            continue
        seen.add(article.id)
        if key not in said:
            said.add(key)
            found.append((odds, candidate))
    return found


def further_answers(model: FurtherModel, ranked: Sequence[tuple[float, Candidate]]) -> list[Candidate]:
    """The best sentence of every other article that answers as well, best first."""
    if not ranked:
        return []
    best_odds = ranked[0][0]
    others = best_of_each(ranked)[1:]
    return [c for odds, c in others if model.answers(odds, best_odds, c.weighing.values)]
