"""`groundwire ask`: a cited answer."""

from __future__ import annotations

from argparse import Namespace

from service.cli.console import Console
from service.cli.exit_codes import ExitCode


def run(arguments: Namespace, console: Console) -> ExitCode:
    from service.cli.backend import open_backend
    from service.cli.options import ask_request
    from service.cli.render import show_answer
    from service.settings import load_settings

    request = ask_request(arguments)
    with open_backend(load_settings(), asking=True) as backend:
        answer = backend.ask(request)
    if arguments.json:
        console.json(answer.model_dump(mode="json"))
    else:
        show_answer(answer, console)
    return ExitCode.DONE
