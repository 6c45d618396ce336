"""A model that lies: what it makes up does not ship, and what it says truly beside it does."""

from __future__ import annotations

import pytest

LIES = {
    "figure": "The storm in Rotterdam tore down 70 harbour cranes on 14 November 2025.",
    "figure_in_words": "Eleven harbour cranes were torn down by the storm in Rotterdam on 14 November 2025.",
    "date": "A storm in Rotterdam tore down seven harbour cranes on 15 November 2025.",
    "year": "A storm in Rotterdam tore down seven harbour cranes on 14 November 2024.",
    "place": "A storm in Hamburg tore down seven harbour cranes on 14 November 2025.",
    "name": "The mayor of Antwerp said that seven harbour cranes were torn down on 14 November 2025.",
    "added_name": "A storm in Rotterdam tore down seven harbour cranes on 14 November 2025, Reuters reported.",
    "negation": "The storm in Rotterdam did not tear down seven harbour cranes on 14 November 2025.",
    "swapped": "The Netherlands lent two floating cranes to Belgium.",
    "merged_events": "A storm in Rotterdam tore down nine harbour cranes on 14 November 2025.",
    "money": "Repairs cost the port of Rotterdam 84 million euros.",
    "world_knowledge": "Rotterdam has the largest port in Europe.",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
@pytest.mark.parametrize("dated", [True, False], ids=["dated_question", "undated_question"])
def test_a_lie_is_dropped_and_counted_and_the_truth_beside_it_ships(desk, draft, true_sentence, lie, dated):
    asked = {} if dated else {"question": "How many harbour cranes did the storm in Rotterdam tear down?"}
    written = desk.ask(draft(true_sentence, lie), **asked)
    assert written.by_model
    assert written.answer.sentences[0].text == true_sentence
    assert lie not in written.answer.text
    assert written.answer.dropped_sentences == 1
    dropped = [check for check in written.trace.checks if check.text == lie]
    assert dropped
    assert not any(check.shipped for check in dropped)
    assert all(check.dropped for check in dropped)


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_where_all_is_lies_the_articles_speak_for_themselves(desk, draft, lie):
    written = desk.ask(draft(lie))
    answer = written.answer
    assert lie not in answer.text
    assert (answer.generator, answer.degraded, answer.dropped_sentences) == ("extractive", True, 1)
    assert "seven harbour cranes" in answer.text
    assert answer.citations


def test_the_right_article_is_cited_for_a_wrong_claim_and_it_does_not_ship(desk, draft, newsroom):
    newsroom.add(ferry="On 14 November 2025 a ferry sank off Esbjerg. Nobody was on board.")
    lie = "On 14 November 2025 twelve ferries sank in Rotterdam."
    assert lie not in desk.ask(draft(lie)).answer.text


class TestMarkers:
    def test_a_marker_that_names_no_evidence_is_counted(self, desk, draft, true_sentence):
        written = desk.ask(draft((true_sentence, [1, 7, 99])))
        assert written.by_model
        assert written.answer.unknown_markers == 2
        assert {m for s in written.answer.sentences for m in s.markers} == {1}

    def test_it_is_counted_too_where_the_answer_is_the_articles_own(self, desk, draft):
        written = desk.ask(draft(("Forty cranes fell in Rotterdam.", [12])))
        assert (written.answer.degraded, written.answer.unknown_markers) == (True, 1)

    def test_a_true_sentence_with_a_wrong_marker_is_cited_where_it_is_said(self, desk, draft, newsroom, true_sentence):
        newsroom.add(ferry="On 14 November 2025 a ferry sank off Esbjerg in a storm. Nobody was on board the ferry.")
        numbers = [
            item.number
            for item in desk.ask(draft(true_sentence)).trace.evidence
            if item.span.article_id == "ferry" and item.number is not None
        ]
        written = desk.ask(draft((true_sentence, numbers)))
        assert numbers
        assert written.by_model
        assert {c.article_id for c in written.answer.citations} == {"harbour"}

    def test_markers_are_renumbered_in_reading_order(self, desk, draft, newsroom, true_sentence):
        newsroom.add(ferry="On 14 November 2025 the storm in Rotterdam sank an old ferry in the harbour too.")
        first = desk.ask(draft(true_sentence)).trace.evidence
        number = {item.span.article_id: item.number for item in first}
        second = "The storm in Rotterdam sank an old ferry on 14 November 2025."
        written = desk.ask(draft((second, [number["ferry"]]), (true_sentence, [number["harbour"]])))
        assert [c.article_id for c in written.answer.citations] == ["ferry", "harbour"]
        assert [s.markers for s in written.answer.sentences] == [(1,), (2,)]
