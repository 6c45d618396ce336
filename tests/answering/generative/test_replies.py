"""Every shape in which a reply may come: what can be read is used, what cannot leaves the articles' own words."""

from __future__ import annotations

import json

import pytest

from service.answering.generative import GenerativeOptions
from service.errors import ChatUnavailable
from service.models.chat import ChatReply, ChatRequest, Deadline
from service.models.scripted_chat import ScriptedChatModel

TRUE = "A storm in Rotterdam tore down seven harbour cranes on 14 November 2025."
GOOD = json.dumps({"sentences": [{"text": TRUE, "markers": [1]}], "unanswered": None})

READABLE = {
    "json": GOOD,
    "json_in_a_fence": f"```json\n{GOOD}\n```",
    "json_in_prose": f"Here is the answer:\n{GOOD}\nI hope that helps.",
    "json_after_thinking": f"<think>\nEvidence [9] says {{}}.\n</think>\n{GOOD}",
    "thinking_that_only_ends": f"So [2] is wrong.\n</think>\n{GOOD}",
    "json_with_a_comma_too_many": GOOD.replace('"unanswered": null', '"unanswered": null,'),
    "json_cut_off": GOOD[:-4],
    "markers_as_text": GOOD.replace("[1]", '["[1]"]'),
    "markers_in_the_text": GOOD.replace("2025.", "2025. [1]").replace('"markers": [1]', '"markers": []'),
    "json_of_another_shape": json.dumps({"answer": f"{TRUE} [1]"}),
    "plain_text": f"{TRUE} [1]",
    "marker_before_the_stop": f"{TRUE.rstrip('.')} [1].",
    "markers_together": f"{TRUE} [1, 1][1]",
    "markers_in_lenses": f"{TRUE}【1】",
    "a_list_under_a_heading": f"# Answer\n\n- {TRUE} [1]\n",
    "bold": f"**{TRUE}** [1]",
    "a_preamble": f"Based on the evidence, a storm{TRUE[7:]} [1]",
    "the_mark_copied": GOOD.replace(" in Rotterdam", "^in^Rotterdam"),
}
NOTHING = {
    "garbage": "\x00\x01 asdf qwer \ufffd",
    "a_refusal": "I am sorry, but as an AI language model I cannot help with that.",
    "only_thinking": "<think>\nThe reader asks about",
    "a_question": "Which storm do you mean? There were two.",
    "half_a_sentence_in_json": '{"sentences": [{"text": "A storm in Rotterdam tore',
    "deep_json": "[" * 30_000,
    "empty_objects": "{}",
    "json_null": "null",
    "an_empty_sentence": json.dumps({"sentences": [{"text": "", "markers": [1]}], "unanswered": None}),
    "only_markup": json.dumps({"sentences": [{"text": "![x](https://evil.example/x.png)", "markers": [1]}]}),
    "only_markers": "[1][2][3]",
    "a_sentence_without_end": "cranes " * 3_000 + ".",
}


@pytest.mark.parametrize("text", READABLE.values(), ids=READABLE)
def test_a_reply_that_can_be_read_is_used(desk, text):
    written = desk.ask(text)
    assert written.by_model
    assert [(s.text, s.markers) for s in written.answer.sentences] == [(TRUE, (1,))]
    assert written.answer.unknown_markers == 0


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_a_reply_that_says_nothing_leaves_the_articles_own_words(desk, text):
    answer = desk.ask(text).answer
    assert (answer.status, answer.generator, answer.degraded) == ("answered", "extractive", True)
    assert answer.degraded_reason
    assert "\n" not in answer.degraded_reason
    assert answer.citations


def test_what_is_not_the_json_asked_for_is_asked_for_once_more(desk):
    written = desk.ask(f"{TRUE} [1]", GOOD)
    assert [reply.prompt for reply in written.trace.replies] == ["answer", "reformat"]
    assert f"{TRUE} [1]" in written.asked[1].messages[1].content
    assert written.by_model


def test_plain_text_is_read_where_the_second_reply_is_no_better(desk):
    written = desk.ask(f"{TRUE} [1]", "still no JSON")
    assert written.by_model
    assert written.answer.text == f"{TRUE} [1]"


def test_plain_text_is_read_where_there_is_no_second_reply(desk):
    assert desk.ask(f"{TRUE} [1]", ChatUnavailable("gone")).by_model


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        pytest.param(f"{TRUE} [1] Repairs cost the port of Rotterdam 48 mil", [TRUE], id="plain"),
        pytest.param(f"{TRUE} [1] Repairs cost 4.", [TRUE], id="within_a_figure"),
        pytest.param(GOOD[:-21] + ', {"text": "Repairs cost the port of Ro', [TRUE], id="json"),
    ],
)
def test_of_a_reply_that_was_cut_off_only_whole_sentences_are_used(desk, text, sentences):
    written = desk.ask(ChatReply(text, "scripted", complete=False))
    assert [s.text for s in written.answer.sentences] == sentences
    assert written.by_model


def test_a_model_that_finds_no_answer_is_believed_where_little_speaks_for_one(desk, draft, unsure):
    desk.model = unsure
    answer = desk.ask(draft(unanswered="everything")).answer
    assert (answer.status, answer.abstention_reason) == ("abstained", "not_in_articles")
    assert (answer.generator, answer.degraded) == ("scripted", False)
    assert answer.confidence < unsure.threshold


def test_it_is_not_believed_where_the_articles_answer_for_all_to_see(desk, draft):
    answer = desk.ask(draft(unanswered="everything")).answer
    assert (answer.status, answer.generator, answer.degraded) == ("answered", "extractive", True)
    assert "found no answer" in answer.degraded_reason


def test_so_is_one_that_says_it_in_plain_words(desk, draft, unsure):
    desk.model = unsure
    answer = desk.ask("The evidence does not say how many cranes fell.", draft(unanswered="everything")).answer
    assert (answer.status, answer.generator, answer.degraded) == ("abstained", "scripted", False)


def test_a_cited_draft_that_gets_lost_on_the_way_to_json_is_used_as_it_came(desk, draft):
    assert desk.ask(f"{TRUE} [1]", draft(unanswered="everything")).by_model


class TestFailures:
    def test_a_model_that_cannot_be_had_leaves_the_articles_own_words_and_says_why(self, desk):
        answer = desk.ask(ChatUnavailable("the LLM at example refused the connection; start it")).answer
        assert (answer.status, answer.generator, answer.degraded) == ("answered", "extractive", True)
        assert "refused the connection" in answer.degraded_reason

    def test_a_model_that_breaks_is_one_that_cannot_be_had(self, desk):
        def breaks(request: ChatRequest) -> str:
            raise KeyError("choices")

        answer = desk.ask(breaks).answer
        assert (answer.status, answer.degraded) == ("answered", True)
        assert answer.citations

    def test_a_model_that_is_too_slow_is_left_behind_at_the_deadline(self, desk):
        slow = ScriptedChatModel(GOOD, delay_seconds=30)
        answer = desk.ask(chat=slow, options=GenerativeOptions(timeout_seconds=0.2)).answer
        assert (answer.status, answer.degraded) == ("answered", True)
        assert dict(answer.timings_ms)["total"] < 1_200

    def test_so_is_one_that_ignores_the_deadline(self, desk):
        class Deaf:
            name = "deaf"

            async def complete(self, request: ChatRequest, deadline: Deadline) -> ChatReply:
                import asyncio

                await asyncio.sleep(30)
                raise AssertionError

        answer = desk.ask(chat=Deaf(), options=GenerativeOptions(timeout_seconds=0.2)).answer
        assert (answer.status, answer.degraded) == ("answered", True)
        assert dict(answer.timings_ms)["total"] < 1_200

    def test_a_check_that_breaks_lets_nothing_pass(self, desk):
        class Broken:
            def check(self, drafts: object, evidence: object = ()) -> list[object]:
                raise RuntimeError

        answer = desk.ask(GOOD, grounder=Broken()).answer
        assert (answer.generator, answer.degraded, answer.dropped_sentences) == ("extractive", True, 1)

    def test_a_check_that_says_too_little_lets_nothing_pass(self, desk):
        class Silent:
            def check(self, drafts: object, evidence: object = ()) -> list[object]:
                return []

        answer = desk.ask(GOOD, grounder=Silent()).answer
        assert (answer.generator, answer.degraded, answer.dropped_sentences) == ("extractive", True, 1)


class TestNotAsking:
    def test_of_an_empty_library_nothing_is_asked(self, newsroom, eager, empty_desk):
        written = empty_desk.ask(GOOD)
        assert written.answer.abstention_reason == "empty_library"
        assert written.asked == ()
        assert written.trace.model is None

    def test_of_what_the_articles_have_nothing_on_nothing_is_asked(self, desk, shy):
        desk.model = shy
        written = desk.ask(GOOD, question="Best sourdough recipe?")
        assert (written.answer.status, written.answer.degraded) == ("abstained", False)
        assert written.asked == ()

    def test_of_a_time_that_the_articles_do_not_treat_nothing_is_asked(self, desk):
        written = desk.ask(GOOD, question="How many harbour cranes did the storm tear down on 3 March 2019?")
        assert written.answer.abstention_reason == "other_date"
        assert written.asked == ()
