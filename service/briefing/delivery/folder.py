"""Briefings as files in a folder."""

from __future__ import annotations

from pathlib import Path, PurePath

from service.briefing.delivery.ports import Parcel
from service.briefing.rendering.files import write_whole
from service.briefing.rendering.words import flat
from service.errors import DeliveryFailed, GroundwireError, InputRejected

MOST_CHARACTERS = 200
SETTING = "GROUNDWIRE_DELIVERY_DIR"


class FolderDeliverer:
    """Writes into folders inside `root`, and nowhere else: who may make schedules may not write everywhere."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def check(self, to: str) -> None:
        self._folder(to)

    def deliver(self, parcel: Parcel, to: str) -> None:
        """All formats are rendered before the first is written, and each is written whole or not at all."""
        folder = self._folder(to)
        try:
            files = {parcel.file_name(wanted): parcel.file(wanted) for wanted in parcel.formats}
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                write_whole(folder / name, content)
        except OSError as error:
            raise DeliveryFailed(f"the folder {to} in {SETTING} cannot be made: {error.strerror}") from error
        except GroundwireError as error:
            # Over HTTP, too, it is seen why, and no path of this machine.
            raise DeliveryFailed(str(error).replace(str(self._root), SETTING)) from error

    def _folder(self, to: str) -> Path:
        path = PurePath(to)
        usable = bool(to.strip()) and to.isprintable() and len(to) <= MOST_CHARACTERS
        if not usable or path.is_absolute() or path.drive or ".." in path.parts:
            raise InputRejected(
                f"folder: `{flat(to)[:60]}` is not a folder inside {SETTING}; write for example `morning`"
            )
        folder = self._root / path
        if not folder.resolve().is_relative_to(self._root.resolve()):
            raise InputRejected(f"folder: `{to}` leads out of {SETTING}; name another")
        return folder
