"""An article in chunks of whole sentences: the pieces that are embedded, indexed and retrieved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.text.sentences import sentence_spans
from service.types import Article, Chunk, Span

CHUNKER = "1"
"""Version of these rules; with the options it decides which chunks an article has."""

_HEADING_LONGEST = 120
_UNFINISHED = re.compile(r"[^.!?…:;,。！？؟।][\"'”’»)\]]*$")

_EACH = 1.0
_EMPTY_SHARE = 1.0
_INSIDE_PARAGRAPH = 2.0
_TOO_SMALL = 2.0
_AFTER_HEADING = 20.0
"""Costs of a chunk, of its unused share (squared), of an end inside a paragraph, of falling below the least size, and
of an end that parts a heading from what follows. A paragraph that stays whole is worth two more chunks, and a heading
stays with its text unless that does not fit."""


@dataclass(frozen=True, slots=True)
class ChunkingOptions:
    """Sizes in characters. 900 is about 200 tokens of English news, inside what small embedding models read (256)."""

    max_characters: int = 900
    min_characters: int = 200
    """Smaller chunks are avoided where neighbours leave room."""

    def __post_init__(self) -> None:
        if not 0 <= self.min_characters <= self.max_characters or self.max_characters < 1:
            raise ValueError(
                f"chunk sizes need 0 <= min <= max and max >= 1, got {self.min_characters} and {self.max_characters}"
            )


def chunk_article(article: Article, options: ChunkingOptions | None = None) -> list[Chunk]:
    """Chunks in order; every sentence is in exactly one. Only a chunk of one long sentence exceeds `max_characters`.

    Empty when the text holds nothing but white space.
    """
    options = options or ChunkingOptions()
    sentences = sentence_spans(article.text, article.language or "en")
    chunks = []
    first = 0
    for ordinal, last in enumerate(_ends(article.text, sentences, options)):
        start, end = sentences[first].start, sentences[last - 1].end
        chunks.append(
            Chunk(
                article_id=article.id,
                revision=article.revision,
                ordinal=ordinal,
                start=start,
                end=end,
                text=article.text[start:end],
                sentences=tuple(sentences[first:last]),
            )
        )
        first = last
    return chunks


def _ends(text: str, sentences: Sequence[Span], options: ChunkingOptions) -> list[int]:
    """Where chunks end, as numbers of sentences: the cheapest way to part them, found by dynamic programming."""
    if not sentences:
        return []
    closing = [_cost_of_end(text, sentences, number) for number in range(len(sentences))]
    cheapest = [0.0] + [float("inf")] * len(sentences)
    came_from = [0] * (len(sentences) + 1)
    for last in range(1, len(sentences) + 1):
        end = sentences[last - 1].end
        for first in range(last - 1, -1, -1):
            size = end - sentences[first].start
            if size > options.max_characters and first < last - 1:
                break
            cost = cheapest[first] + _cost_of_size(size, options) + closing[last - 1]
            if cost < cheapest[last]:
                cheapest[last], came_from[last] = cost, first
    ends = []
    last = len(sentences)
    while last:
        ends.append(last)
        last = came_from[last]
    return ends[::-1]


def _cost_of_size(size: int, options: ChunkingOptions) -> float:
    unused = max(0.0, 1.0 - size / options.max_characters)
    return _EACH + _EMPTY_SHARE * unused * unused + (_TOO_SMALL if size < options.min_characters else 0.0)


def _cost_of_end(text: str, sentences: Sequence[Span], number: int) -> float:
    if number + 1 == len(sentences):
        return 0.0
    between = text[sentences[number].end : sentences[number + 1].start]
    if "\n" not in between:
        return _INSIDE_PARAGRAPH
    return _AFTER_HEADING if _is_heading(text, sentences, number) else 0.0


def _is_heading(text: str, sentences: Sequence[Span], number: int) -> bool:
    """A short line of its own without final punctuation, and text after it."""
    sentence = sentences[number]
    before = text[sentences[number - 1].end : sentence.start] if number else "\n"
    return (
        "\n" in before
        and sentence.end - sentence.start <= _HEADING_LONGEST
        and bool(_UNFINISHED.search(sentence.of(text)))
    )
