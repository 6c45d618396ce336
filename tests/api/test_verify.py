"""`POST /v1/verify`: any text against the library, or against given sources alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.wiring import Groundwire

SENTENCE_FIELDS = ["text", "verdict", "support", "citations", "start", "end", "reasons"]
TEXT = (
    "# The storm\n\n"
    "The storm of 3 March 2024 cost the orchard at **Velden** 212 apple trees [1]. "
    "The storm cost the orchard at Velden 900 apple trees. Who pays for it?"
)


def verify(client: TestClient, **body: object) -> dict[str, Any]:
    response = client.post("/v1/verify", json=body)
    assert response.status_code == 200, response.text
    verified: dict[str, Any] = response.json()
    return verified


def test_each_sentence_has_a_verdict_and_its_place_in_the_text(filled: TestClient) -> None:
    body = verify(filled, text=TEXT)
    assert list(body) == ["sentences", "groundedness", "unchecked"]
    assert [list(sentence) for sentence in body["sentences"]] == [SENTENCE_FIELDS] * 2
    true, false = body["sentences"]
    assert (true["verdict"], true["reasons"]) == ("supported", [])
    assert false["verdict"] in ("not_supported", "contradicted")
    assert "900" in " ".join(false["reasons"])
    assert body["groundedness"] == 0.5
    for piece in (true, false, *body["unchecked"]):
        assert TEXT[piece["start"] : piece["end"]] == piece["text"]
    assert [piece["why"] for piece in body["unchecked"]] == ["heading", "question"]


def test_citations_quote_exactly_what_the_article_route_returns(filled: TestClient) -> None:
    cited = verify(filled, text=TEXT)["sentences"][0]["citations"]
    assert cited
    for citation in cited:
        article = filled.get(f"/v1/articles/{citation['article_id']}", params={"revision": citation["revision"]}).json()
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert citation["marker"] == 1


def test_given_sources_alone_are_looked_at(filled: TestClient) -> None:
    sources = ["Nothing of it.", "\u2028At noon \U0001f30a the dam near Orsk held, its keeper said.\r\nNobody fled."]
    body = verify(filled, text="The dam near Orsk held. The orchard at Velden lost 212 apple trees.", sources=sources)
    held, lost = body["sentences"]
    assert (held["verdict"], lost["verdict"]) == ("supported", "not_supported")
    assert body["groundedness"] == 0.5
    (citation,) = held["citations"]
    assert list(citation) == ["source_index", "start", "end", "quote"]
    assert citation["source_index"] == 1
    assert sources[1][citation["start"] : citation["end"]] == citation["quote"]
    assert lost["citations"] == []


def test_sources_touch_no_library(
    tmp_path: Path, client_for: Callable[[Groundwire], TestClient], open_with: Callable[..., Groundwire]
) -> None:
    client = client_for(open_with(tmp_path, chroma_url="http://127.0.0.1:9"))  # where no vector store answers
    assert client.post("/v1/verify", json={"text": TEXT}).status_code == 503
    assert verify(client, text="It rained.", sources=["It rained."])["groundedness"] == 1.0


def test_a_text_that_claims_nothing_is_not_grounded(filled: TestClient) -> None:
    body = verify(filled, text="# Storm\n\nWho knows?")
    assert (body["sentences"], body["groundedness"]) == ([], 0.0)


def test_an_empty_library_supports_nothing(empty: TestClient) -> None:
    body = verify(empty, text="It rained in Velden.")
    assert [(s["verdict"], s["citations"]) for s in body["sentences"]] == [("not_supported", [])]


def test_the_same_text_has_the_same_result(filled: TestClient) -> None:
    assert verify(filled, text=TEXT) == verify(filled, text=TEXT)


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        pytest.param({}, "text", "required", id="no text"),
        pytest.param({"text": " \n"}, "text", "nothing to check", id="blank"),
        pytest.param({"text": 5}, "text", "string", id="number"),
        pytest.param({"text": "x" * 100_001}, "text", "100,001", id="too long"),
        pytest.param({"text": "It rained.", "sources": []}, "sources", "at least 1", id="no sources"),
        pytest.param({"text": "It rained.", "sources": "It."}, "sources", "list", id="string as list"),
        pytest.param({"text": "It rained.", "sources": ["It.", " "]}, "sources.1", "blank", id="blank source"),
        pytest.param({"text": "It rained.", "sources": [None]}, "sources.0", "string", id="null as source"),
        pytest.param({"text": "It rained.", "sources": ["x"] * 1_001}, "sources", "1000", id="many sources"),
        pytest.param({"text": "It rained.", "source": ["It."]}, "source", "unknown", id="unknown field"),
        pytest.param({"text": "a. " * 1_500 + "It rained. " * 1_200}, None, "1,000", id="too many sentences"),
    ],
)
def test_wrong_body_is_refused_and_named(filled: TestClient, body: dict[str, Any], field: str, says: str) -> None:
    response = filled.post("/v1/verify", json=body)
    assert response.status_code == 422
    problem = response.json()
    assert says in problem["detail"]
    assert field is None or [error["field"] for error in problem["errors"]] == [field]


def test_half_a_surrogate_pair_is_refused(filled: TestClient) -> None:
    content = b'{"text": "It rained \\ud800."}'
    assert filled.post("/v1/verify", content=content, headers={"Content-Type": "application/json"}).status_code == 422


def test_sources_over_the_bodys_limit_are_a_413(filled: TestClient) -> None:
    assert filled.post("/v1/verify", json={"text": "It rained.", "sources": ["x" * 300_000]}).status_code == 413


STRANGE = [
    "\x00\x01",
    "無人機は何機でしたか。",
    "كم عدد الطائرات",
    "👩‍👩‍👧‍👦" * 100,
    "[1]" * 1000,
    "<script>alert(1)</script>",
    "%s {0}",
]


@pytest.mark.parametrize("text", STRANGE)
def test_strange_text_is_no_error(filled: TestClient, text: str) -> None:
    verify(filled, text=text)
    verify(filled, text=text, sources=[text])
