"""The HTML needs nothing else, can be read by everybody, and runs nothing."""

from __future__ import annotations

from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from service.briefing.briefing import Briefing
from service.briefing.rendering.formats import rendered

HARMLESS = set(
    "html head meta title style body header main footer section div p h1 h2 h3 ul ol li dl dt dd table thead tbody tr"
    " th td a span b strong q code del ins details summary".split()
)


class Read(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def named(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def read(briefing: Briefing) -> Read:
    return Read(rendered(briefing, "html").decode())


def test_nothing_in_a_text_becomes_an_element_or_an_event(hostile: Briefing) -> None:
    elements = Read(rendered(hostile, "html").decode()).elements
    assert {tag for tag, _ in elements} - HARMLESS == set()
    assert [name for _, attributes in elements for name in attributes if name.startswith("on")] == []


def test_nothing_is_loaded_from_anywhere(read: Read) -> None:
    assert [a for _, a in read.elements if a.keys() & {"src", "srcset", "action", "data"}] == []
    assert read.named("link") == []


def test_a_browser_is_told_to_run_nothing(read: Read) -> None:
    [policy] = [m["content"] for m in read.named("meta") if m.get("http-equiv") == "Content-Security-Policy"]
    assert policy is not None
    assert "default-src 'none'" in policy


def test_the_language_is_stated(read: Read) -> None:
    assert read.named("html") == [{"lang": "en"}]


def test_headings_descend_one_step_at_a_time(read: Read) -> None:
    levels = [int(tag[1]) for tag, _ in read.elements if tag in ("h1", "h2", "h3")]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_there_is_one_of_each_landmark(read: Read) -> None:
    counts = Counter(tag for tag, _ in read.elements)
    assert (counts["main"], counts["header"], counts["footer"]) == (1, 1, 1)


def test_every_head_of_the_table_says_what_it_heads(read: Read) -> None:
    assert {head.get("scope") for head in read.named("th")} == {"col", "rowgroup"}


def test_ids_are_unique_and_every_link_inside_leads_to_one(read: Read) -> None:
    ids = [a["id"] for _, a in read.elements if "id" in a]
    assert len(ids) == len(set(ids))
    inside = [str(a["href"])[1:] for a in read.named("a") if str(a["href"]).startswith("#")]
    assert set(inside) <= set(ids)


def test_every_reference_carries_the_quote_that_hovering_shows(read: Read, briefing: Briefing) -> None:
    quotes = [a for a in read.named("span") if a.get("class") == "quote"]
    references = [a for a in read.named("a") if str(a["href"]).startswith("#note-")]
    assert len(quotes) == len(references) >= len(briefing.citations)


def test_what_is_unchanged_is_folded_away(read: Read) -> None:
    assert read.named("details") == [{}]
