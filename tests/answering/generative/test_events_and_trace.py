"""What is told while an answer is made, what is kept of it, and what a question's dates allow."""

from __future__ import annotations

import asyncio

import pytest

from service.answering.events import EvidenceFound, SentenceVerified
from service.answering.extractive import ExtractiveAnswerer
from service.answering.generative import GenerativeAnswerer
from service.grounding.grounder import Grounder
from service.models.chat import ChatReply, ChatRequest, Deadline
from service.types import Question

TRUE = "A storm in Rotterdam tore down seven harbour cranes on 14 November 2025."
LIE = "A storm in Rotterdam tore down 70 harbour cranes on 14 November 2025."
COST = "Repairs cost the port of Rotterdam 48 million euros."


class TestEvents:
    def test_what_is_verified_is_told_while_the_rest_is_repaired(self, desk, draft):
        seen: list[str] = []

        def repairs(request: ChatRequest) -> str:
            seen.append("repair")
            return draft(COST)

        told: list[object] = []
        extractive = ExtractiveAnswerer(desk.room.library, desk.room.retriever, model=desk.model)
        from service.models.scripted_chat import ScriptedChatModel

        chat = ScriptedChatModel(draft(TRUE, LIE), repairs)

        def on_event(event: object) -> None:
            told.append(event)
            seen.append(type(event).__name__)

        answerer = GenerativeAnswerer(extractive, chat, Grounder())
        question = Question("How many harbour cranes did the storm in Rotterdam tear down on 14 November 2025?")
        answer = asyncio.run(answerer.answer(question, on_event))
        assert seen == ["EvidenceFound", "SentenceVerified", "repair", "SentenceVerified", "AnswerReady"]
        assert [s.text for s in answer.sentences] == [TRUE, COST]

    def test_nothing_is_told_of_a_draft_that_does_not_answer(self, desk, draft, shy):
        desk.model = shy
        written = desk.ask(draft(TRUE))
        assert [e for e in written.events if isinstance(e, SentenceVerified)] == []
        assert written.answer.status == "abstained"

    def test_the_evidence_is_told_before_the_model_is_asked(self, desk, draft):
        written = desk.ask(draft(TRUE))
        assert isinstance(written.events[0], EvidenceFound)
        assert [item.article.id for item in written.events[0].evidence] == ["harbour"]

    def test_cancelling_ends_the_call_of_the_model(self, desk):
        ended = asyncio.Event()
        begun = asyncio.Event()

        class Waits:
            name = "scripted"

            async def complete(self, request: ChatRequest, deadline: Deadline) -> ChatReply:
                begun.set()
                try:
                    await asyncio.sleep(30)
                finally:
                    ended.set()
                raise AssertionError

        async def cancelled() -> bool:
            extractive = ExtractiveAnswerer(desk.room.library, desk.room.retriever, model=desk.model)
            answerer = GenerativeAnswerer(extractive, Waits(), Grounder())
            task = asyncio.create_task(answerer.answer(Question("How many harbour cranes fell in Rotterdam?")))
            await asyncio.wait_for(begun.wait(), 20)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            return ended.is_set()

        assert asyncio.run(cancelled())


class TestTrace:
    def test_it_has_all_that_a_receipt_needs(self, desk, draft):
        trace = desk.ask(draft(TRUE, LIE)).trace
        assert trace.model == "scripted"
        assert [name for name, _ in trace.prompts] == ["answer", "repair"]
        assert all(digest.startswith("sha256:") for _, digest in trace.prompts)
        assert trace.replies[0].text == draft(TRUE, LIE)
        assert [(e.number, e.span.article_id) for e in trace.evidence] == [(1, "harbour")]
        article = desk.room.library.article("harbour")
        for span in (*(e.span for e in trace.evidence), *(s for c in trace.checks for s in c.spans)):
            assert (span.revision, span.text) == (article.revision, article.text[span.start : span.end])
        assert [c.text for c in trace.checks if c.shipped] == [s.text for s in trace.answer.sentences]

    def test_the_tokens_of_every_call_are_added_up(self, desk, draft):
        written = desk.ask(draft(TRUE, LIE))
        assert len(written.trace.replies) == 2
        assert written.answer.usage.completion_tokens == sum(r.usage.completion_tokens for r in written.trace.replies)
        assert written.answer.usage.prompt_tokens > 0

    def test_without_a_model_the_checks_are_those_of_the_quotes(self, desk):
        trace = desk.ask("nothing").trace
        assert [c.text for c in trace.checks if c.shipped] == [s.text for s in trace.answer.sentences]


class TestDates:
    def test_a_sentence_of_another_date_does_not_answer_a_dated_question(self, desk, draft):
        first = "On 8 November 2025 a first storm tore down nine cranes in Rotterdam."
        written = desk.ask(draft(TRUE, first))
        assert written.answer.text == f"{TRUE} [1]"
        assert written.answer.dropped_sentences == 1

    def test_it_answers_where_no_date_is_asked_for(self, desk, draft):
        first = "On 8 November 2025 a first storm tore down nine cranes in Rotterdam."
        written = desk.ask(draft(TRUE, first), question="How many cranes did the storms in Rotterdam tear down?")
        assert [s.text for s in written.answer.sentences] == [TRUE, first]

    def test_what_is_of_another_date_alone_is_not_even_shown(self, desk, draft, newsroom):
        newsroom.add(old="A storm tore down thirty harbour cranes in Rotterdam on 2 March 1990.")
        shown = desk.ask(draft(TRUE)).trace.evidence
        assert {e.span.article_id: e.number for e in shown} == {"harbour": 1, "old": None}

    def test_an_article_without_a_date_answers_for_a_year_in_part_and_never_for_a_day(self, empty_desk, draft):
        empty_desk.room.add(undated="A storm tore down seven harbour cranes in Rotterdam. Nobody was hurt.")
        said = draft("A storm tore down seven harbour cranes in Rotterdam.")
        year = empty_desk.ask(said, question="How many harbour cranes did the storm in Rotterdam tear down in 2025?")
        assert (year.answer.status, year.by_model) == ("partial", True)
        assert "no date" in year.answer.unanswered
        assert empty_desk.ask(said).answer.status == "abstained"


class TestSeveralEvents:
    ASKED = "How many cranes did the storm in Rotterdam tear down?"

    @pytest.fixture
    def storms(self, empty_desk):
        empty_desk.room.add(
            second=f"{TRUE} Nobody was hurt.",
            first="A storm in Rotterdam tore down nine harbour cranes on 8 November 2025. The port was closed.",
        )
        return empty_desk

    def test_what_the_model_leaves_out_is_quoted_under_a_marker_of_its_own(self, storms, draft):
        number = {e.span.article_id: e.number for e in storms.ask(draft(TRUE), question=self.ASKED).trace.evidence}
        said = "Seven harbour cranes in Rotterdam were torn down by a storm on 14 November 2025."
        written = storms.ask(draft((said, [number["second"]])), question=self.ASKED)
        assert written.by_model
        assert written.answer.sentences[0].text == said
        assert "nine harbour cranes on 8 November" in written.answer.text
        assert {c.article_id for c in written.answer.citations} == {"first", "second"}
        assert written.answer.dropped_sentences == 0

    def test_without_room_for_it_its_day_is_named(self, storms, draft):
        answer = storms.ask(draft(TRUE), question=self.ASKED, max_sentences=1).answer
        assert answer.text == f"{TRUE} [1]"
        assert answer.status == "partial"
        assert "2025-11-08" in answer.unanswered

    def test_of_a_dated_question_there_is_nothing_to_add(self, storms, draft):
        answer = storms.ask(draft(TRUE)).answer
        assert (answer.text, answer.status) == (f"{TRUE} [1]", "answered")


class TestRelevance:
    def test_what_is_true_but_no_answer_is_none(self, desk, draft):
        answer = desk.ask(draft("Nobody was hurt.")).answer
        assert (answer.generator, answer.degraded) == ("extractive", True)

    def test_what_has_nothing_to_do_with_the_question_does_not_ship_beside_the_answer(self, desk, draft, newsroom):
        newsroom.add(prices="Bread in Warsaw cost 4 zloty a loaf in the spring of 2025, the bakers said.")
        stray = "Bread in Warsaw cost 4 zloty a loaf."
        written = desk.ask(draft(TRUE, (stray, [1, 2])), question="How many harbour cranes fell in Rotterdam?")
        assert stray not in written.answer.text
        assert written.by_model

    def test_no_more_sentences_ship_than_were_asked_for(self, desk, draft):
        written = desk.ask(draft(TRUE, COST), max_sentences=1)
        assert written.answer.text == f"{TRUE} [1]"
        assert written.answer.dropped_sentences == 1

    def test_what_only_part_of_the_question_is_answered_for_is_said(self, desk, draft):
        question = "How many cranes did the storm in Rotterdam tear down, and what percentage of the boxes was lost?"
        answer = desk.ask(draft(TRUE), question=question).answer
        assert answer.status == "partial"
        assert "what percentage of the boxes was lost" in answer.unanswered
