from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

ORCHARD = "The orchard at Velden lost 212 apple trees in the storm of 3 March 2024."
FERRY = "A ferry carrying 84 passengers ran aground near Tarvik on 9 May 2024."
ARTICLE_FIELDS = "id revision title source url published_at language tags origin ingested_at duplicate_of".split()


def post(client: TestClient, *articles: object) -> dict[str, Any]:
    response = client.post("/v1/articles", json={"articles": articles})
    assert response.status_code == 200, response.text
    report: dict[str, Any] = response.json()
    return report


def test_ingest_report_has_every_field_and_what_went_in_comes_out(empty: TestClient) -> None:
    given = {
        "id": "orchard", "title": "Storm", "text": ORCHARD, "url": "https://velden.example/storm",
        "source": "Velden Post", "published_at": "2024-03-04T08:00:00+00:00",
        "language": "en", "tags": ["weather", "towns"],
    }  # fmt: skip
    report = post(empty, given)
    assert list(report) == ["added", "updated", "unchanged", "duplicates", "failed", "articles"]
    assert list(report["articles"][0]) == ["id", "revision", "title", "chunks"]
    article = empty.get("/v1/articles/orchard").json()
    assert list(article) == [*ARTICLE_FIELDS, "text"]
    assert {name: article[name] for name in given} == given
    assert article["origin"] == given["url"]


def test_bad_articles_are_listed_and_the_rest_is_taken(empty: TestClient) -> None:
    report = post(
        empty,
        {"title": "No text"},
        "not an object",
        {"title": "Bad date", "text": FERRY, "published_at": "yesterday"},
        {"id": "x" * 5000, "title": "Long id", "text": FERRY},
        {"title": "Odd origin", "text": FERRY, "origin": 5},
        {"id": "orchard", "title": "Good", "text": ORCHARD},
    )
    assert report["added"] == 1
    assert [failure["origin"] for failure in report["failed"]] == [f"POST /v1/articles:{n}" for n in (1, 2, 3, 4, 5)]
    assert all(failure["error"] for failure in report["failed"])


def test_half_a_surrogate_pair_in_an_article_is_no_server_error(empty: TestClient) -> None:
    content = b'{"articles": [{"id": "\\ud800", "title": "\\udc00", "text": "A sentence with \\ud800 in it."}]}'
    response = empty.post("/v1/articles", content=content, headers={"Content-Type": "application/json"})
    assert response.status_code == 200
    assert empty.get("/v1/articles").status_code == 200


def test_same_article_again_is_unchanged_and_a_copy_is_counted(empty: TestClient) -> None:
    post(empty, {"id": "one", "title": "Storm", "text": ORCHARD})
    report = post(
        empty, {"id": "one", "title": "Storm", "text": ORCHARD}, {"id": "two", "title": "Storm", "text": ORCHARD}
    )
    assert (report["added"], report["unchanged"], report["duplicates"]) == (0, 1, 1)
    assert empty.get("/v1/articles/two").json()["duplicate_of"] == "one"


def test_origin_that_the_sender_names_is_kept(empty: TestClient) -> None:
    post(empty, {"id": "one", "title": "Storm", "text": ORCHARD, "origin": "wire/storm.md"})
    assert empty.get("/v1/articles/one").json()["origin"] == "wire/storm.md"
    report = post(empty, {"title": "No text", "origin": "wire.jsonl", "line": 7})
    assert report["failed"][0]["origin"] == "wire.jsonl:7"


@pytest.mark.parametrize("body", [{}, {"articles": []}, {"articles": None}, {"articles": {}}, {"articles": "x"}])
def test_ingest_without_a_list_of_articles_is_refused(empty: TestClient, body: object) -> None:
    assert empty.post("/v1/articles", json=body).status_code == 422


def test_urls_are_refused_with_the_reason(empty: TestClient) -> None:
    response = empty.post("/v1/articles", json={"urls": ["https://velden.example/storm"]})
    assert response.status_code == 422
    assert "fetches nothing from the network" in response.json()["detail"]


@pytest.mark.parametrize(
    "article_id",
    ["folder/storm.md", "Übersicht № 7", "a?b#c%d", "https://velden.example/a?b=1", "a b", "x/", "статья/один"],
)
def test_ids_with_slashes_and_other_alphabets_are_reached(empty: TestClient, article_id: str) -> None:
    post(empty, {"id": article_id, "title": "Storm", "text": ORCHARD})
    path = f"/v1/articles/{quote(article_id, safe='')}"
    assert empty.get(path).json()["id"] == article_id
    assert empty.delete(path).json()["id"] == article_id
    assert empty.get(path).status_code == 404


def test_old_revision_is_returned_with_its_own_text(empty: TestClient) -> None:
    old = post(empty, {"id": "one", "title": "Storm", "text": ORCHARD})["articles"][0]["revision"]
    new = post(empty, {"id": "one", "title": "Storm", "text": FERRY})["articles"][0]["revision"]
    assert old != new
    assert empty.get("/v1/articles/one").json()["text"] == FERRY
    assert empty.get("/v1/articles/one", params={"revision": old}).json()["text"] == ORCHARD


def test_unknown_revision_of_a_known_article_says_so(filled: TestClient) -> None:
    response = filled.get("/v1/articles/orchard", params={"revision": "sha256:0"})
    assert response.status_code == 404
    assert "no such revision" in response.json()["detail"]


def test_misspelled_parameter_is_refused_instead_of_ignored(filled: TestClient) -> None:
    response = filled.get("/v1/articles/orchard", params={"revison": "sha256:0"})
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "revison"


@pytest.mark.parametrize("method", ["GET", "DELETE"])
@pytest.mark.parametrize(
    "article_id", ["missing", "a/b", "%00", "%ff", "%2e%2e%2f%2e%2e", "'; DROP TABLE articles", "x" * 3000]
)
def test_missing_article_is_a_404(filled: TestClient, method: str, article_id: str) -> None:
    response = filled.request(method, f"/v1/articles/{article_id}")
    assert response.status_code == 404
    assert response.json()["type"] == "urn:groundwire:problem:not-found"


def test_articles_are_listed_page_by_page(empty: TestClient) -> None:
    post(empty, *({"id": f"a{n}", "title": f"Title {n}", "text": f"Sentence number {n}."} for n in range(5)))
    seen: list[str] = []
    cursor = None
    while True:
        page = empty.get("/v1/articles", params={"limit": 2} | ({"cursor": cursor} if cursor else {})).json()
        assert all(list(article) == ARTICLE_FIELDS for article in page["articles"])
        seen += [article["id"] for article in page["articles"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == ["a0", "a1", "a2", "a3", "a4"]


@pytest.mark.parametrize(
    "parameters", [{"limit": 0}, {"limit": 201}, {"limit": "x"}, {"cursor": "nonsense"}, {"page": 2}]
)
def test_wrong_page_is_refused(filled: TestClient, parameters: dict[str, Any]) -> None:
    response = filled.get("/v1/articles", params=parameters)
    assert response.status_code == 422
    assert response.json()["type"] == "urn:groundwire:problem:invalid-request"


def test_deleted_article_is_found_no_more(empty: TestClient) -> None:
    post(empty, {"id": "one", "title": "Storm", "text": ORCHARD}, {"id": "two", "title": "Ferry", "text": FERRY})
    assert empty.delete("/v1/articles/one").status_code == 200
    results = empty.post("/v1/search", json={"query": "apple trees orchard"}).json()["results"]
    assert {result["article_id"] for result in results} == {"two"}
