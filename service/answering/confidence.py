"""From features to a calibrated confidence: a logistic model whose weights are a data file, fitted by `eval.fit`."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from service.answering.features import FEATURES


@dataclass(frozen=True, slots=True)
class ConfidenceModel:
    """`weights`: one a feature. `slope`, `offset`: Platt's scaling of the best sentence's log-odds.

    Platt, "Probabilistic outputs for support vector machines" (1999).
    """

    weights: tuple[float, ...]
    slope: float
    offset: float
    threshold: float
    """Answers below this confidence are not given."""

    def __post_init__(self) -> None:
        if len(self.weights) != len(FEATURES):
            raise ValueError(f"{len(self.weights)} weights for {len(FEATURES)} features: run `python -m eval.fit`")

    def log_odds(self, values: Sequence[float]) -> float:
        return sum(w * v for w, v in zip(self.weights, values, strict=True))

    def confidence(self, log_odds: float) -> float:
        """Probability, 0..1, that the sentence with these log-odds, being the best of all, answers the question."""
        return sigmoid(self.slope * log_odds + self.offset)


def sigmoid(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x >= 0 else math.exp(x) / (1 + math.exp(x))


@cache
def fitted_model() -> ConfidenceModel:
    """The model that ships with groundwire."""
    data = json.loads(files("service.answering").joinpath("weights.json").read_text(encoding="utf-8"))
    return ConfidenceModel(
        weights=tuple(float(data["weights"][name]) for name in FEATURES),
        slope=float(data["slope"]),
        offset=float(data["offset"]),
        threshold=float(data["threshold"]),
    )
