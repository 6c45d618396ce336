"""Groundwire and its peers, side by side in one run: `python -m eval.bench.compare`.

The same chunks, weights and queries for every system, each in a process of its own, in turn. Prints progress on stderr
and writes `peers.md`, `peers.json` and `peers.svg` after every step, so that an interrupt loses nothing. Without
`--corpus` the articles are synthetic: dealt from the sentences of the shipped ones. Without `--claims` quality is taken
on the shipped questions and articles. docs/bench.md says what each figure is.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from eval.bench.peers import workload as made
from eval.bench.peers.machine import Machine
from eval.bench.peers.plot import svg
from eval.bench.peers.report import Setting, markdown, write_report
from eval.bench.peers.rounds import ROOT, Plan, Rounds
from eval.bench.peers.systems import PEERS
from eval.bench.peers.worker import OURS
from eval.bench.peers.workload import Workload
from service.errors import GroundwireError, InputRejected
from service.models.weights import DEFAULT_MODEL, find_model

_NOT_TIMED = 11
"""Queries of a repeat that are not timed: the first, which starts everything, and ten for warming."""
_WORKER = ("-m", "eval.bench.peers.worker")
_BARE_MODEL = ("-m", "eval.bench.peers.bare_model")


def main(argv: Sequence[str] | None = None) -> int:
    args = _parser().parse_args(argv)
    try:
        with tempfile.TemporaryDirectory(prefix="groundwire-bench-") as folder:
            return _compare(args, Path(folder))
    except (GroundwireError, OSError) as error:
        print(f"eval.bench.compare: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m eval.bench.compare", description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--peers", choices=("all", "none"), default="all", help="none: groundwire alone")
    parser.add_argument("--only", action="append", choices=sorted(PEERS), help="this peer; may be given again")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--chunks", type=int, default=1000, help="size of the synthetic corpus")
    parser.add_argument("--corpus", type=Path, help="a file or folder of articles to measure speed on")
    parser.add_argument("--claims", type=Path, help="WiCE's rows (id, claim, evidence) to measure quality on")
    parser.add_argument("--no-quality", action="store_true", help="measure speed alone")
    parser.add_argument("--queries", type=int, default=200, help="how many queries are timed in each repeat")
    parser.add_argument("--timeout", type=float, default=1800.0, help="seconds that one process may take")
    parser.add_argument("--out", type=Path, default=Path("build/bench"), help="folder of the report")
    parser.add_argument("--peers-python", type=Path, default=ROOT / ".venv-bench/bin/python")
    return parser


def _compare(args: argparse.Namespace, folder: Path) -> int:
    names = [] if args.peers == "none" else [name for name in PEERS if not args.only or name in args.only]
    speed, quality = _speed(args, folder / "speed"), None if args.no_quality else _quality(args, folder / "quality")
    commands = {OURS: (sys.executable, *_WORKER, OURS)}
    commands |= {name: (str(args.peers_python.absolute()), *_WORKER, name) for name in names}
    plan = Plan(
        commands=commands,
        warm_up=made.write_workload("warm-up", folder / "warm-up", made.synthetic(4), speed.queries[:20], None),
        speed=speed,
        quality=quality,
        repeats=args.repeats,
        timeout_seconds=args.timeout,
        stores=folder / "stores",
        model=find_model(DEFAULT_MODEL),
        asking=OURS,
        bare=(sys.executable, *_BARE_MODEL),
    )
    setting = Setting(
        date=datetime.now(UTC).isoformat(timespec="minutes"),
        machine=Machine.here(),
        speed=speed.name,
        quality=quality.name if quality else None,
        repeats=args.repeats,
        model=DEFAULT_MODEL,
    )
    return run(plan, setting, args.out)


def run(plan: Plan, setting: Setting, out: Path) -> int:
    """Exit code 0 when groundwire was measured (peers that failed are listed), 1 when it was not, 130 after Ctrl-C."""

    def write(complete: bool = False) -> None:
        results = list(rounds.results.values())
        write_report(out, setting, results, complete)
        (out / "peers.svg").write_text(svg("Groundwire and its peers", str(setting.machine), results), encoding="utf-8")

    rounds = Rounds(plan, write, lambda line: print(line, file=sys.stderr, flush=True))
    try:
        rounds.run()
        code = 1 if rounds.results[OURS].failure else 0
    except KeyboardInterrupt:
        code = 130
    write(complete=code != 130)
    print(markdown(setting, list(rounds.results.values()), code != 130))
    print(f"written to {out}/peers.md, peers.json and peers.svg", file=sys.stderr)
    return code


def _speed(args: argparse.Namespace, folder: Path) -> Workload:
    count = _NOT_TIMED + args.queries
    if args.corpus is None:
        articles = made.synthetic(args.chunks)
        questions = list(dict.fromkeys([*made.shipped_questions(), *made.queries_for(articles, count)]))
        name = f"{args.chunks:,} chunks of about 145 words, synthetic, and {{}} queries, each asked once"
        queries = questions[:count]
    else:
        articles = made.articles_at(args.corpus)
        queries = made.queries_for(articles, count)
        name = f"the articles of {args.corpus.name} and {{}} queries, each asked once"
    if len(queries) <= _NOT_TIMED:
        raise InputRejected(f"{args.corpus} has sentences for {len(queries)} queries: name more articles")
    return made.write_workload(name.format(len(queries)), folder, articles, queries, None)


def _quality(args: argparse.Namespace, folder: Path) -> Workload:
    if args.claims is not None:
        articles, claims, gold = made.wice(args.claims)
        name = f"{len(claims)} claims of {args.claims.name} over its {len(articles)} articles"
    else:
        articles = made.shipped()
        claims, gold = made.answered_questions()
        name = f"{len(claims)} of the shipped questions over the {len(articles)} shipped articles"
    return made.write_workload(name, folder, articles, claims, gold)


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupt)  # like Ctrl-C: the worker is ended, and what was measured is kept
    sys.exit(main())
