"""One confidence for both answerers: the fitted one in sentences, moved by what a model that reads made of them.

Moved in log-odds, by Bayes' rule with likelihood ratios that were set by hand: no model was at hand to fit them on.
"""

from __future__ import annotations

import math

_CHOSEN = math.log(3)
"""A model that is given the evidence takes a sentence that answers about three times as often as one that does not."""
_DECLINED = -math.log(10)
"""It says that nothing answers about ten times as often where nothing does."""


def vouched(confidence: float) -> float:
    """Confidence in sentences that a model answered from, and that passed every check."""
    return _moved(confidence, _CHOSEN)


def declined(confidence: float) -> float:
    """Confidence in an answer where a model, given the same evidence, found none."""
    return _moved(confidence, _DECLINED)


def _moved(confidence: float, by: float) -> float:
    if not 0.0 < confidence < 1.0:
        return confidence
    return 1 / (1 + (1 - confidence) / confidence * math.exp(-by))
