"""What the scripted LLM server sends: completions as a well-behaved service would, and every way to fail at it.

`FAULTS` names the failures, for tests that try each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final, Literal

from service.text.sentences import sentence_spans

_EVIDENCE = re.compile(r"<evidence-(\w+) number=(\d+)>\n(.*?)\n</evidence-\1>", re.DOTALL)
_MOST_QUOTED = 3
MODEL: Final = "scripted"
Pace = Literal["normal", "never", "drip", "cut"]
"""`never`: not a byte; `drip`: one byte a second; `cut`: the connection ends half-way through the body."""
_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """One reply. `body` is sent as it is; without one it is a completion with `content`, streamed when that is asked
    for. `content` None is JSON's null. `padding`: so many more bytes of text in the content, made while they are sent.
    """

    content: str | None = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    content_type: str = "application/json"
    finish_reason: str | None = "stop"
    reasoning: str | None = None
    prompt_tokens: int = 100
    completion_tokens: int = 20
    pace: Pace = "normal"
    padding: int = 0

    def parts(self, model: str, *, stream: bool) -> Iterator[bytes]:
        """The body, in pieces."""
        if self.body is not None:
            yield self.body
        elif stream:
            yield from self._events(model)
        else:
            begin, end = json.dumps(self._completion(model, "\0")).split("\\u0000")
            yield begin.encode() + json.dumps(self.content or "")[1:-1].encode()
            for at in range(0, self.padding, _BLOCK):
                yield b"x" * min(_BLOCK, self.padding - at)
            yield end.encode()

    def media_type(self, *, stream: bool) -> str:
        return "text/event-stream" if stream and self.body is None else self.content_type

    def _completion(self, model: str, content: str) -> dict[str, Any]:
        message: dict[str, Any] = {"role": "assistant", "content": content}
        if self.reasoning is not None:
            message["reasoning_content"] = self.reasoning
        choice = {"index": 0, "message": message, "finish_reason": self.finish_reason, "logprobs": None}
        return self._envelope(model, "chat.completion", [choice]) | {"usage": self._usage()}

    def _events(self, model: str) -> Iterator[bytes]:
        deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
        if self.reasoning is not None:
            deltas.append({"reasoning_content": self.reasoning})
        deltas += [{"content": word} for word in (self.content or "").split(" ")[:1]]
        deltas += [{"content": " " + word} for word in (self.content or "").split(" ")[1:]]
        for delta in deltas:
            yield self._event(model, [{"index": 0, "delta": delta, "finish_reason": None}])
        for at in range(0, self.padding, _BLOCK):
            padding = {"content": "x" * min(_BLOCK, self.padding - at)}
            yield self._event(model, [{"index": 0, "delta": padding, "finish_reason": None}])
        yield self._event(model, [{"index": 0, "delta": {}, "finish_reason": self.finish_reason}])
        yield self._event(model, [], usage=self._usage())
        yield b"data: [DONE]\n\n"

    def _event(self, model: str, choices: list[dict[str, Any]], **more: object) -> bytes:
        return f"data: {json.dumps(self._envelope(model, 'chat.completion.chunk', choices) | more)}\n\n".encode()

    def _envelope(self, model: str, kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return {"id": "chatcmpl-1", "object": kind, "created": 1, "model": model, "choices": choices}

    def _usage(self) -> dict[str, int]:
        total = self.prompt_tokens + self.completion_tokens
        return {
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "total_tokens": total,
        }


Script = str | Reply | Callable[[dict[str, Any]], str | Reply]
"""A reply, its text alone, or what makes one of the request's JSON."""


def reply_to(script: Script, request: dict[str, Any]) -> Reply:
    made = script(request) if callable(script) else script
    return Reply(made) if isinstance(made, str) else made


def quoting(request: dict[str, Any]) -> str:
    """The first sentence of each of the first few pieces of evidence in the prompt: the dullest honest model there is.

    Where there is no evidence it says that the articles do not answer.
    """
    prompt = "\n".join(str(message.get("content")) for message in request["messages"])
    sentences = []
    for _, number, piece in _EVIDENCE.findall(prompt)[:_MOST_QUOTED]:
        marked = piece.splitlines()[-1]  # the lines before it are title, source and date
        text = marked[1:].replace(marked[0], " ")
        span = next(iter(sentence_spans(text)), None)
        if span is not None:
            sentences.append({"text": span.of(text), "markers": [int(number)]})
    return json.dumps({"sentences": sentences, "unanswered": None if sentences else "the whole question"})


def error(status: int, message: str, *, code: str | None = None, headers: Mapping[str, str] | None = None) -> Reply:
    """An error in the words of an OpenAI-compatible service."""
    kind = "server_error" if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "invalid_request_error"
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return Reply(status=status, body=json.dumps(body).encode(), headers=headers or {})


def rate_limited(retry_after: str | None = None) -> Reply:
    headers = {} if retry_after is None else {"Retry-After": retry_after}
    return error(429, "Rate limit reached for requests", code="rate_limit_exceeded", headers=headers)


def unknown_model(model: str = MODEL) -> Reply:
    return error(404, f"The model `{model}` does not exist or you do not have access to it.", code="model_not_found")


def revoked_key() -> Reply:
    return error(401, "Incorrect API key provided.", code="invalid_api_key")


def raw(body: str | bytes, content_type: str = "application/json", status: int = 200) -> Reply:
    return Reply(body=body.encode() if isinstance(body, str) else body, content_type=content_type, status=status)


def huge(size_bytes: int = 64 * 1024 * 1024) -> Reply:
    return Reply("", padding=size_bytes)


def at_pace(pace: Pace, text: str = "The articles do not say so, and this sentence is here to be cut.") -> Reply:
    return Reply(text, pace=pace)


def thinking(text: str) -> Reply:
    """The reply with its reasoning left in the text, as local models do it."""
    return Reply(f"<think>\nThe reader asks. I should look at [1] and [9].\n</think>\n\n{text}")


def fenced(text: str) -> Reply:
    return Reply(f"Here is the answer:\n```json\n{text}\n```")


def length(reply: Reply) -> Reply:
    """The same reply, ended by its limit of tokens."""
    return replace(reply, finish_reason="length")


FAULTS: Final[Mapping[str, Reply]] = {
    "black hole": at_pace("never"),
    "one byte a second": at_pace("drip"),
    "cut in the middle": at_pace("cut"),
    "429 without Retry-After": rate_limited(),
    "429 with Retry-After in a second": rate_limited("1"),
    "429 with Retry-After in an hour": rate_limited("3600"),
    "500": error(500, "The server had an error while processing your request."),
    "503 in HTML": raw("<html><h1>503 Service Unavailable</h1></html>", "text/html", 503),
    "garbage": raw(b"\x00\xff\xfe garbage \x80"),
    "a web page": raw("<!doctype html><title>Welcome to nginx!</title>", "text/html"),
    "JSON that is no completion": raw('{"hello": "world"}'),
    "JSON that is a list": raw("[]"),
    "empty body": raw(""),
    "empty choices": raw('{"id": "x", "object": "chat.completion", "model": "scripted", "choices": []}'),
    "choices null": raw('{"id": "x", "object": "chat.completion", "model": "scripted", "choices": null}'),
    "content null": Reply(None, body=b'{"choices": [{"index": 0, "message": {"role": "assistant", "content": null}}]}'),
    "content blank": Reply(" \n "),
    "nothing but reasoning": Reply("", reasoning="First I look at [1]. It says nothing.", finish_reason="length"),
    "length": length(Reply('{"sentences": [{"text": "Russia launched')),
    "broken JSON": Reply('{"sentences": [{"text": "Something happened.", "markers": [1}]'),
    "think": thinking('{"sentences": [], "unanswered": "everything"}'),
    "only think, never closed": Reply("<think>\nThe reader asks about", finish_reason="length"),
    "code fences": fenced('{"sentences": [], "unanswered": "everything"}'),
    "an error with status 200": raw('{"error": {"message": "overloaded", "code": 502}}'),
    "content filter": Reply("", finish_reason="content_filter"),
    "unknown model": unknown_model(),
    "revoked key": revoked_key(),
    "403": error(403, "Country, region, or territory not supported"),
    "400": error(400, "This model's maximum context length is 8192 tokens.", code="context_length_exceeded"),
    "redirect": Reply(status=307, body=b"", headers={"Location": "http://127.0.0.1:9/v1/chat/completions"}),
    "huge body": huge(),
}
"""Each by its name; a refused connection is `LlmServer.refused_url`."""
