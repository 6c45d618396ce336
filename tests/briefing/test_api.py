"""Briefings over HTTP: at once or as a job, listed, in any format, compared, and refused where a request is wrong."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.app import create_app
from service.settings import Settings
from service.wiring import Groundwire, open_groundwire

STORM = (
    "A storm hit the harbour of Tarvik on 3 March 2025 and flooded its quays. "
    "The storm sank 12 boats in the harbour of Tarvik, the coast guard said."
)
TOPIC = "storm in the harbour of Tarvik"
CONTRACT = {
    "id",
    "topic",
    "created_at",
    "as_of",
    "status",
    "headline",
    "sections",
    "timeline",
    "figures",
    "disagreements",
    "citations",
    "changes",
    "receipt_id",
}


@pytest.fixture(scope="module")
def groundwire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Groundwire]:
    folder: Path = tmp_path_factory.mktemp("briefings")
    with closing(open_groundwire(Settings(data_dir=folder, embedding_model="hashing"), serving=False)) as opened:
        yield opened


@pytest.fixture(scope="module")
def client(groundwire: Groundwire) -> Iterator[TestClient]:
    app = create_app(groundwire, max_request_bytes=200_000)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        article = {"id": "storm", "title": "Storm at Tarvik", "text": STORM, "source": "Harbour Post"}
        assert client.post("/v1/articles", json={"articles": [article]}).json()["added"] == 1
        yield client


@pytest.fixture(scope="module")
def made(client: TestClient) -> dict[str, Any]:
    response = client.post("/v1/briefings", json={"topic": TOPIC, "wait": True})
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def test_with_wait_the_briefing_itself_comes(made) -> None:
    assert set(made) >= CONTRACT
    assert made["status"] == "written"
    assert {m for s in made["sections"] for one in s["sentences"] for m in one["markers"]} <= {
        citation["marker"] for citation in made["citations"]
    }


def test_its_citations_are_what_the_article_says(made, client) -> None:
    for citation in made["citations"]:
        article = client.get(f"/v1/articles/{citation['article_id']}", params={"revision": citation["revision"]}).json()
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]


def test_without_wait_a_job_is_told_which_ends_in_a_briefing(client) -> None:
    response = client.post("/v1/briefings", json={"topic": TOPIC})
    assert response.status_code == 202
    place = response.headers["location"]
    assert place == f"/v1/jobs/{response.json()['id']}"

    deadline = time.monotonic() + 60
    while (job := client.get(place).json())["state"] in ("queued", "running") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert job["state"] == "done"
    assert client.get(f"/v1/briefings/{job['briefing_id']}").json()["topic"] == TOPIC


def test_it_is_kept_as_it_was_made(made, client) -> None:
    assert client.get(f"/v1/briefings/{made['id']}").json() == made


@pytest.mark.parametrize(
    ("wanted", "media_type", "opening"),
    [("md", "text/markdown", "# "), ("txt", "text/plain", "Briefing"), ("html", "text/html", "<!doctype html>")],
)
def test_it_is_shown_in_the_format_asked_for(made, client, wanted, media_type, opening) -> None:
    response = client.get(f"/v1/briefings/{made['id']}", params={"format": wanted})

    assert response.headers["content-type"].startswith(media_type)
    assert response.text.lower().startswith(opening.lower())


def test_the_index_has_the_latest_first_in_pages(made, client) -> None:
    client.post("/v1/briefings", json={"topic": TOPIC, "wait": True})

    first = client.get("/v1/briefings", params={"limit": 1, "topic": TOPIC}).json()
    rest = client.get("/v1/briefings", params={"cursor": first["next_cursor"], "topic": TOPIC}).json()

    assert len(first["briefings"]) == 1
    assert made["id"] in [one["id"] for one in rest["briefings"]]
    assert client.get("/v1/briefings", params={"topic": "bees"}).json()["briefings"] == []


def test_two_of_one_topic_are_compared(made, client) -> None:
    later = client.post("/v1/briefings", json={"topic": TOPIC, "wait": True}).json()

    body = client.get(f"/v1/briefings/{made['id']}/compare/{later['id']}").json()

    assert (body["from"], body["to"]) == (made["id"], later["id"])
    assert body["changes"]["nothing_new"]


def test_two_of_different_topics_are_not_compared(made, client) -> None:
    other = client.post("/v1/briefings", json={"topic": "beekeeping", "wait": True}).json()

    response = client.get(f"/v1/briefings/{made['id']}/compare/{other['id']}")

    assert response.status_code == 422
    assert "different topics" in response.json()["detail"]


def test_an_unknown_topic_is_a_briefing_that_says_so(client) -> None:
    response = client.post("/v1/briefings", json={"topic": "beekeeping in Vaud", "wait": True})

    assert response.status_code == 200
    body = response.json()
    assert body["status"] == "unknown_topic"
    assert "Storm at Tarvik" in body["nearest_topics"]


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"topic": " "}, "topic"),
        ({"topic": "x" * 401}, "topic"),
        ({"topic": TOPIC, "since": "2025-03-09", "until": "2025-03-01"}, "after until"),
        ({"topic": TOPIC, "since": "the other day"}, "since"),
        ({"topic": TOPIC, "sections": ["gossip"]}, "sections"),
        ({"topic": TOPIC, "max_words": 3}, "max_words"),
        ({"topic": TOPIC, "mode": "llm"}, "GROUNDWIRE_LLM_MODEL"),
        ({"topic": TOPIC, "colour": "red"}, "colour"),
    ],
)
@pytest.mark.parametrize("wait", [True, False])
def test_a_wrong_request_is_refused_before_anything_is_made(client, body, word, wait) -> None:
    response = client.post("/v1/briefings", json={**body, "wait": wait})

    assert response.status_code == 422
    assert word in response.json()["detail"]


@pytest.mark.parametrize(
    "path", ["/v1/briefings/brf_none", "/v1/briefings/brf_none/compare/brf_none", "/v1/jobs/job_none"]
)
def test_what_is_not_there_is_not_found(client, path) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert response.json()["type"].endswith(":not-found")


def test_what_is_to_be_compared_with_must_be_there(client) -> None:
    response = client.post("/v1/briefings", json={"topic": TOPIC, "compare_with": "brf_none"})

    assert response.status_code == 404


def test_a_cursor_that_no_page_gave_is_refused(client) -> None:
    assert client.get("/v1/briefings", params={"cursor": "yesterday"}).status_code == 422


def test_its_receipt_is_one_like_an_answers(made, client) -> None:
    receipt = client.get(f"/v1/receipts/{made['receipt_id']}").json()

    assert receipt["answer"]["id"] == made["id"]
    assert {check["verdict"] for check in receipt["checks"]} == {"supported"}
    assert client.post(f"/v1/receipts/{made['receipt_id']}/replay").json()["same"]
