"""Text and dates as every format shows them."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

DATE_NOT_STATED = "date not stated"
SOURCE_NOT_STATED = "source not stated"
_MONTHS = (
    "January February March April May June July August September October November December".split()  # no locale's names
)
_UNSHOWABLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
"""Control characters, those that change the direction of what follows, and what UTF-8 or XML cannot carry."""
_DAY = re.compile(r"(\d{4}|-)-(\d{2})(?:-(\d{2}))?")


def flat(text: str) -> str:
    """On one line, without characters that could drive what shows it."""
    return _UNSHOWABLE.sub("\N{REPLACEMENT CHARACTER}", " ".join(text.split()))


def date_in_words(stated: str | None) -> str:
    """An event's date or interval for people: `14 November 2025`, `1 to 7 November 2025`.

    Without a year `10 October, year not stated`. What is in no form that dates have here is shown as it is.
    """
    if stated is None:
        return DATE_NOT_STATED
    first, _, last = stated.partition("/")
    if not last or first == last or not (_DAY.fullmatch(first) and _DAY.fullmatch(last)):
        return _day_in_words(stated if last and first != last else first)
    begin, end = _day_in_words(first), _day_in_words(last)
    day, _, rest = begin.partition(" ")
    if day.isdigit() and end.endswith(f" {rest}"):
        return f"{day} to {end}"
    return f"{begin} to {end}"


def moment_in_words(moment: str) -> str:
    """An ISO 8601 moment for people, its zone as it was given: `14 November 2025, 07:00 UTC`."""
    day, _, clock = moment.partition("T")
    words = _day_in_words(day)
    if not clock:
        return words
    found = re.fullmatch(r"(\d{2}:\d{2})(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?", clock)
    if found is None:
        return flat(moment)
    zone = {"Z": " UTC", "+00:00": " UTC", None: ""}.get(found[2], f" UTC{found[2]}")
    return f"{words}, {found[1]}{zone}"


def published_in_words(published_at: str | None) -> str:
    """The day of publication, else that none is stated."""
    return DATE_NOT_STATED if published_at is None else _day_in_words(published_at[:10])


def counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def web_link(url: str | None) -> str | None:
    """The URL where it is a plain http or https one, else `None`: a link in what we render leads nowhere else."""
    if url is None or _UNSHOWABLE.search(url) or any(c.isspace() for c in url):
        return None
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        return None
    return url if usable else None


def _day_in_words(day: str) -> str:
    found = _DAY.fullmatch(day)
    if found is None:
        return flat(day)
    year, month, of_month = found[1], int(found[2]), int(found[3] or 0)
    if not 1 <= month <= len(_MONTHS) or of_month > 31:
        return flat(day)
    name = _MONTHS[month - 1]
    words = f"{of_month} {name}" if of_month else name
    return f"{words}, year not stated" if year == "-" else f"{words} {year}"
