"""Copies told from articles that only resemble each other."""

from __future__ import annotations

import pytest

from service.text.overlap import is_near_copy, merged, repeats, says, wording

STORY = (
    "BREMEN - The harbour authority closed the northern lock on Tuesday after a freighter struck its gate. "
    "Divers found a crack of 40 centimetres below the water line, a spokeswoman said. "
    "Ships of up to 12,000 tonnes were sent round by the western canal, where they waited for nine hours. "
    "The owners of the freighter, which flies the flag of Malta, said that its rudder had failed. "
    "The state government in Hanover wants a report by the end of the month. "
    "Repairs will cost about 3.5 million euros and take until 18 March, according to a first estimate. "
    "Fishermen in Cuxhaven said that they had lost two days at sea because of the queue."
)
FORM = (
    "A magnitude {size} earthquake struck {km} kilometres off the coast of {place} on {day} at {time}, the geological "
    "survey said. The quake was at a depth of {depth} kilometres. No tsunami warning was issued, and there were no "
    "immediate reports of damage or injuries. Residents said that they felt the shaking for some seconds, and "
    "officials said that roads, bridges and schools were being checked before they open again in the morning."
)
QUAKES = [
    FORM.format(size="5.1", km=80, place="Kobe", day="Monday", time="4:12", depth=33),
    FORM.format(size="6.4", km=212, place="Ica", day="Friday", time="23:50", depth=10),
]


def near(one: str, other: str) -> bool:
    verdict = is_near_copy(wording(one), wording(other))
    assert verdict == is_near_copy(wording(other), wording(one))
    return verdict


@pytest.mark.parametrize(
    "other",
    [
        pytest.param("Harbour Post, 12 February 2025, 10:34 GMT\n\n" + STORY, id="dateline"),
        pytest.param(STORY + "\n\nReporting by our staff; editing by the night desk.", id="credit_line"),
        pytest.param(" ".join(STORY.split(". ")[:4]), id="cut_at_the_end"),
        pytest.param(STORY.replace("12,000", "11,000"), id="corrected_figure"),
        pytest.param(STORY.replace("spokeswoman", "speaker").replace("queue", "jam"), id="other_words"),
        pytest.param(STORY.replace("the ", "the  ").upper(), id="case_and_space"),
    ],
)
def test_a_story_carried_twice_is_a_near_copy(other):
    assert near(STORY, other)


def test_two_events_reported_in_one_form_are_two():
    assert len(wording(QUAKES[0]).shingles & wording(QUAKES[1]).shingles) > 0.6 * len(wording(QUAKES[0]).shingles)
    assert not near(*QUAKES)


def test_a_short_text_has_no_near_copies():
    short = "The northern lock was closed on Tuesday after a freighter struck its gate."
    assert not near(short, short + " Nobody was hurt.")


def test_a_text_that_only_quotes_a_paragraph_is_another():
    quoted = ". ".join(STORY.split(". ")[:2])
    own = "The ferry line hired seven captains, opened a school for cooks and painted every ship in green. " * 3
    assert not near(STORY, own + quoted)


class TestSays:
    @pytest.mark.parametrize(
        ("text", "passage", "holds"),
        [
            pytest.param("Two fell. “We ran,” he said.", '"We ran," he said.', True, id="shape_of_quotation_marks"),
            pytest.param("TWO  FELL\nlate.", "Two fell late.", True, id="case_and_space"),
            pytest.param("15 were hurt.", "5 were hurt.", False, id="end_of_another_figure"),
            pytest.param("In all 1,200 men left.", "200 men left.", False, id="end_of_a_grouped_figure"),
            pytest.param("Six were hurt.", "Five were hurt.", False, id="another_word"),
            pytest.param("Six were hurt", "Six were hurt by", False, id="less"),
            pytest.param("Anything.", " ", False, id="nothing"),
        ],
    )
    def test_says(self, text, passage, holds):
        assert says(text, passage) is holds


class TestRepeats:
    def test_a_passage_in_other_chunks_of_the_copy_is_repeated(self):
        first, second = STORY[:300], STORY[300:]
        middle = STORY[150:450]
        assert not repeats(wording(middle), wording(first))
        assert repeats(wording(middle), merged([wording(first), wording(second)]))

    @pytest.mark.parametrize(
        "change", [("12,000", "11,000"), ("Tuesday", "Sunday"), ("nine", "eleven"), ("had", "had not")]
    )
    def test_another_figure_day_or_denial_is_no_repetition(self, change):
        assert not repeats(wording(STORY.replace(*change)), wording(STORY))

    def test_what_adds_a_passage_is_no_repetition(self):
        assert not repeats(wording(STORY + " " + QUAKES[0]), wording(STORY))
        assert repeats(wording(STORY), wording(STORY + " " + QUAKES[0]))

    def test_a_name_in_the_place_of_another_is_no_repetition(self):
        assert not repeats(wording(STORY.replace("flag of Malta", "flag of Panama")), wording(STORY))

    def test_a_name_more_is_one(self):
        assert repeats(wording("BREMEN (Reuters) " + STORY), wording(STORY))
