"""`groundwire eval`: run a suite of cases, compare two runs, hold a run against a baseline."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.cli.console import Console
from service.cli.exit_codes import ExitCode
from service.errors import UsageError

if TYPE_CHECKING:
    from eval.harness.run_file import Run
    from eval.harness.running import Request
    from eval.harness.suites import Suite


def run(arguments: Namespace, console: Console) -> ExitCode:
    from service.cli.commands import eval_more

    return {**ACTIONS, **eval_more.ACTIONS}[arguments.action](arguments, console)


def _run(arguments: Namespace, console: Console) -> ExitCode:
    from eval.harness.running import Request, next_path
    from eval.harness.suites import suite_named
    from eval.harness.tables import run_body, run_lines
    from service.cli.commands import eval_more

    if eval_more.measures(arguments.suite):
        return eval_more.run_measurement(arguments, console)
    targets = eval_more.report_targets(arguments)
    suite = suite_named(arguments.suite)
    eval_more.note_drafts(suite.files, console)
    path = _path(arguments.output) or next_path(suite.name)
    finished = _finished(Request(suite, path=path, mode=arguments.mode, **_common(arguments)), console)
    if arguments.json:
        console.json({**run_body(finished), "file": str(path)})
    else:
        for line in run_lines(finished, by_kind=arguments.by_kind):
            console.text(line)
        console.text(f"written to {path}")
    eval_more.write_reports(path, targets, None if arguments.json else console)
    return ExitCode.SOME_FAILED if any(result.crash for result in finished.results) else ExitCode.DONE


def _compare(arguments: Namespace, console: Console) -> ExitCode:
    from eval.harness.comparison import compare
    from eval.harness.run_file import read_run
    from eval.harness.tables import comparison_body, comparison_lines

    comparison = compare(read_run(Path(arguments.before)), read_run(Path(arguments.after)))
    if arguments.json:
        console.json(comparison_body(comparison))
    else:
        for line in comparison_lines(comparison, by_kind=arguments.by_kind):
            console.text(line)
    return ExitCode.DONE


def _gate(arguments: Namespace, console: Console) -> ExitCode:
    from eval.harness.comparison import compact
    from eval.harness.gate import gate
    from eval.harness.run_file import read_run, write_run
    from eval.harness.running import Request
    from eval.harness.tables import gate_body, gate_lines

    file = Path(arguments.baseline)
    baseline = None if arguments.write else read_run(file)
    if arguments.run is not None:
        finished = read_run(Path(arguments.run))
    else:
        suite = _gated(arguments.suite, baseline)
        mode = str(baseline.settings.get("mode", "extractive")) if baseline is not None else "extractive"
        judged = baseline is not None and baseline.judge is not None
        common = _common(arguments) | {"llm_judge": judged}
        finished = _finished(Request(suite, mode=mode, **common), console)
    if baseline is None:
        write_run(compact(finished), file)
        console.text(f"{file}: {len(finished.results)} cases are the baseline now")
        return ExitCode.DONE
    result = gate(baseline, finished)
    if arguments.json:
        console.json(gate_body(result))
    else:
        for line in gate_lines(result):
            console.text(line)
    return ExitCode.DONE if result.passed else ExitCode.FAILED


def _gated(named: str | None, baseline: Run | None) -> Suite:
    """What to run: what is named, else what the baseline was made of. Raises InputRejected, UsageError."""
    from eval.harness.suites import SUITES, suite_named

    # A baseline knows the name of a user's file, not where it is.
    if named is None and baseline is not None and baseline.suite not in SUITES:
        raise UsageError(f"the baseline is of the cases {baseline.suite!r}; name their file with --suite, or a --run")
    return suite_named(named or (baseline.suite if baseline is not None else "seeds"))


ACTIONS: Mapping[str, Callable[[Namespace, Console], ExitCode]] = {
    "run": _run,
    "compare": _compare,
    "gate": _gate,
}


def _common(arguments: Namespace) -> dict[str, Any]:
    from eval.harness.runner import RunOptions

    return {
        "articles": _path(arguments.articles),
        "data_dir": _path(arguments.data_dir),
        "as_of": arguments.as_of,
        "llm_judge": not arguments.no_judge,
        "options": RunOptions(workers=arguments.workers, limit=arguments.limit),
    }


def _path(argument: str | None) -> Path | None:
    return None if argument is None else Path(argument)


def _finished(request: Request, console: Console) -> Run:
    """Raises KeyboardInterrupt that says what is kept."""
    from eval.harness.running import run as run_request
    from service.cli.eval_progress import EvalProgress
    from service.settings import load_settings

    with EvalProgress(console) as progress:
        try:
            return run_request(request, load_settings(), progress)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(_stopped(progress.done, request.path)) from None


def _stopped(done: int, path: Path | None) -> str:
    if path is None or not done:
        return "stopped"
    return f"stopped; {done} cases are done and kept in {path}.partial: the same command goes on with the rest"
