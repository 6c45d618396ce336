"""Takes the systems in turn, repeat by repeat, so that a busy minute slows them alike."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.bench.peers.process import WorkerRun, run_worker
from eval.bench.peers.quality import Quality, mrr, recall
from eval.bench.peers.results import BareSample, IngestSample, SearchSample, SystemResult
from eval.bench.peers.workload import Workload

ROOT = Path(__file__).parents[3]
QUALITY_K = 30
"""Chunks asked for where articles are ranked: ten different articles need more than ten chunks."""


@dataclass(frozen=True, slots=True)
class Plan:
    """`commands`: for each system the command of its worker, without the task."""

    commands: Mapping[str, Sequence[str]]
    warm_up: Workload
    speed: Workload
    quality: Workload | None
    repeats: int
    timeout_seconds: float
    stores: Path
    model: Path
    asking: str | None = None
    """The system that is also timed as a whole command `ask`."""
    bare: Sequence[str] | None = None
    """The command that times this system's model by itself."""


class _Failed(Exception):
    """One line."""


class Rounds:
    """One comparison. `results` is right after every step, and `changed` is called then."""

    def __init__(self, plan: Plan, changed: Callable[[], None], say: Callable[[str], None]) -> None:
        self._plan = plan
        self._changed = changed
        self._say = say
        self.results = {name: SystemResult(name) for name in plan.commands}

    def run(self) -> None:
        """All of it. KeyboardInterrupt passes through; what was measured until then stays in `results`."""
        for name in self._turns(0):
            self._step(name, "a run that does not count", self._warm_up)
        for repeat in range(self._plan.repeats):
            for name in self._turns(repeat):
                self._step(name, f"repeat {repeat + 1} of {self._plan.repeats}", self._repeat)
        if self._plan.quality is not None:
            for name in self._turns(0):
                self._step(name, "queries whose articles are known", self._rank)

    def _turns(self, repeat: int) -> list[str]:
        """Who goes first changes with each repeat. Who failed is not tried again."""
        names = list(self._plan.commands)
        first = repeat % len(names)
        return [name for name in names[first:] + names[:first] if self.results[name].failure is None]

    def _step(self, name: str, what: str, work: Callable[[SystemResult, Path], str]) -> None:
        """Do it in a folder that is new, and gone afterwards."""
        result, store = self.results[name], self._plan.stores / name
        try:
            store.mkdir(parents=True)
            outcome = work(result, store)
        except _Failed as failed:
            outcome = result.failure = str(failed)
        finally:
            shutil.rmtree(store, ignore_errors=True)
        self._say(f"{name}, {what}: {outcome}")
        self._changed()

    def _warm_up(self, result: SystemResult, store: Path) -> str:
        """Brings its files into the page cache, compiles what is compiled once, and shows whether it runs at all."""
        versions, ingested = self._ingest(result.name, self._plan.warm_up, store)
        result.versions, result.computes = versions, ingested.computes
        self._search(result.name, self._plan.warm_up, store)
        return "it runs"

    def _repeat(self, result: SystemResult, store: Path) -> str:
        _, ingested = self._ingest(result.name, self._plan.speed, store)
        result.ingests.append(ingested)
        sample, _ = self._search(result.name, self._plan.speed, store)
        result.searches.append(sample)
        if result.name == self._plan.asking:
            result.commands.append(self._ask(store))
            self._bare(result)
        return (
            f"{ingested.chunks / ingested.seconds:.1f} chunks/s, first result after {sample.cold_seconds:.2f} s, "
            f"then p50 {sample.percentile(50):.1f} ms"
        )

    def _rank(self, result: SystemResult, store: Path) -> str:
        workload = self._plan.quality
        assert workload is not None
        assert workload.gold is not None
        self._ingest(result.name, workload, store)
        _, hits = self._search(result.name, workload, store, "-k", str(QUALITY_K), "--warming", "0")
        result.quality = Quality(mrr(hits, workload.gold), recall(hits, workload.gold), len(hits))
        return f"MRR@10 {result.quality.mrr:.3f}"

    def _ask(self, store: Path) -> float:
        """Seconds of a whole `groundwire ask`, from the start of the process to its exit."""
        command = (sys.executable, "-m", "service.cli", "ask", self._plan.speed.queries[0], "--json")
        environment = {**os.environ, "GROUNDWIRE_DATA_DIR": os.fspath(store)}
        started = time.perf_counter()
        try:
            subprocess.run(
                command, env=environment, cwd=ROOT, capture_output=True, check=True, timeout=self._plan.timeout_seconds
            )
        except subprocess.SubprocessError as error:
            raise _Failed(f"groundwire ask failed ({error})") from error
        return time.perf_counter() - started

    def _bare(self, result: SystemResult) -> None:
        """A model that is not compiled has no such figure, which is no failure of the system."""
        if self._plan.bare is None:
            return
        command = [*self._plan.bare, "--corpus", os.fspath(self._plan.speed.folder)]
        run = run_worker(command, self._plan.timeout_seconds, ROOT)
        try:
            told = run["bare"].fields
            seconds = float(told["model_seconds"]), float(told["embedder_seconds"])
            result.bare.append(BareSample(int(told["chunks"]), *seconds))
        except (KeyError, TypeError, ValueError):
            self._say(f"{result.name}, the model by itself: {run.failure or 'nothing was told'}")

    def _ingest(self, name: str, workload: Workload, store: Path) -> tuple[Mapping[str, str], IngestSample]:
        """Versions, and what was measured."""
        run = self._worker(name, "ingest", store, "--corpus", os.fspath(workload.folder))
        try:
            opened, ingested = run["opened"].fields, run["ingested"].fields
            sample = IngestSample(
                int(ingested["chunks"]),
                float(ingested["seconds"]),
                float(ingested["peak_mb"]),
                str(ingested.get("computes", "")),
            )
            versions = {str(name): str(number) for name, number in dict(opened["versions"]).items()}
        except (KeyError, TypeError, ValueError) as error:
            raise _Failed(f"its worker told no result of ingest ({error!r})") from error
        if sample.chunks != workload.chunks:
            raise _Failed(f"stored {sample.chunks} chunks of {workload.chunks}: it is not the same work")
        return versions, sample

    def _search(
        self, name: str, workload: Workload, store: Path, *options: str
    ) -> tuple[SearchSample, list[list[str]]]:
        """What was measured, and the hits of each query."""
        run = self._worker(name, "search", store, "--queries", os.fspath(workload.queries_file), *options)
        try:
            searched = run["searched"].fields
            milliseconds = tuple(float(each) for each in searched["milliseconds"])
            sample = SearchSample(run["first"].seconds, milliseconds, float(searched["peak_mb"]))
            hits = [[str(hit) for hit in each] for each in searched["hits"]]
        except (KeyError, TypeError, ValueError) as error:
            raise _Failed(f"its worker told no result of search ({error!r})") from error
        if len(hits) != len(workload.queries) or not any(hits):
            raise _Failed(
                f"answered {sum(map(bool, hits))} of {len(workload.queries)} queries: it is not the same work"
            )
        return sample, hits

    def _worker(self, name: str, task: str, store: Path, *options: str) -> WorkerRun:
        model = os.fspath(self._plan.model)
        command = [*self._plan.commands[name], task, "--store", os.fspath(store), "--model", model, *options]
        run = run_worker(command, self._plan.timeout_seconds, ROOT)
        if run.failure is not None:
            raise _Failed(run.failure)
        return run
