"""The probability that sentences support a claim: a logistic regression, fitted by eval/fit_grounding.py."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, Self

from service.grounding.meaning import MEANING
from service.grounding.weighing import FEATURES

Use = Literal["drafts", "texts"]
"""What is checked: sentences written from evidence, each fact of which must stand with what it is said of; or any text
against whole articles, where a sentence may gather what stands in many places."""


@dataclass(frozen=True, slots=True)
class Regression:
    """`weights` by feature, 0 for those not named."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, names: Sequence[str], values: Sequence[float]) -> float:
        odds = self.bias + sum(self.weights.get(n, 0.0) * v for n, v in zip(names, values, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


@dataclass(frozen=True, slots=True)
class SupportModel:
    """`with_meaning` also reads MEANING. `supported`, `partly`: the least probabilities for those verdicts.

    `strict`: a fact that stands apart from what is said of it, in another sentence, is none.
    """

    words_alone: Regression
    with_meaning: Regression
    supported: float
    partly: float
    strict: bool = True

    @classmethod
    def load(cls, use: Use = "drafts") -> Self:
        """The weights that ship with the package."""
        text = files("service.grounding").joinpath("weights.json").read_text(encoding="utf-8")
        known = json.loads(text)[use]
        words_alone, with_meaning = (
            Regression(part["bias"], part["weights"]) for part in (known["words_alone"], known["with_meaning"])
        )
        return cls(words_alone, with_meaning, known["supported"], known["partly"], known["strict"])

    def probability(self, values: Sequence[float], meaning: Sequence[float] | None = None) -> float:
        """`values` of FEATURES, and of MEANING where it is known."""
        if meaning is None:
            return self.words_alone.probability(FEATURES, values)
        return self.with_meaning.probability((*FEATURES, *MEANING), (*values, *meaning))
