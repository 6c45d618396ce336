"""Copies in search: one item of evidence that names its carriers, and filters that only a copy passes."""

from __future__ import annotations

import pytest

from service.types import Filters

STORY = (
    "The harbour authority closed the northern lock after a freighter of 12,000 tonnes struck its gate at dawn. "
    "Divers found a crack of 40 centimetres below the water line, and ships were sent round by the western canal. "
    "The owners of the freighter said that its rudder had failed, and the state wants a report by the end of the month."
)
NEAR = "Reporting by our own staff in the north. " + STORY


@pytest.fixture
def carried(shelf):
    shelf.add(
        wire={"text": STORY, "source": "Wire", "published_at": "2025-11-14"},
        post={"text": STORY, "source": "Harbour Post", "published_at": "2025-11-15"},
        echo={"text": NEAR, "source": "Echo", "published_at": "2025-11-16"},
        other={"text": "The orchard lost two hundred trees in the storm.", "source": "Wire"},
    )
    return shelf


def found(shelf, query="crack in the northern lock", **filters):
    evidence = shelf.retriever.search(query, 10, Filters(**filters)).evidence
    for item in evidence:
        assert item.article.text[item.chunk.start : item.chunk.end] == item.chunk.text
        assert shelf.library.sentence_vectors([item.chunk.id])
    return {item.article.id: [carrier.article_id for carrier in item.carriers] for item in evidence}


def test_copies_are_one_item_that_lists_its_carriers(carried):
    items = found(carried)
    (shown,) = set(items) - {"other"}
    assert {shown, *items[shown]} == {"wire", "post", "echo"}
    assert len(items[shown]) == 2


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param({"sources": ("Harbour Post",)}, {"post": []}, id="source"),
        pytest.param({"article_ids": ("post",)}, {"post": []}, id="article_ids"),
        pytest.param({"published_from": "2025-11-15", "published_to": "2025-11-15"}, {"post": []}, id="dates"),
        pytest.param({"sources": ("Echo",)}, {"echo": []}, id="near_copy"),
        pytest.param({"as_of": "2025-11-14"}, {"wire": []}, id="carriers_of_a_later_day_are_not_known_yet"),
        pytest.param({"article_ids": ("wire", "post")}, {"wire": ["post"]}, id="the_original_before_its_copy"),
    ],
)
def test_a_filter_that_only_a_copy_passes_finds_the_text_through_it(carried, filters, expected):
    assert found(carried, **filters) == expected


def test_through_an_exact_copy_of_a_near_copy_too(carried):
    carried.add(late={"text": NEAR, "source": "Late Mail"})
    assert found(carried, sources=("Late Mail",)) == {"late": []}


def test_a_named_outlet_is_preferred_and_named_for_a_text_that_it_copies(carried):
    first = next(iter(found(carried, "What did the Harbour Post report about the crack in the lock?")))
    assert first == "post"


def test_a_named_outlet_comes_before_another_article_on_the_same(shelf):
    shelf.add(
        one={"text": "The crane fell at dawn in the harbour, officials said.", "source": "Wire"},
        two={"text": "The crane in the harbour was seen to fall at about dawn.", "source": "Gazette"},
    )
    best = shelf.found("Which crane fell at dawn in the harbour?")[0]
    for source, expected in (("Wire", "one"), ("Gazette", "two")):
        assert shelf.found(f"According to the {source}, which crane fell at dawn in the harbour?")[0] == expected
    assert best == "one"


def test_a_new_source_is_known_at_once(shelf):
    shelf.add(one={"text": STORY, "source": "Wire"})
    assert shelf.library.sources() == ("wire",)
    shelf.add(one={"text": STORY, "source": "Gazette"}, two={"text": "Nothing.", "source": "Echo"})
    assert shelf.library.sources() == ("echo", "gazette")
