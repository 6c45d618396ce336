"""Whether a claim follows from the sentences it rests on, as a model reads them together."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock

from service.errors import ModelUnavailable
from service.grounding.weighing import Weighing
from service.models.entailment import Entailment, Pairing

FOLLOWING = ("entailed",)
"""The log-odds that the claim follows, within MOST of 0."""
MOST = 6.0
_REMEMBERED = 2_000


class Following:
    """Log-odds by claim and text, remembered. Safe to call from several threads."""

    def __init__(self, model: Entailment) -> None:
        self._model = model
        self._known: OrderedDict[Pairing, float] = OrderedDict()
        self._lock = Lock()

    def odds(self, asked: Sequence[Weighing]) -> list[float] | None:
        """One for each, with one call of the model for all; None when the model cannot be had."""
        pairs = [Pairing(rests_on(one), one.claim.text) for one in asked]
        with self._lock:
            found = {pair: self._known[pair] for pair in pairs if pair in self._known}
        new = [pair for pair in dict.fromkeys(pairs) if pair not in found]
        if new:
            try:
                made = dict(zip(new, map(float, self._model.log_odds(new)), strict=True))
            except ModelUnavailable:
                return None
            found |= made
            with self._lock:
                self._known |= made
                while len(self._known) > _REMEMBERED:
                    self._known.popitem(last=False)
        return [max(-MOST, min(MOST, found[pair])) for pair in pairs]


def rests_on(weighing: Weighing) -> str:
    """The sentences that would be cited for a claim, in the order of the article."""
    premise = weighing.premise
    numbers = {*premise.sentences, *premise.further, *(i for i in weighing.facts.carried_by if i >= 0)}
    return " ".join(premise.context.text(i).strip() for i in sorted(numbers))
