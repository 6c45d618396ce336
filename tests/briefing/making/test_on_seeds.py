"""A briefing on the five seed articles: every headline figure is there, and under its own event."""

from __future__ import annotations

import pytest

from service.briefing.briefing import NOT_KNOWN, Briefing

HEADLINE_FIGURES = [
    ("about 430 drones", "2025-11-14", "kyiv-14-november"),
    ("18 missiles", "2025-11-14", "kyiv-14-november"),
    ("406 of 458 drones", "2025-11-08", "kyiv-14-november"),
    ("nine of 45 missiles", "2025-11-08", "kyiv-14-november"),
    ("653 drones", None, "urgent-653-drones"),
    ("51 missiles", None, "urgent-653-drones"),
    ("585 of the drones", None, "urgent-653-drones"),
    ("30 of the missiles", None, "urgent-653-drones"),
    ("29 locations", None, "urgent-653-drones"),
    ("at least eight people", None, "urgent-653-drones"),
    ("three of them in the Kyiv region", None, "urgent-653-drones"),
    ("85 missiles", None, "revenge-attack-g20"),
    ("at least four missiles", None, "revenge-attack-g20"),
    ("two residential buildings", None, "revenge-attack-g20"),
    ("10 Ukrainian cities", "--10-10", "revenge-attack-g20"),
    ("more than $400 billion", None, "kyiv-before-talks"),
]

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def attacks(seeds_desk) -> Briefing:
    return seeds_desk.brief("Russian attacks on Kyiv")


@pytest.mark.parametrize(("value", "day", "article_id"), HEADLINE_FIGURES, ids=[v for v, _, _ in HEADLINE_FIGURES])
def test_a_headline_figure_is_under_its_own_event(attacks, value, day, article_id) -> None:
    found = [v for row in attacks.figures for v in row.values if v.value.lower() == value.lower()]

    assert [(v.event_date, attacks.citation(v.marker).article_id) for v in found] == [(day, article_id)]


def test_a_figure_of_an_event_has_the_day_of_that_event(attacks) -> None:
    for row in attacks.figures:
        for value in row.values:
            if value.event is not None:
                assert value.event_date == attacks.events[value.event].date


def test_like_figures_of_different_attacks_stand_side_by_side(attacks) -> None:
    (launched,) = [row for row in attacks.figures if row.what == "drones, launched"]

    assert [value.value for value in launched.values] == ["about 430 drones", "653 drones"]
    assert len({value.event for value in launched.values}) == 2


def test_all_five_articles_are_cited(attacks) -> None:
    assert all(article.cited > 0 for article in attacks.articles)
    assert len(attacks.articles) == 5


def test_undated_articles_are_said_to_be_undated(attacks) -> None:
    assert {(a.published_at, a.dated_by) for a in attacks.articles} == {(None, "ingested_at")}
    assert (attacks.window.by_published, attacks.window.by_ingested) == (0, 5)


def test_the_four_attacks_of_unknown_day_have_none(attacks) -> None:
    main = {event.title: event.date for event in attacks.events if "…" not in event.title}

    assert sorted(str(day) for day in main.values()) == ["2025-11-14", "None", "None", "None", "None"]


def test_a_timeline_is_in_order_with_days_that_are_stated(attacks) -> None:
    known = [entry.date for entry in attacks.timeline if not entry.date.startswith("--")]

    assert known == sorted(known)
    assert {"2025-11-08", "2025-11-14"} <= set(known)


def test_it_keeps_to_its_words(attacks, seeds_desk) -> None:
    assert 250 <= attacks.words <= 350
    assert seeds_desk.brief("Russian attacks on Kyiv", max_words=120).words <= 120


def test_what_is_not_known_stands_apart(attacks) -> None:
    (unknown,) = [section for section in attacks.sections if section.title == NOT_KNOWN]

    assert any("not yet been fully assessed" in sentence.text for sentence in unknown.sentences)


def test_articles_that_tell_of_different_attacks_do_not_disagree(attacks) -> None:
    assert attacks.disagreements == ()


def test_its_receipt_can_be_replayed_and_nothing_differs(attacks, seeds_desk) -> None:
    assert attacks.receipt_id is not None

    assert seeds_desk.groundwire.replay(attacks.receipt_id).differences == ()


@pytest.mark.parametrize("topic", ["peace talks", "energy infrastructure in Ukraine", "drones", "air defense"])
def test_other_topics_are_told_too(seeds_desk, topic) -> None:
    briefing = seeds_desk.brief(topic)

    assert briefing.status == "written"
    assert briefing.sections[0].title == "Bottom line"


def test_what_the_library_does_not_treat_is_said_with_what_it_does(seeds_desk) -> None:
    briefing = seeds_desk.brief("Olympic swimming championships")

    assert briefing.status == "unknown_topic"
    assert briefing.sections == ()
    assert "A Russian Attack of Revenge" in briefing.nearest_topics


def test_only_the_sections_asked_for_are_written(seeds_desk) -> None:
    briefing = seeds_desk.brief("Russian attacks on Kyiv", sections=("figures",))

    assert briefing.sections == ()
    assert briefing.timeline == ()
    assert briefing.figures
