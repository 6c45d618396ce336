"""What a case wants found, in the terms of the library that is asked: article ids and offsets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from eval.harness.case_file import Place, QuestionCase, SuiteCase
from service.errors import InputRejected


@dataclass(frozen=True, slots=True)
class GoldSpan:
    """[start, end) of an article's text."""

    article_id: str
    start: int
    end: int

    def inside(self, article_id: str, start: int, end: int) -> bool:
        return article_id == self.article_id and start <= self.start and self.end <= end

    def meets(self, article_id: str, start: int, end: int) -> bool:
        return article_id == self.article_id and start < self.end and self.start < end


SpanGroups = tuple[tuple[GoldSpan, ...], ...]


@dataclass(frozen=True, slots=True)
class Gold:
    """`spans`: groups of places, one of each is enough. None: these articles have other words, and none is known."""

    articles: tuple[str, ...]
    spans: SpanGroups | None

    @property
    def article_groups(self) -> tuple[frozenset[str], ...]:
        """Groups of articles of which one each is needed to say it all."""
        if self.spans:
            return tuple(dict.fromkeys(frozenset(span.article_id for span in group) for group in self.spans))
        return (frozenset(self.articles),) if self.articles else ()

    def to_json(self) -> dict[str, Any]:
        spans = None
        if self.spans is not None:
            spans = [[{"article_id": s.article_id, "start": s.start, "end": s.end} for s in g] for g in self.spans]
        return {"gold_articles": list(self.articles), "gold_spans": spans}


def gold_of(case: SuiteCase, ids: Mapping[str, str], text_of: Callable[[str], str], *, own_words: bool) -> Gold:
    """`ids`: of the case's articles to the library's, the same where it has none.

    `own_words`: the articles are those the case was written for; then each place must stand there once, else
    InputRejected. In others the places are not looked for.
    """
    articles = tuple(ids.get(article, article) for article in case.articles)
    if not own_words:
        return Gold(articles, None)
    groups = case.spans if isinstance(case, QuestionCase) else ()
    return Gold(articles, tuple(tuple(_found(case.id, p, ids, text_of) for p in group) for group in groups))


def _found(case_id: str, place: Place, ids: Mapping[str, str], text_of: Callable[[str], str]) -> GoldSpan:
    article_id = ids.get(place.article, place.article)
    text = text_of(article_id)
    count = text.count(place.text)
    if count != 1:
        raise InputRejected(
            f"case {case_id}: {place.text!r} stands {count} times in {place.article}; name a text that is there once"
        )
    start = text.index(place.text)
    return GoldSpan(article_id, start, start + len(place.text))
