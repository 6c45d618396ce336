"""Asking a running service over HTTP, alone and many at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

import httpx

_TIMEOUT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Load:
    """What so many clients at once saw. `errors` counts requests without an answer; they are not timed."""

    clients: int
    seconds: float
    milliseconds: tuple[float, ...]
    errors: int

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds

    def percentile(self, percent: int) -> float:
        """Raises ValueError when fewer than two requests were answered."""
        if len(self.milliseconds) < 2:
            raise ValueError(f"{len(self.milliseconds)} answers and {self.errors} errors: too few to time")
        return quantiles(self.milliseconds, n=100, method="inclusive")[percent - 1]

    def __str__(self) -> str:
        return (
            f"{self.clients:>2} at once: {self.per_second:.1f}/s, p50 {self.percentile(50):.1f} ms, "
            f"p95 {self.percentile(95):.1f} ms, {self.errors} errors of {len(self.milliseconds) + self.errors}"
        )


def ask_all(address: str, questions: Sequence[str], clients: int) -> Load:
    """Ask every question once; each client has a connection of its own and asks its share one after the other."""
    with _Clients(address, questions, clients) as crowd:
        return crowd.run()


class _Clients:
    def __init__(self, address: str, questions: Sequence[str], clients: int) -> None:
        self._shares = [list(questions[number::clients]) for number in range(clients)]
        self._connections = [httpx.Client(base_url=address, timeout=_TIMEOUT_SECONDS) for _ in range(clients)]
        self._milliseconds: list[float] = []
        self._errors = 0
        self._counting = threading.Lock()

    def __enter__(self) -> _Clients:
        for connection in self._connections:  # connecting is not what is measured
            connection.get("/healthz").raise_for_status()
        return self

    def __exit__(self, *_: object) -> None:
        for connection in self._connections:
            connection.close()

    def run(self) -> Load:
        pairs = list(zip(self._connections, self._shares, strict=True))
        threads = [threading.Thread(target=self._ask, args=pair) for pair in pairs]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return Load(len(pairs), time.perf_counter() - started, tuple(self._milliseconds), self._errors)

    def _ask(self, connection: httpx.Client, questions: Sequence[str]) -> None:
        for question in questions:
            started = time.perf_counter()
            try:
                answered = connection.post("/v1/ask", json={"question": question}).status_code == httpx.codes.OK
            except httpx.HTTPError:
                answered = False
            milliseconds = (time.perf_counter() - started) * 1000
            with self._counting:
                if answered:
                    self._milliseconds.append(milliseconds)
                else:
                    self._errors += 1
