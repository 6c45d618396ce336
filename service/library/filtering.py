"""Which articles a search may use: sources, ids, dates, and "as if it were that moment"."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.errors import InputRejected
from service.library import copies
from service.library.moments import Moments, moments_of
from service.library.rows import id_list
from service.types import Filters


def fold_source(source: str) -> str:
    """Sources are compared without regard to case and surrounding space."""
    return source.strip().casefold()


@dataclass(frozen=True, slots=True)
class Scope:
    """What a search may use. `passing` (`None`: no limit) are the articles that pass the filters.

    `searched` are those whose chunks are looked through (`None`: all): what passes, and for an exact copy that passes
    the article that has its chunks. `stands_for`: of those that do not pass themselves, the oldest copy that does.
    """

    passing: frozenset[str] | None
    searched: list[str] | None
    stands_for: Mapping[str, str]
    excluded_undated: int

    def passes(self, article_id: str) -> bool:
        return self.passing is None or article_id in self.passing


def scope_of(connection: sqlite3.Connection, filters: Filters) -> Scope:
    """Raises InputRejected for a limit that is no date."""
    allowed, excluded_undated = allowed_articles(connection, filters)
    if allowed is None:
        return Scope(None, None, {}, excluded_undated)
    passing = frozenset(allowed)
    stands_for: dict[str, str] = {}
    for copy_id, holder_id in copies.holders_of_copies(connection):
        if copy_id in passing and holder_id not in passing:
            stands_for.setdefault(holder_id, copy_id)
    return Scope(passing, [*allowed, *stands_for], stands_for, excluded_undated)


def allowed_articles(connection: sqlite3.Connection, filters: Filters) -> tuple[list[str] | None, int]:
    """Ids of the articles that pass, in order of arrival, and how many were left out for having no date.

    `None` instead of ids: the filters limit nothing. A date that is only partly known passes when it can lie inside the
    limits. Raises InputRejected for a limit that is no ISO 8601 date.
    """
    conditions: list[str] = []
    values: list[Any] = []
    if filters.sources:
        conditions.append("source_folded IN (SELECT value FROM json_each(?))")
        values.append(id_list(fold_source(s) for s in filters.sources))
    if filters.article_ids:
        conditions.append("id IN (SELECT value FROM json_each(?))")
        values.append(id_list(filters.article_ids))
    if filters.as_of is not None:
        conditions.append("coalesce(published_first, ingested_first) <= ?")
        values.append(_limit("as_of", filters.as_of).last)
    earliest = _limit("published_from", filters.published_from).first if filters.published_from is not None else None
    latest = _limit("published_to", filters.published_to).last if filters.published_to is not None else None
    if not conditions and not filters.dated:
        return None, 0

    rows = connection.execute(
        "SELECT id, published_first, published_last FROM articles"  # noqa: S608 - conditions are constants
        f" WHERE {' AND '.join(conditions) or 'TRUE'} ORDER BY number",
        values,
    )
    allowed: list[str] = []
    excluded_undated = 0
    for article_id, first, last in rows:
        if filters.dated and first is None:
            if filters.include_undated:
                allowed.append(article_id)
            else:
                excluded_undated += 1
        elif not filters.dated or ((earliest is None or last >= earliest) and (latest is None or first <= latest)):
            allowed.append(article_id)
    return allowed, excluded_undated


def articles_between(
    connection: sqlite3.Connection, first: float | None, last: float | None, sources: Sequence[str]
) -> list[str]:
    """Ids of the articles of a stretch of time, in order of arrival: by publication, else by when they were taken in.

    Seconds since 1970, both ends inclusive, `None`: no limit. A date that is only partly known counts when it can lie
    inside. `sources`: none means all.
    """
    rows = connection.execute(
        "SELECT id FROM articles WHERE (:last IS NULL OR coalesce(published_first, ingested_first) <= :last) "
        "AND (:first IS NULL OR coalesce(published_last, ingested_first) >= :first) "
        "AND (:sources IS NULL OR source_folded IN (SELECT value FROM json_each(:sources))) ORDER BY number",
        {"first": first, "last": last, "sources": id_list(map(fold_source, sources)) if sources else None},
    )
    return [article_id for (article_id,) in rows]


def _limit(name: str, value: str) -> Moments:
    moments = moments_of(value)
    if moments is None:
        raise InputRejected(f"{name} {value[:40]!r} is not a date: write it like 2025-11-14 or 2025-11-14T20:00Z")
    return moments
