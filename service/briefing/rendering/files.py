"""Writing a file whole or not at all."""

from __future__ import annotations

import errno
import os
import uuid
from contextlib import suppress
from pathlib import Path

from service.errors import NotWritten


def write_whole(path: Path, content: bytes) -> None:
    """Put the content where the path says, in one step: a reader finds the old file or the new one, never a part.

    The folder must exist. Raises NotWritten, one line naming the path and the reason.
    """
    try:
        _replace(path, content)
    except OSError as error:
        raise NotWritten(f"{path} was not written: {_reason(error, path)}") from error


def _replace(path: Path, content: bytes) -> None:
    # In the same folder, as a rename is one step only within a file system.
    part = path.parent / f".groundwire-{uuid.uuid4().hex}.part"
    try:
        with part.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _reason(error: OSError, path: Path) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return "the disk is full; make room and try again"
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return f"the folder {path.parent} may not be written to; change its rights, or name another"
    if error.errno == errno.ENOENT:
        return f"there is no folder {path.parent}; make it, or name another"
    if error.errno == errno.EISDIR:
        return "it is a folder; name a file"
    return f"{error.strerror}; name another place"
