"""An article's fields, checked one by one: types where data is parsed, values for every article whatever its way in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from service.errors import InputRejected
from service.ingest.dates import iso_date
from service.ingest.incoming import IncomingArticle
from service.ingest.shown import shown

MAX_ID = 200
MAX_TITLE = 1_000
MAX_LABEL = 300
MAX_URL = 2_000
MAX_TAGS = 100

_KINDS = {
    type(None): "null",
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a string",
    list: "a list",
    dict: "an object",
}
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_HALF_SURROGATE = re.compile("[\ud800-\udfff]")


def incoming_article(fields: Mapping[str, object], origin: str, *, line: int | None = None) -> IncomingArticle:
    """The article that these fields describe; unknown ones are ignored. Raises InputRejected naming the wrong field."""
    return normalised(
        IncomingArticle(
            title=_string(fields, "title"),
            text=_string(fields, "text") or "",
            origin=origin,
            id=_string(fields, "id"),
            url=_string(fields, "url"),
            source=_string(fields, "source"),
            published_at=_string(fields, "published_at"),
            language=_string(fields, "language"),
            tags=_strings(fields, "tags"),
            line=line,
            markdown=_flag(fields, "markdown"),
        )
    )


def normalised(incoming: IncomingArticle) -> IncomingArticle:
    """The same article with every value checked and in one spelling; doing it twice changes nothing.

    Raises InputRejected naming the first field that is wrong.
    """
    if not incoming.text.strip():
        raise InputRejected("has no text: add it, or remove the article")
    return replace(
        incoming,
        title=_label("title", incoming.title, MAX_TITLE),
        text=_HALF_SURROGATE.sub("\ufffd", incoming.text),
        id=_id(incoming.id),
        url=_url(incoming.url),
        source=_label("source", incoming.source, MAX_LABEL),
        published_at=_date(incoming.published_at),
        language=_language(incoming.language),
        tags=_tags(incoming.tags),
    )


def _stripped(value: str | None) -> str | None:
    """`None` for nothing but blanks, too: an empty field says nothing."""
    return (value.strip() or None) if value is not None else None


def _date(value: str | None) -> str | None:
    text = _stripped(value)
    return iso_date(text) if text else None


def _string(fields: Mapping[str, object], name: str) -> str | None:
    value = fields.get(name)
    if value is None or isinstance(value, str):
        return value
    hint = " like 2025-11-14" if name == "published_at" else ""
    raise InputRejected(f"{name} is {kind_of(value)}: write a string{hint}")


def _strings(fields: Mapping[str, object], name: str) -> tuple[str, ...]:
    value = fields.get(name)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InputRejected(f'{name} is not a list of strings: write {name} like ["war", "energy"]')
    return tuple(value)


def _flag(fields: Mapping[str, object], name: str) -> bool:
    value = fields.get(name)
    if value is None or isinstance(value, bool):
        return bool(value)
    raise InputRejected(f"{name} is {kind_of(value)}: write true or false")


def kind_of(value: object) -> str:
    """What a parsed value is, in a reader's words."""
    return _KINDS.get(type(value), "something else")


def _label(name: str, value: str | None, longest: int) -> str | None:
    """One line, NFC, without control and zero-width characters; `None` when nothing is left."""
    if value is None:
        return None
    spaced = unicodedata.normalize("NFC", " ".join(value.split()))
    text = " ".join("".join(c for c in spaced if c.isprintable()).split())
    if len(text) > longest:
        raise InputRejected(f"{name} has {len(text):,} characters: shorten it to {longest:,}")
    return text or None


def _id(value: str | None) -> str | None:
    if value is None:
        return None
    text = value.strip()
    if not 1 <= len(text) <= MAX_ID or not text.isprintable():
        raise InputRejected(f"id {shown(value)} is unusable: write 1 to {MAX_ID} printable characters, or leave it out")
    return text


def _url(value: str | None) -> str | None:
    """Only http and https: the address is shown as a link, and `javascript:` is an address too."""
    text = _stripped(value)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        usable = parts.scheme.lower() in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or len(text) > MAX_URL or not text.isprintable() or " " in text:
        raise InputRejected(f"url {shown(text)} is unusable: write a whole http or https address, or leave it out")
    return text


def _language(value: str | None) -> str | None:
    text = (_stripped(value) or "").replace("_", "-") or None
    if text is not None and not _LANGUAGE.fullmatch(text):
        raise InputRejected(f"language {shown(text)} is not a language tag: write en or pt-BR, or leave it out")
    return text


def _tags(values: tuple[str, ...]) -> tuple[str, ...]:
    if len(values) > MAX_TAGS:
        raise InputRejected(f"has {len(values):,} tags: keep at most {MAX_TAGS}")
    labels = (_label("a tag", value, MAX_LABEL) for value in values)
    return tuple(dict.fromkeys(label for label in labels if label))
