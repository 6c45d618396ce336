"""Which figures are of one quantity of one event, and which of their values cannot both hold."""

from __future__ import annotations

import pytest

from service.grounding.disagreements import (
    Value,
    amounts_of,
    differing,
    event_of,
    same_event,
    same_quantity,
)

FIRE = "A fire broke out at the Hotel Astoria in Leeds on 3 May 2025."


@pytest.fixture
def amount(make_context):
    """The first amount of the last sentence of a text."""

    def of(text, article="a", **fields):
        context = make_context(text, id=article, **fields)
        return amounts_of(context, len(context.spans) - 1)[0]

    return of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("The fire killed 15 people.", "At least 12 people died in the fire.", id="killed_and_died"),
        pytest.param("The fire killed 15.", "Police counted 12 dead.", id="nothing_but_the_dead"),
        pytest.param("Nine guests were injured.", "The fire injured 12 guests.", id="active_and_passive"),
        pytest.param("Firefighters saved 40 guests.", "In all 38 guests were saved.", id="saved"),
    ],
)
def test_two_articles_give_one_quantity_of_one_event_in_other_words(amount, one, other):
    assert same_quantity(amount(f"{FIRE} {one}"), amount(f"{FIRE} {other}", "b"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("The fire killed 15 people.", "The fire injured 12 people.", id="killed_and_injured"),
        pytest.param("The fire killed 15 people.", "The fire killed three children.", id="a_part_of_them"),
        pytest.param("The fire destroyed 15 rooms.", "Firefighters cleared 12 rooms.", id="another_doing"),
        pytest.param("The fire destroyed 15 rooms.", "The fire destroyed 12 cars.", id="another_thing"),
        pytest.param("The fire destroyed 15 rooms.", "The fire destroyed 40 percent of the rooms.", id="another_unit"),
        pytest.param("The repairs cost 15 million euros.", "The fire killed 12 people.", id="money"),
    ],
)
def test_what_is_not_the_same_quantity_is_none(amount, one, other):
    assert not same_quantity(amount(f"{FIRE} {one}"), amount(f"{FIRE} {other}", "b"))


def test_a_value_on_another_day_is_of_another_event(amount):
    later = FIRE.replace("3 May", "9 June")
    one, other = amount(f"{FIRE} The fire killed 15 people."), amount(f"{later} The fire killed 12 people.", "b")
    assert one.value.event.conflicts(other.value.event)
    assert not same_quantity(one, other)


def test_the_same_day_at_another_place_is_another_event(amount):
    elsewhere = "A fire broke out at the Metropol in York on 3 May 2025."
    one, other = amount(f"{FIRE} The fire killed 15 people."), amount(f"{elsewhere} The fire killed 12 people.", "b")
    assert not same_quantity(one, other)


def test_two_places_named_in_the_sentences_tell_two_counts_apart(amount):
    storm = "A storm crossed Norway on 3 May 2025."
    one = amount(f"{storm} It damaged 15 houses in Bergen.")
    assert not same_quantity(one, amount(f"{storm} It damaged 12 houses in Trondheim.", "b"))
    assert same_quantity(one, amount(f"{storm} It damaged 12 houses in Bergen.", "b"))


def test_undated_articles_are_of_one_event_when_their_openings_are_alike(amount):
    one = amount("A fire at the Hotel Astoria in Leeds killed 15 people, police said.")
    assert same_quantity(one, amount("Twelve people were killed in a fire at the Hotel Astoria in Leeds.", "b"))


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("Missiles fired at Ukraine killed 12 people, the mayor said.", id="another_story"),
        pytest.param("A fire at the Hotel Astoria in Leeds overnight killed 12 people, police said.", id="unknown_day"),
    ],
)
def test_undated_articles_are_not_taken_for_one_event_without_a_sign(amount, other):
    one = amount("A fire at the Hotel Astoria in Leeds killed 15 people, police said.")
    assert not same_quantity(one, amount(other, "b"))


def test_articles_published_weeks_apart_are_not_of_one_undated_event(amount):
    text = "A ferry lost power in the Tagus with {} passengers aboard, the port authority said."
    one = amount(text.format(212), published_at="2025-03-04")
    assert not same_quantity(one, amount(text.format(148), "b", published_at="2025-06-13"))
    assert same_quantity(one, amount(text.format(148), "b", published_at="2025-03-05"))


def test_one_article_does_not_contradict_itself_by_counting_a_part(make_context):
    context = make_context(f"{FIRE} The fire destroyed 15 rooms. On the top floor the fire destroyed four rooms alone.")
    whole, part = amounts_of(context, 1)[0], amounts_of(context, 2)[0]
    assert not same_quantity(whole, part)


def test_the_whole_of_which_something_is_a_part_is_no_amount(make_context):
    context = make_context("Ukraine shot down 406 of 458 drones and nine of 45 missiles.")
    assert [a.value.number for a in amounts_of(context, 0)] == [406, 9]


@pytest.mark.parametrize(
    ("text", "number", "shown"),
    [
        ("About 430 drones and 18 ballistic missiles were launched.", 18, "18 ballistic missiles"),
        ("Russia sent 653 drones against Ukraine.", 653, "653 drones"),
        ("Police counted 12 dead in the ruins.", 12, "12 dead"),
        ("Some 60% of homes lost power.", 60, "60%"),
    ],
)
def test_a_value_is_shown_with_what_it_counts(make_context, text, number, shown):
    values = {a.value.number: a.value.text for a in amounts_of(make_context(text), 0)}
    assert values[number] == shown


class TestDiffering:
    @pytest.fixture
    def value(self, make_context):
        def of(text):
            return amounts_of(make_context(text), 0)[0].value

        return of

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Russia sent 430 drones.", "Russia sent about 400 drones."),
            ("Russia sent 430 drones.", "Russia sent more than 400 drones."),
            ("Russia sent 430 drones.", "Russia sent four hundred and thirty drones."),
        ],
    )
    def test_rounding_is_no_disagreement(self, value, one, other):
        assert differing([value(one), value(other)]) == ()

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Russia sent 430 drones.", "Russia sent 400 drones."),
            ("The fire killed 15 people.", "The fire killed at least 12 people."),
            ("Russia sent more than 400 drones.", "Russia sent 900 drones."),
        ],
    )
    def test_other_figures_differ(self, value, one, other):
        assert len(differing([value(one), value(other)])) == 2

    @pytest.mark.parametrize(
        ("one", "other", "differ"),
        [
            ("Vitali Klitschko", "Klitschko", False),
            ("footballer", "football", False),
            ("Miami, Florida", "Miami", False),
            ("September 19, 1902", "1902", False),
            ("Anna Brandt", "Peter Vogel", True),
            ("1902", "1885", True),
            ("Miami", "Anchorage", True),
        ],
    )
    def test_words_differ_unless_one_says_part_of_the_other(self, make_context, one, other, differ):
        context = make_context("Anything.")
        assert Value(context, 0, one).differs(Value(context, 0, other)) is differ

    def test_what_is_said_twice_counts_once(self, make_context):
        context = make_context("Anything.")
        values = [Value(context, 0, text) for text in ("Brandt", "Vogel", "Anna Brandt", "Vogel")]
        assert [v.text for v in differing(values)] == ["Brandt", "Vogel"]
        assert differing(values[::2]) == ()


def test_sentences_of_sources_dispute_a_stated_amount_and_its_own_comes_first(make_context):
    ours = make_context(f"{FIRE} The fire killed 15 people.")
    theirs = make_context(f"{FIRE} At least 12 people died. Forty rooms burned.", id="b")
    (stated,) = amounts_of(ours, 1)
    others = [a for context, n in ((ours, 2), (theirs, 3)) for i in range(n) for a in amounts_of(context, i)]
    found = differing([stated.value, *(a.value for a in others if same_quantity(stated, a))])
    assert [v.text for v in found] == ["15 people", "12 people"]


class TestEvents:
    def test_a_sentence_has_the_day_it_names(self, make_context):
        context = make_context(f"{FIRE} On 8 May 2025 the owner apologised.")
        assert event_of(context, 1).iso() == "2025-05-08"

    def test_another_sentence_has_the_day_of_the_main_event_and_names_where_it_stands(self, make_context):
        event = event_of(make_context(f"{FIRE} Nobody was hurt."), 1)
        assert (event.iso(), event.dated_by) == ("2025-05-03", 0)

    def test_a_day_that_is_not_known_is_kept_in_its_words(self, make_context):
        event = event_of(make_context("Two weeks earlier a barn had burned."), 0)
        assert (event.iso(), event.elsewhere) == (None, "two weeks earlier")

    def test_a_near_copy_is_of_the_event_of_its_original(self, make_context):
        one = make_context("A fire killed 15 people.", id="a")
        copy = make_context("The fire has killed 12 people.", id="b", duplicate_of="a")
        values = [amounts_of(context, 0)[0].value for context in (one, copy)]
        assert same_event(*values)


def test_of_several_days_none_is_said_to_be_the_one(make_context):
    both = event_of(make_context("The fires of 3 May 2025 and 9 June 2025 killed 15 people.", id="a"), 0)

    assert len(both.intervals) == 2
    assert both.iso() is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Fires killed 15 people on 3 May 2025 and 12 people on 9 June 2025.", ["2025-05-03", "2025-06-09"]),
        ("On 3 May 2025 a fire killed 15 people and on 9 June 2025 another killed 12.", ["2025-05-03", "2025-06-09"]),
        (
            "Fires killed 15 people and 4 dogs on 3 May 2025 and 12 cats on 9 June 2025.",
            2 * ["2025-05-03"] + ["2025-06-09"],
        ),
        ("The fires of 3 May 2025 and 9 June 2025 killed 15 people and 12 cats.", [None, None]),
        ("The fire of 3 May 2025 killed 15 people, more than any since 9 June 2024.", [None]),
        ("Fires killed 15 people on 3 May 2025.", ["2025-05-03"]),
    ],
)
def test_a_figure_has_the_day_of_its_own_clause_or_none(make_context, text, days):
    amounts = amounts_of(make_context(text, id="a"), 0)

    assert [amount.value.event.iso() for amount in amounts] == days
