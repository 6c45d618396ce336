"""Questions that fit several events, articles that disagree, and questions of which only a part is answered."""

from __future__ import annotations

from datetime import date

import pytest

from service.answering.parts import parts_of

STORMS = {
    "march": "A storm tore down nine cranes in the harbour of Hull on 3 March 2025. Nobody was hurt.",
    "june": "A storm tore down four cranes in the harbour of Hull on 9 June 2025. Nobody was hurt.",
    "august": "A storm hit the harbour of Hull on 30 August 2025. It tore down seven cranes.",
}
ASKED = "How many cranes did the storm tear down in the harbour of Hull?"


@pytest.fixture
def ask(newsroom, open_to_all):
    def of(text, **options):
        return newsroom.ask(text, **{"further": open_to_all, **options})

    return of


class TestEvents:
    def test_each_event_is_told_with_its_own_day_cited(self, newsroom, ask):
        newsroom.add(**STORMS)
        answer = ask(ASKED)
        assert answer.status == "answered"
        assert len(answer.sentences) == 3
        quotes = {c.marker: c.quote for c in answer.citations}
        for number, day in (("nine", "3 March"), ("four", "9 June"), ("seven", "30 August")):
            (sentence,) = [s for s in answer.sentences if number in s.text]
            assert any(day in quotes[marker] for marker in sentence.markers)

    def test_figures_of_different_events_are_no_disagreement(self, newsroom, ask):
        newsroom.add(**STORMS)
        assert ask(ASKED).disagreements == ()

    def test_two_events_in_one_article_are_two(self, newsroom, ask):
        newsroom.add(storms=STORMS["march"] + "\n\n" + STORMS["june"])
        told = ask(ASKED).text
        assert [number for number in ("nine", "four") if number not in told] == []

    def test_events_for_which_there_is_no_room_are_named_by_their_day(self, newsroom, ask):
        newsroom.add(**STORMS)
        answer = ask(ASKED, max_sentences=2)
        assert answer.status == "partial"
        left_out = {"nine": "2025-03-03", "four": "2025-06-09", "seven": "2025-08-30"}
        (day,) = [day for number, day in left_out.items() if number not in answer.text]
        assert day in answer.unanswered

    def test_an_undated_event_that_is_left_out_is_named_by_its_article(self, newsroom, ask):
        undated = {
            "title": "Hull loses cranes",
            "text": "A storm in the harbour of Hull overnight tore down two cranes.",
        }
        newsroom.add(**STORMS, undated=undated)
        answer = ask(ASKED, max_sentences=1)
        assert "two" in answer.text or '"Hull loses cranes", which gives no day' in answer.unanswered

    def test_an_event_of_two_days_that_is_left_out_is_not_said_to_give_none(self, newsroom, ask):
        text = "The storms of 4 October 2025 and 7 October 2025 tore down two cranes in the harbour of Hull."
        newsroom.add(**STORMS, two={"title": "Hull loses cranes", "text": text})
        answer = ask(ASKED, max_sentences=1)
        assert "two" not in answer.text
        assert 'that of "Hull loses cranes", which gives no single day' in answer.unanswered

    def test_a_question_with_a_day_is_of_one_event(self, newsroom, ask):
        newsroom.add(**STORMS)
        answer = ask("How many cranes did the storm tear down in the harbour of Hull on 9 June 2025?")
        assert (answer.status, len(answer.sentences)) == ("answered", 1)
        assert "four" in answer.text

    def test_the_same_thing_elsewhere_is_no_other_event_of_the_one_asked_about(self, newsroom, ask):
        newsroom.add(
            leeds="A fire at the Hotel Astoria in Leeds killed 15 people on 3 May 2025.",
            york="A fire at the Hotel Metropol in York killed four people on 9 June 2024.",
        )
        assert "Metropol" not in ask("How many people were killed in the fire at the Hotel Astoria?").text

    def test_long_sentences_are_cut_around_what_answers_so_that_each_event_is_told(self, newsroom, ask):
        filler = ", which the harbour master of Hull called by far the worst that he had ever seen in his long career"
        newsroom.add(
            **{
                key: text.replace(" on ", f"{filler}{filler}, on ", 1)
                for key, text in STORMS.items()
                if key != "august"
            }
        )
        answer = ask(ASKED)
        assert [number for number in ("nine", "four") if number not in answer.text] == []
        assert sum(len(s.text.split()) for s in answer.sentences) <= 80
        for sentence in answer.sentences:
            said = sentence.text.removeprefix("… ").removesuffix(" …")
            assert any(said in c.quote for c in answer.citations if c.marker in sentence.markers)


class TestDisagreement:
    FIRE = "A fire broke out at the Hotel Astoria in Leeds on 3 May 2025. {}"
    ASKED = "How many people were killed in the fire at the Hotel Astoria?"

    def test_two_sources_on_one_event_are_shown_with_value_day_and_citation(self, newsroom, ask):
        newsroom.add(
            post=self.FIRE.format("The fire killed 15 people, police said."),
            wire=self.FIRE.format("At least 12 people were killed, the fire service said."),
        )
        answer = ask(self.ASKED)
        (dispute,) = answer.disagreements
        assert {(v.value, v.event_date) for v in dispute.values} == {
            ("15 people", "2025-05-03"),
            ("12 people", "2025-05-03"),
        }
        quotes = {c.marker: c.quote for c in answer.citations}
        assert all(v.value.split()[0] in quotes[v.marker] for v in dispute.values)
        assert dispute.about == self.ASKED.rstrip("?")

    def test_what_all_say_alike_is_no_disagreement(self, newsroom, ask):
        newsroom.add(
            post=self.FIRE.format("The fire killed 15 people, police said."),
            wire=self.FIRE.format("Fifteen people were killed, the fire service said."),
        )
        assert ask(self.ASKED).disagreements == ()

    def test_copies_of_one_story_count_once_and_are_carriers(self, newsroom, ask):
        story = self.FIRE.format("The fire killed 15 people, police said.")
        newsroom.add(
            a={"text": story, "source": "Morning Post"},
            b={"text": story, "source": "Evening Post"},
            c=self.FIRE.format("At least 12 people were killed, the fire service said."),
        )
        answer = ask(self.ASKED)
        (dispute,) = answer.disagreements
        assert len(dispute.values) == 2
        (of_story,) = [c for c in answer.citations if "15 people" in c.quote]
        assert [carrier.source for carrier in of_story.carriers] in (["Evening Post"], ["Morning Post"])

    def test_a_figure_of_something_else_in_the_same_articles_is_none(self, newsroom, ask):
        newsroom.add(
            post=self.FIRE.format("The fire killed 15 people, police said."),
            wire=self.FIRE.format("Forty people were injured, the fire service said."),
        )
        assert ask(self.ASKED).disagreements == ()

    def test_a_toll_that_rises_is_shown_with_its_days(self, newsroom, ask):
        newsroom.add(
            first="A flood hit Varna on 2 March 2025. By that evening of 2 March 2025 it had killed seven people.",
            later="The flood that hit Varna on 2 March 2025 has killed 19 people, officials said on 5 March 2025.",
        )
        (dispute,) = ask("How many people were killed in the Varna flood?").disagreements
        assert {v.value.split()[0] for v in dispute.values} == {"seven", "19"}
        assert all(v.event_date == "2025-03-02" for v in dispute.values)

    @pytest.mark.parametrize(
        ("question", "one", "other", "values"),
        [
            pytest.param(
                "Who is the mayor of Eldmoor?",
                "The mayor of Eldmoor, Anna Brandt, opened the bridge.",
                "Eldmoor mayor Peter Vogel opened the bridge.",
                {"Anna Brandt", "Peter Vogel"},
                id="holder_of_a_role",
            ),
            pytest.param(
                "When was the Eldmoor bridge built?",
                "The Eldmoor bridge was built in 1856.",
                "The Eldmoor bridge, built in 1900, is a toll bridge.",
                {"1856", "1900"},
                id="year",
            ),
            pytest.param(
                "Where is Gullwing Air based?",
                "Gullwing Air was a carrier based in Tampa.",
                "Gullwing Air was a carrier based in Juneau.",
                {"Tampa", "Juneau"},
                id="place",
            ),
            pytest.param(
                "What is the population of Eldmoor?",
                "The population of Eldmoor was 4,411 in the last census.",
                "There were 10,000 people in Eldmoor at the last census.",
                {"4,411", "10,000 people"},
                id="population",
            ),
            pytest.param(
                "What sport does Ida Holm play?",
                "Ida Holm is a Danish basketball player.",
                "Ida Holm plays ice hockey for Aarhus.",
                {"basketball", "ice hockey"},
                id="class_of_things",
            ),
        ],
    )
    def test_articles_that_differ_on_a_lasting_property(self, newsroom, ask, question, one, other, values):
        newsroom.add(one=one, other=other)
        (dispute,) = ask(question).disagreements
        assert {v.value for v in dispute.values} == values

    def test_several_who_hold_a_role_are_no_disagreement(self, newsroom, ask):
        newsroom.add(one="The negotiator Anna Brandt arrived.", other="The negotiator Peter Vogel arrived.")
        assert ask("Who were the negotiators from Eldmoor?").disagreements == ()

    def test_a_replaced_name_in_a_copy_is_not_taken_for_its_repetition(self, newsroom, ask):
        text = (
            "Gullwing Air was a carrier based in {}. It was started in 1981 and flew for the first time in 1983. "
            "The airline stopped flying in 1997 after it had run out of money, and its four aircraft were sold."
        )
        newsroom.add(one=text.format("Tampa, Florida"), other=text.format("Juneau, Alaska"))
        shown = ask("Where was Gullwing Air based?")
        assert {"Tampa", "Juneau"} <= {v.value for d in shown.disagreements for v in d.values}


class TestParts:
    def test_both_parts_are_answered_from_different_sentences(self, newsroom, ask):
        newsroom.add(
            storm="A storm tore down nine cranes in Hull. Mayor Anna Brandt promised help to the port of Hull."
        )
        answer = ask("How many cranes did the storm tear down and who promised help to the port?")
        assert answer.status == "answered"
        assert [said for said in ("nine", "Brandt") if said not in answer.text] == []

    def test_a_part_without_an_answer_is_named_in_its_own_words(self, newsroom, ask):
        newsroom.add(storm="A storm tore down nine cranes in Hull.")
        answer = ask("How many cranes did the storm tear down, and when was the port of Lima founded?")
        assert answer.status == "partial"
        assert "nine" in answer.text
        assert "when was the port of Lima founded" in answer.unanswered

    def test_no_part_with_an_answer_is_an_abstention(self, newsroom, shy):
        newsroom.add(storm="A storm tore down nine cranes in Hull.")
        answer = newsroom.ask("How many cranes fell and when was the port founded?", model=shy)
        assert (answer.status, answer.unanswered) == ("abstained", None)

    def test_one_sentence_for_both_parts_is_given_once(self, newsroom, ask):
        newsroom.add(storm="On 3 March 2025 a storm tore down nine cranes and 18 masts in Hull.")
        answer = ask("How many cranes and how many masts did the storm tear down?")
        assert (answer.status, len(answer.sentences)) == ("answered", 1)

    @pytest.mark.parametrize(
        ("question", "asked"),
        [
            (
                "How many drones and how many missiles were fired at Kyiv on 14 November 2025?",
                [
                    "How many drones were fired at Kyiv on 14 November 2025?",
                    "how many missiles were fired at Kyiv on 14 November 2025?",
                ],
            ),
            ("Who attacked Kyiv and when?", ["Who attacked Kyiv?", "when attacked Kyiv?"]),
            (
                "How many drones were fired on 14 November and how many were shot down?",
                ["How many drones were fired on 14 November?", "how many drones were shot down on 14 November?"],
            ),
            (
                "Where did the G20 meet, and who is the mayor of Kyiv?",
                ["Where did the G20 meet?", "who is the mayor of Kyiv?"],
            ),
            ("How many were hurt? And when did it begin?", ["How many were hurt?", "when did it begin?"]),
        ],
    )
    def test_each_part_is_a_question_of_its_own(self, question, asked):
        assert [part.text for part in parts_of(question, date(2026, 1, 1))] == asked

    @pytest.mark.parametrize(
        "question",
        [
            "Who is the man who was killed in Lviv?",
            "Were more drones used on 8 November or on 14 November 2025?",
            "How many drones and missiles were launched?",
            "Which cities and towns were hit?",
            "the bridge, which fell in May, was built when",
        ],
    )
    def test_one_question_stays_whole_and_in_its_words(self, question):
        (part,) = parts_of(question, date(2026, 1, 1))
        assert part.text == part.said == question


class TestThreshold:
    def test_a_higher_threshold_withholds_what_a_lower_one_gives(self, newsroom):
        newsroom.add(storm="A storm tore down nine cranes in Hull.")
        asked = "How many cranes did the storm tear down?"
        confidence = newsroom.ask(asked, threshold=0.0).confidence
        assert 0 < confidence < 1
        assert newsroom.ask(asked, threshold=confidence - 0.01).status == "answered"
        assert newsroom.ask(asked, threshold=1.0).status == "abstained"

    def test_no_threshold_makes_an_answer_of_nothing(self, newsroom):
        newsroom.add(storm="Nobody was hurt in Hull.")
        answer = newsroom.ask("How many cranes did the storm tear down?", threshold=0.0)
        assert (answer.status, answer.abstention_reason != "other_date") == ("abstained", True)
