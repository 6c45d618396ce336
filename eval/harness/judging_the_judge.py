"""Whether a model that judges can be believed: what it says of claims whose verdict is known.

The claims are in eval/datasets/trust/judged.jsonl: `claim`, the `quotes` it is to follow from, and whether it is
`supported`, which half of them are; the others are lies of every kind.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from eval.harness.judging import SentenceJudge
from eval.harness.run_file import Checked
from eval.trust_cases import TRUST

LABELLED = TRUST / "judged.jsonl"


@dataclass(frozen=True, slots=True)
class Labelled:
    """`kind`: "true", or what is wrong with the claim."""

    id: str
    kind: str
    claim: str
    quotes: tuple[str, ...]
    supported: bool


@cache
def labelled_claims() -> tuple[Labelled, ...]:
    rows = map(json.loads, LABELLED.read_text(encoding="utf-8").splitlines())
    return tuple(Labelled(r["id"], r["kind"], r["claim"], tuple(r["quotes"]), r["supported"]) for r in rows)


def checked(judge: SentenceJudge, workers: int = 1, claims: Sequence[Labelled] | None = None) -> tuple[Checked, ...]:
    """What the judge says of each claim, in their order. One that it gives no verdict on is a row too."""
    asked = labelled_claims() if claims is None else claims

    def one(claim: Labelled) -> Checked:
        opinion = judge.judge(claim.claim, claim.quotes)
        return Checked(claim.id, claim.kind, claim.claim, claim.supported, opinion.verdict, opinion.reason)

    with ThreadPoolExecutor(workers, thread_name_prefix="judge") as pool:
        return tuple(pool.map(one, asked))


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts: (judged as labelled, of how many that have a verdict)."""

    all: tuple[int, int]
    supported: tuple[int, int]
    others: tuple[int, int]
    without_verdict: int


def agreement_of(rows: Sequence[Checked]) -> Agreement | None:
    """None where no judge was judged."""
    if not rows:
        return None
    given = [row for row in rows if row.verdict is not None]
    return Agreement(
        _counted(given),
        _counted([row for row in given if row.supported]),
        _counted([row for row in given if not row.supported]),
        without_verdict=len(rows) - len(given),
    )


def _counted(rows: Sequence[Checked]) -> tuple[int, int]:
    return sum(row.agrees for row in rows), len(rows)
