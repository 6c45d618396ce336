"""`groundwire ingest`: articles into the library; one bad file never stops the rest."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from service.cli.console import Console
from service.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from service.api.schemas import IngestSchema


def run(arguments: Namespace, console: Console) -> ExitCode:
    from service.cli.backend import open_backend
    from service.cli.progress import Progress
    from service.cli.render import show_report
    from service.ingest.report import IngestInterrupted
    from service.settings import load_settings

    try:
        with open_backend(load_settings()) as backend, Progress(console) as progress:
            report = backend.ingest(arguments.paths, progress)
    except IngestInterrupted as interrupted:
        raise KeyboardInterrupt(_stopped(len(interrupted.report.articles))) from interrupted
    for failure in report.failed:
        console.error(f"{failure.origin}: {failure.error}")
    if arguments.json:
        console.json(report.model_dump(mode="json"))
    else:
        show_report(report, console)
    return _exit_code(report)


def _exit_code(report: IngestSchema) -> ExitCode:
    if not report.failed:
        return ExitCode.DONE
    return ExitCode.SOME_FAILED if report.articles else ExitCode.FAILED


def _stopped(saved: int) -> str:
    articles = "1 article is" if saved == 1 else f"{saved} articles are"
    return f"stopped: {articles} saved; run the same command again to go on with the rest"
