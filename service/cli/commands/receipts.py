"""`groundwire receipts`: what an answer was made of, and whether it still holds."""

from __future__ import annotations

from argparse import Namespace

from service.cli.console import Console
from service.cli.exit_codes import ExitCode


def run(arguments: Namespace, console: Console) -> ExitCode:
    from service.cli.backend import open_backend
    from service.cli.options import as_typed
    from service.cli.showing import show_receipt, show_replay
    from service.settings import load_settings

    receipt_id = as_typed(arguments.id)
    with open_backend(load_settings()) as backend:
        if arguments.action == "show":
            receipt = backend.receipt(receipt_id)
            if arguments.json:
                console.json(receipt.model_dump(mode="json"))
            else:
                show_receipt(receipt, console)
        else:
            replay = backend.replay(receipt_id)
            if arguments.json:
                console.json(replay.model_dump(mode="json"))
            else:
                show_replay(replay, console)
    return ExitCode.DONE
