"""Whether a sentence gives away what a model was told: its instructions, or the marks that fence the articles off."""

from __future__ import annotations

import re
from collections.abc import Iterable

_WORDS = re.compile(r"\w+")
_RUN = 7
"""So many words in a row are no chance; news and instructions share shorter runs."""


class Leaks:
    """`told`: what the model was told in our words; `secrets`: strings that stand for nothing outside the prompt."""

    def __init__(self, told: Iterable[str], secrets: Iterable[str] = ()) -> None:
        self._runs = frozenset(run for text in told for run in _runs(text))
        self._secrets = tuple(secret.casefold() for secret in secrets if secret)

    def found_in(self, text: str) -> bool:
        if any(secret in text.casefold() for secret in self._secrets):
            return True
        return any(run in self._runs for run in _runs(text))


def _runs(text: str) -> Iterable[tuple[str, ...]]:
    words = _WORDS.findall(text.casefold())
    return (tuple(words[i : i + _RUN]) for i in range(len(words) - _RUN + 1))
