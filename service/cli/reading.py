"""A text named on the command line: a file, or standard input."""

from __future__ import annotations

import sys
from pathlib import Path

from service.cli.options import as_typed
from service.errors import InputRejected
from service.ingest.files import decoded, demand_text, encoding_of, opened

MOST_BYTES = 8 * 1024 * 1024
STANDARD_INPUT = "-"


def text_of(path: str) -> str:
    """The text without its byte order mark; offsets of results index it. Raises InputRejected, naming the file."""
    name = "standard input" if path == STANDARD_INPUT else as_typed(path)
    try:
        data = _standard_input() if path == STANDARD_INPUT else _file(path)
        if len(data) > MOST_BYTES:
            raise InputRejected(f"has more than {MOST_BYTES // 1024 // 1024} MB: give the part that matters")
        if not data.strip():
            raise InputRejected("is empty: there is nothing in it to read")
        encoding = encoding_of(data)
        demand_text(data, encoding)
        return decoded(data, encoding)
    except InputRejected as rejected:
        raise InputRejected(f"{name} {rejected}") from None


def _file(path: str) -> bytes:
    if Path(path).is_dir():
        raise InputRejected("is a folder: name a text file, or - for standard input")
    with opened(Path(path)) as stream:
        return stream.read(MOST_BYTES + 1)


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise InputRejected("is closed: name a file, or pipe the text in")
    return sys.stdin.buffer.read(MOST_BYTES + 1)
