"""`groundwire doctor`: is everything in order, and if not, what is not."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from service.cli.console import Console
from service.cli.exit_codes import ExitCode
from service.errors import GroundwireError, LibraryError, ServiceUnreachable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from service.api.schemas import PartSchema
    from service.settings import Settings

REPAIRABLE = frozenset(("library", "vector store"))
PACKAGES = ("chromadb", "sentence-transformers", "torch")


def run(arguments: Namespace, console: Console) -> ExitCode:
    """Exit code 1 when a part is down; a degraded part works, with the limit that is shown."""
    from service.cli.render import show_parts
    from service.settings import load_settings

    settings = load_settings()
    found, repaired = _examined(settings, repair=arguments.repair)
    parts = [_software(), _data_directory(settings), *found]
    ready = all(part.state != "down" for part in parts)
    if arguments.json:
        console.json({"ready": ready, "parts": [part.model_dump() for part in parts], "repaired": repaired})
    else:
        for line in repaired:
            console.line(f"repaired  {line}")
        show_parts(parts, console)
        if not arguments.repair and _repair_may_help(found):
            console.line("`groundwire doctor --repair` rebuilds what can be rebuilt from the library.")
    return ExitCode.DONE if ready else ExitCode.FAILED


def _examined(settings: Settings, *, repair: bool) -> tuple[list[PartSchema], list[str]]:
    """Each part's state, and what was repaired before. What cannot even be opened is down; raises for a repair."""
    from service.api.schemas import PartSchema
    from service.cli.backend import open_backend

    try:
        opened = open_backend(settings)
    except GroundwireError as error:
        name = "library" if isinstance(error, LibraryError) else "service"
        return [PartSchema(name=name, state="down", detail=str(error))], []
    with opened as backend:
        repaired = backend.repair() if repair else []
        try:
            return backend.parts(), repaired
        except ServiceUnreachable as error:
            return [PartSchema(name="service", state="down", detail=str(error))], repaired


def _repair_may_help(parts: Sequence[PartSchema]) -> bool:
    """Not for a data directory that could not be opened, nor for a model: a new store, too, is down for want of it."""
    opened = len(parts) > 1
    beyond = {part.detail for part in parts if part.name not in REPAIRABLE}
    return opened and any(p.state == "down" and p.name in REPAIRABLE and p.detail not in beyond for p in parts)


def _software() -> PartSchema:
    import platform
    import sqlite3
    from importlib import metadata

    from service.api.schemas import PartSchema
    from service.version import installed_version

    packages = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    detail = f"{installed_version()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {packages}"
    return PartSchema(name="groundwire", state="ok", detail=detail)


def _data_directory(settings: Settings) -> PartSchema:
    import shutil

    from service.api.schemas import PartSchema
    from service.library.owner import read_owner

    folder = settings.data_dir
    owner = read_owner(folder)
    owned = "in use by no other process"
    if owner is not None:
        owned = f"in use by pid {owner.pid}" + (f", the service at {owner.address}" if owner.address else "")
    state = "ok"
    try:
        room = f"{shutil.disk_usage(folder).free / 1e9:.1f} GB free"
    except OSError as error:
        state, room = "down", f"cannot be looked at ({error.strerror})"
    return PartSchema(name="data directory", state=state, detail=f"{folder}, {room}, {owned}")
