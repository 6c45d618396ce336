"""How often an answer is wrong, by how many questions are answered: `python -m eval.risk_coverage [--write]`.

Each development question is scored by a fit that has not seen it, its confidence by a scaling that has not either
(eval/fitting.py). Ordered by confidence, the answers to the surest share of the questions (the coverage) are wrong in
some share of the cases (the risk); answering what the articles do not answer is wrong too. Prints the table, the area
under the curve (AURC, Geifman and El-Yaniv, 2017) beside that of a perfect order, and the expected calibration error.
With --write draws the curve into docs/risk-coverage.svg. `--ambiguous` as for `eval.fit`: the weights that ship were
fitted with it.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.curve import svg
from eval.fitting import (
    Floats,
    ambiguous_examples,
    development_examples,
    outcome,
    unseen_confidences,
    unseen_log_odds,
)
from eval.intervals import wilson
from eval.ramdocs import read_ambiguous
from eval.selective import area, calibration_error, curve
from service.answering.confidence import fitted_model

PICTURE = Path(__file__).parent.parent / "docs" / "risk-coverage.svg"
_THRESHOLDS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


@dataclass(frozen=True, slots=True)
class Point:
    """At this threshold so large a share of all questions is answered, and so large a share of the answers wrong."""

    threshold: float
    coverage: float
    risk: float
    wrong: int
    answered: int


def point(confidences: Floats, rights: NDArray[np.bool_], threshold: float) -> Point:
    given = confidences >= threshold
    answered, wrong = int(given.sum()), int((given & ~rights).sum())
    return Point(threshold, answered / len(given), wrong / answered if answered else 0.0, wrong, answered)


def table(confidences: Floats, rights: NDArray[np.bool_]) -> str:
    """The risk at several thresholds, and what sums the curve up, as lines of text."""
    lines = ["threshold  coverage  risk   95 % interval    wrong of answered"]
    for p in (point(confidences, rights, threshold) for threshold in _THRESHOLDS):
        low, high = wilson(p.wrong, p.answered)
        lines.append(
            f"{p.threshold:<11}{p.coverage:<10.1%}{p.risk:<7.1%}[{low:.1%}, {high:.1%}]".ljust(46)
            + f"{p.wrong} of {p.answered}"
        )
    best = area(rights.astype(np.float64), rights)
    lines.append(
        f"AURC {area(confidences, rights):.3f} (a perfect order: {best:.3f}, any order: {1 - rights.mean():.3f}), "
        f"expected calibration error {calibration_error(confidences, rights):.3f}, {len(rights)} questions"
    )
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.risk_coverage", description=__doc__)
    parser.add_argument("--ambiguous", type=Path, help="RAMDocs cases that the fits learn from too")
    parser.add_argument("--write", action="store_true", help="draw the curve into docs/")
    args = parser.parse_args(argv)
    data = development_examples()
    ambiguous = ambiguous_examples(read_ambiguous(args.ambiguous)) if args.ambiguous else []
    log_odds = unseen_log_odds([*data, *ambiguous])
    outcomes = [outcome(d, odds) for d, odds in zip(data, log_odds, strict=False)]
    confidences = unseen_confidences(data, outcomes)
    rights = np.array([o.right for o in outcomes])
    names = {"all": np.ones(len(data), dtype=bool)}
    names |= {name: np.array([d.name == name for d in data]) for name in dict.fromkeys(d.name for d in data)}
    for name, own in names.items():
        print(f"{name}\n{table(confidences[own], rights[own])}")
    if args.write:
        lines = {name: curve(confidences[own], rights[own]) for name, own in names.items()}
        at = point(confidences, rights, fitted_model().threshold)
        PICTURE.write_text(svg(lines, (at.coverage, at.risk), at.threshold), encoding="utf-8")
        print(f"wrote {PICTURE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
