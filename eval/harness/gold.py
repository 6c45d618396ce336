"""What a case wants found, in the terms of the library that is asked: article ids and offsets."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
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
    """`spans`: groups of places, one of each is enough. None: these articles have other words, and none is known.

    `article_groups`: groups of articles of which one each is needed to say it all.
    """

    articles: tuple[str, ...]
    spans: SpanGroups | None
    article_groups: tuple[frozenset[str], ...]

    def to_json(self) -> dict[str, Any]:
        spans = None
        if self.spans is not None:
            spans = [[{"article_id": s.article_id, "start": s.start, "end": s.end} for s in g] for g in self.spans]
        return {"gold_articles": list(self.articles), "gold_spans": spans}


@dataclass(frozen=True, slots=True)
class Naming:
    """`ids`: of a suite's articles to the library's. `originals`: of those to the ones that they are copies of.

    Each is the same where a mapping does not have it.
    """

    ids: Mapping[str, str] = field(default_factory=dict)
    originals: Mapping[str, str] = field(default_factory=dict)

    def own(self, article: str) -> str:
        return self.ids.get(article, article)

    def original(self, article: str) -> str:
        """What is found and cited for an article: a copy never is."""
        return self.originals.get(self.own(article), self.own(article))


def gold_of(case: SuiteCase, naming: Naming, text_of: Callable[[str], str], *, own_words: bool) -> Gold:
    """`own_words`: the articles are those the case was written for; then each place must stand there once, else
    InputRejected. In others the places are not looked for.
    """
    articles = tuple(dict.fromkeys(map(naming.original, case.articles)))
    places = case.spans if isinstance(case, QuestionCase) else ()
    groups = tuple(dict.fromkeys(frozenset(naming.original(place.article) for place in group) for group in places))
    if not groups and articles:
        groups = (frozenset(articles),)
    if not own_words:
        return Gold(articles, None, groups)
    spans = tuple(tuple(_found(case.id, place, naming, text_of) for place in group) for group in places)
    return Gold(articles, spans, groups)


def _found(case_id: str, place: Place, naming: Naming, text_of: Callable[[str], str]) -> GoldSpan:
    """In the original where it has the words too; words that a copy alone has are where no search looks."""
    own, original = naming.own(place.article), naming.original(place.article)
    count = text_of(own).count(place.text)
    if count != 1:
        raise InputRejected(
            f"case {case_id}: {place.text!r} stands {count} times in {place.article}; name a text that is there once"
        )
    there = original if text_of(original).count(place.text) == 1 else own
    start = text_of(there).index(place.text)
    return GoldSpan(there, start, start + len(place.text))
