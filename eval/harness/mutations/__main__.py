"""Prints which planted regressions fail the gate, and that no harmless change does: `python -m eval.harness.mutations`.

Exit code 1 when a regression passes or a harmless change fails.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence

from eval.harness.case_file import SuiteCase
from eval.harness.gate import GateResult, gate
from eval.harness.mutations.bench import SUITE, Bench, Remembering, open_bench
from eval.harness.mutations.harmless import HARMLESS, Setup
from eval.harness.mutations.regressions import REGRESSIONS, lying_model
from eval.harness.mutations.wrapped import Credulous
from eval.harness.run_file import Run
from eval.harness.running import judges_of
from eval.harness.scoring import Judges
from service.grounding.grounder import Grounder
from service.settings import Settings, load_settings

BELIEVED = "verifier believes everything"
Named = tuple[str, GateResult]


def regressions(
    bench: Bench, judges: Judges, cases: Sequence[SuiteCase], baseline: Run, names: Sequence[str]
) -> Iterator[Named]:
    """Each of these regressions, and what the gate says of it."""
    real = Remembering(bench.system, baseline, cases)
    for name in names:
        system = REGRESSIONS[name](bench, real, cases)
        yield name, gate(baseline, bench.run(judges, cases, system))


def believed(bench: Bench, judges: Judges, cases: Sequence[SuiteCase]) -> Named:
    """A model that lies writes the answers: once what it writes is checked, once it is believed."""
    counts = [case for case in cases if case.kind in ("count", "date", "injection", "near_miss")]
    baseline = bench.run(judges, counts, bench.writing(lying_model(), Grounder()))
    return BELIEVED, gate(baseline, bench.run(judges, counts, bench.writing(lying_model(), Credulous())))


def harmless(setup: Setup, baseline: Run, names: Sequence[str]) -> Iterator[Named]:
    for name in names:
        yield name, gate(baseline, HARMLESS[name](setup))


def line_of(name: str, result: GateResult) -> str:
    found = [*(f"{d.name} {d.paired.difference:+.3f}" for d in result.worse)]
    found += [f"{fall.name} of {fall.case}" for fall in result.falls[:1]]
    more = f" and {len(result.falls) - 1} more" if len(result.falls) > 1 else ""
    return f"{name:<42}{'passes' if result.passed else 'fails'}  {', '.join(found)}{more}"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.harness.mutations", description=__doc__)
    parser.add_argument("--only", choices=("regressions", "harmless"), help="only these")
    arguments = parser.parse_args(argv)
    settings: Settings = load_settings().model_copy(update={"llm_model": None, "judge_model": None})
    judges, cases = judges_of(settings, llm=False), SUITE.dataset().cases
    wrong = 0
    with open_bench(settings) as bench:
        baseline = bench.run(judges, cases)
        if arguments.only != "harmless":
            for name, result in regressions(bench, judges, cases, baseline, tuple(REGRESSIONS)):
                wrong += result.passed
                print(line_of(name, result), flush=True)
            name, result = believed(bench, judges, cases)
            wrong += result.passed
            print(line_of(name, result), flush=True)
        if arguments.only != "regressions":
            setup = Setup(settings, judges, cases)
            for name, result in harmless(setup, baseline, tuple(HARMLESS)):
                wrong += not result.passed
                print(line_of(name, result), flush=True)
    print(f"{wrong} wrong")
    return int(wrong > 0)


if __name__ == "__main__":
    sys.exit(main())
