"""The OpenAI-compatible face carries the same citations, and only what was verified."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openai import DefaultHttpxClient, NotFoundError, OpenAI

from eval.llm_server import LlmServer

QUESTION = "How many apple trees did the orchard at Velden lose?"
VOLATILE = ("id", "timings_ms", "receipt_id")


def chat(client: TestClient, *contents: Any, **body: Any) -> dict[str, Any]:
    """Turns of the user and of the assistant, in turn."""
    turns = [{"role": ("user", "assistant")[i % 2], "content": content} for i, content in enumerate(contents)]
    response = client.post("/v1/chat/completions", json={"model": "groundwire", "messages": turns} | body)
    assert response.status_code == 200, response.text
    completion: dict[str, Any] = response.json()
    return completion


def chunks(client: TestClient, **body: Any) -> tuple[list[dict[str, Any]], str]:
    asked = {"model": "groundwire", "messages": [{"role": "user", "content": QUESTION}], "stream": True}
    response = client.post("/v1/chat/completions", json=asked | body)
    assert response.headers["content-type"].startswith("text/event-stream")
    pieces = [piece.removeprefix("data: ") for piece in response.text.strip().split("\n\n")]
    return [json.loads(piece) for piece in pieces[:-1]], pieces[-1]


def steady(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name not in VOLATILE}


def test_a_completion_is_the_answer_with_its_markers_and_citations(filled: TestClient) -> None:
    completion = chat(filled, QUESTION)
    answer = filled.post("/v1/ask", json={"question": QUESTION}).json()
    assert completion["object"] == "chat.completion"
    (choice,) = completion["choices"]
    assert choice["message"] == {"role": "assistant", "content": answer["answer"], "refusal": None}
    assert choice["finish_reason"] == "stop"
    assert "[1]" in choice["message"]["content"]
    assert steady(completion["groundwire"]) == steady(answer)
    assert completion["groundwire"]["receipt_id"].startswith("rcp_")


def test_the_last_message_of_the_user_is_the_question(filled: TestClient) -> None:
    completion = chat(filled, "Who ran aground near Tarvik?", "A ferry.", QUESTION)
    assert completion["groundwire"]["question"] == QUESTION


def test_a_question_may_come_in_parts_of_text(filled: TestClient) -> None:
    parts = [{"type": "text", "text": "How many apple trees"}, {"type": "text", "text": "did the orchard lose?"}]
    assert chat(filled, parts)["groundwire"]["question"] == "How many apple trees\ndid the orchard lose?"


def test_what_clients_send_beside_it_is_taken_and_means_nothing(filled: TestClient) -> None:
    extras = {"temperature": 2, "max_tokens": 1, "tools": [{"type": "function"}], "user": "x", "top_p": 0.1, "n": 1}
    assert "212" in chat(filled, QUESTION, **extras)["choices"][0]["message"]["content"]


def test_filters_go_in_a_field_of_their_own(filled: TestClient) -> None:
    completion = chat(filled, QUESTION, groundwire={"article_ids": ["ferry"], "max_sentences": 1})
    assert completion["groundwire"]["status"] == "abstained"
    assert completion["choices"][0]["message"]["content"] == completion["groundwire"]["answer"]


def test_a_stream_has_the_sentences_as_chunks_then_the_whole_answer(filled: TestClient) -> None:
    found, last = chunks(filled)
    assert last == "[DONE]"
    assert {chunk["object"] for chunk in found} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in found}) == 1
    deltas = [chunk["choices"][0]["delta"] for chunk in found]
    assert [delta.get("role") for delta in deltas] == ["assistant", *[None] * (len(deltas) - 1)]
    whole = found[-1]["groundwire"]
    assert "".join(delta.get("content", "") for delta in deltas) == whole["answer"]
    assert [chunk["choices"][0]["finish_reason"] for chunk in found] == [None] * (len(found) - 1) + ["stop"]
    assert whole["citations"]


def test_a_stream_of_a_models_answer_has_verified_sentences_alone(written: TestClient, llm: LlmServer) -> None:
    llm.reply_with(
        "The orchard at Velden lost 212 apple trees. [1] The orchard lost 999 pear trees. [1] "
        "Mayor Ilse Brandt said the town would replant them in autumn. [1]"
    )
    found, last = chunks(written, stream_options={"include_usage": True})
    text = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in found if chunk["choices"])
    assert last == "[DONE]"
    assert text == found[-2]["groundwire"]["answer"]
    assert "pear trees" not in text
    assert text.count("[1]") + text.count("[2]") == 2
    assert found[-1]["choices"] == []
    assert found[-1]["usage"]["total_tokens"] > 0


def test_a_stream_of_an_abstention_says_so(filled: TestClient) -> None:
    messages = [{"role": "user", "content": "Who won the chess championship in Reykjavik?"}]
    found, last = chunks(filled, messages=messages)
    assert last == "[DONE]"
    assert found[0]["choices"][0]["delta"]["content"] == found[-1]["groundwire"]["answer"]


def test_openais_own_client_takes_it(address: str, llm: LlmServer) -> None:
    llm.reply_with("The orchard at Velden lost 212 apple trees. [1]")
    with OpenAI(base_url=f"{address}/v1", api_key="none", http_client=DefaultHttpxClient(trust_env=False)) as client:
        asked: Any = {"model": "groundwire", "messages": [{"role": "user", "content": QUESTION}]}
        assert next(model.id for model in client.models.list()) == "groundwire"
        completion = client.chat.completions.create(**asked)
        text = "".join(
            chunk.choices[0].delta.content or "" for chunk in client.chat.completions.create(**asked, stream=True)
        )
        with pytest.raises(NotFoundError):
            client.chat.completions.create(**asked | {"model": "gpt-4o"})
    assert completion.choices[0].message.content == text == "The orchard at Velden lost 212 apple trees. [1]"
    assert (completion.model_extra or {})["groundwire"]["citations"][0]["article_id"] == "orchard"


def test_models_are_those_that_can_be_had(filled: TestClient, written: TestClient) -> None:
    listed = filled.get("/v1/models").json()
    assert listed["object"] == "list"
    assert [model["id"] for model in listed["data"]] == ["groundwire", "groundwire-extractive"]
    assert [model["id"] for model in written.get("/v1/models").json()["data"]][-1] == "groundwire-llm"


def test_the_model_chooses_the_mode(written: TestClient, llm: LlmServer) -> None:
    llm.reply_with("The orchard at Velden lost 212 apple trees. [1]")
    generators = [
        chat(written, QUESTION, model=model)["groundwire"]["generator"]
        for model in ("groundwire", "groundwire-llm", "groundwire-extractive")
    ]
    assert generators == [llm.model, llm.model, "extractive"]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        pytest.param({"model": "gpt-4o"}, 404, "groundwire", id="unknown model"),
        pytest.param({"model": "groundwire-llm"}, 422, "GROUNDWIRE_LLM_MODEL", id="no LLM"),
        pytest.param({"model": None}, 422, "model", id="no model"),
        pytest.param({"messages": []}, 422, "messages", id="no messages"),
        pytest.param({"messages": "hi"}, 422, "messages", id="string as messages"),
        pytest.param({"messages": [{"role": "system", "content": "x"}]}, 422, "user", id="no user"),
        pytest.param({"messages": [{"role": "user", "content": " "}]}, 422, "1 to 4,000", id="blank"),
        pytest.param({"messages": [{"role": "user", "content": None}]}, 422, "1 to 4,000", id="null"),
        pytest.param({"messages": [{"role": "user", "content": "x" * 4001}]}, 422, "4,001", id="too long"),
        pytest.param(
            {"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "x"}}]}]},
            422,
            "not text",
            id="image",
        ),
        pytest.param({"n": 2}, 422, "n:", id="several choices"),
        pytest.param({"groundwire": {"as_of": "yesterday"}}, 422, "as_of", id="bad date"),
        pytest.param({"groundwire": {"mode": "llm"}}, 422, "unknown field", id="unknown field of ours"),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
def test_wrong_request_is_a_problem(
    filled: TestClient, body: dict[str, Any], status: int, says: str, stream: bool
) -> None:
    asked = {"model": "groundwire", "messages": [{"role": "user", "content": QUESTION}], "stream": stream}
    response = filled.post("/v1/chat/completions", json=asked | body)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    assert says in response.json()["detail"]
