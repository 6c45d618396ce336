"""What happens to every request before a route sees it: the log, the host check, the limit on the body."""

from __future__ import annotations

import logging
import secrets
import time
import traceback
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.api.problems import problem_response
from service.settings import is_loopback

ACCESS = logging.getLogger("groundwire.access")
LOG = logging.getLogger("groundwire.service")
TOKEN_HEADER = "x-groundwire-token"  # noqa: S105  # a header's name
LOGGED_PATH_CHARACTERS = 200
DRAINED_BYTES = 64 * 1024 * 1024


class AccessLog:
    """One line a request: method, path, status, time. Never the query or the body, which hold what people ask.

    What a route did not expect becomes a 500 here; the log gets the class and the lines of code, not the message, which
    may quote the question.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        started = time.perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        except Exception as error:
            frames = "".join(traceback.format_tb(error.__traceback__))
            LOG.error(  # noqa: TRY400  # see above
                "unexpected %s in %s %s\n%s", type(error).__name__, scope["method"], _path(scope), frames
            )
            if status == 0:
                await problem_response(500)(scope, receive, noting)
        finally:
            elapsed_ms = (time.perf_counter() - started) * 1000
            ACCESS.info("%s %s %s %.1f ms", scope["method"], _path(scope), status or "-", elapsed_ms)


class HostCheck:
    """Answers only to loopback names and the host it was bound to.

    A page on the internet can point a name of its own at 127.0.0.1 and would then be "same origin" with the service
    (DNS rebinding); its requests carry that name. A token, where one is sent, must be this service's: a command that
    reached another service by an old address learns it here.
    """

    def __init__(self, app: ASGIApp, hosts: Collection[str], token: str | None) -> None:
        self._app = app
        self._hosts = frozenset(host.lower().strip("[]") for host in hosts)
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            headers = Headers(scope=scope)
            if not self._serves(headers.getlist("host")):
                detail = "this service answers to localhost, 127.0.0.1 and the address it was bound to"
                await problem_response(421, detail)(scope, receive, send)
                return
            token = headers.get(TOKEN_HEADER)
            if token is not None and not self._knows(token):
                await problem_response(403, "leave the token out, or read it again")(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _serves(self, named: list[str]) -> bool:
        if len(named) != 1:
            return False
        try:
            host = urlsplit(f"//{named[0]}").hostname or ""
        except ValueError:
            return False
        return is_loopback(host) or host in self._hosts

    def _knows(self, token: str) -> bool:
        return self._token is not None and secrets.compare_digest(token.encode(), self._token.encode())


class BodyLimit:
    """Reads the body up to the limit and hands it on in one piece; a larger one is a 413, Content-Length or not."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max_bytes = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        parts: list[bytes] = []
        size = 0
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                return
            size += len(message.get("body", b""))
            more = message.get("more_body", False)
            if size <= self._max_bytes:
                parts.append(message.get("body", b""))
                continue
            parts.clear()
            # Reading on for a while lets a client that still sends see the answer instead of a reset connection.
            if not more or size > self._max_bytes + DRAINED_BYTES:
                await self._refuse(scope, receive, send)
                return
        await self._app(scope, _replay(b"".join(parts), receive), send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        detail = f"the body may have {self._max_bytes:,} bytes; send less at once"
        await problem_response(413, detail, headers={"Connection": "close"})(scope, receive, send)


def _replay(body: bytes, receive: Receive) -> Receive:
    given = False

    async def once() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return once


def _path(scope: Scope) -> str:
    # Raw, that is percent-encoded: a line break in a path must not become one in the log.
    raw: bytes = scope.get("raw_path") or b""
    return raw.decode("ascii", "replace")[:LOGGED_PATH_CHARACTERS]
