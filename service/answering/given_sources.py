"""Texts given to check against, as articles that no library has, and what of them is near to a sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from service.grounding.context import ArticleContext
from service.grounding.sources import CitedSpan, Source
from service.text.dating import ArticleDates, ArticleDating
from service.text.sentence import read_sentence
from service.text.sentences import sentence_spans
from service.types import Article, Span

_SENTENCE_BY_SENTENCE = 5
_SENTENCES_EACH = 1.2
"""So many sources or more, of hardly more than a sentence each, are taken for one text that was cut into sentences."""
_ALL = 1_500
"""So many sentences in all are looked at for every claim; of more, those that share the most with it."""
_NEAREST = 100


@dataclass(frozen=True, slots=True)
class SourceSpan:
    """A place in one of the given texts, by its position among them."""

    source_index: int
    span: Span


class GivenSources:
    """`texts` are read as they are, so that offsets index them; a blank one says nothing."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._starts: dict[int, tuple[list[int], list[int]]] = {}
        """By context: where in its text each of the given texts starts, and which they are."""
        self._contexts: list[ArticleContext] = []
        spans = {n: sentence_spans(text) for n, text in enumerate(texts) if text.strip()}
        short = sum(map(len, spans.values())) <= _SENTENCES_EACH * len(spans)
        if short and len(spans) >= _SENTENCE_BY_SENTENCE:
            self._add_sentences({n: texts[n] for n in spans}, spans)
        else:
            for n, found in spans.items():
                self._add(_article(n, texts[n]), found, None, ([0], [n]))
        self._places = [(n, i) for n, context in enumerate(self._contexts) for i in range(len(context.spans))]
        self._stems: list[frozenset[str]] = []
        self._weights: dict[str, float] = {}
        if len(self._places) > _ALL:
            self._stems = [read_sentence(self._contexts[n].text(i)).stems for n, i in self._places]
            counts = Counter(stem for stems in self._stems for stem in stems)
            self._weights = {stem: log(1 + len(self._places) / count) for stem, count in counts.items()}

    def place_of(self, cited: CitedSpan) -> list[SourceSpan]:
        """Where a citation stands in the texts; in two places when its two sentences are of two texts."""
        starts, numbers = self._starts[id(cited.context)]
        places: list[SourceSpan] = []
        for i in range(cited.first, cited.last + 1):
            span = cited.context.spans[i]
            k = bisect_right(starts, span.start) - 1
            here = SourceSpan(numbers[k], Span(span.start - starts[k], span.end - starts[k]))
            if places and places[-1].source_index == here.source_index:
                here = SourceSpan(here.source_index, Span(places.pop().span.start, here.span.end))
            places.append(here)
        return places

    def nearest_to(self, claim: str) -> tuple[Source, ...]:
        """All sentences; of very many, those that share the weightiest words with a claim, and those beside them."""
        places = self._places
        if len(places) > _ALL:
            wanted = read_sentence(claim).stems
            shared = [sum(self._weights.get(stem, 0.0) for stem in wanted & stems) for stems in self._stems]
            best = sorted(range(len(places)), key=lambda k: (-shared[k], k))[:_NEAREST]
            places = [places[k] for k in best if shared[k] > 0]
        chosen: dict[int, set[int]] = {}
        for n, i in places:
            last = len(self._contexts[n].spans) - 1
            chosen.setdefault(n, set()).update((max(0, i - 1), i, min(last, i + 1)))
        return tuple(Source(self._contexts[n], tuple(sorted(chosen[n]))) for n in sorted(chosen))

    def _add_sentences(self, texts: dict[int, str], spans: dict[int, list[Span]]) -> None:
        """As one article, in which a sentence may lean on the one before. None is dated by another: whether they
        are of one event, nobody has said."""
        starts, sentences, at = [], [], 0
        for n, text in texts.items():
            starts.append(at)
            sentences += [Span(at + span.start, at + span.end) for span in spans[n]]
            at += len(text) + 1
        article = _article(0, " ".join(texts.values()))
        mentions = ArticleDating("", article.text, sentences, None).all().mentions
        self._add(article, sentences, ArticleDates(mentions), (starts, list(texts)))

    def _add(
        self, article: Article, spans: Sequence[Span], dates: ArticleDates | None, starts: tuple[list[int], list[int]]
    ) -> None:
        context = ArticleContext(article, spans, dates)
        self._contexts.append(context)
        self._starts[id(context)] = starts


def _article(number: int, text: str) -> Article:
    return Article(id=f"source-{number}", title="", text=text, raw_text=text, origin="", cleaner="", ingested_at="")
