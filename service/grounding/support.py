"""The probability that sentences support a claim: a logistic regression, fitted by eval/fit_grounding.py."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal, Self

from service.grounding.following import FOLLOWING
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
class View:
    """What models make of a claim: `meaning` as MEANING lists it, `odds` as FOLLOWING; None where none was asked."""

    meaning: tuple[float, ...] | None = None
    odds: float | None = None


UNREAD = View()


@dataclass(frozen=True, slots=True)
class SupportModel:
    """`with_meaning` also reads MEANING, `with_following` FOLLOWING.

    `strict`: a fact that stands apart from what is said of it, in another sentence, is none.
    """

    words_alone: Regression
    with_meaning: Regression
    with_following: Regression
    strict: bool = True

    @classmethod
    def load(cls, use: Use = "drafts") -> Self:
        """The weights that ship with the package."""
        text = files("service.grounding").joinpath("weights.json").read_text(encoding="utf-8")
        known = json.loads(text)[use]
        words_alone, with_meaning, with_following = (
            Regression(**known[part]) for part in ("words_alone", "with_meaning", "with_following")
        )
        return cls(words_alone, with_meaning, with_following, known["strict"])

    def regression(self, view: View) -> Regression:
        """The one that reads what is known."""
        if view.odds is not None:
            return self.with_following
        return self.words_alone if view.meaning is None else self.with_meaning

    def probability(self, values: Sequence[float], view: View) -> float:
        """`values` of FEATURES."""
        if view.odds is not None:
            return self.with_following.probability((*FEATURES, *FOLLOWING), (*values, view.odds))
        if view.meaning is not None:
            return self.with_meaning.probability((*FEATURES, *MEANING), (*values, *view.meaning))
        return self.words_alone.probability(FEATURES, values)

    def reads(self, view: View) -> bool:
        """Whether the verdict is of a model that read claim and sentences together."""
        return view.odds is not None
