"""An answer as server-sent events: what is told of it while it is made, and nothing that was not verified."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import Any, Protocol

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.answering.events import AnswerEvent, AnswerReady, EvidenceFound, OnEvent, SentenceVerified
from service.api.leaving import ClientGone, gone, unless_gone
from service.api.problems import internal_problem, problem_body
from service.api.schemas import AnswerSchema, CitationSchema, ResultSchema, SentenceSchema
from service.errors import GroundwireError
from service.types import Answer

STREAM = "text/event-stream"
LOG = logging.getLogger("groundwire.service")
_HEADERS = {"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}  # nginx would hold events back otherwise

Answering = Callable[[OnEvent], Awaitable[Answer]]


class Rendering(Protocol):
    """Pieces of the stream for each event. One object a stream: it may remember what it has sent."""

    def event(self, event: AnswerEvent) -> Iterable[str]: ...

    def problem(self, body: dict[str, Any]) -> Iterable[str]:
        """For a failure after the stream has begun."""


class AnswerEvents:
    """`evidence`, `sentence` for each verified one, then `answer`, the whole body; or `error`."""

    def event(self, event: AnswerEvent) -> Iterable[str]:
        match event:
            case EvidenceFound(evidence, citations):
                results = [ResultSchema.from_evidence(rank, one) for rank, one in enumerate(evidence, start=1)]
                known = [CitationSchema.from_citation(citation) for citation in citations]
                yield named("evidence", {"citations": _dumped(known), "results": _dumped(results)})
            case SentenceVerified(sentence, _):
                yield named("sentence", SentenceSchema.from_sentence(sentence).model_dump())
            case AnswerReady(answer):
                yield named("answer", AnswerSchema.from_answer(answer).model_dump())

    def problem(self, body: dict[str, Any]) -> Iterable[str]:
        yield named("error", body)


async def streamed(request: Request, answering: Answering, rendering: Rendering) -> Response:
    """A stream that begins with the first event. What fails before is raised, so that it has a status of its own."""
    telling = _Telling(answering)
    try:
        first = await unless_gone(request.receive, telling.next())
    except BaseException as error:
        await telling.stop()
        if isinstance(error, ClientGone):
            return gone()
        raise
    return _EventStream(telling, first, rendering)


def named(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


class _Telling:
    """An answer that is being made, and its events in order."""

    def __init__(self, answering: Answering) -> None:
        self._events: asyncio.Queue[AnswerEvent | Exception] = asyncio.Queue()
        self._task = asyncio.ensure_future(self._run(answering))

    async def _run(self, answering: Answering) -> None:
        try:
            await answering(self._events.put_nowait)
        except Exception as error:  # raised again by `next`
            self._events.put_nowait(error)

    async def next(self) -> AnswerEvent:
        """Raises what the answering raised."""
        event = await self._events.get()
        if isinstance(event, Exception):
            raise event
        return event

    async def stop(self) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


class _EventStream(Response):
    media_type = STREAM

    def __init__(self, telling: _Telling, first: AnswerEvent, rendering: Rendering) -> None:
        self._telling = telling
        self._first = first
        self._rendering = rendering
        self.status_code = 200
        self.background = None
        self.init_headers(_HEADERS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await unless_gone(receive, self._send(send))
        except ClientGone:
            pass
        finally:
            await self._telling.stop()

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        async for piece in self._pieces():
            await send({"type": "http.response.body", "body": piece.encode("utf-8", "replace"), "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _pieces(self) -> AsyncIterator[str]:
        event = self._first
        try:
            while True:
                for piece in self._rendering.event(event):
                    yield piece
                if isinstance(event, AnswerReady):
                    return
                event = await self._telling.next()
        except GroundwireError as error:
            LOG.error("a stream broke off: %s: %s", error.code, error)  # noqa: TRY400  # one line, as for other failures
            failed = problem_body(error)
        except Exception as error:
            LOG.error("a stream broke off: unexpected %s", type(error).__name__)  # noqa: TRY400  # it may quote the question
            failed = internal_problem()
        for piece in self._rendering.problem(failed):
            yield piece


def _dumped(schemas: Iterable[CitationSchema | ResultSchema]) -> list[dict[str, Any]]:
    return [schema.model_dump() for schema in schemas]
