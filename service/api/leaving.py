"""Work that ends when the client it is for goes away."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.responses import Response
from starlette.types import Receive

Result = TypeVar("Result")

CLIENT_CLOSED_REQUEST = 499
"""nginx's name for it: nobody sees this status but the log."""


class ClientGone(Exception):
    """Nobody waits for the answer any more."""


async def unless_gone(receive: Receive, work: Coroutine[Any, Any, Result]) -> Result:
    """The work's result; it is cancelled when the client goes away, then ClientGone is raised.

    `receive` is the request's, whose body has been read: all that it still gives is the end of the connection.
    """
    working = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientGone
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


def gone() -> Response:
    return Response(status_code=CLIENT_CLOSED_REQUEST)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
