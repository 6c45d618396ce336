"""What a receipt holds, and that no answer fails for want of one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.answering.extractive import ExtractiveAnswerer
from service.answering.receipts import Receipts, answer_body
from service.answering.trace import Trace, TracedReply, traced_evidence, traced_quotes
from service.api.schemas import AnswerSchema
from service.errors import NotFound
from service.library.receipts import ReceiptStore
from service.types import Filters, Question, Usage

NOW = datetime(2026, 1, 2, 3, 4, 5, 678_900, tzinfo=UTC)
QUESTION = Question("How much did the bridge in Harlow cost?", Filters(sources=("Gazette",), as_of="2026-01-01"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[ReceiptStore]:
    store = ReceiptStore(tmp_path / "receipts.sqlite3", kept=10)
    yield store
    store.close()


@pytest.fixture
def receipts(store: ReceiptStore, newsroom: Any) -> Receipts:
    newsroom.add(bridge={"text": "The bridge in Harlow cost 48 million crowns.", "source": "Gazette"})
    return Receipts(store, newsroom.library, lambda: {"settings": {"llm_model": "m"}}, now=lambda: NOW)


@pytest.fixture
def trace(receipts: Receipts, newsroom: Any, eager: Any) -> Trace:
    answerer = ExtractiveAnswerer(newsroom.library, newsroom.retriever, model=eager)
    gathered = answerer.gather(QUESTION)
    answer = answerer.answer(QUESTION, gathered)
    reply = TracedReply("answer", "sha256:1", "m-2026", "48 \ud800 million \x00", usage=Usage(3, 4, 0.5))
    checks = traced_quotes(answer)
    return Trace(QUESTION, "llm", traced_evidence(gathered.evidence), checks, answer, "m", (reply, reply))


def test_everything_comes_back(receipts: Receipts, trace: Trace, newsroom: Any) -> None:
    answer = receipts.keep(trace)
    assert answer.receipt_id is not None
    assert answer.receipt_id.startswith("rcp_")
    kept = receipts.read(answer.receipt_id)
    assert (kept["version"], kept["id"], kept["created_at"]) == (1, answer.receipt_id, "2026-01-02T03:04:05.678+00:00")
    assert kept["settings"] == {"llm_model": "m"}
    assert kept["corpus_fingerprint"] == newsroom.library.fingerprint()
    assert kept["question"]["filters"]["sources"] == ["Gazette"]
    assert kept["question"]["filters"]["as_of"] == "2026-01-01"
    assert (kept["mode"], kept["model"]) == ("llm", "m")
    assert kept["prompts"] == [{"name": "answer", "hash": "sha256:1"}]
    assert kept["replies"][0]["text"] == "48 \ud800 million \x00"
    assert kept["replies"][0]["usage"] == {"prompt_tokens": 3, "completion_tokens": 4, "cost_usd": 0.5}
    assert kept["evidence"][0]["text"] == "The bridge in Harlow cost 48 million crowns."
    assert kept["checks"][0]["spans"][0]["text"] == "The bridge in Harlow cost 48 million crowns."
    assert kept["answer"] == json.loads(json.dumps(answer_body(answer)))


def test_the_answer_in_it_has_the_fields_of_the_public_interface(trace: Trace) -> None:
    assert set(answer_body(trace.answer)) == set(AnswerSchema.model_fields)


def test_each_answer_has_a_receipt_of_its_own(receipts: Receipts, trace: Trace) -> None:
    assert receipts.keep(trace).receipt_id != receipts.keep(trace).receipt_id


def test_an_answer_whose_receipt_cannot_be_kept_goes_out_without_one(
    receipts: Receipts, store: ReceiptStore, trace: Trace, caplog: pytest.LogCaptureFixture
) -> None:
    store.close()
    answer = receipts.keep(trace)
    assert answer == trace.answer
    assert answer.receipt_id is None
    assert "shutting down" in (receipts.failure or "")
    assert "no receipt was kept" in caplog.text


def test_not_even_a_mistake_of_ours_fails_an_answer_and_its_message_is_not_logged(
    store: ReceiptStore, trace: Trace, newsroom: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> dict[str, Any]:
        raise RuntimeError("How much did the bridge cost?")

    receipts = Receipts(store, newsroom.library, broken)
    assert receipts.keep(trace).receipt_id is None
    assert receipts.failure == "RuntimeError"
    assert "bridge" not in caplog.text


def test_there_is_no_such_receipt(receipts: Receipts) -> None:
    with pytest.raises(NotFound, match="GROUNDWIRE_RECEIPTS_KEPT"):
        receipts.read("rcp_0")
