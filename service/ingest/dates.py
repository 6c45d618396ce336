"""`published_at` as it was written, to ISO 8601."""

from __future__ import annotations

from datetime import date, datetime

from service.errors import InputRejected
from service.ingest.shown import shown

FIRST_YEAR, LAST_YEAR = 1600, 2200
"""The first newspaper is from 1605; years outside are fillers (0001, 9999), and overflow when zones are converted."""


def iso_date(value: str) -> str:
    """A date or a date with a time, with or without a zone, as ISO 8601. Raises InputRejected for anything else.

    A date that cannot be read is refused rather than dropped: time is part of meaning, so an article that lost its date
    without a word would answer dated questions as if it had never had one.
    """
    text = value.strip()
    moment = _parse(text) or _parse(text.upper())
    if moment is None:
        raise InputRejected(
            f"published_at {shown(value)} is not a date: write 2025-11-14 or 2025-11-14T09:30:00+02:00, or leave it out"
        )
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise InputRejected(f"published_at {shown(value)} is in the year {moment.year}: correct it, or leave it out")
    return moment.isoformat()


def _parse(text: str) -> date | None:
    for kind in (date, datetime):
        try:
            return kind.fromisoformat(text)
        except ValueError:
            continue
    return None
