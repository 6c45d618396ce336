"""Puts a briefing together: sections in order, the tables, what changed, and the articles that were read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial

from service.briefing.briefing import (
    BOTTOM_LINE,
    KEY_DEVELOPMENTS,
    NOT_KNOWN,
    BriefedArticle,
    Briefing,
    Change,
    ChangedText,
    Changes,
    Section,
    Window,
)
from service.briefing.clipping import clipped
from service.briefing.composing import Composer
from service.briefing.delta import Before, Comparer, OldFigure, cited_updates, updated_figures
from service.briefing.figure_rows import StatedFigure, rows_of
from service.briefing.planning import Plan
from service.briefing.rendering.words import moment_in_words
from service.briefing.request import BriefingRequest
from service.briefing.writing import SectionAsked, SectionsWritten
from service.library.library import Library
from service.types import Carrier

_HEADLINE_WORDS = 24
_SHOWN_MOST = 12
"""Sentences whose chunks a model is shown for one section."""
_LLM_BOTTOM_SHARE = 0.25


class Assembler:
    """For one briefing. `empty`: what of it is known already."""

    def __init__(
        self,
        library: Library,
        comparer: Comparer,
        request: BriefingRequest,
        plan: Plan,
        before: Before | None,
        empty: Briefing,
    ) -> None:
        self._library = library
        self._comparer = comparer
        self._request = request
        self._plan = plan
        self._before = before
        self._empty = empty
        allowed = frozenset(plan.filters.article_ids) or None
        self._composer = Composer(partial(self._carriers, allowed), plan.events)
        told = {statement.key for statement in plan.selection.every()}
        # A figure that several give is cited where the briefing quotes it already.
        self._stated = sorted(self._composer.figures(plan.statements), key=lambda f: f.statement.key not in told)
        self._updates = self._updated()
        self._updated_keys = {figure.statement.key for _, figure in self._updates}

    def sections_asked(self) -> list[SectionAsked]:
        """What a model is to write."""
        selection = self._plan.selection
        asked = []
        words = self._request.max_words - sum(s.words for _, s in self._plan.open)
        bottom = int(words * _LLM_BOTTOM_SHARE)
        everything = [statement for _, statement in (*selection.bottom, *selection.developments)][:_SHOWN_MOST]
        if selection.bottom:
            asked.append(SectionAsked(BOTTOM_LINE, tuple(everything), bottom))
        if selection.developments:
            asked.append(SectionAsked(KEY_DEVELOPMENTS, tuple(everything), words - bottom))
        return asked

    def assembled(self, written: SectionsWritten | None) -> Briefing:
        request, composer, plan = self._request, self._composer, self._plan
        sections = [*self._sections(written)]
        rows = rows_of(self._stated)
        timeline = composer.timeline(plan.background) if request.wants("timeline") else ()
        figures = composer.figure_rows(rows) if request.wants("figures") else ()
        disagreements = composer.disagreements(rows, self._stated) if request.wants("disagreements") else ()
        events = composer.briefed_events()
        changes = self._changes(sections)
        llm_wrote = written is not None and any(s.failure is None for s in written.sections.values())
        briefing = replace(
            self._empty,
            status="nothing_new" if changes.nothing_new else "written",
            headline=self._headline(sections, changes),
            window=self._window(),
            sections=tuple(sections),
            events=events,
            timeline=timeline,
            figures=figures,
            disagreements=disagreements,
            citations=composer.citations,
            changes=changes,
            generator=written.model if written is not None and llm_wrote else "extractive",
            degraded=written is not None and written.failure is not None,
            degraded_reason=None if written is None else written.failure,
            dropped_sentences=composer.dropped,
        )
        if written is not None:
            briefing = replace(
                briefing,
                usage=written.usage,
                dropped_sentences=composer.dropped + sum(s.dropped for s in written.sections.values()),
                unknown_markers=sum(s.unknown_markers for s in written.sections.values()),
            )
        return replace(briefing, articles=self._articles(briefing))

    def _sections(self, written: SectionsWritten | None) -> Iterable[Section]:
        plan, composer = self._plan, self._composer
        said: set[str] = set()
        for title, chosen in (
            (BOTTOM_LINE, plan.selection.bottom),
            (KEY_DEVELOPMENTS, plan.selection.developments),
            (NOT_KNOWN, plan.open),
        ):
            section = None if written is None else written.sections.get(title)
            if section is not None and section.failure is None:
                sentences = composer.written(section.shipped, self._change, said)
            else:
                sentences = composer.sentences(chosen, self._change, said)
            said.update(sentence.text for sentence in sentences)
            if sentences:
                yield Section(title, sentences)

    def _change(self, keys: Sequence[tuple[str, int]]) -> Change | None:
        """Of a sentence that rests on these sentences, by article id and index."""
        if self._before is None or self._plan.news is None:
            return None
        if any(key in self._updated_keys for key in keys):
            return "updated"
        return "new" if any(key in self._plan.news.new for key in keys) else "unchanged"

    def _updated(self) -> list[tuple[OldFigure, StatedFigure]]:
        if self._before is None or self._plan.news is None or not self._plan.news.new:
            return []
        return updated_figures(self._comparer.old_figures(self._before.briefing), self._stated, self._plan.news)

    def _changes(self, sections: Sequence[Section]) -> Changes:
        if self._before is None:
            return Changes()
        told = self._before.briefing
        updated = cited_updates(self._updates, self._composer.citer)
        return Changes(
            since=told.id,
            since_created_at=told.created_at,
            new=_texts(sections, "new"),
            updated=updated,
            withdrawn=self._comparer.withdrawn(told, updated),
            unchanged=_texts(sections, "unchanged"),
        )

    def _headline(self, sections: Sequence[Section], changes: Changes) -> str:
        if changes.nothing_new:
            before = moment_in_words(changes.since_created_at or "")
            return f"Nothing new on {self._empty.topic} since the briefing of {before}."
        if sections and sections[0].title == BOTTOM_LINE:
            return clipped(sections[0].sentences[0].text, _HEADLINE_WORDS)
        first = self._plan.events[0].group.statements
        best = max(first, key=lambda s: (not s.leaning, s.is_lead, s.relevance))
        return clipped(best.text, _HEADLINE_WORDS)

    def _window(self) -> Window:
        dated = Counter(one.article.published_at is not None for one in self._plan.gathered.articles)
        return replace(self._empty.window, by_published=dated[True], by_ingested=dated[False])

    def _articles(self, briefing: Briefing) -> tuple[BriefedArticle, ...]:
        """All that were read, the most cited first; how often counts each marker where it stands."""
        uses = Counter(briefing.markers_used())
        cited: Counter[str] = Counter()
        for citation in briefing.citations:
            cited[citation.article_id] += uses[citation.marker]
        articles = [one.article for one in self._plan.gathered.articles]
        fellows = self._library.fellows({article.id for article in articles})
        found = [
            BriefedArticle(
                article_id=article.id,
                revision=article.revision,
                title=article.title,
                source=article.source,
                url=article.url,
                origin=article.origin,
                published_at=article.published_at,
                ingested_at=article.ingested_at,
                dated_by="published_at" if article.published_at is not None else "ingested_at",
                cited=cited[article.id],
                copies=len(fellows.get(article.id, ())),
            )
            for article in articles
        ]
        return tuple(sorted(found, key=lambda a: -a.cited))

    def _carriers(self, allowed: frozenset[str] | None, article_id: str, quote: str) -> list[Carrier]:
        found = self._library.carriers(article_id, quote)
        return [carrier for carrier in found if allowed is None or carrier.article_id in allowed]


def _texts(sections: Sequence[Section], change: Change) -> tuple[ChangedText, ...]:
    found = [ChangedText(s.text, s.markers) for section in sections for s in section.sentences if s.change == change]
    return tuple(dict.fromkeys(found))
