"""`groundwire search`: ranked evidence."""

from __future__ import annotations

from argparse import Namespace

from service.cli.console import Console
from service.cli.exit_codes import ExitCode


def run(arguments: Namespace, console: Console) -> ExitCode:
    from service.cli.backend import open_backend
    from service.cli.options import search_request
    from service.cli.render import show_results
    from service.settings import load_settings

    request = search_request(arguments)
    with open_backend(load_settings(), asking=True) as backend:
        found = backend.search(request)
    if arguments.json:
        console.json(found.model_dump(mode="json"))
    else:
        show_results(found, console)
    return ExitCode.DONE
