"""Foreign strings made fit for a one-line message."""

from __future__ import annotations


def printable(text: str) -> str:
    """The text with everything that would break a line, or cannot be stored (half surrogates), as `\\x..` escapes."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def shown(value: str) -> str:
    """The value in quotes, cut after 40 characters."""
    return "'" + printable(value[:40]) + ("…" if len(value) > 40 else "") + "'"


def one_line(error: BaseException) -> str:
    """An exception's message on one line, cut after 200 characters, with its class when it says nothing."""
    text = printable(" ".join(str(error).split()))
    return text[:200] or type(error).__name__
