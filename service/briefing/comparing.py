"""Two briefings of one topic side by side: what the later one has that the earlier one had not, and the reverse."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.briefing.body import briefing_body
from service.briefing.briefing import Briefing, ChangedText, Changes, UpdatedValue, Window, Withdrawn
from service.briefing.delta import DELETED, Before, Comparer, OldFigure, claims_of, folded
from service.briefing.request import normalised
from service.errors import InputRejected
from service.grounding.disagreements import same_quantity
from service.library.library import Library
from service.types import Citation

GONE = "The article was changed, and the later briefing no longer has this."


@dataclass(frozen=True, slots=True)
class Comparison:
    """`changes` from the briefing `earlier` to `later`; its markers name `citations`."""

    topic: str
    earlier: str
    later: str
    changes: Changes
    citations: tuple[Citation, ...]


def comparison_body(comparison: Comparison) -> dict[str, Any]:
    """As JSON, the changes in the shape that a briefing has them."""
    shape = _with(comparison)
    body = briefing_body(shape)
    return {
        "topic": comparison.topic,
        "from": comparison.earlier,
        "to": comparison.later,
        "changes": body["changes"],
        "citations": body["citations"],
    }


def compared(earlier: Before, later: Before, library: Library, comparer: Comparer) -> Comparison:
    """Raises InputRejected for briefings of two topics."""
    one, other = earlier.briefing, later.briefing
    if normalised(one.topic) != normalised(other.topic):
        raise InputRejected("the two briefings are of different topics; compare two of one topic")
    cite = _Cited()
    updated = tuple(_updated(comparer, earlier, later, cite))
    replaced = {value.new for value in updated}
    told = {folded(text) for text, _ in claims_of(one)} | {folded(c.quote) for c in one.citations}
    new: list[ChangedText] = []
    unchanged: list[ChangedText] = []
    for section in other.sections:
        for sentence in section.sentences:
            citations = [other.citation(marker) for marker in sentence.markers]
            read = all(earlier.ledger.get(c.article_id) == c.revision for c in citations)
            known = read or folded(sentence.text) in told or all(folded(c.quote) in told for c in citations)
            if not known and any(value in sentence.text for value in replaced):
                continue
            text = ChangedText(sentence.text, tuple(cite(citation) for citation in citations))
            (unchanged if known else new).append(text)
    changes = Changes(
        since=one.id,
        since_created_at=one.created_at,
        new=tuple(dict.fromkeys(new)),
        updated=updated,
        withdrawn=tuple(_withdrawn(one, later, library, {value.old for value in updated})),
        unchanged=tuple(dict.fromkeys(unchanged)),
    )
    return Comparison(other.topic, one.id, other.id, changes, tuple(cite.citations))


class _Cited:
    """Numbers citations of two briefings anew."""

    def __init__(self) -> None:
        self.citations: list[Citation] = []
        self._markers: dict[tuple[str, str, int, int], int] = {}

    def __call__(self, citation: Citation) -> int:
        key = (citation.article_id, citation.revision, citation.start, citation.end)
        if key not in self._markers:
            self._markers[key] = len(self.citations) + 1
            self.citations.append(replace(citation, marker=self._markers[key]))
        return self._markers[key]


def _updated(comparer: Comparer, earlier: Before, later: Before, cite: _Cited) -> list[UpdatedValue]:
    """Figures of the earlier one that articles which were not read for it give another value."""
    new = [f for f in comparer.old_figures(later.briefing) if _is_fresh(f, earlier.ledger)]
    found: dict[tuple[str, str], UpdatedValue] = {}
    for was in comparer.old_figures(earlier.briefing):
        for now in new:
            differs = was.amount.value.differs(now.amount.value)
            if (was.shown, now.shown) not in found and differs and same_quantity(was.amount, now.amount):
                markers = tuple(dict.fromkeys((cite(was.citation), cite(now.citation))))
                found[was.shown, now.shown] = UpdatedValue(was.what, was.shown, now.shown, markers)
    return list(found.values())


def _is_fresh(figure: OldFigure, ledger: Mapping[str, str]) -> bool:
    return ledger.get(figure.citation.article_id) != figure.citation.revision


def _withdrawn(one: Briefing, later: Before, library: Library, replaced: set[str]) -> list[Withdrawn]:
    """What the earlier one said from articles that had another text, or were gone, by the time of the later one.

    What was not read again for the later one is as it is now: when it changed, nothing says.
    """
    read = {(article.article_id, article.revision) for article in later.briefing.articles}
    found: dict[str, Withdrawn] = {}
    for text, citations in claims_of(one):
        if any(old in text for old in replaced):
            continue
        for citation in citations:
            if (citation.article_id, citation.revision) in read:
                continue
            revision = later.ledger.get(citation.article_id)
            article = library.article(citation.article_id, None if revision == citation.revision else revision)
            if article is None:
                found.setdefault(text, Withdrawn(text, DELETED))
            elif folded(citation.quote) not in folded(article.text):
                found.setdefault(text, Withdrawn(text, GONE))
    return list(found.values())


def _with(comparison: Comparison) -> Briefing:
    """A briefing that has nothing else."""
    return Briefing(
        id=comparison.later,
        topic=comparison.topic,
        created_at="",
        as_of="",
        status="written",
        headline="",
        window=Window(),
        citations=comparison.citations,
        changes=comparison.changes,
    )
