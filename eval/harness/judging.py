"""Whether quotes support a sentence: the scorer that is built in, and a language model in a role of its own.

Serving filters by the built-in scorer, so what it says of an answer flatters the answer: it is reported beside measures
that do not depend on it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Protocol

from service.answering.verifying import Verifier
from service.types import Verdict

BUILT_IN = "built-in"
_WORST: tuple[Verdict, ...] = ("contradicted", "not_supported", "partially_supported", "supported")


@dataclass(frozen=True, slots=True)
class Opinion:
    """`verdict` None: none was given, and `reason` says why. `support`: 0..1, None where the judge gives no number."""

    verdict: Verdict | None
    support: float | None = None
    reason: str = ""

    @property
    def supports(self) -> bool:
        return self.verdict == "supported"


class SentenceJudge(Protocol):
    """Safe to call from several threads; the same input has the same opinion."""

    @property
    def name(self) -> str: ...

    def judge(self, claim: str, quotes: Sequence[str]) -> Opinion:
        """Whether all the quotes together support all that the claim says. Never raises for odd text."""


class BuiltInJudge:
    """The grounder, on the quotes alone as whole texts. It is made anew, apart from the one that serves.

    What it was asked before it remembers: precision asks again for what recall has asked.
    """

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier
        self._known: dict[tuple[str, tuple[str, ...]], Opinion] = {}

    @property
    def name(self) -> str:
        return BUILT_IN

    def judge(self, claim: str, quotes: Sequence[str]) -> Opinion:
        if not quotes:
            return Opinion("not_supported", 0.0, "it cites nothing")
        key = claim, tuple(quotes)
        if key not in self._known:
            self._known[key] = self._judged(claim, quotes)
        return self._known[key]

    def _judged(self, claim: str, quotes: Sequence[str]) -> Opinion:
        found = self._verifier.verify(claim, quotes).sentences
        if not found:
            return Opinion(None, reason="it claims nothing")
        worst = min(found, key=lambda sentence: (_WORST.index(sentence.verdict), sentence.support))
        return Opinion(worst.verdict, worst.support, "; ".join(worst.reasons))


@cache
def built_in_version() -> str:
    """Changes with the weights: what other weights say cannot be compared."""
    weights = (resources.files("service.grounding") / "weights.json").read_bytes()
    return f"1+{hashlib.sha256(weights).hexdigest()[:12]}"
