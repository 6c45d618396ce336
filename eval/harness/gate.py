"""Whether a run is worse than a baseline, by more than chance."""

from __future__ import annotations

from dataclasses import dataclass

from eval.harness.catalogue import MEASURES
from eval.harness.comparison import Difference, differences_of, require_comparable
from eval.harness.run_file import Run
from service.errors import InputRejected


@dataclass(frozen=True, slots=True)
class Fall:
    """A case in which a score that may never fall is below 1 and was not before. `was` None: it was not scored."""

    name: str
    case: str
    was: float | None
    now: float
    reason: str | None


@dataclass(frozen=True, slots=True)
class GateResult:
    differences: tuple[Difference, ...]
    """Of every score that is tested, corrected for how many there are."""
    falls: tuple[Fall, ...]
    missing: tuple[str, ...]
    """Ids of cases that the baseline has and the run has not."""

    @property
    def worse(self) -> tuple[Difference, ...]:
        return tuple(difference for difference in self.differences if difference.is_worse)

    @property
    def passed(self) -> bool:
        return not (self.worse or self.falls or self.missing)


def gate(baseline: Run, run: Run) -> GateResult:
    """Compare all cases of the baseline. Raises InputRejected when the two cannot be compared."""
    require_comparable(baseline, run)
    if not baseline.results:
        raise InputRejected("the baseline has no cases; write a new one")
    present = {result.id for result in run.results}
    return GateResult(
        tuple(differences_of(baseline, run, "interval")),
        tuple(_falls(baseline, run)),
        tuple(result.id for result in baseline.results if result.id not in present),
    )


def _falls(baseline: Run, run: Run) -> list[Fall]:
    strict = [name for name, measure in MEASURES.items() if measure.gate == "strict"]
    before = {result.id: result.scores for result in baseline.results}
    falls = []
    for result in run.results:
        for name in strict:
            score = result.scores.get(name)
            known = before.get(result.id, {}).get(name)
            was = known.value if known is not None else None
            if score is not None and score.value is not None and score.value < (1.0 if was is None else was):
                falls.append(Fall(name, result.id, was, score.value, score.reason))
    return falls
