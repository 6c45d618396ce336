"""`groundwire brief`: a cited briefing, on stdout or in a file."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from service.cli.console import Console
from service.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from service.briefing.rendering.formats import Format


def run(arguments: Namespace, console: Console) -> ExitCode:
    from pathlib import Path

    from service.cli.backend import open_backend
    from service.cli.options import as_typed, brief_request
    from service.errors import InputRejected
    from service.settings import load_settings

    wanted: Format = "json" if arguments.json else arguments.format
    if wanted == "pdf" and arguments.output is None:
        raise InputRejected("--format pdf: name a file for it with -o FILE")
    request = brief_request(arguments)
    with open_backend(load_settings(), asking=True) as backend:
        briefing = backend.brief(request)
    if arguments.output is None and wanted == "json":
        from service.api.briefing_schemas import BriefingSchema

        console.json(BriefingSchema.from_briefing(briefing).model_dump(mode="json"))
        return ExitCode.DONE
    from service.briefing.rendering.formats import rendered

    content = rendered(briefing, wanted)
    if arguments.output is None:
        console.text(content.decode("utf-8").rstrip("\n"))
        return ExitCode.DONE
    from service.briefing.rendering.files import write_whole

    path = Path(as_typed(arguments.output))
    write_whole(path, content)
    console.line(f"{briefing.headline} ({path}, {briefing.id})")
    return ExitCode.DONE
