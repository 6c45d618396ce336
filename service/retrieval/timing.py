"""Whether a chunk speaks of the days that a query asks about: a soft sign in ranking, a hard rule only in answering."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from service.retrieval.fusion import FusedHit
from service.text.intervals import Interval, agreement

_LOST = 0.05
"""The share of its score that a chunk about other days loses: enough to part reports of similar events, and no more,
because an article of another day may still tell of the day that is asked about."""

_LONGEST = timedelta(days=31)
"""Only a day, a week or a month parts events. A year often belongs to a claim and not to its source's wording: heeding
it cost claims more than it gave questions."""


def conflicting(asked: Sequence[Interval], said: Mapping[str, Sequence[Interval]]) -> frozenset[str]:
    """Ids of the chunks that name days, and none that can be one of those asked about."""
    precise = [days for days in asked if not days.open and days.last - days.first <= _LONGEST]
    return frozenset(chunk_id for chunk_id, days in said.items() if agreement(precise, days) == "conflicting")


def in_time(hits: Sequence[FusedHit], out_of_time: Container[str]) -> list[FusedHit]:
    """The hits, best first, ties by id, those that are out of time with less of their score."""
    weighed = [replace(hit, score=hit.score * (1 - _LOST)) if hit.chunk_id in out_of_time else hit for hit in hits]
    return sorted(weighed, key=lambda h: (-h.score, h.chunk_id))
