"""The routes: each one parses, calls the facade once, and shapes what comes back.

They run in the thread pool, but for those that may wait for an LLM: these watch meanwhile whether the client is there.
"""

from __future__ import annotations

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from service.api.articles_in import incoming_articles
from service.api.leaving import ClientGone, gone, unless_gone
from service.api.receipts import ReceiptSchema, ReplaySchema
from service.api.requests import ArticleQuery, ArticlesQuery, ArticlesRequest, AskRequest, SearchRequest, VerifyRequest
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
from service.api.streaming import STREAM, AnswerEvents, streamed
from service.api.verified import VerificationSchema
from service.api.wired import Wired, json_only, problems

router = APIRouter()
posts = APIRouter(dependencies=[Depends(json_only)], responses=problems(400, 413, 415, 422, 503))


@posts.post("/v1/ask", response_model=AnswerSchema, responses={200: {"content": {STREAM: {}}}})
async def ask(body: AskRequest, request: Request, groundwire: Wired) -> AnswerSchema | Response:
    """A cited answer, or an abstention. With `stream`, as server-sent events: evidence, each sentence, the answer."""
    answer = partial(groundwire.answer, body.to_question(), body.mode)
    if body.stream:
        return await streamed(request, answer, AnswerEvents())
    try:
        return AnswerSchema.from_answer(await unless_gone(request.receive, answer()))
    except ClientGone:
        return gone()


@posts.post("/v1/verify")
def verify(body: VerifyRequest, groundwire: Wired) -> VerificationSchema:
    """Any text, sentence by sentence, against the library, or against `sources` alone."""
    return VerificationSchema.from_verification(groundwire.verify(body.text, body.sources))


@router.get("/v1/receipts/{id}", responses=problems(404, 422, 503))
def receipt(id: str, groundwire: Wired) -> ReceiptSchema:
    """What an answer was made of, as it was kept."""
    return ReceiptSchema.model_validate(groundwire.receipt(id))


@router.post("/v1/receipts/{id}/replay", responses=problems(404, 422, 503))
def replay(id: str, groundwire: Wired) -> ReplaySchema:
    """Searches and checks again what a receipt says, without an LLM, and tells what differs."""
    return ReplaySchema.from_replay(groundwire.replay(id))


@posts.post("/v1/search")
def search(body: SearchRequest, groundwire: Wired) -> SearchSchema:
    """Ranked evidence."""
    return SearchSchema.from_result(*groundwire.search(body.query, body.k, body.to_filters()))


@posts.post("/v1/articles")
def ingest(body: ArticlesRequest, groundwire: Wired) -> IngestSchema:
    """Takes articles into the library. A bad one is listed in `failed`; the rest is taken."""
    return IngestSchema.from_report(groundwire.ingest_articles(incoming_articles(body.articles or [])))


@router.get("/v1/articles", responses=problems(422))
def articles(query: Annotated[ArticlesQuery, Query()], groundwire: Wired) -> ArticlesSchema:
    return ArticlesSchema.from_page(groundwire.articles(query.limit, query.cursor))


# ":path", because an id may be anything a person gave, slashes included.
@router.get("/v1/articles/{id:path}", responses=problems(404, 422))
def article(id: str, query: Annotated[ArticleQuery, Query()], groundwire: Wired) -> ArticleSchema:
    """The article with its whole text, in its current revision or an old one."""
    return ArticleSchema.from_article(groundwire.article(id, query.revision))


@router.delete("/v1/articles/{id:path}", responses=problems(404, 422))
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
