"""Given texts as articles that no library has, with every place traced back to its text."""

from __future__ import annotations

import pytest

from service.answering.given_sources import GivenSources, SourceSpan
from service.grounding.sources import CitedSpan
from service.types import Span

CUT = [
    "The dam near Orsk burst on 5 April 2024.",
    "",
    "It flooded 4,500 houses, the mayor said.",
    "Nobody died.",
    "\tThe schools stay shut. ",
    "The army sent two boats.",
]


def test_each_text_is_an_article_of_its_own() -> None:
    given = GivenSources(["It rained. It snowed.", " ", "The sun shone."])
    sources = given.nearest_to("It rained.")
    said = [[source.context.text(i) for i in source.sentences] for source in sources]
    assert said == [["It rained.", "It snowed."], ["The sun shone."]]
    assert given.place_of(CitedSpan(sources[0].context, 0, 1)) == [SourceSpan(0, Span(0, 21))]
    assert given.place_of(CitedSpan(sources[1].context, 0, 0)) == [SourceSpan(2, Span(0, 14))]


def test_a_text_cut_into_sentences_is_one_article_again() -> None:
    given = GivenSources(CUT)
    (source,) = given.nearest_to("The dam burst.")
    context = source.context
    assert [context.text(i) for i in source.sentences] == [text.strip() for text in CUT if text]
    assert context.previous(1) == 0
    for i in range(len(context.spans)):
        (place,) = given.place_of(CitedSpan(context, i, i))
        assert place.span.of(CUT[place.source_index]) == context.text(i)


def test_two_neighbours_from_two_texts_are_two_places() -> None:
    given = GivenSources(CUT)
    (source,) = given.nearest_to("The dam burst.")
    places = given.place_of(CitedSpan(source.context, 0, 1))
    assert [place.source_index for place in places] == [0, 2]
    assert [place.span.of(CUT[place.source_index]) for place in places] == [CUT[0], CUT[2]]


def test_none_of_them_lends_another_its_date() -> None:
    """Sources of one sentence each may be of any events."""
    (source,) = GivenSources(CUT).nearest_to("The dam burst.")
    assert source.context.anchor is None
    assert [mention.interval.first.isoformat() for mention in source.context.dates(0)] == ["2024-04-05"]


@pytest.mark.parametrize(
    "texts",
    [
        pytest.param(CUT[:3], id="too few"),
        pytest.param(["It rained. It snowed. The sun shone."] * 6, id="longer texts"),
    ],
)
def test_others_stay_apart(texts: list[str]) -> None:
    sources = GivenSources(texts).nearest_to("It rained.")
    assert len({id(source.context) for source in sources}) == len([text for text in texts if text])


def test_of_very_many_sentences_the_nearest_and_their_neighbours_are_looked_at() -> None:
    lots = " ".join(f"Lot {n} went for {n + 7} francs." for n in range(2_000))
    texts = [f"{lots} The bridge cost 48 crowns. It is red."]
    (source,) = GivenSources(texts).nearest_to("The bridge cost 48 crowns.")
    looked_at = [source.context.text(i) for i in source.sentences]
    assert {"The bridge cost 48 crowns.", "It is red."} <= set(looked_at)
    assert len(looked_at) < 400
