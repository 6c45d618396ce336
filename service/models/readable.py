"""Text as tokenizers can take it."""

from __future__ import annotations

import re

LONGEST_WINDOW = 8192
"""Tokens. Some tokenizers name no limit but a number beyond all sense."""
_LONGEST_WORD = 100
"""Characters a token is at most worth: a query is cut there before tokenising, so that two megabytes cost nothing."""
_SURROGATE = re.compile("[\ud800-\udfff]")


def encodable(text: str) -> str:
    """The same number of characters; half a surrogate pair, which no tokenizer takes, becomes U+FFFD."""
    return _SURROGATE.sub("\ufffd", text)


def query_text(text: str, longest: int) -> str:
    return encodable(text[: longest * _LONGEST_WORD])
