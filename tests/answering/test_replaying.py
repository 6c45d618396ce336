"""Receipts gone through again, without asking anybody."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from service.answering.extractive import ExtractiveAnswerer
from service.answering.receipts import answer_body
from service.answering.replaying import Replay, Replayer
from service.errors import InputRejected
from service.grounding.grounder import Grounder
from service.types import Answer, AnswerSentence, Citation, Question, Span

BRIDGE = "The bridge in Harlow cost 48 million crowns. It is 312 metres long."
QUESTION = Question("How much did the bridge in Harlow cost?")

Receipt = dict[str, Any]


@pytest.fixture
def replay(newsroom: Any) -> Callable[[Receipt], Replay]:
    extractive = ExtractiveAnswerer(newsroom.library, newsroom.retriever)
    return Replayer(newsroom.library, newsroom.retriever, Grounder(), extractive.context).replay


@pytest.fixture
def receipt(newsroom: Any) -> Callable[..., Receipt]:
    """Of an answer that says one sentence, citing the first sentence of the bridge's article."""

    def make(sentence: str, verdict: str = "supported") -> Receipt:
        newsroom.add(bridge=BRIDGE, dam="The dam near Orsk burst on 5 April 2024.")
        article = newsroom.library.article("bridge")
        citation = Citation.of(article, Span(0, 44), marker=1)
        said = AnswerSentence(sentence, (1,), 0.9, verdict)  # type: ignore[arg-type]
        answer = Answer("ans_1", QUESTION.text, "answered", None, None, (said,), (citation,), 0.9, "m")
        found = newsroom.retriever.search(QUESTION.text, 16, QUESTION.filters).evidence
        evidence = [{"chunk_id": e.chunk.id, "article_id": e.article.id, "revision": e.article.revision} for e in found]
        fields = {"published_from": None, "published_to": None, "include_undated": False, "as_of": None}
        made = {
            "version": 1,
            "id": "rcp_1",
            "corpus_fingerprint": newsroom.library.fingerprint(),
            "question": {"text": QUESTION.text, "filters": fields | {"sources": [], "article_ids": []}},
            "evidence": evidence,
            "answer": answer_body(answer),
        }
        loaded: Receipt = json.loads(json.dumps(made))
        return loaded

    return make


Make = Callable[..., Receipt]
Again = Callable[[Receipt], Replay]


def test_a_paraphrase_is_verified_again(receipt: Make, replay: Again) -> None:
    replayed = replay(receipt("The cost of the bridge in Harlow was 48 million crowns."))
    assert replayed.differences == ()
    assert [(s.verdict_then, s.verdict_now) for s in replayed.sentences] == [("supported", "supported")]


def test_a_verdict_that_does_not_hold_is_found(receipt: Make, replay: Again) -> None:
    replayed = replay(receipt("The cost of the bridge in Harlow was 84 million crowns."))
    (sentence,) = replayed.sentences
    assert sentence.verdict_then == "supported"
    assert sentence.verdict_now != "supported"
    assert sentence.reasons
    assert replayed.differences == (f"sentence 1 was supported and is {sentence.verdict_now}",)


def test_a_citation_that_was_tampered_with_is_found(receipt: Make, replay: Again) -> None:
    tampered = receipt("The bridge in Harlow cost 48 million crowns.")
    tampered["answer"]["citations"][0]["quote"] = "The bridge in Harlow cost 84 million crowns."
    replayed = replay(tampered)
    assert [c.state for c in replayed.citations] == ["mismatch"]
    assert "citation [1] does not stand in its article any more" in replayed.differences


def test_evidence_that_others_have_pushed_out_is_told_from_what_is_gone(
    newsroom: Any, receipt: Make, replay: Again
) -> None:
    kept = receipt("The bridge in Harlow cost 48 million crowns.")
    newsroom.add(harlow="The cost of the bridge in Harlow: how much did the bridge in Harlow cost, and why?")
    states = {item.article_id: item.state for item in replay(kept).evidence}
    assert states == {"bridge": "same", "dam": "not_found", "harlow": "new"}


def test_ranks_tell_what_moved(newsroom: Any, receipt: Make, replay: Again) -> None:
    kept = receipt("The bridge in Harlow cost 48 million crowns.")
    ranks = {item.article_id: (item.rank_then, item.rank_now) for item in replay(kept).evidence}
    assert ranks == {"bridge": (1, 1), "dam": (2, 2)}


def test_a_receipt_of_another_version_is_refused(replay: Again) -> None:
    with pytest.raises(InputRejected, match="version 2, this release replays version 1"):
        replay({"version": 2})
