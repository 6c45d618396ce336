"""A sentence in its article: what stands before it, over it, and when the article's main event was."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

from service.text.dating import Anchor, ArticleDates, ArticleDating
from service.text.intervals import Agreement, DateMention, Interval, agreement
from service.text.names import Name, NameKind
from service.text.relative import RelativeMention, is_time_of_saying
from service.text.sentence import SentenceReading, read_sentence
from service.types import Article, Span

_A_WEEK = timedelta(days=6)  # from its first day to its last
_MOST_READ = 400
"""Sentences of one article that are read for its names and years; a longer one is a book."""


class ArticleContext:
    """An article's sentences, read on demand. Sentence indexes count all sentences, headings too, in order.

    `dates`: what the library knows of them; without it the text is read for them.
    """

    def __init__(self, article: Article, sentences: Sequence[Span], dates: ArticleDates | None = None) -> None:
        self.article = article
        self.spans = tuple(sentences)
        self._known_dates = dates
        self._readings: dict[int, SentenceReading] = {}

    def text(self, i: int) -> str:
        return self.spans[i].of(self.article.text)

    def reading(self, i: int) -> SentenceReading:
        known = self._readings.get(i)
        if known is None:
            known = self._readings[i] = read_sentence(self.text(i))
        return known

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
    def _dating(self) -> ArticleDating:
        article = self.article
        return ArticleDating(article.title, article.text, self.spans, article.published_at, self._known_dates)

    @property
    def lead(self) -> tuple[int, ...]:
        """The first sentences that are none of the title and headings."""
        return self._dating.lead

    def previous(self, i: int) -> int | None:
        """The sentence before, in the same paragraph; None at its beginning."""
        if i == 0 or "\n\n" in self.article.text[self.spans[i - 1].end : self.spans[i].start]:
            return None
        return i - 1 if not self.reading(i - 1).is_heading else None

    def heading(self, i: int) -> int | None:
        """The nearest heading above, at most twelve sentences up."""
        return next((j for j in range(i - 1, max(-1, i - 13), -1) if self.reading(j).is_heading), None)

    @property
    def anchor(self) -> Anchor | None:
        """When the article's main event was; None when its opening does not say."""
        return self._dating.anchor

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
        return list(self._dating.times(i).dates)

    def agreement(self, i: int, asked: Sequence[Interval]) -> tuple[Agreement, int | None]:
        """How a sentence's time agrees with what is asked, and the other sentence (if any) that says so.

        Its own dates decide, but for those of the saying ("said on Friday"). Without any: one that names a day that is
        not known ("two weeks earlier") is unknown; one that leans on a dated one before it shares that date; one that
        merely follows a differently dated one is unknown; any other has the time of the article's main event.
        """
        text = self.text(i)
        times = self._dating.times(i)
        if events := [m.interval for m in times.dates if not is_time_of_saying(text, m)]:
            return agreement(asked, events), None
        own = [m.interval for m in times.dates]
        by_own = agreement(asked, own)
        if by_own == "compatible":
            return by_own, None
        if self.anchor is not None and self.anchor.sentence == i:
            return by_own, None
        by_others = self._agreement_of_others(i, asked, times.unresolved)
        # What was said on a conflicting day may be of any other.
        return by_others if not own or by_others[0] == "compatible" else ("unknown", None)

    def published_within(self, i: int, asked: Sequence[Interval]) -> bool:
        """Whether only the day of publication is known of a sentence's time, and a week or more is asked about.

        News is of the days before its publication: that dates no event to the day, but mostly to the month.
        """
        published = self._dating.published
        times = self._dating.times(i)
        if published is None or self.anchor is not None or times.dates:
            return False
        if any(self._is_elsewhere(i, mention) for mention in times.unresolved):
            return False
        wide = (a for a in asked if a.reach.last - a.reach.first >= _A_WEEK)
        return any(a.meets(Interval(published, published)) for a in wide)

    def _agreement_of_others(
        self, i: int, asked: Sequence[Interval], unresolved: Sequence[RelativeMention]
    ) -> tuple[Agreement, int | None]:
        if any(self._is_elsewhere(i, mention) for mention in unresolved):
            return "unknown", None
        before = self.previous(i)
        if before is not None and (earlier := self._event_intervals(before)):
            if self.reading(i).opens_with_pronoun:
                return agreement(asked, earlier), before
            if self.anchor and agreement(self.anchor.intervals, earlier) == "conflicting":
                return "unknown", None
        if self.anchor is None:
            return "unknown", None
        return agreement(asked, self.anchor.intervals), self.anchor.sentence

    def _event_intervals(self, i: int) -> list[Interval]:
        return [m.interval for m in self.dates(i) if not is_time_of_saying(self.text(i), m)]

    def _is_elsewhere(self, i: int, mention: RelativeMention) -> bool:
        """Whether unresolved words may mean another day than the main event's: "on Friday" does not if that was one."""
        if mention.now or is_time_of_saying(self.text(i), mention):
            return False
        if mention.weekday is None or self.anchor is None:
            return True
        days = [interval for interval in self.anchor.intervals if interval.full]
        return not days or all(interval.first.weekday() != mention.weekday for interval in days)
