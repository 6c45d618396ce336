import json
from typing import Any

from fastapi.testclient import TestClient

ANSWER_FIELDS = (
    "id question status abstention_reason unanswered answer sentences citations disagreements confidence generator "
    "degraded degraded_reason dropped_sentences unknown_markers usage timings_ms receipt_id"
).split()
CITATION_FIELDS = "marker article_id revision origin title source url published_at start end quote carriers".split()
RESULT_FIELDS = "rank score chunk_id article_id origin title source published_at start end text carriers".split()
QUESTION = "How many apple trees did the orchard at Velden lose?"


def ask(client: TestClient, **body: object) -> dict[str, Any]:
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_answer_has_every_field_of_the_interface(filled: TestClient) -> None:
    answer = ask(filled, question=QUESTION)
    assert list(answer) == ANSWER_FIELDS
    assert answer["usage"] == {"prompt_tokens": 0, "completion_tokens": 0, "cost_usd": None}
    assert answer["receipt_id"].startswith("rcp_")
    assert set(answer["timings_ms"]) >= {"retrieve", "generate", "verify", "total"}


def test_citations_quote_exactly_what_the_article_route_returns(filled: TestClient) -> None:
    answer = ask(filled, question=QUESTION)
    assert answer["status"] == "answered"
    assert "212" in answer["answer"]
    for citation in answer["citations"]:
        assert list(citation) == CITATION_FIELDS
        article = filled.get(f"/v1/articles/{citation['article_id']}", params={"revision": citation["revision"]}).json()
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_what_the_articles_do_not_say_is_an_abstention_and_no_error(filled: TestClient) -> None:
    answer = ask(filled, question="Who won the chess championship in Reykjavik?")
    assert (answer["status"], answer["citations"]) == ("abstained", [])
    assert answer["abstention_reason"]


def test_empty_library_abstains(empty: TestClient) -> None:
    answer = ask(empty, question=QUESTION)
    assert (answer["status"], answer["abstention_reason"]) == ("abstained", "empty_library")


def test_null_is_the_same_as_leaving_an_option_out(filled: TestClient) -> None:
    options = dict.fromkeys(
        (
            "as_of",
            "published_from",
            "published_to",
            "include_undated",
            "sources",
            "article_ids",
            "max_sentences",
            "stream",
        )
    )
    assert ask(filled, question=QUESTION, **options)["answer"] == ask(filled, question=QUESTION)["answer"]


def test_filters_reach_the_search(filled: TestClient) -> None:
    assert ask(filled, question=QUESTION, article_ids=["ferry"])["status"] == "abstained"
    assert ask(filled, question=QUESTION, sources=["Velden Post"])["status"] == "answered"


def test_mode_llm_without_an_llm_is_a_plain_refusal(filled: TestClient) -> None:
    response = filled.post("/v1/ask", json={"question": QUESTION, "mode": "llm"})
    assert response.status_code == 422
    assert "use auto or extractive" in response.json()["detail"]


def test_stream_sends_evidence_then_sentences_then_the_whole_answer(filled: TestClient) -> None:
    response = filled.post("/v1/ask", json={"question": QUESTION, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    events = [event.split("\n") for event in response.text.strip().split("\n\n")]
    names = [name.removeprefix("event: ") for name, _ in events]
    bodies = [json.loads(data.removeprefix("data: ")) for _, data in events]
    answer = bodies[-1]
    assert names == ["evidence", *["sentence"] * len(answer["sentences"]), "answer"]
    assert bodies[0]["citations"] == answer["citations"]
    assert list(bodies[0]["results"][0]) == RESULT_FIELDS
    assert bodies[0]["results"][0]["text"].startswith("The orchard at Velden lost 212")
    assert bodies[1:-1] == answer["sentences"]
    assert list(answer) == ANSWER_FIELDS


def test_stream_of_an_abstention_has_no_sentence(filled: TestClient) -> None:
    body = {"question": "Who won the chess championship in Reykjavik?", "stream": True}
    lines = filled.post("/v1/ask", json=body).text.splitlines()
    assert [line for line in lines if line.startswith("event:")] == ["event: evidence", "event: answer"]


def test_stream_that_fails_before_it_begins_is_a_problem_with_its_status(filled: TestClient) -> None:
    response = filled.post("/v1/ask", json={"question": QUESTION, "mode": "llm", "stream": True})
    assert (response.status_code, response.headers["content-type"]) == (422, "application/problem+json")


def test_search_returns_ranked_evidence_with_every_field(filled: TestClient) -> None:
    body = filled.post("/v1/search", json={"query": "passengers of the ferry", "k": 2}).json()
    assert [result["rank"] for result in body["results"]] == [1, 2]
    assert body["results"][0]["article_id"] == "ferry"
    assert list(body["results"][0]) == RESULT_FIELDS
    assert body["excluded_undated"] == 0
    assert body["timings_ms"]["total"] >= 0


def test_search_counts_what_a_date_filter_left_out(filled: TestClient) -> None:
    body = filled.post("/v1/search", json={"query": "ferry", "published_from": "2024-05-09"}).json()
    assert {result["article_id"] for result in body["results"]} == {"ferry"}
    assert body["excluded_undated"] == 1


def test_search_in_an_empty_library_finds_nothing(empty: TestClient) -> None:
    assert empty.post("/v1/search", json={"query": "ferry"}).json()["results"] == []
