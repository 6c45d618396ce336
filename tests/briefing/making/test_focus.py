"""What a topic names keeps other events out: a day, figures, a name, an ordinal; one that names none has all."""

from __future__ import annotations

from datetime import date

import pytest

from service.briefing.briefing import Briefing
from service.briefing.focus import focus_of
from service.grounding.context import ArticleContext
from service.text.sentences import sentence_spans
from service.types import Article

MARCH = (
    "A storm struck the harbour of Tarvik on 3 March 2025 and sank 12 boats. The coast guard of Tarvik said that 40 "
    "sailors were rescued from the water of the harbour. Repairs to the quay will cost the town 2 million crowns."
)
MAY = (
    "A storm struck the harbour of Tarvik on 9 May 2025 and sank 31 boats. The coast guard of Tarvik said that 75 "
    "sailors were rescued from the water of the harbour. Repairs to the quay will cost the town 5 million crowns."
)
UNDATED = (
    "A storm struck the harbour of Holm and sank 64 boats. The coast guard of Holm said that 88 sailors were rescued "
    "from the water of the harbour. The town council of Holm calls the harbour lost."
)

pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def storms(desk):
    desk.take_in("march", "Storm sinks boats at Tarvik", MARCH)
    desk.take_in("may", "Second storm of the year at Tarvik", MAY)
    desk.take_in("undated", "Storm at Holm", UNDATED)
    return desk


def _said(briefing: Briefing) -> str:
    """All that a reader reads, but for the headings."""
    sentences = [s.text for section in briefing.sections for s in section.sentences]
    figures = [value.value for row in briefing.figures for value in row.values]
    return " ".join([briefing.headline, *sentences, *figures])


def test_a_day_keeps_out_the_events_of_other_days_and_of_none(storms) -> None:
    said = _said(storms.brief("The storm of 9 May 2025 in the harbour"))

    assert "31 boats" in said
    assert "75 sailors" in said
    assert "12 boats" not in said
    assert "64 boats" not in said


def test_where_no_event_is_of_the_day_what_nothing_dates_is_told(storms) -> None:
    said = _said(storms.brief("The storm of 20 June 2025 in the harbour of Holm"))

    assert "64 boats" in said
    assert "31 boats" not in said


def test_a_month_with_which_an_article_opens_is_its_event(desk) -> None:
    for month, rate, more in (("September", "4.6", "3,000"), ("October", "4.4", "9,000")):
        text = (
            f"Unemployment in Norway was {rate} percent in {month} 2025, the statistics office said on Thursday. "
            f"The number of people without work in Norway changed by {more}. Economists had expected no change."
        )
        desk.take_in(month, f"Unemployment in Norway in {month}", text)

    said = _said(desk.brief("Unemployment in Norway in October 2025"))

    assert "4.4 percent" in said
    assert "9,000" in said
    assert "4.6 percent" not in said
    assert "3,000" not in said


def test_events_of_other_days_are_not_told_in_the_place_of_the_one_asked_for(storms) -> None:
    briefing = storms.brief("The storm of 20 June 2025 at Tarvik")

    assert briefing.status == "unknown_topic"
    assert "other days" in briefing.headline
    assert briefing.sections == ()


def test_a_figure_names_the_event_that_has_it(storms) -> None:
    said = _said(storms.brief("The storm in the harbour that sank 12 boats"))

    assert "40 sailors" in said
    assert "75 sailors" not in said


def test_a_name_keeps_out_the_events_of_other_names_also_in_small_letters(storms) -> None:
    for topic in ("The storm in the harbour of Holm", "the storm in the harbour of holm"):
        said = _said(storms.brief(topic))

        assert "64 boats" in said
        assert "12 boats" not in said


def test_an_ordinal_names_the_event_that_is_called_so(storms) -> None:
    said = _said(storms.brief("The second storm at Tarvik"))

    assert "31 boats" in said
    assert "12 boats" not in said


def test_a_topic_that_names_nothing_has_all_of_them(storms) -> None:
    said = _said(storms.brief("storms in harbours"))

    assert all(boats in said for boats in ("12 boats", "31 boats", "64 boats"))


def test_what_only_a_topic_of_an_article_is_told_without_the_rest_of_it(desk) -> None:
    filler = " ".join(
        f"The {thing} of the town of Tarvik was discussed by the council of Tarvik for {hours} hours on the first day."
        for thing, hours in (("budget", 4), ("school", 5), ("hospital", 6), ("tram", 7), ("theatre", 8), ("pool", 9))
    )
    desk.take_in("a", "Council of Tarvik meets", f"{filler} The lighthouse keeper Anna Berg was given a new lamp.")

    said = _said(desk.brief("the lighthouse keeper and the lamp"))

    assert "Anna Berg" in said
    assert "tram" not in said


def test_a_sentence_in_the_present_tense_is_told(desk) -> None:
    desk.take_in("a", "Library of Corrin", "The library of Corrin holds 480,000 volumes on seven floors.")

    assert "480,000 volumes" in _said(desk.brief("the library of Corrin"))


def test_a_sentence_follows_the_one_that_it_leans_on(desk) -> None:
    desk.take_in(
        "a",
        "Mayor of Tarvik speaks",
        "Mayor Ella Lund of Tarvik opened the new harbour of Tarvik on 3 March 2025. She said that the harbour had "
        "cost 9 million crowns. The harbour of Tarvik has 40 berths for fishing boats and 12 for ferries.",
    )
    told = [s.text for section in desk.brief("the new harbour of Tarvik").sections for s in section.sentences]

    (at,) = [k for k, text in enumerate(told) if text.startswith("She said")]
    assert told[at - 1].startswith("Mayor Ella Lund")


def _context(text: str) -> ArticleContext:
    return ArticleContext(Article("a", "A title", text, text, "a.md", "1", "2025-01-01"), sentence_spans(text))


@pytest.mark.parametrize(
    ("topic", "figures", "names"),
    [
        ("The attack of 14 November 2025", set(), ()),
        ("653 drones and 51 missiles", {653.0, 51.0}, ()),
        ("Two attacks on Kyiv", set(), (("kyiv",),)),
        ("The final of 2022", set(), ()),
        ("ECB rates", set(), (("ecb",),)),
    ],
)
def test_what_a_topic_names_is_read_from_it(topic, figures, names) -> None:
    focus = focus_of(topic, date(2026, 1, 15), [_context("The ECB met in Kyiv, where the ECB meets.")])

    assert focus.figures == figures
    assert focus.names == names
