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
    """`weights` by feature, 0 for those not named. `supported`, `partly`: the least probability of each verdict."""

    bias: float
    weights: Mapping[str, float]
    supported: float
    partly: float

    def probability(self, names: Sequence[str], values: Sequence[float]) -> float:
        odds = self.bias + sum(self.weights.get(n, 0.0) * v for n, v in zip(names, values, strict=True))
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


@dataclass(frozen=True, slots=True)
class SupportModel:
    """`with_meaning` also reads MEANING.

    `strict`: a fact that stands apart from what is said of it, in another sentence, is none; and the trees
    have the last word on a sentence that no rule stops.
    """

    words_alone: Regression
    with_meaning: Regression
    strict: bool = True

    @classmethod
    def load(cls, use: Use = "drafts") -> Self:
        """The weights that ship with the package."""
        text = files("service.grounding").joinpath("weights.json").read_text(encoding="utf-8")
        known = json.loads(text)[use]
        words_alone, with_meaning = (Regression(**known[part]) for part in ("words_alone", "with_meaning"))
        return cls(words_alone, with_meaning, known["strict"])

    def regression(self, meaning: Sequence[float] | None) -> Regression:
        """The one that reads what is known."""
        return self.words_alone if meaning is None else self.with_meaning

    def probability(self, values: Sequence[float], meaning: Sequence[float] | None = None) -> float:
        """`values` of FEATURES, and of MEANING where it is known."""
        if meaning is None:
            return self.words_alone.probability(FEATURES, values)
        return self.with_meaning.probability((*FEATURES, *MEANING), (*values, *meaning))
