"""Characters that a reader cannot see, or that have a plainer twin: removed or replaced."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_VISIBLE_FORMATS = frozenset("\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
_JOINERS = "\u200c\u200d"
_INVISIBLE_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0"
_LAST_FORMAT = 0x1E000
"""No control, format, space or surrogate character lies above it, but for the ranges below."""
_RANGES_HIDDEN = ((0xFDD0, 0xFDEF), (0xFFFE, 0xFFFF), (0xE0000, 0xE0FFF))
"""Noncharacters, and the tag and variation characters that can carry a text no reader sees."""

_LINE_ENDS = re.compile(r"\r\n?|[\v\f\u2028]")
_JOINED = "[\u0590-\u1fff\u2190-\U0001ffff]"
_STRAY_JOINER = re.compile(rf"(?<!{_JOINED})[{_JOINERS}]|[{_JOINERS}](?!{_JOINED})")
"""Joiners shape Persian and Indic words and emoji; between Latin letters they only hide words from a search."""


def plain_characters(text: str) -> str:
    """Unicode NFC with `\\n` line ends and plain spaces, without control, zero-width and bidi characters.

    C1 controls are read as the Windows-1252 characters they nearly always were; lone surrogates become U+FFFD.
    """
    if not text.isascii():
        text = _STRAY_JOINER.sub("", text)
    text = _LINE_ENDS.sub("\n", text).replace("\u2029", "\n\n").translate(_table())
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_table())


@lru_cache(maxsize=1)
def _table() -> dict[int, str]:
    table: dict[int, str] = {}
    for code in range(_LAST_FORMAT):
        category = unicodedata.category(chr(code))
        if category == "Zs" or code == 0x09:
            table[code] = " "
        elif category == "Cs":
            table[code] = "\ufffd"
        elif category in ("Cc", "Cf") and chr(code) not in _VISIBLE_FORMATS and chr(code) not in _JOINERS:
            table[code] = ""
    table.update((code, _windows_1252(code)) for code in range(0x80, 0xA0))
    table.update((ord(character), "") for character in _INVISIBLE_LETTERS)
    table.update((code, "") for first, last in _RANGES_HIDDEN for code in range(first, last + 1))
    table.pop(0x0A)
    return table


def _windows_1252(code: int) -> str:
    return bytes([code]).decode("cp1252", errors="ignore")
