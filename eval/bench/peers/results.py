"""What was measured, repeat by repeat, and the medians that are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles

from eval.bench.peers.quality import Quality


@dataclass(frozen=True, slots=True)
class IngestSample:
    chunks: int
    seconds: float
    peak_mb: float
    computes: str
    """What computes the vectors, in words."""


@dataclass(frozen=True, slots=True)
class SearchSample:
    """`cold_seconds`: from the start of the process to its first result."""

    cold_seconds: float
    milliseconds: tuple[float, ...]
    peak_mb: float

    def __post_init__(self) -> None:
        if not self.milliseconds:
            raise ValueError("no query was timed")

    def percentile(self, percent: int) -> float:
        if len(self.milliseconds) < 2:
            return self.milliseconds[0]
        return quantiles(self.milliseconds, n=100, method="inclusive")[percent - 1]


@dataclass(frozen=True, slots=True)
class BareSample:
    """The compiled model by itself, and the embedder that ingest calls, over the same chunks."""

    chunks: int
    model_seconds: float
    embedder_seconds: float


@dataclass(slots=True)
class SystemResult:
    """All that is known of one system so far; it grows while measuring."""

    name: str
    versions: Mapping[str, str] = field(default_factory=dict)
    computes: str = ""
    ingests: list[IngestSample] = field(default_factory=list)
    searches: list[SearchSample] = field(default_factory=list)
    commands: list[float] = field(default_factory=list)
    """Seconds of whole `groundwire ask` commands; other systems have no command."""
    bare: list[BareSample] = field(default_factory=list)
    """Groundwire's only."""
    quality: Quality | None = None
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """One column: its name, unit and whether more is better."""

    name: str
    unit: str
    more_is_better: bool
    digits: int


MEASURES = (
    Measure("ingest", "chunks/s", True, 1),
    Measure("query p50", "ms", False, 1),
    Measure("query p95", "ms", False, 1),
    Measure("cold start", "s", False, 2),
    Measure("peak memory", "MB", False, 0),
    Measure("MRR@10", "", True, 3),
    Measure("recall@10", "", True, 3),
)


def medians(result: SystemResult) -> dict[str, float]:
    """The value of each measure that was taken at least once, by its name."""
    found: dict[str, float] = {}
    if result.ingests:
        found["ingest"] = median(sample.chunks / sample.seconds for sample in result.ingests)
        found["peak memory"] = median(sample.peak_mb for sample in result.ingests)
    if result.searches:
        found["query p50"] = median(sample.percentile(50) for sample in result.searches)
        found["query p95"] = median(sample.percentile(95) for sample in result.searches)
        found["cold start"] = median(sample.cold_seconds for sample in result.searches)
    if result.quality is not None:
        found["MRR@10"] = result.quality.mrr
        found["recall@10"] = result.quality.recall
    return found


@dataclass(frozen=True, slots=True)
class Ratio:
    """How many times better ours is than the best peer in one measure; below 1 the peer is better."""

    measure: Measure
    ours: float
    peer: str
    theirs: float

    @property
    def times(self) -> float | None:
        """`None` where the worse of the two is zero."""
        better, worse = (self.ours, self.theirs) if self.measure.more_is_better else (self.theirs, self.ours)
        return better / worse if worse else None


def ratios(ours: str, results: Sequence[SystemResult]) -> list[Ratio]:
    """Ours against the best peer of the same run, for each measure that both have."""
    values = {result.name: medians(result) for result in results}
    mine = values.pop(ours, {})
    found = []
    for measure in MEASURES:
        theirs = {name: of_peer[measure.name] for name, of_peer in values.items() if measure.name in of_peer}
        if measure.name in mine and theirs:
            best = (max if measure.more_is_better else min)(theirs, key=theirs.__getitem__)
            found.append(Ratio(measure, mine[measure.name], best, theirs[best]))
    return found
