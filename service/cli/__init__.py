"""The command line. Importing it loads nothing heavy: each command imports what it needs when it runs."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from argparse import Namespace

    from service.cli.console import Console


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code (service/cli/exit_codes.py). `None`: the process's own arguments."""
    from service.cli.console import Console

    console = Console()
    debug = "--debug" in (sys.argv if argv is None else argv)
    if argv is None:
        _quiet_libraries(debug)
    try:
        code = _run(argv, console)
    except SystemExit as finished:  # argparse after --help and --version
        return finished.code if isinstance(finished.code, int) else 0
    except KeyboardInterrupt as interrupt:
        code = _interrupted(interrupt, console, debug)
    except Exception as error:
        code = _failed(error, console, debug)
    finally:
        console.flush()
    if argv is None:
        _leave(code, console)
    return code


def _run(argv: Sequence[str] | None, console: Console) -> int:
    from service.cli.parser import build_parser

    arguments = build_parser().parse_args(argv)
    if argv is None:
        _prepare_process(arguments.command)
    return _dispatch(arguments, console)


def _dispatch(arguments: Namespace, console: Console) -> int:
    from importlib import import_module

    command = import_module(f"service.cli.commands.{arguments.command}")
    code: int = command.run(arguments, console)
    return code


def _failed(error: Exception, console: Console, debug: bool) -> int:
    from service.cli.exit_codes import ExitCode, exit_code_of
    from service.errors import GroundwireError

    if debug:
        import traceback

        traceback.print_exception(error)
    if isinstance(error, GroundwireError):
        console.error(str(error))
        return exit_code_of(error)
    hint = "" if debug else "; run again with --debug to see where"
    console.error(f"unexpected {type(error).__name__}: {error}{hint}")
    return ExitCode.FAILED


def _interrupted(interrupt: KeyboardInterrupt, console: Console, debug: bool) -> int:
    from service.cli.exit_codes import ExitCode

    if debug:
        import traceback

        traceback.print_exception(interrupt)
    console.error(str(interrupt) or "stopped")  # a command that knows says what was already done
    return ExitCode.INTERRUPTED


def _leave(code: int, console: Console) -> NoReturn:
    """End at once: all is closed by now, and taking torch's modules apart one by one, or waiting for a model that a
    thread still loads, would hold the exit up.

    It also makes sure of the exit code: an interrupt that went through the start of a compiled module makes Python kill
    itself with the signal in the end, although it was caught.
    """
    import os

    console.flush()
    os._exit(code)


def _prepare_process(command: str) -> None:
    """What has to be set before anything heavy is imported."""
    import gc
    import os

    # What imports make lives as long as the process: with the usual thresholds, a sixth of the import of Chroma goes
    # into looking whether it is garbage. One question is over before there is garbage worth looking for.
    gc.set_threshold(50_000, 20, 50)
    if command in ("ask", "search"):
        gc.disable()
    # Our matrix products are small: several threads on one wait for each other longer than they work.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _quiet_libraries(debug: bool) -> None:
    """stderr is for one plain line: warnings and log lines of libraries are shown only with --debug."""
    import logging
    import warnings

    if debug:
        logging.basicConfig(level=logging.INFO)
        return
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())  # else Python itself says that there is none
