"""What is new, updated, unchanged and withdrawn against an earlier briefing of the same topic, claim by claim."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from service.answering.citing import Citer
from service.briefing.briefing import Briefing, UpdatedValue, Withdrawn
from service.briefing.figure_rows import StatedFigure
from service.briefing.gathering import Gatherer, OnTopic
from service.briefing.repeating import says_again
from service.briefing.statements import Statement
from service.grounding.context import ArticleContext
from service.grounding.disagreements import Amount, amounts_of, same_quantity
from service.library.library import Library
from service.text.overlap import folded_words, says
from service.text.sentence import SentenceReading, read_sentence
from service.text.sentences import sentence_spans
from service.types import Article, Citation

_NEAR = 0.6
"""The cosine from which on it is looked at whether two sentences say the same."""
_LOOKED_AT = 12
"""Sentences, the nearest of so many articles read at once, that a new one is compared with word by word."""
_KNOWN_ARTICLES = 3_000
_AT_ONCE = 60
DELETED = "The article was deleted."
CHANGED = "The article was changed and no longer says this."

Ledger = Mapping[str, str]
"""Of each article that was read for a briefing of the topic, or for one before, the revision: by its id."""


@dataclass(frozen=True, eq=False, slots=True)
class Before:
    """The briefing that is compared with, and all articles that were read until then."""

    briefing: Briefing
    ledger: Ledger


@dataclass(frozen=True, eq=False, slots=True)
class OldFigure:
    """A figure as the briefing before gave it, in the article as it then was."""

    what: str
    shown: str
    amount: Amount
    citation: Citation


@dataclass(eq=False, slots=True)
class News:
    """`new`: statements, by key, that say what was not known."""

    new: set[tuple[str, int]] = field(default_factory=set)

    def is_new(self, statement: Statement) -> bool:
        return statement.key in self.new


class Comparer:
    """Compares what is known now with a briefing before. Safe to call from several threads."""

    def __init__(self, library: Library, gatherer: Gatherer) -> None:
        self._library = library
        self._gatherer = gatherer

    def news(self, statements: Sequence[Statement], before: Before) -> News:
        """Which statements are new: of an article or a text not read before, and said by none that was."""
        revisions = set(before.ledger.values())
        fresh = [s for s in statements if s.one.article.revision not in revisions]
        if not fresh:
            return News()
        told = {folded(text) for text in _texts_of(before.briefing)}
        open_ = [s for s in fresh if folded(s.text) not in told]
        for known in self._known(before.ledger):
            open_ = _not_said(open_, known)
            if not open_:
                break
        changed = self._changed_readings(before.ledger)
        return News({s.key for s in open_ if not _stood(s.reading, changed.get(s.one.article.id, ()))})

    def _known(self, ledger: Ledger) -> Iterable[list[OnTopic]]:
        """What the library still has of the articles that were read before, so many at a time."""
        ids = list(ledger)[-_KNOWN_ARTICLES:]
        for first in range(0, len(ids), _AT_ONCE):
            current = self._library.articles_by_id(ids[first : first + _AT_ONCE])
            same = [article for article in current.values() if article.revision == ledger[article.id]]
            yield self._gatherer.read(same, None)

    def _changed_readings(self, ledger: Ledger) -> dict[str, list[SentenceReading]]:
        """By id the sentences of the old revision of each article that has another text by now."""
        current = self._library.articles_by_id(ledger)
        changed = [i for i, revision in ledger.items() if i in current and current[i].revision != revision]
        found: dict[str, list[SentenceReading]] = {}
        for article_id in changed[-_KNOWN_ARTICLES:]:
            if (old := self._library.article(article_id, ledger[article_id])) is not None:
                found[article_id] = _readings(old)
        return found

    def old_figures(self, briefing: Briefing) -> list[OldFigure]:
        """The figures of a briefing, read again in the revisions that it cites; of a deleted article there are none."""
        contexts: dict[tuple[str, str], ArticleContext | None] = {}
        found = []
        for row in briefing.figures:
            for value in row.values:
                citation = briefing.citation(value.marker)
                key = (citation.article_id, citation.revision)
                if key not in contexts:
                    contexts[key] = self._context(*key)
                context = contexts[key]
                amount = None if context is None else _amount_at(context, citation, value.value)
                if amount is not None:
                    found.append(OldFigure(row.what, value.value, amount, citation))
        return found

    def _context(self, article_id: str, revision: str) -> ArticleContext | None:
        article = self._library.article(article_id, revision)
        if article is None:
            return None
        current = self._library.article(article_id)
        if current is not None and current.revision == revision and (read := self._gatherer.read([current], None)):
            return read[0].context
        return ArticleContext(article, sentence_spans(article.text, article.language or "en"))

    def withdrawn(self, briefing: Briefing, updated: Sequence[UpdatedValue]) -> tuple[Withdrawn, ...]:
        """What a briefing said that no article says any longer, but for the figures that have another value by now."""
        replaced = {value.old for value in updated}
        articles = self._library.articles_by_id({c.article_id for c in briefing.citations})
        found: dict[str, Withdrawn] = {}
        for text, citations in claims_of(briefing):
            reasons = [r for c in citations if (r := self._gone(c, articles)) is not None]
            if reasons and not any(old in text for old in replaced):
                found.setdefault(text, Withdrawn(text, reasons[0]))
        return tuple(found.values())

    def _gone(self, citation: Citation, articles: Mapping[str, Article]) -> str | None:
        article = articles.get(citation.article_id)
        if article is not None and (article.revision == citation.revision or says(article.text, citation.quote)):
            return None
        if article is not None and all(_stood(read_sentence(q), _readings(article)) for q in _sentences(citation)):
            return None
        for carrier in citation.carriers:
            other = self._library.article(carrier.article_id)
            if other is not None and says(other.text, citation.quote):
                return None
        return DELETED if article is None else CHANGED


def updated_figures(
    old: Sequence[OldFigure], stated: Sequence[StatedFigure], news: News
) -> list[tuple[OldFigure, StatedFigure]]:
    """Figures of before with those that give another value in what is new."""
    found: dict[tuple[str, str], tuple[OldFigure, StatedFigure]] = {}
    for figure in stated:
        if news.is_new(figure.statement):
            for was in old:
                if same_quantity(was.amount, figure.amount) and was.amount.value.differs(figure.amount.value):
                    found.setdefault((was.shown, figure.shown), (was, figure))
    return list(found.values())


def cited_updates(pairs: Iterable[tuple[OldFigure, StatedFigure]], citer: Citer) -> tuple[UpdatedValue, ...]:
    """The same with the citation of each: the old value in the text as it then was."""
    updates = []
    for was, figure in pairs:
        then, now = was.amount.value, figure.amount.value
        markers = (citer.cite(then.context, then.index).marker, citer.cite(now.context, now.index).marker)
        updates.append(UpdatedValue(was.what, was.shown, figure.shown, tuple(dict.fromkeys(markers))))
    return tuple(updates)


def _readings(article: Article) -> list[SentenceReading]:
    return [read_sentence(span.of(article.text)) for span in sentence_spans(article.text, article.language or "en")]


def _sentences(citation: Citation) -> list[str]:
    return [span.of(citation.quote) for span in sentence_spans(citation.quote)]


def _stood(reading: SentenceReading, others: Sequence[SentenceReading]) -> bool:
    """Whether one of the sentences says the same in much the same words."""
    return any(says_again(reading, other, 0.0) for other in others)


def _not_said(statements: Sequence[Statement], known: Sequence[OnTopic]) -> list[Statement]:
    """Those of the statements that no known sentence says: in the same words, or in like ones with all its figures."""
    if not known or not statements:
        return list(statements)
    texts = {folded(one.context.text(i)) for one in known for i in range(len(one.context.spans))}
    places = [(one, i) for one in known for i in range(len(one.context.spans))]
    cosines = np.stack([s.vector for s in statements]) @ np.concatenate([one.vectors for one in known]).T
    looked_at = min(_LOOKED_AT, len(places))
    found = []
    for row, statement in enumerate(statements):
        if folded(statement.text) in texts:
            continue
        nearest = np.argpartition(cosines[row], -looked_at)[-looked_at:].tolist()
        near = [(places[k], float(cosines[row, k])) for k in nearest if cosines[row, k] >= _NEAR]
        if not any(_says_all(statement, one, i, cosine) for (one, i), cosine in near):
            found.append(statement)
    return found


def _says_all(statement: Statement, one: OnTopic, i: int, cosine: float) -> bool:
    if not says_again(statement.reading, one.context.reading(i), cosine):
        return False
    asked = statement.event.intervals
    return not asked or one.context.agreement(i, asked)[0] != "conflicting"


def _amount_at(context: ArticleContext, citation: Citation, shown: str) -> Amount | None:
    for i, span in enumerate(context.spans):
        if citation.start <= span.start and span.end <= citation.end:
            for amount in amounts_of(context, i):
                if amount.value.text in shown:
                    return amount
    return None


def claims_of(briefing: Briefing) -> Iterable[tuple[str, list[Citation]]]:
    """What a briefing said: its sentences, and the quotes behind figures and days that stand in none of them."""
    cited: set[int] = set()
    for section in briefing.sections:
        for sentence in section.sentences:
            cited.update(sentence.markers)
            yield sentence.text, [briefing.citation(m) for m in sentence.markers]
    others = [value.marker for row in briefing.figures for value in row.values]
    others += [entry.markers[0] for entry in briefing.timeline]
    for marker in dict.fromkeys(others):
        if marker not in cited:
            citation = briefing.citation(marker)
            yield citation.quote, [citation]


def _texts_of(briefing: Briefing) -> Iterable[str]:
    for text, citations in claims_of(briefing):
        yield text
        yield from (citation.quote for citation in citations)


def folded(text: str) -> str:
    return " ".join(folded_words(text))
