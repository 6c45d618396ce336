"""Which article is it? Its given id, else its URL, else its path inside the folder that was ingested; never its text.

An id made from the text would make every edit a new article. Three consequences to know:

- The same relative path is the same article, wherever its folder lies: a folder that was moved or unpacked elsewhere
  and ingested again changes the origin of its articles, not their number.
- A line of a .jsonl file with neither id nor URL is known by the file's path and its title (and which one of that title
  it is), not by its line number: a line added on top must not turn every article below into another.
- An article that came without a file, id or URL is known by its title in the same way.
"""

from __future__ import annotations

import hashlib
import unicodedata
from urllib.parse import parse_qsl, urlencode, urlsplit

from service.errors import InputRejected
from service.ingest.incoming import IncomingArticle

_TRACKING = frozenset(
    ("fbclid", "gclid", "dclid", "msclkid", "yclid", "twclid", "igshid", "mc_cid", "mc_eid", "cmpid", "ocid", "_ga")
)
_TRACKING_PREFIXES = ("utm_", "at_campaign", "at_medium", "pk_", "mtm_", "hsa_")


def canonical_url(url: str) -> str:
    """One spelling of an address: https, lower-case host, sorted query without tracking, no fragment, no final slash.

    http and https are taken as one: a site that moved to https did not publish its articles anew.
    """
    parts = urlsplit(url.strip())
    port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    query = sorted((name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _tracks(name))
    path = parts.path.rstrip("/")
    return f"https://{parts.hostname or ''}{port}{path}" + (f"?{urlencode(query)}" if query else "")


def _tracks(name: str) -> bool:
    lowered = name.lower()
    return lowered in _TRACKING or lowered.startswith(_TRACKING_PREFIXES)


def url_id(url: str) -> str:
    return _hashed("url", canonical_url(url))


def path_id(place: str) -> str:
    """`place` is the path relative to the folder that was ingested, with `/`; for a single file, its name."""
    return _hashed("path", place)


class TitleIds:
    """Ids from titles within one file or one run; the second article of a title gets another id than the first."""

    def __init__(self, place: str = "") -> None:
        self._place = place
        self._given: dict[str, int] = {}

    def next(self, title: str) -> str:
        base = _hashed("title", self._place, " ".join(title.split()))
        count = self._given[base] = self._given.get(base, 0) + 1
        return base if count == 1 else _hashed("title", base, str(count))


def _hashed(*parts: str) -> str:
    # NFC, because the same file name arrives decomposed from some file systems
    key = unicodedata.normalize("NFC", "\x00".join(parts))
    return "art_" + hashlib.sha256(key.encode("utf-8")).hexdigest()[:24]


class Identities:
    """The ids of one run: every id once."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}
        self._titles = TitleIds()

    def assign(self, incoming: IncomingArticle, title: str) -> str:
        """The article's id. Raises InputRejected when an earlier article of this run has it."""
        article_id = incoming.id or (url_id(incoming.url) if incoming.url else self._titles.next(title))
        earlier = self._first.get(article_id)
        if earlier is not None:
            raise InputRejected(
                f"is the same article as {earlier} (same id, URL, or path inside its folder): "
                "give each an id of its own, or ingest the folder that holds both"
            )
        self._first[article_id] = incoming.where
        return article_id
