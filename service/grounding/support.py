"""The probability that sentences support a claim: a logistic regression, fitted by eval/fit_grounding.py."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Self

from service.grounding.weighing import FEATURES


@dataclass(frozen=True, slots=True)
class SupportModel:
    """`weights`: one for each of FEATURES. `supported` and `partly`: the least probability for those verdicts."""

    weights: tuple[float, ...]
    bias: float
    supported: float
    partly: float

    def __post_init__(self) -> None:
        if len(self.weights) != len(FEATURES):
            raise ValueError(f"a support model needs {len(FEATURES)} weights, got {len(self.weights)}")

    @classmethod
    def load(cls) -> Self:
        """The weights that ship with the package."""
        known = json.loads(files("service.grounding").joinpath("weights.json").read_text(encoding="utf-8"))
        return cls(
            tuple(known["weights"][name] for name in FEATURES), known["bias"], known["supported"], known["partly"]
        )

    def probability(self, values: Sequence[float]) -> float:
        odds = self.bias + sum(w * v for w, v in zip(self.weights, values, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))
