"""Which public rows took part in a fit, by hash: the rows themselves are not part of the repository.

`eval.fit_grounding --write` and `eval.fit --write` note them with the weights. A suite that is run on such rows scores
each by a fit that has not seen it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from eval.cases import DATASETS

FITTED = DATASETS / "fitted.json"
Fit = Literal["support", "answers"]
"""`support`: of claims, eval/fit_grounding.py; `answers`: of ambiguous questions, eval/fit.py."""


def key_of(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "replace")).hexdigest()[:12]


def fitted_on(fit: Fit, path: Path = FITTED) -> frozenset[str]:
    """The keys of all that the weights that ship were fitted on."""
    return frozenset(json.loads(path.read_text(encoding="utf-8"))[fit])


def note_fitted(fit: Fit, keys: Iterable[str], path: Path = FITTED) -> None:
    """In place of what was noted of this fit before."""
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known[fit] = sorted(set(keys))
    path.write_text(json.dumps(known, indent=0, sort_keys=True) + "\n", encoding="utf-8")
