"""`groundwire serve`: the HTTP API, until it is told to stop."""

from __future__ import annotations

from argparse import Namespace

from service.cli.console import Console
from service.cli.exit_codes import ExitCode


def run(arguments: Namespace, console: Console) -> ExitCode:
    from service.settings import load_settings

    settings = load_settings(host=arguments.host, port=arguments.port)
    from service.api.serve import serve

    serve(settings)
    return ExitCode.DONE
