"""A sentence in its article: what stands before it, over it, and when the article's main event was."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from service.text.dates import Agreement, DateMention, Interval, agreement, with_year
from service.text.names import Name, NameKind
from service.text.sentence import SentenceReading, read_sentence
from service.types import Article, Span

_LEAD_SENTENCES = 2
_MOST_READ = 400
"""Sentences of one article that are read for its names and years; a longer one is a book."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """When an article's main event was, and the sentence that says so (None: the title alone does)."""

    intervals: tuple[Interval, ...]
    sentence: int | None


class ArticleContext:
    """An article's sentences, read on demand. Sentence indexes count all sentences, headings too, in order."""

    def __init__(self, article: Article, sentences: Sequence[Span]) -> None:
        self.article = article
        self.spans = tuple(sentences)

    def text(self, i: int) -> str:
        return self.spans[i].of(self.article.text)

    def reading(self, i: int) -> SentenceReading:
        return read_sentence(self.text(i))

    def index_of(self, span: Span) -> int:
        """The sentence that starts where the span does. Raises ValueError when there is none."""
        i = bisect_left(self.spans, span)
        if i == len(self.spans) or self.spans[i] != span:
            raise ValueError(f"no sentence at [{span.start}, {span.end}) in article {self.article.id}")
        return i

    @cached_property
    def title(self) -> SentenceReading:
        return read_sentence(self.article.title)

    @cached_property
    def lead(self) -> tuple[int, ...]:
        """The first sentences that are none of the title and headings."""
        body = [i for i in range(min(len(self.spans), 12)) if not self.reading(i).is_heading]
        return tuple(body[:_LEAD_SENTENCES])

    def previous(self, i: int) -> int | None:
        """The sentence before, in the same paragraph; None at its beginning."""
        if i == 0 or "\n\n" in self.article.text[self.spans[i - 1].end : self.spans[i].start]:
            return None
        return i - 1 if not self.reading(i - 1).is_heading else None

    def heading(self, i: int) -> int | None:
        """The nearest heading above, at most twelve sentences up."""
        return next((j for j in range(i - 1, max(-1, i - 13), -1) if self.reading(j).is_heading), None)

    @cached_property
    def anchor(self) -> Anchor | None:
        """The main event's date: a full one in the lead or title before a partial one; None when neither has any."""
        found: list[tuple[bool, int | None, tuple[Interval, ...]]] = []
        for i in (*self.lead, None):
            mentions = self.title.dates if i is None else self.reading(i).dates
            if mentions:
                dated = self._in_years(mentions)
                first = [m.interval for m in dated if m.start == dated[0].start]
                found.append((not all(interval.full for interval in first), i, tuple(first)))
        if not found:
            return None
        _, sentence, intervals = min(found, key=lambda f: f[0])
        return Anchor(intervals, sentence)

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years that dates without one are put into: those of lead and title, else of publication, else none."""
        opening = [*(self.reading(i) for i in self.lead), self.title]
        stated = [m.interval.first.year for r in opening for m in r.dates if m.interval.year_known]
        published = [int(self.article.published_at[:4])] if self.article.published_at else []
        return tuple(dict.fromkeys(stated or published))

    @cached_property
    def _kinds(self) -> dict[str, NameKind]:
        """What name parts are elsewhere in the article, where the wording shows it ("in Fastiv", "Mayor Klitschko")."""
        kinds: dict[str, NameKind] = {}
        for i in range(min(len(self.spans), _MOST_READ)):
            for name in self.reading(i).names:
                if name.kind == "place":
                    kinds.setdefault(name.parts[-1], "place")
                elif name.kind == "person" and len(name.parts) > 1:
                    kinds.setdefault(name.parts[-1], "person")
        return kinds

    @cached_property
    def name_parts(self) -> frozenset[str]:
        """The lower-case words of the names in the article, those aside whose capital may be their sentence's only."""
        return frozenset(
            part
            for i in range(min(len(self.spans), _MOST_READ))
            for name in self.reading(i).names
            if not name.initial
            for part in name.parts
        )

    def kind_of(self, name: Name) -> NameKind:
        """The kind of a name, helped by the rest of the article where the sentence alone does not tell."""
        if name.kind != "other" and not (name.kind == "person" and len(name.parts) == 1):
            return name.kind
        return self._kinds.get(name.parts[-1], name.kind)

    def dates(self, i: int) -> list[DateMention]:
        """The dates that the sentence itself names, put into the year (or the possible years) they are of."""
        return self._in_years(self.reading(i).dates)

    def _in_years(self, mentions: Sequence[DateMention]) -> list[DateMention]:
        return [m for year in self.years for m in with_year(mentions, year)] if self.years else list(mentions)

    def agreement(self, i: int, asked: Sequence[Interval]) -> tuple[Agreement, int | None]:
        """How a sentence's time agrees with what is asked, and the other sentence (if any) that says so.

        Its own dates decide. Without any: a sentence that leans on a dated one before it shares that date; one that
        merely follows a differently dated one is unknown; any other has the time of the article's main event.
        """
        own = [m.interval for m in self.dates(i)]
        if own:
            return agreement(asked, own), None
        before = self.previous(i)
        if before is not None and (earlier := [m.interval for m in self.dates(before)]):
            if self.reading(i).opens_with_pronoun:
                return agreement(asked, earlier), before
            if self.anchor and agreement(self.anchor.intervals, earlier) == "conflicting":
                return "unknown", None
        if self.anchor is None:
            return "unknown", None
        return agreement(asked, self.anchor.intervals), self.anchor.sentence
