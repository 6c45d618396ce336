"""Every error as RFC 9457 problem details. The table of statuses lives here and nowhere else."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import Scope

from service import errors
from service.api.requests import described

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:groundwire:problem:"
LOG = logging.getLogger("groundwire.service")


@dataclass(frozen=True, slots=True)
class Problem:
    """A kind of problem. `code` ends its `type`, which is stable. `detail`, if given, replaces the error's message."""

    status: HTTPStatus
    code: str
    title: str
    detail: str | None = None


NO_INTERNALS = "something went wrong in the service; its log has the details"

PROBLEMS: dict[type[errors.GroundwireError], Problem] = {
    errors.NotFound: Problem(HTTPStatus.NOT_FOUND, "not-found", "Not found"),
    errors.UsageError: Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request", "The request is not valid"),
    errors.LibraryError: Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "library-unusable",
        "The library cannot be used",
        "the library's files cannot be used; run groundwire doctor where the service runs",
    ),
    errors.ModelUnavailable: Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "model-unavailable",
        "The embedding model cannot be used",
        "the embedding model cannot be used; see /readyz",
    ),
    errors.IndexUnavailable: Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "index-unavailable",
        "The vector store does not answer",
        "the vector store does not answer; try again, and see /readyz",
    ),
    errors.ChatUnavailable: Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "llm-unavailable",
        "The LLM does not answer",
        "the LLM gave no usable reply in time; try again, or ask with mode extractive, and see /readyz",
    ),
    errors.SettingsError: Problem(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "settings",
        "The service is set up wrongly",
        "a setting of the service is wrong; see /readyz",
    ),
    errors.AlreadyRunning: Problem(HTTPStatus.CONFLICT, "already-running", "It is running already"),
    errors.GroundwireError: Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "The service failed", NO_INTERNALS),
}

HTTP_PROBLEMS: dict[int, Problem] = {
    problem.status: problem
    for problem in (
        Problem(
            HTTPStatus.BAD_REQUEST,
            "malformed-body",
            "The body cannot be read",
            "the body is not JSON that can be read; send one JSON object in UTF-8",
        ),
        Problem(HTTPStatus.FORBIDDEN, "wrong-token", "The token is not this service's"),
        Problem(HTTPStatus.NOT_FOUND, "not-found", "Not found", "there is no such route; see /openapi.json"),
        Problem(
            HTTPStatus.METHOD_NOT_ALLOWED,
            "method-not-allowed",
            "Method not allowed",
            "this route does not take this method; the Allow header says which it takes",
        ),
        Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too-large", "The body is too large"),
        Problem(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "not-json", "The body is not JSON"),
        Problem(HTTPStatus.MISDIRECTED_REQUEST, "wrong-host", "This host name is not served here"),
        Problem(HTTPStatus.UNPROCESSABLE_ENTITY, "invalid-request", "The request is not valid"),
        Problem(HTTPStatus.INTERNAL_SERVER_ERROR, "internal", "The service failed", NO_INTERNALS),
    )
}


def problem_schema() -> dict[str, Any]:
    """The shape of every error, for /openapi.json."""
    text = {"type": "string"}
    invalid = {"type": "object", "properties": {"field": text, "message": text}, "required": ["field", "message"]}
    return {
        "type": "object",
        "properties": {
            "type": text | {"description": f"{TYPE_PREFIX} and a stable code"},
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "retryable": {"type": "boolean"},
            "errors": {"type": "array", "items": invalid},
        },
        "required": ["type", "title", "status", "detail", "retryable"],
    }


def problem_response(
    status: int,
    detail: str | None = None,
    *,
    problem: Problem | None = None,
    retryable: bool = False,
    invalid: Sequence[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    problem = problem or HTTP_PROBLEMS.get(status) or Problem(HTTPStatus(status), f"http-{status}", "Request refused")
    body = _body(problem, detail, retryable)
    if invalid:
        body["errors"] = [{"field": field, "message": message} for field, message in invalid]
    # "replace": a field's name may hold half a surrogate pair, and an error about it must not become another error.
    content = json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
    return Response(content, int(problem.status), headers=dict(headers or {}), media_type=MEDIA_TYPE)


def problem_body(error: errors.GroundwireError) -> dict[str, Any]:
    """The body alone, for where a status cannot be sent any more."""
    problem = problem_of(error)
    return _body(problem, problem.detail or str(error), error.retryable)


def internal_problem() -> dict[str, Any]:
    return _body(HTTP_PROBLEMS[HTTPStatus.INTERNAL_SERVER_ERROR], None, False)


def _body(problem: Problem, detail: str | None, retryable: bool) -> dict[str, Any]:
    return {
        "type": TYPE_PREFIX + problem.code,
        "title": problem.title,
        "status": int(problem.status),
        "detail": detail or problem.detail or problem.title,
        "retryable": retryable,
    }


def add_problem_details(app: FastAPI, routes: Sequence[BaseRoute]) -> None:
    """`routes`: all of the application, for the Allow header."""

    def on_http_error(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            # The framework names the methods of the first route with this path, and a path may have several.
            headers["Allow"] = ", ".join(_methods(routes, request.scope))
        known = HTTP_PROBLEMS.get(error.status_code)
        detail = known.detail if known and known.detail else error.detail
        return problem_response(error.status_code, detail, headers=headers)

    app.add_exception_handler(errors.GroundwireError, _on_groundwire_error)
    app.add_exception_handler(RequestValidationError, _on_validation_error)
    app.add_exception_handler(HTTPException, on_http_error)


def problem_of(error: errors.GroundwireError) -> Problem:
    """The nearest entry of the table, going up the error's tree."""
    return next(PROBLEMS[kind] for kind in type(error).__mro__ if kind in PROBLEMS)


def _on_groundwire_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, errors.GroundwireError):
        raise error
    problem = problem_of(error)
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        LOG.error("%s %s: %s: %s", request.method, request.scope["route"].path, error.code, error)
    headers = {"Retry-After": "2"} if error.retryable else None
    detail = problem.detail or str(error)
    return problem_response(problem.status, detail, problem=problem, retryable=error.retryable, headers=headers)


def _on_validation_error(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return problem_response(HTTPStatus.BAD_REQUEST)
    # FastAPI puts where the value came from in front of the field: ("body", "question").
    invalid = [described(tuple(one["loc"][1:]), one["type"], one["msg"]) for one in found]
    detail = "; ".join(message if field == "body" else f"{field}: {message}" for field, message in invalid[:10])
    return problem_response(HTTPStatus.UNPROCESSABLE_ENTITY, detail, invalid=invalid[:100])


def _methods(routes: Sequence[BaseRoute], scope: Scope) -> list[str]:
    """What a path can be asked for, in alphabetical order."""
    here = (route for route in routes if route.matches(scope)[0] is not Match.NONE)
    return sorted({method for route in here if isinstance(route, Route) for method in route.methods or ()})
