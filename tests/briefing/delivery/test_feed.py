"""The feed is valid Atom."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree as ET

from service.briefing.briefing import Briefing
from service.briefing.delivery.feed import atom_feed

ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "http://127.0.0.1:8321"


def read(*briefings: Briefing) -> ET.Element:
    return ET.fromstring(atom_feed(briefings, BASE, f"{BASE}/v1/briefings/feed.atom"))


def one(parent: ET.Element, name: str) -> ET.Element:
    [found] = parent.findall(f"{ATOM}{name}")
    return found


def test_the_feed_has_what_the_standard_demands(briefing: Briefing) -> None:
    feed = read(briefing, replace(briefing, id="brf_6", created_at="2024-05-09T07:00:00+00:00"))
    assert feed.tag == f"{ATOM}feed"
    assert one(feed, "id").text == "urn:groundwire:briefings"
    assert one(feed, "updated").text == "2024-05-10T07:00:00Z"
    assert one(feed, "title").text
    assert one(one(feed, "author"), "name").text == "groundwire"
    assert one(feed, "link").attrib["rel"] == "self"
    assert len(feed.findall(f"{ATOM}entry")) == 2


def test_an_entry_has_what_the_standard_demands(briefing: Briefing) -> None:
    entry = one(read(briefing), "entry")
    assert one(entry, "id").text == "urn:groundwire:briefing:brf_7"
    assert one(entry, "title").text == "Tarvik harbour: Storm sinks twelve boats at Tarvik"
    assert one(entry, "updated").text == "2024-05-10T07:00:00Z"
    links = {link.attrib["rel"]: link.attrib["href"] for link in entry.findall(f"{ATOM}link")}
    assert links["alternate"] == f"{BASE}/v1/briefings/brf_7?format=html"
    content = one(entry, "content")
    assert content.attrib["type"] == "html"
    assert content.text is not None
    assert "<h2" in content.text
    assert "<style" not in content.text


def test_an_empty_feed_is_valid_too() -> None:
    assert one(read(), "updated").text == "1970-01-01T00:00:00Z"


def test_whatever_a_text_holds_the_feed_can_be_read(hostile: Briefing) -> None:
    entry = one(read(replace(hostile, id='"><&\x00')), "entry")
    content = one(entry, "content").text
    assert content is not None
    assert "<script" not in content
    assert "<img" not in content
