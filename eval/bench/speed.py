"""Cold start, warm latency, ingest throughput and memory of the service as it is used: `python -m eval.bench.speed`.

Prints medians over the runs named beside them, for the seed articles: a command `ask` from process start to exit;
`POST /v1/ask` to a warm service over loopback, every question of eval/datasets/seeds.jsonl once, one client; ingest of
the seeds copied many times under other ids and with other words, chunks a second from start to exit, the model's load
included; and the peak resident memory of each process. These machines are noisy: compare figures of one run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median, quantiles

import httpx
import psutil

from eval.cases import DATASETS, read_cases
from eval.corpus import SEEDS

_COMMAND = (sys.executable, "-m", "service.cli")
_COLD_QUESTION = "Who is the governor of the Ryazan region?"
_START_SECONDS = 60.0


def _run(data_dir: Path, *arguments: str) -> float:
    """Seconds of one command from start to exit."""
    started = time.perf_counter()
    subprocess.run([*_COMMAND, *arguments], env=_environment(data_dir), check=True, capture_output=True)
    return time.perf_counter() - started


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


def _copies(count: int, folder: Path) -> Path:
    """The seeds `count` times over as JSON lines, each under its own id and with its number in every paragraph."""
    path = folder / "copies.jsonl"
    with path.open("w", encoding="utf-8") as lines:
        for number in range(count):
            for seed in sorted(SEEDS.glob("0*.md")):
                body = seed.read_text(encoding="utf-8").split("---\n", 2)[2].strip()
                text = body.replace("\n\n", f"\n\nCopy {number}. ")
                lines.write(json.dumps({"id": f"{seed.stem}-{number}", "title": seed.stem, "text": text}) + "\n")
    return path


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.bench.speed", description=__doc__)
    parser.add_argument("--cold-runs", type=int, default=5)
    parser.add_argument(
        "--copies", type=int, default=8, help="how many times the seeds are ingested for the throughput"
    )
    args = parser.parse_args(argv)
    print(f"{platform.processor() or platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="groundwire-bench-") as folder:
        data_dir = Path(folder) / "seeds"
        _run(data_dir, "ingest", os.fspath(SEEDS))
        cold = [_run(data_dir, "ask", _COLD_QUESTION) for _ in range(args.cold_runs)]
        print(f"cold ask, process start to exit   median {median(cold):.2f} s of {len(cold)}")
        _warm(data_dir)
        _ingest(Path(folder), args.copies)
    print(f"peak memory of a command          {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MB")
    return 0


def _warm(data_dir: Path) -> None:
    questions = [case.question for case in read_cases(DATASETS / "seeds.jsonl")]
    with _service(data_dir) as (address, process), httpx.Client(base_url=address, timeout=30) as client:
        for question in questions[:10]:
            client.post("/v1/ask", json={"question": question})
        times = []
        for question in questions:
            started = time.perf_counter()
            client.post("/v1/ask", json={"question": question}).raise_for_status()
            times.append((time.perf_counter() - started) * 1000)
        memory = process.memory_info().rss / 2**20
    p95 = quantiles(times, n=20)[18]
    print(f"warm POST /v1/ask                 p50 {median(times):.1f} ms, p95 {p95:.1f} ms of {len(times)}")
    print(f"memory of the warm service        {memory:.0f} MB")


def _ingest(folder: Path, copies: int) -> None:
    data_dir = folder / "copies"
    path = _copies(copies, folder)
    started = time.perf_counter()
    done = subprocess.run(
        [*_COMMAND, "ingest", os.fspath(path), "--json"], env=_environment(data_dir), check=True, capture_output=True
    )
    seconds = time.perf_counter() - started
    chunks = sum(article["chunks"] for article in json.loads(done.stdout)["articles"])
    print(f"ingest, whole command             {chunks / seconds:.1f} chunks/s ({chunks} chunks in {seconds:.1f} s)")


if __name__ == "__main__":
    sys.exit(main())
