"""Two runs of the same cases beside each other: what differs by more than chance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from eval.harness.catalogue import MEASURES, Gate
from eval.harness.run_file import CaseResult, Judge, Run, Score
from eval.harness.statistics import Paired, holm, paired
from service.errors import InputRejected

ALPHA = 0.05
Change = Literal["better", "worse", "same"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One score before and after, over the cases that both have it for. `kind` None: over all kinds.

    `p_worse` and `p_differs` are corrected for the number of scores of the same kind. `change`: beyond chance.
    """

    name: str
    kind: str | None
    paired: Paired
    p_worse: float
    p_differs: float

    @property
    def change(self) -> Change:
        """The corrected test and the interval of the difference have to say the same."""
        better = MEASURES[self.name].higher_is_better
        if self.p_differs < ALPHA and self.paired.high < 0:
            return "worse" if better else "better"
        if self.p_differs < ALPHA and self.paired.low > 0:
            return "better" if better else "worse"
        return "same"

    @property
    def is_worse(self) -> bool:
        """As the gate asks: worse alone is tested."""
        beyond = self.paired.high < 0 if MEASURES[self.name].higher_is_better else self.paired.low > 0
        return self.p_worse < ALPHA and beyond


@dataclass(frozen=True, slots=True)
class Comparison:
    """`only_before`, `only_after`: ids of cases that one of the runs alone has; they are left out."""

    differences: tuple[Difference, ...]
    cases: int
    only_before: tuple[str, ...]
    only_after: tuple[str, ...]
    notes: tuple[str, ...]
    """What else differs between the two, which may be why the scores do."""


def compare(before: Run, after: Run) -> Comparison:
    """Raises InputRejected when their scores cannot be compared, naming why."""
    require_comparable(before, after)
    old, new = _by_id(before), _by_id(after)
    shared = [result for result in before.results if result.id in new]
    kinds: Iterable[str | None] = (None, *dict.fromkeys(result.kind for result in shared))
    differences = [
        difference
        for kind in kinds
        for difference in corrected(
            _paired_scores([(r, new[r.id]) for r in shared if kind in (None, r.kind)], tuple(MEASURES)), kind
        )
    ]
    return Comparison(
        tuple(differences),
        len(shared),
        tuple(i for i in old if i not in new),
        tuple(i for i in new if i not in old),
        tuple(_notes(before, after)),
    )


def require_comparable(before: Run, after: Run) -> None:
    """Raises InputRejected."""
    reasons = []
    if before.dataset_hash != after.dataset_hash:
        both = ", ".join(f"{run.dataset} {_short(run.dataset_hash)}" for run in (before, after))
        reasons.append(f"other cases ({both})")
    if before.judge != after.judge:
        reasons.append(f"another judge ({_named(before.judge)}, {_named(after.judge)})")
    names = [*before.scorers, *(name for name in after.scorers if name not in before.scorers)]
    versions = {name: (before.scorers.get(name, "none"), after.scorers.get(name, "none")) for name in names}
    differ = [f"{name} {old}, {new}" for name, (old, new) in versions.items() if old != new]
    if differ:
        reasons.append(f"another version of the scorers {'; '.join(differ)}")
    if reasons:
        raise InputRejected(
            f"the two runs cannot be compared: {' and '.join(reasons)}; "
            "run the older one again, or write the baseline anew (groundwire eval gate --write)"
        )


def differences_of(before: Run, after: Run, gate: Gate) -> list[Difference]:
    """Over all kinds, of the scores that this gate looks at, corrected for how many there are."""
    new = _by_id(after)
    pairs = [(result, new[result.id]) for result in before.results if result.id in new]
    return corrected(_paired_scores(pairs, [name for name, m in MEASURES.items() if m.gate == gate]), None)


def corrected(found: Mapping[str, Paired], kind: str | None) -> list[Difference]:
    worse = holm([one.p_worse for one in found.values()])
    differs = holm([one.p_differs for one in found.values()])
    return [
        Difference(name, kind, one, worse[place], differs[place]) for place, (name, one) in enumerate(found.items())
    ]


def _paired_scores(pairs: Sequence[tuple[CaseResult, CaseResult]], names: Sequence[str]) -> dict[str, Paired]:
    """By name, of each score that at least one pair has on both sides. In the order of the ids, so that the order in
    which cases ran decides nothing."""
    ordered = sorted(pairs, key=lambda pair: pair[0].id)
    found = {}
    for name in names:
        values = [
            (before, after)
            for old, new in ordered
            if (before := _value(old.scores.get(name))) is not None
            and (after := _value(new.scores.get(name))) is not None
        ]
        if values:
            better = MEASURES[name].higher_is_better
            found[name] = paired([v for v, _ in values], [v for _, v in values], higher_is_better=better)
    return found


def compact(run: Run) -> Run:
    """The same with nothing but what a gate compares: small enough to be kept beside the code."""
    results = tuple(
        CaseResult(
            id=result.id,
            kind=result.kind,
            form=result.form,
            case={},
            body=None,
            scores={
                name: Score(score.value)
                for name, score in result.scores.items()
                if score.value is not None and MEASURES[name].gate is not None
            },
        )
        for result in run.results
    )
    return replace(run.without_times(), results=results)


def _value(score: Score | None) -> float | None:
    return None if score is None else score.value


def _by_id(run: Run) -> dict[str, CaseResult]:
    return {result.id: result for result in run.results}


def _notes(before: Run, after: Run) -> list[str]:
    """Differences that forbid no comparison."""
    notes = [
        f"{what}: {old}, then {new}"
        for what, old, new in (
            ("articles", before.corpus_fingerprint, after.corpus_fingerprint),
            ("as of", before.as_of, after.as_of),
            ("groundwire", before.groundwire, after.groundwire),
        )
        if old != new
    ]
    settings = {**before.settings, **after.settings}
    for name in settings:
        old, new = before.settings.get(name), after.settings.get(name)
        if old != new:
            notes.append(f"setting {name}: {old}, then {new}")
    return notes


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:12]


def _named(judge: Judge | None) -> str:
    return "none" if judge is None else f"{judge.model}, prompt {judge.prompt_version} {_short(judge.prompt_hash)}"
