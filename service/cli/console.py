"""The two streams of a command: results to stdout, everything else to stderr."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import textwrap
from typing import Any, TextIO

from service.errors import GroundwireError

UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Control and direction-changing characters: an article's title must not be able to drive the reader's terminal."""


class Console:
    """Writes whole lines. A reader that went away (`| head`) is no error: `gone` turns true, the rest is dropped."""

    def __init__(self) -> None:
        self.gone = False
        for stream in (sys.stdout, sys.stderr):
            # A terminal or locale that cannot show a character gets its escape, never a UnicodeEncodeError.
            if stream is not None and hasattr(stream, "reconfigure"):
                stream.reconfigure(errors="backslashreplace")

    @property
    def width(self) -> int | None:
        """Columns to wrap at; `None` when neither COLUMNS nor a terminal says, then a line stays a line."""
        columns = shutil.get_terminal_size(fallback=(0, 0)).columns
        return max(columns, 20) if columns else None

    @property
    def shows_progress(self) -> bool:
        return _is_terminal(sys.stderr)

    def line(self, text: str = "", *, lead: str = "", indent: str = "") -> None:
        """One paragraph of a result, wrapped. `lead` starts its first line, `indent` the others."""
        text = lead + printable(text)
        if self.width is not None:
            text = textwrap.fill(
                text, self.width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
            )
        self._write(text)

    def text(self, text: str) -> None:
        """A result shown as it is: no wrapping, line breaks kept."""
        self._write("\n".join(printable(line) for line in text.split("\n")))

    def json(self, body: dict[str, Any]) -> None:
        """One object. Where stdout cannot carry all of Unicode, JSON's own escapes are used."""
        encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
        self._write(json.dumps(body, indent=2, ensure_ascii=encoding != "utf8"))

    def error(self, message: str) -> None:
        """One plain line on stderr."""
        if sys.stderr is not None:
            try:
                print(f"groundwire: {printable(' '.join(message.split()))}", file=sys.stderr, flush=True)
            except OSError:
                self._discard(sys.stderr)

    def flush(self) -> None:
        self._write("", end="")

    def _write(self, text: str, end: str = "\n") -> None:
        if self.gone or sys.stdout is None:
            return
        try:
            print(text, end=end, flush=True)
        except BrokenPipeError:
            self.gone = True
            self._discard(sys.stdout)
        except OSError as error:
            self._discard(sys.stdout)
            raise GroundwireError(f"cannot write the result to stdout: {error.strerror}") from error

    @staticmethod
    def _discard(stream: TextIO) -> None:
        """Send what is still buffered nowhere, else Python's own flush at exit complains once more."""
        try:
            descriptor = stream.fileno()
        except OSError:
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, descriptor)
        os.close(nowhere)


def printable(text: str) -> str:
    return UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and not stream.closed and stream.isatty()
