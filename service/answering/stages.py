"""How long the stages of an answer took."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import perf_counter

STAGES = ("retrieve", "generate", "verify")


@dataclass(slots=True)
class Stages:
    """Adds up milliseconds a stage; the total runs from when it was made."""

    started: float = field(default_factory=perf_counter)
    spent_ms: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def during(self, stage: str) -> Iterator[None]:
        begun = perf_counter()
        try:
            yield
        finally:
            self.spent_ms[stage] = self.spent_ms.get(stage, 0.0) + (perf_counter() - begun) * 1000

    def timings_ms(self) -> tuple[tuple[str, float], ...]:
        """Every stage, those that did not happen too, and the total."""
        total = (perf_counter() - self.started) * 1000
        return (*((stage, round(self.spent_ms.get(stage, 0.0), 2)) for stage in STAGES), ("total", round(total, 2)))
