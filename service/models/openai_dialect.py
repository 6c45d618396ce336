"""Which parameters of a chat request a service takes: they all say "OpenAI-compatible", and mean different things."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any, Literal

from service.models.chat import ChatRequest
from service.models.openai_replies import Failure

_REFUSALS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_SCHEMA = re.compile(r"response_?format|json_?schema|\bschema\b|grammar|structured output|guided", re.IGNORECASE)
_TOO_LONG = re.compile(r"context|too (?:long|large|many)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dialect:
    """What is sent. It begins with everything, and loses what a service refuses by name."""

    schema: bool = True
    temperature: bool = True
    limit: Literal["max_tokens", "max_completion_tokens"] | None = "max_tokens"

    def parameters(self, model: str, request: ChatRequest) -> dict[str, Any]:
        """What the client's `create` is called with."""
        sent: dict[str, Any] = {
            "model": model,
            "messages": [{"role": message.role, "content": message.content} for message in request.messages],
        }
        if self.limit is not None:
            sent[self.limit] = request.max_tokens
        if self.temperature:
            sent["temperature"] = request.temperature
        if self.schema and request.schema is not None:
            asked = {"name": "reply", "strict": True, "schema": dict(request.schema)}
            sent["response_format"] = {"type": "json_schema", "json_schema": asked}
        return sent

    def after(self, failure: Failure, request: ChatRequest) -> Dialect | None:
        """How to ask once more after a refusal; None where asking otherwise will not help.

        Each step takes something away, so that there are no more than four. A refusal that names nothing is put down
        to the schema, the most exotic of all; one for the length of the request is what it says.
        """
        if failure.status is None or failure.status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            return None
        said = f"{failure.parameter} {failure.message}"
        asks_schema = self.schema and request.schema is not None
        # llama.cpp answers 500 when it cannot make a grammar of a schema.
        if asks_schema and _SCHEMA.search(said):
            return replace(self, schema=False)
        if failure.status not in _REFUSALS:
            return None
        if self.temperature and "temperature" in said:
            return replace(self, temperature=False)
        if self.limit == "max_tokens" and ("max_completion_tokens" in said or failure.parameter == "max_tokens"):
            return replace(self, limit="max_completion_tokens")
        if self.limit == "max_completion_tokens" and failure.parameter == "max_completion_tokens":
            return replace(self, limit=None)
        return replace(self, schema=False) if asks_schema and not _TOO_LONG.search(said) else None
