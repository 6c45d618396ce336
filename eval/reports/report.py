"""A report before it has a format: every format is made from this, so that all say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from eval.intervals import wilson

MOST_SHOWN = 200
"""Cases of a list that a page or Markdown shows; how many more there are is said. JSON and JUnit have all."""

Unit = Literal["share", "number", "milliseconds"]


@dataclass(frozen=True, slots=True)
class Measured:
    """A value with its 95 % interval. `value` None: nothing could be scored; bounds None: too few for an interval.

    `hits` and `of` say what a share is made of, where it is one of counts.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    unit: Unit = "share"
    hits: int | None = None
    of: int | None = None

    @classmethod
    def share(cls, hits: int, of: int) -> Measured:
        """With the score interval (Wilson, 1927). Of none there is no share."""
        return cls(hits / of, *wilson(hits, of), hits=hits, of=of) if of else cls(None, hits=0, of=0)


Cell = str | int | Measured | None


@dataclass(frozen=True, slots=True)
class Table:
    """`rows` have a cell for each column, the first of which names the row."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(f"table {self.title!r}: a row has another number of cells than there are columns")


@dataclass(frozen=True, slots=True)
class Plot:
    """`svg`: made by eval/reports/plots.py, safe as it stands. `figures`: what it draws, for who cannot see it."""

    title: str
    note: str
    svg: str
    figures: Table


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of evidence. `markers`: the citations that quote it; `needed`: the case names it as what is asked."""

    text: str
    markers: tuple[int, ...] = ()
    needed: bool = False


@dataclass(frozen=True, slots=True)
class EvidenceShown:
    """A chunk, or what is left of it around its marks, "…" standing for the rest. `rank` None: it was not retrieved."""

    rank: int | None
    article_id: str
    title: str
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class SentenceShown:
    """A sentence with the numbers it cites, and each judge's verdict on it with its reason."""

    text: str
    markers: tuple[int, ...]
    verdicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quotation:
    marker: int
    article_id: str
    title: str
    place: str
    quote: str


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A case for people. `faults`: what failed and why, empty when it held; `crash`: the error, also a fault."""

    id: str
    kind: str
    asked: str
    status: str
    faults: tuple[str, ...] = ()
    crash: str | None = None
    wanted: tuple[tuple[str, str], ...] = ()
    said: tuple[SentenceShown, ...] = ()
    quotations: tuple[Quotation, ...] = ()
    evidence: tuple[EvidenceShown, ...] = ()
    scores: tuple[tuple[str, str], ...] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """`headline`: one sentence that says how it went. `facts`: what was run on what, by name."""

    suite: str
    headline: str
    facts: tuple[tuple[str, str], ...]
    tables: tuple[Table, ...]
    plots: tuple[Plot, ...] = ()
    cases: tuple[CaseShown, ...] = ()

    @property
    def failed(self) -> tuple[CaseShown, ...]:
        return tuple(case for case in self.cases if case.faults)

    @property
    def held(self) -> tuple[CaseShown, ...]:
        return tuple(case for case in self.cases if not case.faults)


def one_sentence(failed: Sequence[CaseShown], of: int) -> str:
    """How many cases failed, and how many of them by a crash."""
    crashed = sum(case.crash is not None for case in failed)
    if not failed:
        return f"All {of} cases hold."
    crashes = f", {crashed} of them crashed" if crashed else ""
    return f"{of - len(failed)} of {of} cases hold, {len(failed)} failed{crashes}."
