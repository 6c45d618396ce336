"""Posted articles to incoming ones, each on its own: a bad one becomes a failure, the rest goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from service.errors import InputRejected
from service.ingest.fields import incoming_article, kind_of
from service.ingest.incoming import IncomingArticle
from service.types import IngestFailure

POSTED = "POST /v1/articles"
"""The origin of an article that came without a file or URL."""
MAX_ORIGIN = 2000


def incoming_articles(posted: Sequence[Any]) -> Iterator[IncomingArticle | IngestFailure]:
    """Beside an article's own fields, `origin` is taken, where the sender has it from (a path for example), and `line`,
    which line of it, for messages.
    """
    for position, fields in enumerate(posted, start=1):
        where = f"{POSTED}:{position}"
        try:
            origin, line = _place(fields, position)
            where = f"{origin}:{line}" if line else origin
            yield incoming_article(fields, origin, line=line)
        except InputRejected as rejected:
            yield IngestFailure(where, str(rejected))


def _place(fields: Any, position: int) -> tuple[str, int | None]:
    if not isinstance(fields, Mapping):
        raise InputRejected(f"is {kind_of(fields)}: write an object with title and text")
    origin, line = fields.get("origin"), fields.get("line")
    if origin is None:
        url = fields.get("url")
        return (url, None) if isinstance(url, str) and _usable(url) else (POSTED, position)
    if not _usable(origin):
        raise InputRejected(f"origin is unusable: write 1 to {MAX_ORIGIN:,} printable characters, or leave it out")
    if line is not None and (not isinstance(line, int) or isinstance(line, bool) or line < 1):
        raise InputRejected("line is unusable: write the number of a line, or leave it out")
    return origin, line


def _usable(origin: object) -> bool:
    return isinstance(origin, str) and 1 <= len(origin) <= MAX_ORIGIN and origin.isprintable()
