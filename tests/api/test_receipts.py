"""Receipts of answers: shown, and replayed after the library has changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from eval.llm_replies import Reply, raw
from eval.llm_server import LlmServer
from service.wiring import RECEIPTS_FILE, Groundwire

QUESTION = "How many apple trees did the orchard at Velden lose?"


def ask(client: TestClient, question: str = QUESTION, **body: object) -> dict[str, Any]:
    answer: dict[str, Any] = client.post("/v1/ask", json={"question": question, **body}).json()
    return answer


def receipt(client: TestClient, answer: dict[str, Any]) -> dict[str, Any]:
    response = client.get(f"/v1/receipts/{answer['receipt_id']}")
    assert response.status_code == 200, response.text
    kept: dict[str, Any] = response.json()
    return kept


def replay(client: TestClient, answer: dict[str, Any]) -> dict[str, Any]:
    response = client.post(f"/v1/receipts/{answer['receipt_id']}/replay")
    assert response.status_code == 200, response.text
    replayed: dict[str, Any] = response.json()
    return replayed


def test_a_receipt_has_the_whole_answer_and_what_it_was_made_of(filled: TestClient) -> None:
    answer = ask(filled, sources=["Velden Post"])
    kept = receipt(filled, answer)
    stages = {name: pytest.approx(ms, abs=0.051) for name, ms in answer["timings_ms"].items()}  # rounded on the web
    assert kept["answer"] == answer | {"timings_ms": stages}
    assert kept["version"] == 1
    assert kept["question"]["text"] == QUESTION
    assert kept["question"]["filters"]["sources"] == ["Velden Post"]
    assert kept["settings"]["embedding_model"] == "hashing"
    assert kept["corpus_fingerprint"].startswith("sha256:")
    assert (kept["mode"], kept["model"], kept["prompts"], kept["replies"]) == ("auto", None, [], [])
    assert [check["verdict"] for check in kept["checks"]] == ["supported"] * len(answer["sentences"])
    (evidence,) = kept["evidence"]
    article = filled.get("/v1/articles/orchard", params={"revision": evidence["revision"]}).json()
    assert article["text"][evidence["start"] : evidence["end"]] == evidence["text"]


def test_an_abstention_leaves_one_too(filled: TestClient) -> None:
    answer = ask(filled, "Who won the chess championship in Reykjavik?")
    assert receipt(filled, answer)["answer"]["status"] == "abstained"
    assert replay(filled, answer)["same"]


def test_so_does_a_question_to_an_empty_library(empty: TestClient) -> None:
    answer = ask(empty)
    assert receipt(empty, answer)["evidence"] == []
    assert replay(empty, answer)["same"]


def test_a_models_reply_is_kept_raw_with_its_prompt_and_without_the_key(written: TestClient, llm: LlmServer) -> None:
    text = "Sure! The orchard at Velden lost 212 apple trees. [1] It also lost 999 pear trees. [7] \ud800"
    llm.reply_with(raw(json.dumps({"choices": [{"message": {"role": "assistant", "content": text}}]})))
    answer = ask(written)
    kept = receipt(written, answer)
    assert kept["model"] == llm.model
    assert kept["replies"][0]["text"].startswith("Sure! The orchard at Velden lost 212 apple trees. [1]")
    assert [prompt["hash"][:7] for prompt in kept["prompts"]] == ["sha256:"] * len(kept["prompts"])
    assert kept["prompts"][0]["name"] == "answer"
    shipped = {check["text"]: check["shipped"] for check in kept["checks"]}
    assert shipped["The orchard at Velden lost 212 apple trees."]
    assert not any(is_in for text, is_in in shipped.items() if "pear" in text)
    assert "key-of-the-llm" not in json.dumps(kept)
    assert replay(written, answer)["same"]


def test_a_failed_call_is_kept_with_its_reason(written: TestClient, llm: LlmServer) -> None:
    llm.reply_with(Reply(status=401, body=b"{}"))
    (reply,) = receipt(written, ask(written))["replies"]
    assert (reply["text"], reply["complete"]) == ("", False)
    assert "401" in reply["error"]


def test_replay_asks_no_model(written: TestClient, llm: LlmServer) -> None:
    llm.reply_with("The orchard at Velden lost 212 apple trees. [1]")
    answer = ask(written)
    before = len(llm.requests)
    assert replay(written, answer)["same"]
    assert len(llm.requests) == before


def test_replay_of_an_unchanged_library_finds_no_difference(filled: TestClient) -> None:
    replayed = replay(filled, ask(filled))
    assert replayed["same"]
    assert replayed["differences"] == []
    assert replayed["corpus_then"] == replayed["corpus_now"]
    assert {one["state"] for one in replayed["evidence"]} == {"same"}
    assert [one["state"] for one in replayed["citations"]] == ["matches"]
    assert [(one["verdict_then"], one["verdict_now"]) for one in replayed["sentences"]] == [("supported", "supported")]


def test_replay_after_an_update_resolves_the_old_revision_and_says_so(own: TestClient) -> None:
    answer = ask(own)
    newer = {"id": "orchard", "title": "Storm fells orchard", "text": "The orchard at Velden lost 300 apple trees."}
    own.post("/v1/articles", json={"articles": [newer]})
    replayed = replay(own, answer)
    assert not replayed["same"]
    assert replayed["corpus_then"] != replayed["corpus_now"]
    states = {(one["article_id"], one["state"]) for one in replayed["evidence"]}
    assert {("orchard", "changed"), ("orchard", "new"), ("ferry", "same")} == states
    assert [one["state"] for one in replayed["citations"]] == ["old_revision"]
    assert [one["verdict_now"] for one in replayed["sentences"]] == ["supported"]
    assert "citation [1] quotes an old text of its article, which has another by now" in replayed["differences"]


def test_replay_after_a_deletion_says_what_is_gone(own: TestClient) -> None:
    answer = ask(own)
    own.delete("/v1/articles/orchard")
    replayed = replay(own, answer)
    assert ("orchard", "gone") in {(one["article_id"], one["state"]) for one in replayed["evidence"]}
    assert [one["state"] for one in replayed["citations"]] == ["gone"]
    (sentence,) = replayed["sentences"]
    assert (sentence["verdict_then"], sentence["verdict_now"]) == ("supported", "not_supported")
    assert "sentence 1 was supported and is not_supported" in replayed["differences"]


def test_replay_after_an_addition_names_what_is_new(own: TestClient) -> None:
    answer = ask(own)
    text = "The orchard at Velden lost 212 apple trees, the insurer confirmed in a letter to its owners."
    own.post("/v1/articles", json={"articles": [{"id": "insurer", "title": "Orchard", "text": text}]})
    replayed = replay(own, answer)
    assert ("insurer", "new") in {(one["article_id"], one["state"]) for one in replayed["evidence"]}
    assert [one["state"] for one in replayed["citations"]] == ["matches"]


@pytest.mark.parametrize("receipt_id", ["rcp_0", "x", "..%2Fx", "%00", "%F0%9F%8D%8E"])
def test_no_such_receipt_is_a_404(filled: TestClient, receipt_id: str) -> None:
    for response in (
        filled.get(f"/v1/receipts/{receipt_id}"),
        filled.post(f"/v1/receipts/{receipt_id}/replay"),
    ):
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"


def test_without_receipts_answers_name_none(
    tmp_path: Path, client_for: Callable[[Groundwire], TestClient], open_with: Callable[..., Groundwire]
) -> None:
    client = client_for(open_with(tmp_path, receipts_kept=0))
    assert ask(client)["receipt_id"] is None
    assert not (tmp_path / RECEIPTS_FILE).exists()
    assert "GROUNDWIRE_RECEIPTS_KEPT" in client.get("/v1/receipts/rcp_0").json()["detail"]


def test_only_the_last_receipts_are_kept(
    tmp_path: Path, client_for: Callable[[Groundwire], TestClient], open_with: Callable[..., Groundwire]
) -> None:
    client = client_for(open_with(tmp_path, receipts_kept=2))
    answers = [ask(client) for _ in range(3)]
    statuses = [client.get(f"/v1/receipts/{answer['receipt_id']}").status_code for answer in answers]
    assert statuses == [404, 200, 200]


def test_a_receipt_that_cannot_be_kept_fails_no_answer(
    tmp_path: Path,
    client_for: Callable[[Groundwire], TestClient],
    open_with: Callable[..., Groundwire],
    caplog: pytest.LogCaptureFixture,
) -> None:
    client = client_for(open_with(tmp_path))
    (tmp_path / RECEIPTS_FILE).write_bytes(b"damaged" * 1000)
    with caplog.at_level("WARNING", "groundwire"):
        answer = ask(client)
    assert (answer["status"], answer["receipt_id"]) == ("answered", None)
    assert "no receipt was kept" in caplog.text
    assert "apple trees" not in caplog.text
    parts = {part["name"]: part["state"] for part in client.get("/readyz").json()["parts"]}
    assert parts["receipts"] == "degraded"
    (tmp_path / RECEIPTS_FILE).unlink()
    assert ask(client)["receipt_id"]
    assert "receipts" not in {part["name"] for part in client.get("/readyz").json()["parts"]}
