"""Reading one file without trusting it: never blocks, never reads more than the limit, says what is wrong and where."""

from __future__ import annotations

import codecs
import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from service.errors import InputRejected
from service.ingest.incoming import MEGABYTE


@dataclass(frozen=True, slots=True)
class FoundFile:
    """`place`: its path inside the folder that was ingested, with `/` (a single file: its name). `origin`: as shown."""

    path: Path
    origin: str
    place: str


_BINARY_STARTS = {
    b"%PDF-": "a PDF",
    b"PK\x03\x04": "a zip archive (also .docx, .xlsx, .epub)",
    b"\x89PNG": "a PNG image",
    b"GIF87a": "a GIF image",
    b"GIF89a": "a GIF image",
    b"\xff\xd8\xff": "a JPEG image",
    b"\x1f\x8b": "a gzip archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x7fELF": "a program",
    b"\xd0\xcf\x11\xe0": "an old Office file",
    b"{\\rtf": "a rich text (RTF) file",
    b"SQLite format 3\x00": "a database",
}
_CONTROL = bytes(c for c in range(32) if c not in b"\t\n\v\f\r\x1b") + b"\x7f"

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@contextmanager
def opened(path: Path) -> Iterator[BinaryIO]:
    """The file, open for reading; what the system refuses, also later while reading, becomes InputRejected."""
    try:
        with _open(path) as stream:
            yield stream
    except OSError as error:
        raise refusal(error) from error


def _open(path: Path) -> BinaryIO:
    try:
        # Looked at before it is opened, because opening a device can set something off, and after, because it may have
        # been exchanged in between; O_NONBLOCK, because opening a pipe waits for its writer.
        _demand_file(path.stat().st_mode)
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except ValueError as error:
        raise refusal(error) from error
    stream = os.fdopen(descriptor, "rb")
    try:
        _demand_file(os.fstat(descriptor).st_mode)
    except InputRejected:
        stream.close()
        raise
    return stream


def _demand_file(mode: int) -> None:
    if stat.S_ISDIR(mode):
        raise InputRejected("is a folder, not a file: give the folder itself")
    if not stat.S_ISREG(mode):
        raise InputRejected("is a pipe, socket or device, not a file: save its text in a file first")


def refusal(error: OSError | ValueError) -> InputRejected:
    """What the system said, as a line for a person. A ValueError comes from names that no system could hold."""
    if not isinstance(error, OSError):
        return InputRejected("is not a possible path: check its spelling")
    reasons = {
        errno.ENOENT: "does not exist: check the path",
        errno.ENOTDIR: "does not exist: check the path",
        errno.EACCES: "may not be read: give this user the right to read it",
        errno.EPERM: "may not be read: give this user the right to read it",
        errno.ELOOP: "is a link that leads back to itself: remove the link",
        errno.ENAMETOOLONG: "has too long a name: shorten it",
    }
    reason = error.strerror or type(error).__name__
    return InputRejected(reasons.get(error.errno or 0, f"cannot be read ({reason}): copy it elsewhere and try again"))


def read_text(path: Path, max_bytes: int) -> str:
    """The whole file as text: UTF-8, or what its byte order mark says. Raises InputRejected."""
    with opened(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > max_bytes:
            raise too_large(size, max_bytes)
        data = stream.read(max_bytes + 1)
    if len(data) > max_bytes:  # it grew, or its size was not known beforehand
        raise too_large(len(data), max_bytes)
    if not data.strip():
        raise InputRejected("is empty: write the article into it, or remove it")
    encoding = encoding_of(data)
    demand_text(data, encoding)
    return decoded(data, encoding)


def too_large(size: int, max_bytes: int) -> InputRejected:
    return InputRejected(
        f"has {size / MEGABYTE:,.1f} MB, the limit for one article is {max_bytes / MEGABYTE:,.1f} MB: "
        "split it, or write its articles as .jsonl, one a line"
    )


def encoding_of(start: bytes) -> str:
    return next((encoding for mark, encoding in _MARKS if start.startswith(mark)), "utf-8")


def demand_text(data: bytes, encoding: str) -> None:
    """Raise InputRejected for data that is not text, from its first bytes or its share of control characters.

    A stray NUL in a page of prose is for the cleaner; one byte in ten is what programs and images have.
    """
    kind = next((kind for start, kind in _BINARY_STARTS.items() if data.startswith(start)), None)
    if kind is None and encoding == "utf-8" and (len(data) - len(data.translate(None, _CONTROL))) * 10 > len(data):
        kind = "binary data"
    if kind is not None:
        raise InputRejected(f"is {kind}, not text: save its text as UTF-8 and ingest that")


def decoded(data: bytes, encoding: str) -> str:
    """The text without its byte order mark. Raises InputRejected naming the first byte that does not fit."""
    try:
        return data.decode("utf-8-sig" if encoding == "utf-8" else encoding)
    except UnicodeDecodeError as error:
        at = error.start + (len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0)
        found = f"0x{data[at]:02x}" if at < len(data) else "its end"
        name = encoding.upper()
        raise InputRejected(f"is not {name} at byte {at:,} ({found}): save it as UTF-8 and try again") from error
