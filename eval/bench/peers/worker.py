"""Measures one system in a process of its own and tells the comparer in JSON lines on stdout.

    python -m eval.bench.peers.worker SYSTEM ingest --corpus DIR --store DIR --model DIR
    python -m eval.bench.peers.worker SYSTEM search --queries FILE --store DIR --model DIR [-k N] [--warming N]

Events: `opened` (versions), then `ingested` (chunks, seconds, peak_mb, what computes), or `first` (the first
result is there) and `searched` (hits of each query, milliseconds of each after the
first and the warming ones, peak_mb); `missing` (what
is not installed) instead of all. What libraries print goes to stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from eval.bench.peers.ports import NotInstalled, System

OURS = "groundwire"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("system")
    parser.add_argument("task", choices=("ingest", "search"))
    parser.add_argument("--store", type=Path, required=True)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--corpus", type=Path)
    parser.add_argument("--queries", type=Path)
    parser.add_argument("-k", type=int, default=10)
    parser.add_argument("--warming", type=int, default=10)
    args = parser.parse_args(argv)
    tell = _teller()
    try:
        with closing(_opened(args.system, args.store, args.model)) as system:
            tell("opened", versions={name: _version(name) for name in system.packages})
            if args.task == "ingest":
                _ingest(system, args.corpus, tell)
            else:
                queries = [json.loads(line)["query"] for line in args.queries.read_text(encoding="utf-8").splitlines()]
                _search(system, queries, args.k, args.warming, tell)
    except NotInstalled as missing:
        tell("missing", reason=str(missing))
        return 1
    return 0


def _teller() -> Callable[..., None]:
    """Writes events to what was stdout; from now on, prints of libraries land on stderr."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def tell(event: str, **fields: Any) -> None:
        channel.write(json.dumps({"event": event, **fields}) + "\n")
        channel.flush()

    return tell


def _opened(name: str, store: Path, model: Path) -> System:
    store.mkdir(parents=True, exist_ok=True)
    if name == OURS:  # the peers' environment has no groundwire, groundwire's has no peers
        from eval.bench.peers.ours import Ours

        return Ours(store)
    from eval.bench.peers.systems import PEERS

    return PEERS[name](store, model)


def _ingest(system: System, corpus: Path, tell: Callable[..., None]) -> None:
    system.warm()
    started = time.perf_counter()
    chunks = system.ingest(corpus)
    seconds = time.perf_counter() - started
    tell("ingested", chunks=chunks, seconds=seconds, peak_mb=peak_memory_mb(), computes=system.computes)


def _search(system: System, queries: Sequence[str], k: int, warming: int, tell: Callable[..., None]) -> None:
    hits = [system.search(queries[0], k)]
    tell("first")
    milliseconds = []
    for number, query in enumerate(queries[1:]):
        started = time.perf_counter()
        hits.append(system.search(query, k))
        if number >= warming:
            milliseconds.append((time.perf_counter() - started) * 1000)
    tell("searched", milliseconds=milliseconds, hits=hits, peak_mb=peak_memory_mb())


def peak_memory_mb() -> float:
    """The most memory this program held. Linux's ru_maxrss would count the process that started it, too."""
    status = Path("/proc/self/status")
    for line in status.read_text().splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "?"


if __name__ == "__main__":
    sys.exit(main())
