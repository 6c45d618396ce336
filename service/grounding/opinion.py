"""A second opinion on what would be supported: a model that judges, or a cross-encoder."""

from __future__ import annotations

from typing import Protocol

from service.grounding.sources import SentenceCheck


class SecondOpinion(Protocol):
    """Reads a sentence and the quotes that are to support it."""

    def denies(self, sentence: str, quotes: tuple[str, ...]) -> bool:
        """Whether the quotes do not support all of it. May raise anything when it cannot say."""


def agrees(opinion: SecondOpinion, check: SentenceCheck) -> bool:
    """Whether the opinion confirms a check. One that fails confirms nothing."""
    quotes = tuple(span.span.of(span.context.article.text) for span in check.spans)
    try:
        return not opinion.denies(check.text, quotes)
    except Exception:  # whatever went wrong with it, the sentence is not confirmed
        return False
