"""Around the routes: hosts, tokens, unknown routes, failures, the log."""

import logging
from collections.abc import Callable
from http import HTTPStatus

import pytest
from fastapi.testclient import TestClient

from service import errors
from service.api.problems import TYPE_PREFIX, problem_of
from service.wiring import Groundwire


@pytest.mark.parametrize(
    "host", ["localhost", "LocalHost:8321", "127.0.0.1:1", "[::1]:8321", "127.1.2.3", "bound.example"]
)
def test_loopback_names_and_the_bound_host_are_served(filled: TestClient, host: str) -> None:
    assert filled.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "", "[::1", "0.0.0.0"]
)
def test_other_host_names_are_refused(filled: TestClient, host: str) -> None:
    """A page on the internet can point its own name at 127.0.0.1."""
    response = filled.get("/v1/articles", headers={"Host": host})
    assert response.status_code == 421
    assert response.json()["type"] == "urn:groundwire:problem:wrong-host"


def test_token_of_another_service_is_refused(filled: TestClient) -> None:
    assert filled.get("/healthz", headers={"X-Groundwire-Token": "secret"}).status_code == 200
    response = filled.get("/healthz", headers={"X-Groundwire-Token": "other"})
    assert (response.status_code, response.json()["type"]) == (403, "urn:groundwire:problem:wrong-token")


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/v1"), ("POST", "/v1/nothing"), ("GET", "/docs")])
def test_unknown_route_is_a_problem(filled: TestClient, method: str, path: str) -> None:
    response = filled.request(method, path)
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert "/openapi.json" in response.json()["detail"]


def test_wrong_method_is_a_problem_that_names_the_right_one(filled: TestClient) -> None:
    response = filled.get("/v1/ask")
    assert (response.status_code, response.headers["allow"]) == (405, "POST")
    assert response.json()["type"] == "urn:groundwire:problem:method-not-allowed"


@pytest.mark.parametrize(
    ("path", "allowed"),
    [("/v1/articles", "GET, POST"), ("/v1/articles/a", "DELETE, GET"), ("/v1/articles/a/b", "DELETE, GET")],
)
def test_wrong_method_names_all_the_methods_of_a_path_with_several(filled: TestClient, path: str, allowed: str) -> None:
    response = filled.put(path)
    assert (response.status_code, response.headers["allow"]) == (405, allowed)


def test_no_answer_invites_other_origins(filled: TestClient) -> None:
    response = filled.get("/healthz", headers={"Origin": "https://evil.example"})
    assert not [name for name in response.headers if name.startswith("access-control")]


def test_openapi_describes_every_route_without_the_frameworks_error_shape(filled: TestClient) -> None:
    schema = filled.get("/openapi.json").json()
    assert set(schema["paths"]) == {
        "/v1/ask", "/v1/verify", "/v1/search", "/v1/articles", "/v1/articles/{id}", "/v1/receipts/{id}",
        "/v1/receipts/{id}/replay", "/v1/briefings", "/v1/briefings/{id}", "/v1/briefings/{id}/compare/{other}",
        "/v1/briefings/feed.atom", "/v1/jobs/{id}", "/v1/schedules", "/v1/schedules/{name}", "/v1/schedules/{name}/run",
        "/v1/schedules/{name}/retry", "/v1/chat/completions", "/v1/models", "/healthz", "/readyz",
    }  # fmt: skip
    assert "HTTPValidationError" not in schema["components"]["schemas"]


def test_readiness_of_an_empty_library_is_200_and_lists_the_parts(empty: TestClient) -> None:
    response = empty.get("/readyz")
    body = response.json()
    assert response.status_code == 200
    assert {part["name"] for part in body["parts"]} == {"library", "embedding model", "vector store", "llm"}
    assert "no text leaves this machine" in body["parts"][-1]["detail"]


def test_every_error_has_a_status_and_a_stable_type() -> None:
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.GroundwireError)
    ]
    assert {kind.__name__: problem_of(kind("x")).status for kind in kinds} == {
        "GroundwireError": HTTPStatus.INTERNAL_SERVER_ERROR,
        "UsageError": HTTPStatus.UNPROCESSABLE_ENTITY,
        "InputRejected": HTTPStatus.UNPROCESSABLE_ENTITY,
        "SettingsError": HTTPStatus.SERVICE_UNAVAILABLE,
        "NotFound": HTTPStatus.NOT_FOUND,
        "LibraryError": HTTPStatus.SERVICE_UNAVAILABLE,
        "LibraryBusy": HTTPStatus.SERVICE_UNAVAILABLE,
        "LibraryUnusable": HTTPStatus.SERVICE_UNAVAILABLE,
        "ModelUnavailable": HTTPStatus.SERVICE_UNAVAILABLE,
        "IndexUnavailable": HTTPStatus.SERVICE_UNAVAILABLE,
        "ChatUnavailable": HTTPStatus.SERVICE_UNAVAILABLE,
        "ServiceUnreachable": HTTPStatus.INTERNAL_SERVER_ERROR,
        "ExtraMissing": HTTPStatus.UNPROCESSABLE_ENTITY,
        "AlreadyRunning": HTTPStatus.CONFLICT,
        "NotWritten": HTTPStatus.INTERNAL_SERVER_ERROR,
        "DeliveryFailed": HTTPStatus.INTERNAL_SERVER_ERROR,
        "CitationMismatch": HTTPStatus.INTERNAL_SERVER_ERROR,
    }
    assert TYPE_PREFIX == "urn:groundwire:problem:"


class Failing(Groundwire):
    """A facade whose every answer fails as it is told."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def answer(self, question: object, mode: str = "auto", on_event: object = None) -> None:  # type: ignore[override]
        raise self._error


Asked = tuple[int, dict[str, object]]


@pytest.fixture
def asked(client_for: Callable[[Groundwire], TestClient]) -> Callable[[Exception], Asked]:
    """Status and body of an answer that fails in this way."""

    def ask(error: Exception) -> Asked:
        with client_for(Failing(error)) as client:
            response = client.post("/v1/ask", json={"question": "Where is the secret garden?"})
        assert response.headers["content-type"] == "application/problem+json"
        return response.status_code, response.json()

    return ask


def test_unexpected_failure_is_a_500_without_internals(
    asked: Callable[[Exception], Asked], caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "groundwire"):
        status, problem = asked(RuntimeError("secret garden at /srv/data"))
    assert status == 500
    assert "secret" not in str(problem)
    assert "/srv" not in str(problem)
    assert "unexpected RuntimeError in POST /v1/ask" in caplog.text
    assert "secret garden" not in caplog.text


def test_vector_store_that_is_away_is_a_retryable_503(asked: Callable[[Exception], Asked]) -> None:
    status, problem = asked(errors.IndexUnavailable("at /srv/data: connection refused"))
    assert (status, problem["type"]) == (503, "urn:groundwire:problem:index-unavailable")
    assert problem["retryable"] is True
    assert "/srv" not in str(problem)


def test_access_log_has_the_path_and_never_the_question_or_the_query(
    filled: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, "groundwire"):
        filled.post("/v1/ask", json={"question": "Where is the secret garden?"})
        filled.get("/v1/articles/a%0Ab", params={"revision": "secret"})
    lines = [record.getMessage() for record in caplog.records if record.name == "groundwire.access"]
    assert [line.rsplit(" ", 2)[0] for line in lines] == ["POST /v1/ask 200", "GET /v1/articles/a%0Ab 404"]
    assert "secret" not in caplog.text
