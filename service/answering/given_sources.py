"""Texts given to check against, as articles that no library has, and what of them is near to a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log

from service.grounding.context import ArticleContext
from service.grounding.sources import Source
from service.text.sentence import read_sentence
from service.text.sentences import sentence_spans
from service.types import Article

_ALL = 60
"""So many sentences in all are each looked at for every claim; of more, the nearest."""
_NEAREST = 30


class GivenSources:
    """`texts` are read as they are, so that offsets index them; a blank one says nothing."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._contexts: dict[int, ArticleContext] = {}
        for number, text in enumerate(texts):
            if text.strip():
                article = Article(
                    id=f"source-{number}", title="", text=text, raw_text=text, origin="", cleaner="", ingested_at=""
                )
                self._contexts[number] = ArticleContext(article, sentence_spans(text))
        self._places = [(n, i) for n, context in self._contexts.items() for i in range(len(context.spans))]
        self._stems: list[frozenset[str]] = []
        self._weights: dict[str, float] = {}
        if len(self._places) > _ALL:
            self._stems = [read_sentence(self._contexts[n].text(i)).stems for n, i in self._places]
            counts = Counter(stem for stems in self._stems for stem in stems)
            self._weights = {stem: log(1 + len(self._places) / count) for stem, count in counts.items()}

    def index_of(self, context: ArticleContext) -> int:
        """Which of the texts a context is of."""
        return next(number for number, known in self._contexts.items() if known is context)

    def nearest_to(self, claim: str) -> tuple[Source, ...]:
        """The sentences that share the weightiest words with a claim, and those beside them; of a few, all."""
        places = self._places
        if len(places) > _ALL:
            wanted = read_sentence(claim).stems
            shared = [sum(self._weights.get(stem, 0.0) for stem in wanted & stems) for stems in self._stems]
            best = sorted(range(len(places)), key=lambda k: (-shared[k], k))[:_NEAREST]
            places = [places[k] for k in best if shared[k] > 0]
        chosen: dict[int, set[int]] = {}
        for number, i in places:
            last = len(self._contexts[number].spans) - 1
            chosen.setdefault(number, set()).update((max(0, i - 1), i, min(last, i + 1)))
        return tuple(Source(self._contexts[number], tuple(sorted(chosen[number]))) for number in sorted(chosen))
