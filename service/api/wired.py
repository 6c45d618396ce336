"""What all routes share: the facade, the demand for JSON, and how /openapi.json tells of errors."""

from __future__ import annotations

import email.message
from typing import Annotated, Any

from fastapi import Depends
from starlette.exceptions import HTTPException
from starlette.requests import Request

from service.api.problems import MEDIA_TYPE, problem_schema
from service.wiring import Groundwire


async def _wired(request: Request) -> Groundwire:  # async: else each call is a trip to the thread pool
    groundwire: Groundwire = request.app.state.groundwire
    return groundwire


async def json_only(request: Request) -> None:
    """JSON by name only: a page elsewhere may send text/plain across origins without asking, but not this."""
    message = email.message.Message()
    message["content-type"] = request.headers.get("content-type", "")
    if message.get_content_type() != "application/json":
        raise HTTPException(415, "send the body with Content-Type: application/json")


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {MEDIA_TYPE: {"schema": problem_schema()}}
    return {status: {"description": "Problem details, RFC 9457", "content": content} for status in statuses}


Wired = Annotated[Groundwire, Depends(_wired)]
