"""`groundwire verify`: any text, sentence by sentence, against the articles or against given files."""

from __future__ import annotations

from argparse import Namespace

from service.cli.console import Console
from service.cli.exit_codes import ExitCode


def run(arguments: Namespace, console: Console) -> ExitCode:
    from service.cli.backend import verified
    from service.cli.options import verify_request
    from service.cli.reading import text_of
    from service.cli.showing import show_verification
    from service.settings import load_settings

    sources = [text_of(path) for path in arguments.sources] or None
    verification = verified(load_settings(), verify_request(text_of(arguments.path), sources))
    if arguments.json:
        console.json(verification.model_dump(mode="json"))
    else:
        show_verification(verification, arguments.sources, console)
    return ExitCode.DONE
