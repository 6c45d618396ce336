"""`make demo`: the seed articles read, and real questions about them answered, as the command line would show it."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Sequence
from time import perf_counter

from service.api.requests import AskRequest
from service.cli.backend import open_backend
from service.cli.console import Console
from service.cli.exit_codes import ExitCode, exit_code_of
from service.cli.progress import Progress
from service.cli.render import show_answer, show_report
from service.errors import GroundwireError
from service.settings import load_settings

QUESTIONS = (
    "How many drones and missiles did Russia launch at Kyiv on 14 November 2025?",
    "How many drones were shot down on 8 November 2025?",
    "Who is the governor of the Ryazan region?",
    "How far from the Dnieper is Moscow moving its artillery?",
    "How many drones were shot down on 14 November 2025?",
)
"""The last one is a trap: the articles count what was launched on that day, and what was shot down on another."""


def run(paths: Sequence[str], console: Console) -> ExitCode:
    """Ingest these paths and ask the questions, with one start of the service for all of them."""
    started = perf_counter()
    with open_backend(load_settings()) as backend, Progress(console) as progress:
        console.line(f"$ groundwire ingest {shlex.join(paths)}")
        report = backend.ingest(paths, progress)
        show_report(report, console)
        for question in QUESTIONS:
            console.line()
            console.line(f'$ groundwire ask "{question}"')
            show_answer(backend.ask(AskRequest(question=question)), console)
            console.flush()
    for failure in report.failed:
        console.error(f"{failure.origin}: {failure.error}")
    console.line()
    console.line(f"{len(QUESTIONS)} questions, {perf_counter() - started:.1f} s in all. Ask your own:")
    console.line(f'GROUNDWIRE_DATA_DIR={os.environ["GROUNDWIRE_DATA_DIR"]} .venv/bin/groundwire ask "..."')
    return ExitCode.SOME_FAILED if report.failed else ExitCode.DONE


def main() -> int:
    os.environ.setdefault("GROUNDWIRE_DATA_DIR", ".demo")
    console = Console()
    try:
        return run(sys.argv[1:] or ["seeds"], console)
    except GroundwireError as error:
        console.error(str(error))
        return exit_code_of(error)
    finally:
        console.flush()


if __name__ == "__main__":
    sys.exit(main())
