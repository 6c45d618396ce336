"""Briefings as an Atom feed, RFC 4287."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import quote
from xml.etree import ElementTree as ET

from service.briefing.briefing import Briefing
from service.briefing.rendering.html import as_fragment
from service.briefing.rendering.page import page_of
from service.briefing.rendering.words import flat

MEDIA_TYPE = "application/atom+xml; charset=utf-8"
FEED_ID = "urn:groundwire:briefings"
_ATOM = "http://www.w3.org/2005/Atom"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def atom_feed(briefings: Sequence[Briefing], base_url: str, self_url: str) -> bytes:
    """The briefings in the order given, whole. `base_url`: where the service is, without a slash at the end.

    The feed is of the moment of its latest briefing, so that it is the same until there is another.
    """
    ET.register_namespace("", _ATOM)
    feed = ET.Element(_name("feed"), {"xml:lang": "en"})
    _text(feed, "id", FEED_ID)
    _text(feed, "title", "Groundwire briefings")
    _text(feed, "updated", _moment(max((_created(one) for one in briefings), default=_NEVER)))
    ET.SubElement(feed, _name("link"), {"rel": "self", "type": "application/atom+xml", "href": self_url})
    ET.SubElement(ET.SubElement(feed, _name("author")), _name("name")).text = "groundwire"
    for briefing in briefings:
        _entry(feed, briefing, base_url)
    made: bytes = ET.tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def _entry(feed: ET.Element, briefing: Briefing, base_url: str) -> None:
    entry = ET.SubElement(feed, _name("entry"))
    address = f"{base_url}/v1/briefings/{quote(briefing.id, safe='')}"
    _text(entry, "id", f"urn:groundwire:briefing:{quote(briefing.id, safe='')}")
    _text(entry, "title", f"{flat(briefing.topic)}: {flat(briefing.headline)}")
    _text(entry, "updated", _moment(_created(briefing)))
    _text(entry, "published", _moment(_created(briefing)))
    for rel, wanted, kind in (
        ("alternate", "html", "text/html"),
        ("related", "json", "application/json"),
    ):
        ET.SubElement(entry, _name("link"), {"rel": rel, "type": kind, "href": f"{address}?format={wanted}"})
    ET.SubElement(entry, _name("category"), {"term": flat(briefing.topic)})
    _text(entry, "summary", flat(briefing.headline))
    _text(entry, "content", as_fragment(page_of(briefing)), kind="html")


def _text(parent: ET.Element, name: str, text: str, kind: str | None = None) -> None:
    ET.SubElement(parent, _name(name), {} if kind is None else {"type": kind}).text = text


def _name(name: str) -> str:
    return f"{{{_ATOM}}}{name}"


def _created(briefing: Briefing) -> datetime:
    moment = datetime.fromisoformat(briefing.created_at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
