"""Which articles tell of one event, whose sources count, and what of it differs, is open, or is of no one day."""

from __future__ import annotations

import pytest

from service.errors import InputRejected

STORM = (
    "A storm hit the harbour of {town} on {day} and flooded its quays. The storm sank {boats} boats in the harbour of "
    "{town}, the coast guard said. Repairs to the harbour will take the port authority of {town} several weeks."
)
OTHER = (
    "The harbour of {town} was flooded by a storm on {day}, the port authority said. In all {boats} boats sank in "
    "the harbour of {town} when the water rose. Schools in {town} were closed while the water was pumped out."
)
TOPIC = "storm in the harbour"

pytestmark = pytest.mark.timeout(300)


def _event_of(briefing, date):
    (event,) = [event for event in briefing.events if event.date == date]
    return event


def test_two_outlets_on_one_storm_are_one_event_of_two_sources(desk) -> None:
    desk.take_in("a", "Storm at Tarvik", STORM.format(town="Tarvik", day="3 March 2025", boats=12), source="Post")
    desk.take_in("b", "Tarvik flooded", OTHER.format(town="Tarvik", day="3 March 2025", boats=12), source="Wire")

    event = _event_of(desk.brief(TOPIC), "2025-03-03")

    assert (event.articles, event.sources) == (2, 2)


def test_storms_of_one_day_at_two_places_are_two_events(desk) -> None:
    desk.take_in("a", "Storm at Tarvik", STORM.format(town="Tarvik", day="3 March 2025", boats=12), source="Post")
    desk.take_in("b", "Holm flooded", OTHER.format(town="Holm", day="3 March 2025", boats=40), source="Wire")

    briefing = desk.brief(TOPIC)

    assert [event.date for event in briefing.events] == ["2025-03-03", "2025-03-03"]
    (sank,) = [row for row in briefing.figures if row.what.startswith("boats")]
    assert {(v.value, briefing.citation(v.marker).article_id) for v in sank.values} == {
        ("12 boats", "a"),
        ("40 boats", "b"),
    }
    assert len({value.event for value in sank.values}) == 2
    assert briefing.disagreements == ()


def test_storms_of_two_days_at_one_place_are_two_events(desk) -> None:
    desk.take_in("a", "Storm at Tarvik", STORM.format(town="Tarvik", day="3 March 2025", boats=12), source="Post")
    desk.take_in("b", "Tarvik flooded", OTHER.format(town="Tarvik", day="9 March 2025", boats=40), source="Wire")

    briefing = desk.brief(TOPIC)

    assert {event.date for event in briefing.events} == {"2025-03-03", "2025-03-09"}
    assert briefing.disagreements == ()


def test_copies_of_a_wire_story_count_once(desk) -> None:
    text = STORM.format(town="Tarvik", day="3 March 2025", boats=12)
    desk.take_in("a", "Storm at Tarvik", text, source="Wire")
    desk.take_in("b", "Boats lost at sea town", text, source="Post")

    briefing = desk.brief(TOPIC)

    assert _event_of(briefing, "2025-03-03").sources == 1
    assert [article.copies for article in briefing.articles] == [1]
    assert {c.source for citation in briefing.citations for c in citation.carriers} == {"Post"}


def test_figures_that_differ_for_one_event_are_a_disagreement_with_both_sources(desk) -> None:
    desk.take_in("a", "Storm at Tarvik", STORM.format(town="Tarvik", day="3 March 2025", boats=12), source="Post")
    desk.take_in("b", "Tarvik flooded", OTHER.format(town="Tarvik", day="3 March 2025", boats=19), source="Wire")

    briefing = desk.brief(TOPIC)

    (dispute,) = briefing.disagreements
    assert {value.value for value in dispute.values} == {"12 boats", "19 boats"}
    assert {briefing.citation(value.marker).article_id for value in dispute.values} == {"a", "b"}
    assert {value.event_date for value in dispute.values} == {"2025-03-03"}


def test_a_date_is_not_carried_on_to_a_sentence_behind_it(desk) -> None:
    desk.take_in(
        "a",
        "Harbour of Tarvik closed by a storm",
        "The harbour of Tarvik was closed by a storm again. The port authority said so overnight.\n\n"
        "In the storm of 8 May 2024 the harbour lost 31 boats. The harbour lost 7 boats to the storm of this week.\n\n"
        "The storm broke 14 windows at the harbour of Tarvik.",
    )

    figures = {v.value: v.event_date for row in desk.brief(TOPIC).figures for v in row.values}

    assert figures["31 boats"] == "2024-05-08"
    assert figures["7 boats"] is None
    assert figures["14 windows"] is None


@pytest.mark.parametrize(
    "told",
    [
        "Storms sank 12 boats in the harbour of Tarvik on 3 March 2025 and 40 boats on 9 March 2025.",
        "In the harbour of Tarvik storms on 3 March 2025 sank 12 boats and on 9 March 2025 sank 40 boats.",
    ],
)
def test_of_two_days_in_one_sentence_each_figure_has_its_own(desk, told) -> None:
    desk.take_in("a", "Storms at Tarvik", f"{told} Repairs to the harbour will take several weeks.")

    briefing = desk.brief(TOPIC)

    figures = {v.value: v.event_date for row in briefing.figures for v in row.values}
    assert figures == {"12 boats": "2025-03-03", "40 boats": "2025-03-09"}
    assert briefing.disagreements == ()


def test_where_nothing_says_which_of_two_days_a_figure_is_of_it_has_none(desk) -> None:
    told = "The storms of 3 March 2025 and 9 March 2025 sank 40 boats in the harbour of Tarvik."
    desk.take_in("a", "Storms at Tarvik", f"{told} Repairs to the harbour will take several weeks.")

    briefing = desk.brief(TOPIC)

    assert [(v.value, v.event_date) for row in briefing.figures for v in row.values] == [("40 boats", None)]


def test_a_figure_of_another_day_is_not_under_the_main_event(desk) -> None:
    desk.take_in(
        "a",
        "Storm at Tarvik",
        "A storm hit the harbour of Tarvik on 9 March 2025. The harbour lost 12 boats to a storm on 3 March 2025 and "
        "40 boats on 9 March 2025.",
    )

    briefing = desk.brief(TOPIC)

    figures = {v.value: v for row in briefing.figures for v in row.values}
    assert figures["12 boats"].event is None
    assert figures["40 boats"].event is not None


def test_a_question_that_another_article_answers_is_not_open(desk) -> None:
    desk.take_in(
        "a",
        "Storm at Tarvik",
        "A storm hit the harbour of Tarvik on 3 March 2025. It was not yet known how many boats the storm sank in "
        "the harbour of Tarvik.",
        published_at="2025-03-03",
    )
    assert any("not yet known" in s.text for section in desk.brief(TOPIC).sections for s in section.sentences)

    desk.take_in(
        "b",
        "Storm sank boats in Tarvik",
        "The storm at the harbour of Tarvik on 3 March 2025 flooded its quays. The coast guard said the storm sank "
        "12 boats in the harbour of Tarvik.",
        published_at="2025-03-04",
    )
    sections = [section.title for section in desk.brief(TOPIC).sections]
    assert "What is not known" not in sections


def test_more_days_than_a_timeline_shows_leave_no_idle_citation(desk) -> None:
    for day in range(1, 29):
        desk.take_in(
            f"storm-{day}", f"Storm of {day} March", STORM.format(town="Tarvik", day=f"{day} March 2025", boats=day)
        )

    briefing = desk.brief(TOPIC)

    assert len(briefing.timeline) == 20
    assert [entry.date for entry in briefing.timeline] == sorted(entry.date for entry in briefing.timeline)


def test_a_window_is_of_the_day_of_publication_else_of_taking_in(desk) -> None:
    dated = STORM.format(town="Tarvik", day="3 March 2025", boats=12)
    desk.take_in("dated", "Storm at Tarvik", dated, published_at="2025-03-04")
    desk.take_in("undated", "Holm flooded", OTHER.format(town="Holm", day="3 March 2025", boats=40))

    then = desk.brief(TOPIC, since="2025-03-01", until="2025-03-31")
    assert [(a.article_id, a.dated_by) for a in then.articles] == [("dated", "published_at")]

    lately = desk.brief(TOPIC, since="last 24 h")
    assert [(a.article_id, a.dated_by) for a in lately.articles] == [("undated", "ingested_at")]
    assert (lately.window.by_published, lately.window.by_ingested) == (0, 1)


def test_an_empty_window_says_so_and_what_there_is_beside(desk) -> None:
    text = STORM.format(town="Tarvik", day="3 March 2025", boats=12)
    desk.take_in("a", "Storm at Tarvik", text, published_at="2025-03-04")
    desk.take_in("b", "Bees return to Vaud", "Beekeepers counted 4,200 hives in Vaud.", published_at="2024-03-04")

    briefing = desk.brief(TOPIC, since="2024-03-01", until="2024-03-31")
    assert (briefing.status, briefing.sections) == ("empty_window", ())
    assert "the library has 1 article on it beside" in briefing.headline

    assert desk.brief(TOPIC, since="1990-01-01", until="1990-12-31").status == "empty_window"


def test_only_the_sources_asked_for_are_read(desk) -> None:
    desk.take_in("a", "Storm at Tarvik", STORM.format(town="Tarvik", day="3 March 2025", boats=12), source="Post")
    desk.take_in("b", "Tarvik flooded", OTHER.format(town="Tarvik", day="3 March 2025", boats=19), source="Wire")

    assert {a.article_id for a in desk.brief(TOPIC, sources=("wire",)).articles} == {"b"}


def test_an_empty_library_is_a_briefing_that_says_so(desk) -> None:
    assert desk.brief(TOPIC).status == "empty_library"


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"since": "2025-03-09", "until": "2025-03-01"}, "is after until"),
        ({"since": "the other day"}, "is not a time"),
        ({"max_words": 3}, "max_words"),
        ({"sections": ("gossip",)}, "is none of"),
        ({"mode": "poetry"}, "mode"),
    ],
)
def test_a_wrong_request_is_refused_in_one_line(desk, fields, message) -> None:
    with pytest.raises(InputRejected, match=message):
        desk.brief(TOPIC, **fields)


@pytest.mark.parametrize(("later", "earlier"), [("Tarvik", "Holm"), ("Holm", "Tarvik")])
def test_a_day_to_come_makes_the_latest_news_no_older(desk, later, earlier) -> None:
    then = {"published_at": "2025-04-10"}
    desk.take_in("a", f"Storm at {later}", STORM.format(town=later, day="9 April 2025", boats=12), **then)
    desk.take_in("b", f"Storm at {earlier}", STORM.format(town=earlier, day="3 March 2025", boats=14), **then)
    desk.take_in(
        "c",
        "Sea gate for the harbour of Brek",
        "The harbour of Brek will have a sea gate against every storm on 31 December 2030, the port authority said.",
        **then,
    )

    days = [event.date for event in desk.brief(TOPIC, as_of="2026-01-31").events]

    assert days.index("2025-04-09") < days.index("2025-03-03")
    assert "2030-12-31" in days


def test_a_disagreement_is_told_that_has_no_place_in_the_table(desk) -> None:
    for number, town in enumerate("Holm Brek Sund Viken Lunde Odda Moss Hamar Bryne".split(), start=20):
        told = STORM.format(town=town, day="29 March 2025", boats=number)
        desk.take_in(town, f"Storm at {town}", told, source=town)
    desk.take_in("a", "Storm at Tarvik", STORM.format(town="Tarvik", day="3 March 2025", boats=12), source="Post")
    desk.take_in("b", "Tarvik flooded", OTHER.format(town="Tarvik", day="3 March 2025", boats=19), source="Wire")

    briefing = desk.brief(TOPIC)

    shown = {value.value for row in briefing.figures for value in row.values}
    assert "12 boats" not in shown
    (dispute,) = briefing.disagreements
    assert {value.value for value in dispute.values} == {"12 boats", "19 boats"}


@pytest.mark.parametrize("source", ["Wire", "Post"])
def test_a_copy_is_on_the_topic_by_the_same_words_as_its_original(desk, source) -> None:
    text = STORM.format(town="Tarvik", day="3 March 2025", boats=12)
    desk.take_in("a", "Storm hits", text, source="Wire")
    desk.take_in("b", "Storm hits", text, source="Post")

    assert desk.brief("quays", sources=(source,)).status == "written"


def test_the_fewest_words_hold_with_what_is_not_known(desk) -> None:
    for town, day in (("Tarvik", "3 March 2025"), ("Holm", "29 March 2025")):
        told = (
            f"A storm hit the harbour of {town} in the early hours of {day} and flooded all of its quays and sheds. "
            f"It is not yet known who left the sea gate of {town} open."
        )
        desk.take_in(town, f"Storm at {town}", told)

    briefing = desk.brief(TOPIC, max_words=50)

    assert {section.title for section in briefing.sections} >= {"Bottom line", "What is not known"}
    assert briefing.words <= 50
