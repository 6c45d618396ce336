"""Whatever is sent, the answer is a 4xx that says what is wrong, or an abstention; never a 500."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

MAX_REQUEST_BYTES = 200_000
"""As in conftest.py."""
JSON = {"Content-Type": "application/json"}


def refused(client: TestClient, route: str, status: int, **request: Any) -> dict[str, Any]:
    response = client.post(route, **request)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = response.json()
    assert problem["type"].startswith("urn:groundwire:problem:")
    assert problem["status"] == status
    assert problem["detail"]
    return problem


@pytest.mark.parametrize(
    ("body", "field"),
    [
        pytest.param({}, "question", id="no question"),
        pytest.param({"question": ""}, "question", id="empty"),
        pytest.param({"question": " \n\t "}, "question", id="blank"),
        pytest.param({"question": "x" * 4001}, "question", id="too long"),
        pytest.param({"question": None}, "question", id="null"),
        pytest.param({"question": 5}, "question", id="number"),
        pytest.param({"question": "q", "max_sentences": 0}, "max_sentences", id="no sentences"),
        pytest.param({"question": "q", "max_sentences": "3"}, "max_sentences", id="number in quotes"),
        pytest.param({"question": "q", "max_sentences": True}, "max_sentences", id="true as a number"),
        pytest.param({"question": "q", "include_undated": "yes"}, "include_undated", id="yes as true"),
        pytest.param({"question": "q", "mode": "magic"}, "mode", id="unknown mode"),
        pytest.param({"question": "q", "sources": "BBC"}, "sources", id="string as list"),
        pytest.param({"question": "q", "sources": [""]}, "sources.0", id="empty source"),
        pytest.param({"question": "q", "article_ids": [1]}, "article_ids.0", id="number as id"),
        pytest.param({"question": "q", "questoin": "q"}, "questoin", id="unknown field"),
    ],
)
def test_wrong_field_of_ask_is_named(filled: TestClient, body: dict[str, Any], field: str) -> None:
    problem = refused(filled, "/v1/ask", 422, json=body)
    assert [error["field"] for error in problem["errors"]] == [field]
    assert field in problem["detail"]


@pytest.mark.parametrize("field", ["as_of", "published_from", "published_to"])
@pytest.mark.parametrize(
    "value",
    ["yesterday", "", "2025-13-01", "2025-02-30", "14.11.2025", "20251114", "2025-W46", "0000-01-01", "0001-01-01",
     "9999-12-31", "2025-11-14T25:00", "2025-11-14 09:30", "２０２５-11-14", "2025-11-14T09:30:00+99:00"],
)  # fmt: skip
def test_wrong_date_is_named_with_the_format(filled: TestClient, field: str, value: str) -> None:
    problem = refused(filled, "/v1/ask", 422, json={"question": "q", field: value})
    assert problem["errors"][0]["field"] == field
    assert "date" in problem["detail"]


@pytest.mark.parametrize(
    "value", ["2025-11-14", "2025-11-14T09:30", "2025-11-14T09:30:00Z", "2025-11-14T09:30:00.5+02:00", " 2025-11-14 "]
)
def test_iso_dates_are_taken(filled: TestClient, value: str) -> None:
    body = {"question": "How many trees?", "as_of": value, "published_from": value, "published_to": value}
    assert filled.post("/v1/ask", json=body).status_code == 200


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2025-11-15", "2025-11-14"),
        ("2025-11-14T12:00Z", "2025-11-14T11:00Z"),
        ("2025-11-14T00:30-01:00", "2025-11-13"),
    ],
)
def test_from_after_to_is_refused(filled: TestClient, first: str, last: str) -> None:
    body = {"query": "q", "published_from": first, "published_to": last}
    assert "is after published_to" in refused(filled, "/v1/search", 422, json=body)["detail"]


@pytest.mark.parametrize("k", [0, -1, 101, "10", 1.5, True])
def test_k_outside_its_range_is_refused(filled: TestClient, k: object) -> None:
    assert refused(filled, "/v1/search", 422, json={"query": "q", "k": k})["errors"][0]["field"] == "k"


@pytest.mark.parametrize(
    "question",
    [
        pytest.param('"', id="lone quote"),
        pytest.param('NEAR("a" "b", 2) AND NOT (c OR d*) -e ^f {title}: g + h', id="FTS5 syntax"),
        pytest.param("* - ( ) \" ' ; -- DROP TABLE articles", id="SQL"),
        pytest.param("Сколько беспилотников сбили?", id="Cyrillic"),
        pytest.param("無人機は何機でしたか", id="Japanese"),
        pytest.param("كم عدد الطائرات؟", id="Arabic"),
        pytest.param("\x00\x01\u200b\ufeff", id="control characters"),
        pytest.param("👩‍👩‍👧‍👦" * 100, id="emoji"),
        pytest.param("?" * 4000, id="only punctuation"),
        pytest.param("the of and", id="only stop words"),
        pytest.param("a " * 2000, id="many words"),
        pytest.param("%s%n{0}${x}", id="format strings"),
    ],
)
@pytest.mark.parametrize("route", ["ask", "search"])
def test_strange_question_is_no_error(filled: TestClient, route: str, question: str) -> None:
    field = "question" if route == "ask" else "query"
    response = filled.post(f"/v1/{route}", json={field: question})
    assert response.status_code == 200, response.text


@pytest.mark.parametrize(
    ("content", "status"),
    [
        pytest.param(b"", 422, id="nothing"),
        pytest.param(b"{", 400, id="broken JSON"),
        pytest.param(b'{"question": "\xff"}', 400, id="invalid UTF-8"),
        pytest.param(b"[" * 50_000, 400, id="deep nesting"),
        pytest.param(b'{"question": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", 400, id="deep nesting that ends"),
        pytest.param(b'{"question": ' + b"9" * 5_000 + b"}", 400, id="endless number"),
        pytest.param(b'{"question": NaN}', 422, id="NaN"),
        pytest.param(b'{"question": "q", "max_sentences": Infinity}', 422, id="Infinity"),
        pytest.param(b'{"question": "\\ud800"}', 422, id="half a surrogate pair"),
        pytest.param(b'{"question": "q", "\\udfff": 1}', 422, id="half a surrogate pair in a field's name"),
        pytest.param(b'{"question": "q", "sources": ["\\ud800"]}', 422, id="half a surrogate pair in a list"),
        pytest.param(b'"question"', 422, id="a string"),
        pytest.param(b"[]", 422, id="a list"),
        pytest.param(b"null", 422, id="null"),
    ],
)
def test_body_that_is_no_question_is_refused(filled: TestClient, content: bytes, status: int) -> None:
    refused(filled, "/v1/ask", status, content=content, headers=JSON)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b'"question"'])
def test_body_that_is_no_object_is_told_in_plain_words(filled: TestClient, content: bytes) -> None:
    problem = filled.post("/v1/ask", content=content, headers=JSON).json()
    assert problem["detail"] == "the body is not an object; send one JSON object"


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "json", ""]
)
def test_other_content_types_are_refused(filled: TestClient, content_type: str) -> None:
    """A page elsewhere can send these to a loopback address without asking first."""
    problem = refused(
        filled,
        "/v1/ask",
        415,
        content=b'{"question": "q"}',
        headers={"Content-Type": content_type} if content_type else {},
    )
    assert "Content-Type: application/json" in problem["detail"]


def test_charset_beside_the_content_type_is_fine(filled: TestClient) -> None:
    headers = {"Content-Type": "application/json; charset=utf-8"}
    assert filled.post("/v1/ask", content=b'{"question": "q"}', headers=headers).status_code == 200


def test_body_over_the_limit_is_refused(filled: TestClient) -> None:
    problem = refused(filled, "/v1/ask", 413, json={"question": "x" * MAX_REQUEST_BYTES})
    assert f"{MAX_REQUEST_BYTES:,}" in problem["detail"]


def test_body_over_the_limit_without_content_length_is_refused(filled: TestClient) -> None:
    parts = (b" " * 10_000 for _ in range(MAX_REQUEST_BYTES // 10_000 + 1))
    refused(filled, "/v1/ask", 413, content=parts, headers=JSON)


def test_problem_does_not_repeat_what_was_sent(filled: TestClient) -> None:
    body = {"question": {"secret": "hunter2"}, "as_of": "hunter2", "mode": "hunter2"}
    assert "hunter2" not in filled.post("/v1/ask", json=body).text
