"""Cold start, latency alone and under load, ingest and memory as used: `python -m eval.bench.speed`.

Prints, over the shipped articles: a command `ask` from process start to exit; `POST /v1/ask` to a warm service over
loopback, one client and then 16 at once, no question twice; and, for synthetic articles, the whole command `ingest`
from start to exit, the model's load included, with the peak memory of each process. docs/bench.md says more.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import httpx
import psutil

from eval.bench.http_load import ask_all
from eval.bench.peers.machine import Machine
from eval.bench.peers.ports import ARTICLES_FILE
from eval.bench.peers.workload import shipped_questions, synthetic, write_workload
from eval.corpus import SEEDS, WORLD

_COMMAND = (sys.executable, "-m", "service.cli")
_COLD_QUESTION = "Who is the governor of the Ryazan region?"
_START_SECONDS = 60.0
_ALONE = 100
"""Questions that the one client asks; the crowd gets the others."""


@dataclass(frozen=True, slots=True)
class _Ran:
    """A command that ended. `peak_mb`: the most memory it held."""

    seconds: float
    peak_mb: float
    out: str


def _run(data_dir: Path, *arguments: str) -> _Ran:
    """Run a command to its end. Raises CalledProcessError."""
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        started = time.perf_counter()
        command = [*_COMMAND, *arguments]
        process = subprocess.Popen(command, env=_environment(data_dir), stdout=out, stderr=subprocess.DEVNULL)
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:  # Ctrl-C, say: end it with us
            process.kill()
            process.wait()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - started
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        out.seek(0)
        return _Ran(seconds, usage.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10), out.read())


def _environment(data_dir: Path) -> dict[str, str]:
    return {**os.environ, "GROUNDWIRE_DATA_DIR": os.fspath(data_dir), "GROUNDWIRE_PORT": "0"}


@contextmanager
def _service(data_dir: Path) -> Iterator[tuple[str, psutil.Process]]:
    """A running service: its address and its process."""
    process = subprocess.Popen([*_COMMAND, "serve"], env=_environment(data_dir), stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr is not None
        line = next(line for line in process.stderr if "http://" in line)
        address = re.search(r"http://[\w.:\[\]]+", line)
        if address is None:
            raise RuntimeError(f"serve printed no address: {line}")
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            parts = httpx.get(f"{address[0]}/readyz").json()
            if all(part["state"] != "down" for part in parts["parts"]):
                break
            time.sleep(0.1)
        yield address[0], psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(timeout=20)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.bench.speed", description=__doc__)
    parser.add_argument("--cold-runs", type=int, default=5)
    parser.add_argument("--clients", type=int, default=16, help="how many ask at once")
    parser.add_argument("--chunks", type=int, default=5000, help="size of the synthetic corpus that is ingested")
    args = parser.parse_args(argv)
    print(Machine.here())
    with tempfile.TemporaryDirectory(prefix="groundwire-bench-") as folder:
        data_dir = Path(folder) / "shipped"
        _run(data_dir, "ingest", os.fspath(SEEDS), os.fspath(WORLD / "articles.jsonl"))
        cold = [_run(data_dir, "ask", _COLD_QUESTION) for _ in range(args.cold_runs)]
        seconds, peak = median(ran.seconds for ran in cold), median(ran.peak_mb for ran in cold)
        print(f"cold ask, process start to exit   median {seconds:.2f} s of {len(cold)}, peak memory {peak:.0f} MB")
        _warm(data_dir, args.clients)
        _ingest(Path(folder), args.chunks)
    return 0


def _warm(data_dir: Path, clients: int) -> None:
    questions = list(dict.fromkeys(shipped_questions()))
    random.Random(1).shuffle(questions)  # noqa: S311  # the same mix for one client and for many
    warming, alone, together = questions[:20], questions[20 : 20 + _ALONE], questions[20 + _ALONE :]
    with _service(data_dir) as (address, process):
        ask_all(address, warming, clients)
        one, many = ask_all(address, alone, 1), ask_all(address, together, clients)
        memory = process.memory_info().rss / 2**20
    print(f"warm POST /v1/ask                 {one}")
    print(f"                                  {many}")
    times, slower = many.per_second / one.per_second, many.percentile(95) / one.percentile(50)
    print(
        f"{clients:>2} clients against one             {times:.2f} times its throughput, p95 {slower:.1f} times its p50"
    )
    print(f"memory of the warm service        {memory:.0f} MB")


def _ingest(folder: Path, chunks: int) -> None:
    workload = write_workload("synthetic", folder / "corpus", synthetic(chunks), [_COLD_QUESTION], None)
    ran = _run(folder / "synthetic", "ingest", os.fspath(workload.folder / ARTICLES_FILE), "--json")
    stored = sum(article["chunks"] for article in json.loads(ran.out)["articles"])
    print(f"ingest, whole command             {stored / ran.seconds:.1f} chunks/s ({stored:,} in {ran.seconds:.1f} s)")
    print(f"peak memory of that ingest        {ran.peak_mb:.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
