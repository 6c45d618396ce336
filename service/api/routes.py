"""The routes: each one parses, calls the facade once, and shapes what comes back. They run in the thread pool."""

from __future__ import annotations

import email.message
from collections.abc import Iterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from service.api.articles_in import incoming_articles
from service.api.problems import MEDIA_TYPE, problem_schema
from service.api.requests import ArticleQuery, ArticlesQuery, ArticlesRequest, AskRequest, SearchRequest
from service.api.schemas import (
    AnswerSchema,
    ArticleSchema,
    ArticlesSchema,
    DeletedSchema,
    HealthSchema,
    IngestSchema,
    ReadinessSchema,
    SearchSchema,
)
from service.wiring import Groundwire

STREAM = "text/event-stream"


async def _wired(request: Request) -> Groundwire:  # async: else each call is a trip to the thread pool
    groundwire: Groundwire = request.app.state.groundwire
    return groundwire


async def _json_only(request: Request) -> None:
    """JSON by name only: a page elsewhere may send text/plain across origins without asking, but not this."""
    message = email.message.Message()
    message["content-type"] = request.headers.get("content-type", "")
    if message.get_content_type() != "application/json":
        raise HTTPException(415, "send the body with Content-Type: application/json")


def _problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {MEDIA_TYPE: {"schema": problem_schema()}}
    return {status: {"description": "Problem details, RFC 9457", "content": content} for status in statuses}


Wired = Annotated[Groundwire, Depends(_wired)]
router = APIRouter()
posts = APIRouter(dependencies=[Depends(_json_only)], responses=_problems(400, 413, 415, 422, 503))


@posts.post("/v1/ask", response_model=AnswerSchema, responses={200: {"content": {STREAM: {}}}})
def ask(body: AskRequest, groundwire: Wired) -> AnswerSchema | Response:
    """A cited answer, or an abstention. With `stream`, the same as server-sent events."""
    answer = AnswerSchema.from_answer(groundwire.ask(body.to_question(), body.mode))
    if body.stream:
        return StreamingResponse(_events(answer), media_type=STREAM, headers={"Cache-Control": "no-cache"})
    return answer


@posts.post("/v1/search")
def search(body: SearchRequest, groundwire: Wired) -> SearchSchema:
    """Ranked evidence."""
    return SearchSchema.from_result(*groundwire.search(body.query, body.k, body.to_filters()))


@posts.post("/v1/articles")
def ingest(body: ArticlesRequest, groundwire: Wired) -> IngestSchema:
    """Takes articles into the library. A bad one is listed in `failed`; the rest is taken."""
    return IngestSchema.from_report(groundwire.ingest_articles(incoming_articles(body.articles or [])))


@router.get("/v1/articles", responses=_problems(422))
def articles(query: Annotated[ArticlesQuery, Query()], groundwire: Wired) -> ArticlesSchema:
    return ArticlesSchema.from_page(groundwire.articles(query.limit, query.cursor))


# ":path", because an id may be anything a person gave, slashes included.
@router.get("/v1/articles/{id:path}", responses=_problems(404, 422))
def article(id: str, query: Annotated[ArticleQuery, Query()], groundwire: Wired) -> ArticleSchema:
    """The article with its whole text, in its current revision or an old one."""
    return ArticleSchema.from_article(groundwire.article(id, query.revision))


@router.delete("/v1/articles/{id:path}", responses=_problems(404, 422))
def delete(id: str, groundwire: Wired) -> DeletedSchema:
    """Deletes the article with all its revisions."""
    return DeletedSchema.from_article(groundwire.delete_article(id))


@router.get("/healthz")
def health() -> HealthSchema:
    """The process answers."""
    return HealthSchema()


@router.get("/readyz", response_model=ReadinessSchema, responses={503: {"model": ReadinessSchema}})
def readiness(groundwire: Wired) -> JSONResponse:
    """Each part's state; 503 while one is down."""
    body = ReadinessSchema.from_parts(groundwire.readiness())
    return JSONResponse(body.model_dump(), 200 if body.ready else 503)


def _events(answer: AnswerSchema) -> Iterator[str]:
    """Everything in it was verified before the first event is sent."""
    yield _event("evidence", {"citations": [citation.model_dump() for citation in answer.citations]})
    for sentence in answer.sentences:
        yield _event("sentence", sentence.model_dump())
    yield _event("answer", answer.model_dump())


def _event(name: str, data: dict[str, Any]) -> str:
    import json

    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
