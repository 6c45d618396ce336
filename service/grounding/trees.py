"""Boosted decision trees, as data: they say what a sum cannot, such as "one word apart, and all else the same"."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Self

Node = tuple[int, float, int, int]
"""The column that is asked, the most it may be to go left, and the nodes to the left and to the right. A leaf asks
column -1, and its second field is what it adds to the log-odds."""


@dataclass(frozen=True, slots=True)
class Trees:
    """`supported`, `partly`: the least probability of each verdict."""

    bias: float
    trees: tuple[tuple[Node, ...], ...]
    supported: float
    partly: float

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """From JSON as eval/fit_sentences.py writes it."""
        trees = tuple(tuple((int(c), float(v), int(a), int(b)) for c, v, a, b in tree) for tree in data["trees"])
        return cls(data["bias"], trees, data["supported"], data["partly"])

    def probability(self, values: Sequence[float]) -> float:
        odds = self.bias + sum(_leaf(tree, values) for tree in self.trees)
        return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def _leaf(tree: Sequence[Node], values: Sequence[float]) -> float:
    column, value, left, right = tree[0]
    while column >= 0:
        column, value, left, right = tree[left if values[column] <= value else right]
    return value


@cache
def shipped() -> Trees:
    """Those that ship with the package."""
    return Trees.of(json.loads(files("service.grounding").joinpath("trees.json").read_text(encoding="utf-8")))
