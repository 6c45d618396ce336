"""A sentence in its article."""

from __future__ import annotations

from datetime import date

import pytest

from service.grounding.context import ArticleContext
from service.text.dating import ArticleDates
from service.text.intervals import Interval
from service.types import Span

NOVEMBER_8 = (Interval(date(2025, 11, 8), date(2025, 11, 8)),)
NOVEMBER_14 = (Interval(date(2025, 11, 14), date(2025, 11, 14)),)
NOVEMBER_15 = (Interval(date(2025, 11, 15), date(2025, 11, 15)),)


class TestAnchor:
    def test_it_is_the_date_in_the_lead_and_the_sentence_that_says_so(self, make_context):
        context = make_context("The harbour was quiet. A crane fell on 14 November 2025. Nobody was hurt.")
        assert context.anchor.intervals == NOVEMBER_14
        assert context.anchor.sentence == 1

    def test_the_title_alone_may_give_it(self, make_context):
        context = make_context("The harbour was quiet. A crane fell.", title="Storm of 14 November 2025")
        assert context.anchor.intervals == NOVEMBER_14
        assert context.anchor.sentence is None

    def test_a_full_date_comes_before_a_partial_one(self, make_context):
        context = make_context("In November a storm came. A crane fell on 14 November 2025.")
        assert context.anchor.intervals == NOVEMBER_14

    def test_a_date_after_the_lead_is_not_the_articles(self, make_context):
        assert make_context("A crane fell. Nobody was hurt. The last one fell on 8 November 2025.").anchor is None

    def test_a_heading_is_no_lead(self, make_context):
        context = make_context("Cranes\n\nA crane fell on 14 November 2025. Nobody was hurt.")
        assert context.anchor.sentence == context.lead[0] == 1

    def test_a_date_of_publication_alone_dates_no_event(self, make_context):
        assert make_context("A crane fell. Nobody was hurt.", published_at="2025-11-14").anchor is None


class TestAgreement:
    TEXT = (
        "A crane fell on 14 November 2025. Nobody was hurt. On 8 November two cranes fell. They blocked the quay. "
        "Nine people were hurt. Repairs go on.\n\nThe harbour has forty cranes."
    )

    @pytest.fixture
    def context(self, make_context):
        return make_context(self.TEXT)

    @pytest.mark.parametrize(
        ("sentence", "asked", "expected"),
        [
            pytest.param(0, NOVEMBER_14, ("compatible", None), id="its_own_date"),
            pytest.param(0, NOVEMBER_8, ("conflicting", None), id="its_own_other_date"),
            pytest.param(1, NOVEMBER_14, ("compatible", 0), id="the_articles_date_and_who_says_so"),
            pytest.param(1, NOVEMBER_8, ("conflicting", 0), id="the_articles_date_is_another"),
            pytest.param(2, NOVEMBER_8, ("compatible", None), id="the_year_is_that_of_the_lead"),
            pytest.param(3, NOVEMBER_8, ("compatible", 2), id="led_by_a_pronoun_it_has_the_date_before"),
            pytest.param(3, NOVEMBER_14, ("conflicting", 2), id="led_by_a_pronoun_it_has_not_the_articles"),
            pytest.param(4, NOVEMBER_14, ("compatible", 0), id="two_after_the_other_date"),
            pytest.param(6, NOVEMBER_14, ("compatible", 0), id="a_paragraph_of_its_own"),
        ],
    )
    def test_agreement(self, context, sentence, asked, expected):
        assert context.agreement(sentence, asked) == expected

    def test_a_date_is_not_carried_forward_blindly(self, make_context):
        context = make_context(
            "A crane fell on 14 November 2025. On 8 November two cranes fell. Nine people were hurt."
        )
        assert context.agreement(2, NOVEMBER_8) == ("unknown", None)
        assert context.agreement(2, NOVEMBER_14) == ("unknown", None)

    def test_without_any_date_the_time_is_unknown(self, make_context):
        assert make_context("A crane fell. Nobody was hurt.").agreement(0, NOVEMBER_14) == ("unknown", None)

    def test_a_paragraphs_end_ends_what_a_pronoun_may_lean_on(self, make_context):
        context = make_context("A crane fell.\n\nThe storm of 8 November 2025 was worse.\n\nIt lasted.")
        assert context.previous(2) is None
        assert context.agreement(2, NOVEMBER_8)[0] == "compatible", "the article's own date, being in its lead"


class TestTimeOfSaying:
    """What somebody said on a day may be of another."""

    TEXT = (
        "A crane fell on 14 November 2025. Six were hurt, the mayor said on 15 November 2025. It rained on 8 November."
    )

    @pytest.mark.parametrize(
        ("sentence", "asked", "expected"),
        [
            pytest.param(1, NOVEMBER_14, ("compatible", 0), id="the_articles_date_beside_it"),
            pytest.param(1, NOVEMBER_15, ("compatible", None), id="the_day_of_saying_itself"),
            pytest.param(1, NOVEMBER_8, ("unknown", None), id="neither"),
            pytest.param(2, NOVEMBER_14, ("conflicting", None), id="a_day_of_the_event_decides_alone"),
        ],
    )
    def test_agreement(self, make_context, sentence, asked, expected):
        assert make_context(self.TEXT).agreement(sentence, asked) == expected

    def test_the_events_day_in_the_same_sentence_decides(self, make_context):
        context = make_context("Six were hurt on 14 November, the mayor said on 15 November 2025.")
        assert context.agreement(0, NOVEMBER_14) == ("compatible", None)
        assert context.agreement(0, NOVEMBER_15) == ("conflicting", None)

    def test_a_dateline_is_no_events_day(self, make_context):
        context = make_context("OSLO, 15 November 2025 - A crane fell on Friday. Nobody was hurt.")
        assert context.agreement(0, NOVEMBER_15) == ("conflicting", None)
        assert context.agreement(1, NOVEMBER_14) == ("compatible", 0)


class TestRelativeWords:
    def test_publication_says_which_day_they_mean(self, make_context):
        context = make_context("A crane fell on Friday. Nobody was hurt.", published_at="2025-11-15")
        assert context.agreement(0, NOVEMBER_14) == ("compatible", None)
        assert context.agreement(1, NOVEMBER_14) == ("compatible", 0)
        assert context.agreement(1, NOVEMBER_8) == ("conflicting", 0)

    @pytest.mark.parametrize(
        ("sentence", "expected"),
        [
            pytest.param("Two weeks earlier one swayed.", "unknown", id="counted_from_another_event"),
            pytest.param("One had swayed on Tuesday.", "unknown", id="another_weekday"),
            pytest.param("It fell on Friday evening.", "compatible", id="the_weekday_of_the_articles_date"),
            pytest.param("It had snowed overnight.", "compatible", id="words_that_stay_near_the_articles_date"),
            pytest.param(
                "Six were hurt, she said on Tuesday.", "compatible", id="only_the_saying_was_on_another_weekday"
            ),
        ],
    )
    def test_unresolved_ones_keep_the_articles_date_only_where_they_can_mean_it(self, make_context, sentence, expected):
        context = make_context(f"A crane fell on 14 November 2025. Nobody was hurt. {sentence}")
        assert context.agreement(2, NOVEMBER_14)[0] == expected

    def test_what_the_library_knows_saves_reading_the_text_for_dates(self, make_context):
        context = make_context("A crane fell on Friday. Nobody was hurt.", published_at="2025-11-15")
        known = ArticleContext(context.article, context.spans, ArticleDates())
        assert known.dates(0) == []
        assert known.agreement(1, NOVEMBER_14) == ("unknown", None)


class TestYears:
    def test_the_lead_gives_the_year(self, make_context):
        context = make_context("A crane fell in 2024. On 8 November two more fell.", published_at="2025-11-14")
        assert [m.interval.iso() for m in context.dates(1)] == ["2024-11-08"]

    def test_publication_gives_it_when_the_lead_does_not(self, make_context):
        context = make_context("A crane fell. On 8 November two more fell.", published_at="2025-11-14")
        assert [m.interval.iso() for m in context.dates(1)] == ["2025-11-08"]

    def test_a_year_in_the_background_does_not(self, make_context):
        context = make_context("A crane fell. Nobody was hurt. It was built in 1987. On 8 November two more fell.")
        assert [m.interval.iso() for m in context.dates(3)] == ["--11-08"]

    def test_a_year_that_is_said_is_kept(self, make_context):
        context = make_context("A crane fell on 14 November 2025. On 8 November 2019 two more fell.")
        assert {m.interval.iso() for m in context.dates(1)} == {"2019-11-08"}

    def test_a_lead_with_two_years_leaves_both_open(self, make_context):
        context = make_context("After those of 2023 and in 2024 a crane fell. On 8 November two more fell.")
        assert {m.interval.iso() for m in context.dates(1)} == {"2023-11-08", "2024-11-08"}


def test_the_sentence_before_is_one_of_the_same_paragraph_and_no_heading(make_context):
    context = make_context("Cranes\nOne fell. Two stood.\n\nThree swayed.")
    assert [context.text(i) for i in range(4)] == ["Cranes", "One fell.", "Two stood.", "Three swayed."]
    assert [context.previous(i) for i in range(4)] == [None, None, 1, None]


def test_the_heading_above_is_found_and_one_far_above_is_not(make_context):
    context = make_context("Cranes\n\n" + "One fell. " * 20)
    assert context.heading(3) == 0
    assert context.heading(18) is None


def test_a_span_that_is_no_sentence_is_refused(make_context):
    context = make_context("One fell. Two stood.")
    assert context.index_of(Span(10, 20)) == 1
    with pytest.raises(ValueError, match="no sentence"):
        context.index_of(Span(1, 9))
