"""What is not supported is written once more, that sentence alone, and checked again; else it is left out."""

from __future__ import annotations

import asyncio

from service.errors import ChatUnavailable
from service.models.chat import ChatRequest

LIE = "A storm in Rotterdam tore down 70 harbour cranes on 14 November 2025."
OTHER_LIE = "Repairs cost the port of Rotterdam 84 million euros."
OTHER_TRUTH = "Repairs cost the port of Rotterdam 48 million euros."


def test_a_repaired_sentence_ships_in_its_place(desk, draft, true_sentence):
    written = desk.ask(draft(LIE, OTHER_TRUTH), draft(true_sentence))
    assert written.by_model
    assert [s.text for s in written.answer.sentences] == [true_sentence, OTHER_TRUTH]
    assert written.answer.dropped_sentences == 0
    assert [(c.text, c.shipped, c.repaired) for c in written.trace.checks] == [
        (LIE, False, False),
        (true_sentence, True, True),
        (OTHER_TRUTH, True, False),
    ]


def test_the_repair_is_asked_for_one_sentence_with_what_is_wrong_and_the_evidence(desk, draft):
    written = desk.ask(draft(LIE), draft())
    assert [reply.prompt for reply in written.trace.replies] == ["answer", "repair"]
    asked = written.asked[1].messages[1].content
    assert LIE in asked
    assert "70" in asked.split("What is wrong with it")[1]
    assert "seven^harbour^cranes" in asked


def test_it_is_repaired_once(desk, draft):
    written = desk.ask(draft(LIE), draft(OTHER_LIE), draft(OTHER_TRUTH))
    assert len(written.asked) == 2
    assert (written.answer.degraded, written.answer.dropped_sentences) == (True, 1)
    assert OTHER_LIE not in written.answer.text


def test_all_are_repaired_at_once(desk, draft, true_sentence):
    """Each waits until the other is asked for: one after the other, they would never get a reply."""
    repairs: list[str] = []
    both = asyncio.Event()

    class Model:
        name = "scripted"

        async def complete(self, request: ChatRequest, deadline: object) -> object:
            from service.models.chat import ChatReply

            asked = request.messages[1].content
            if "What is wrong with it" not in asked:
                return ChatReply(draft(LIE, OTHER_LIE), self.name)
            repairs.append(asked)
            if len(repairs) == 2:
                both.set()
            await both.wait()
            return ChatReply(draft(true_sentence if LIE in asked else OTHER_TRUTH), self.name)

    written = desk.ask(chat=Model())
    assert [s.text for s in written.answer.sentences] == [true_sentence, OTHER_TRUTH]


def test_a_repair_that_fails_leaves_its_sentence_out(desk, draft, true_sentence):
    written = desk.ask(draft(true_sentence, LIE), ChatUnavailable("gone"))
    assert written.by_model
    assert written.answer.text == f"{true_sentence} [1]"
    assert written.answer.dropped_sentences == 1


def test_a_repair_that_says_what_is_said_already_adds_nothing(desk, draft, true_sentence):
    written = desk.ask(draft(true_sentence, LIE), draft(true_sentence))
    assert written.answer.text == f"{true_sentence} [1]"
    assert written.answer.dropped_sentences == 1


def test_what_leans_on_a_sentence_that_was_left_out_is_left_out(desk, draft, true_sentence):
    they = "They tore down seven harbour cranes in Rotterdam on 14 November 2025."
    written = desk.ask(draft("Twelve tornadoes raged over Antwerp.", they), draft())
    assert they not in written.answer.text


def test_of_what_is_not_written_as_a_sentence_is_no_repair_is_asked(desk, draft, true_sentence):
    written = desk.ask(draft(true_sentence, true_sentence.upper()))
    assert len(written.asked) == 1
    assert written.answer.text == f"{true_sentence} [1]"
