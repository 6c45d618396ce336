"""`groundwire eval report, init, import`, and `eval run` of suites that measure one property."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from service.cli.console import Console
from service.cli.exit_codes import ExitCode
from service.errors import InputRejected, UsageError

if TYPE_CHECKING:
    from eval.reports.report import Report
    from service.grounding.context import ArticleContext


def measures(suite: str) -> bool:
    """Whether a suite of this name measures one property."""
    from eval.suites import MEASUREMENTS

    return suite in MEASUREMENTS


def run_measurement(arguments: Namespace, console: Console) -> ExitCode:
    """Run such a suite and show its tables; with --report, or -o, write it too."""
    from eval.measurements.options import MeasureOptions
    from eval.reports.machine import as_json
    from eval.reports.plain import as_lines
    from eval.suites import measured
    from service.cli.measurement_progress import Bars

    targets = _targets([*arguments.report, *([arguments.output] if arguments.output else [])])
    articles = (Path(arguments.articles),) if arguments.articles else ()
    files = tuple(map(Path, arguments.data))
    options = MeasureOptions(files, articles, arguments.limit, Bars(console))
    report = measured(arguments.suite, options)
    if arguments.json:
        console.text(as_json(report).rstrip())
    else:
        for line in as_lines(report):
            console.text(line)
    _write(report, targets, None if arguments.json else console)
    return ExitCode.DONE


def report_targets(arguments: Namespace) -> list[Path]:
    """Where a run of cases is written as a report. Raises UsageError for data that such a suite does not take."""
    if arguments.data:
        raise UsageError(f"{arguments.suite} takes no further files; its cases and --articles say what is measured")
    return _targets(arguments.report)


def report(arguments: Namespace, console: Console) -> ExitCode:
    source = Path(arguments.run)
    write_reports(source, _targets(arguments.output or [str(source.with_suffix(".html"))]), console)
    return ExitCode.DONE


def write_reports(source: Path, targets: Sequence[Path], console: Console | None) -> None:
    """Write a run's file as each of these. Raises InputRejected when it is no run."""
    from eval.harness.run_file import read_run
    from eval.reports.of_run import report_of

    if any(target.resolve() == source.resolve() for target in targets):
        raise UsageError(f"{source}: the report would replace its run; name another file with -o")
    _write(report_of(read_run(source)), targets, console)


def init(arguments: Namespace, console: Console) -> ExitCode:
    from eval.starting import drafted, write_drafts

    path = Path(arguments.output)
    if path.exists():
        raise InputRejected(f"{path}: it is there already; name another file with -o")
    if arguments.count < 1:
        raise UsageError("--count is a number of questions, 1 at least")
    drafts = drafted(_contexts(arguments), arguments.count)
    write_drafts(drafts, path)
    console.text(f"{path}: {len(drafts)} drafts of questions; check each before you measure by them")
    return ExitCode.DONE


def _contexts(arguments: Namespace) -> Mapping[str, ArticleContext]:
    from eval.contexts import contexts_of
    from eval.harness.system import all_articles
    from eval.starting import contexts_for
    from service.settings import load_settings
    from service.wiring import open_groundwire

    if arguments.articles:
        return contexts_of([Path(arguments.articles)])
    groundwire = open_groundwire(load_settings(), serving=False)
    try:
        return contexts_for(all_articles(groundwire))
    finally:
        groundwire.close()


def import_cases(arguments: Namespace, console: Console) -> ExitCode:
    from eval.importing_cases import import_beir, import_ragas, write_lines

    source, folder = Path(arguments.path), Path(arguments.output)
    if source.is_dir():
        found = import_beir(source, arguments.split)
        target = folder / f"{source.name}-claims.jsonl"
        write_lines(found.cases, target)
        console.text(f"{target}: measure with `groundwire eval run retrieval {target}`")
    else:
        found = import_ragas(source)
        target, articles = folder / f"{source.stem}-cases.jsonl", folder / f"{source.stem}-articles.jsonl"
        write_lines(found.cases, target)
        write_lines(found.articles, articles)
        console.text(f"{target}: {len(found.cases)} cases, all drafts; {articles}: {len(found.articles)} articles")
        console.text(f"measure with `groundwire eval run {target} --articles {articles}`")
    for line in found.left_out:
        console.error(f"left out: {line}")
    return ExitCode.SOME_FAILED if found.left_out else ExitCode.DONE


def note_drafts(files: Sequence[Path], console: Console) -> None:
    """Say so when cases of these files were never checked: what they score is worth as much."""
    from eval.starting import count_drafts

    for path in files:
        if drafts := count_drafts(path):
            console.error(f'{path}: drafts that nobody has checked: {drafts}; take out their "draft" when done')


ACTIONS: Mapping[str, Callable[[Namespace, Console], ExitCode]] = {
    "report": report,
    "init": init,
    "import": import_cases,
}


def _targets(names: Sequence[str]) -> list[Path]:
    """Raises UsageError for a name that says no format."""
    from service.cli.eval_grammar import FORMATS

    paths = [Path(name) for name in names]
    for path in paths:
        if path.suffix.removeprefix(".") not in FORMATS:
            raise UsageError(f"{path}: a report is one of .{', .'.join(FORMATS)}; end the name with one of them")
    return paths


def _write(report: Report, targets: Sequence[Path], console: Console | None) -> None:
    from eval.reports.files import write_report

    for target in targets:
        write_report(report, target)
        if console is not None:
            console.text(f"written to {target}")
