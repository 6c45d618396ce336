"""The OpenAI-compatible face: a chat completion whose text is a cited answer, every sentence of it verified.

The last message of the user is the question. Earlier turns and system messages are not read: an answer rests on the
articles alone, so a question has to stand by itself.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from functools import partial
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from service.answering.events import AnswerEvent, AnswerReady, SentenceVerified
from service.api.leaving import ClientGone, gone, unless_gone
from service.api.requests import FilteredRequest, QuestionText, Text, field_errors
from service.api.schemas import AnswerSchema, Schema
from service.api.streaming import STREAM, streamed
from service.api.wired import Wired, json_only, problems
from service.errors import InputRejected, NotFound
from service.types import Answer, Question

MODELS: dict[str, str] = {"groundwire": "auto", "groundwire-extractive": "extractive", "groundwire-llm": "llm"}
"""What may be named as the model, and the mode that it means."""
_QUESTION: TypeAdapter[str] = TypeAdapter(QuestionText)

openai = APIRouter(responses=problems(400, 413, 415, 422, 503))


class Part(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    type: Text
    text: Text | None = None


class ChatTurn(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    role: Text
    content: Text | list[Part] | None = None

    def text(self) -> str:
        """Raises InputRejected for what is no text."""
        if not isinstance(self.content, list):
            return self.content or ""
        if any(part.type != "text" or part.text is None for part in self.content):
            raise InputRejected("messages: the question has parts that are not text; send text alone")
        return "\n".join(part.text or "" for part in self.content)


class StreamOptions(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    include_usage: bool | None = None


class AskFields(FilteredRequest):
    """What `POST /v1/ask` takes beside the question."""

    max_sentences: Annotated[int, Field(ge=1, le=10)] | None = None


class ChatRequest(BaseModel):
    """Clients send many fields more (temperature, tools, max_tokens and so on), which mean nothing here."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    model: Text
    messages: Annotated[list[ChatTurn], Field(min_length=1, max_length=10_000)]
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    groundwire: AskFields | None = None

    @property
    def mode(self) -> str:
        """Raises NotFound for another model's name."""
        if self.model not in MODELS:
            raise NotFound(f"there is no such model here; use one of {', '.join(MODELS)}")
        return MODELS[self.model]

    def to_question(self) -> Question:
        """Raises InputRejected."""
        if self.n not in (None, 1):
            raise InputRejected("n: there is one answer; leave n out")
        asked = next((turn for turn in reversed(self.messages) if turn.role == "user"), None)
        if asked is None:
            raise InputRejected("messages: none is the user's; the last one of role user is the question")
        try:
            text = _QUESTION.validate_python(asked.text())
        except ValidationError as error:
            raise InputRejected(f"messages: the question {field_errors(error)[0][1]}") from None
        fields = self.groundwire or AskFields()
        if fields.max_sentences is None:
            return Question(text, fields.to_filters())
        return Question(text, fields.to_filters(), fields.max_sentences)


class ChatUsageSchema(Schema):
    prompt_tokens: int
    completion_tokens: int
    total_tokens: int

    @classmethod
    def of(cls, answer: Answer) -> Self:
        read, written = answer.usage.prompt_tokens, answer.usage.completion_tokens
        return cls(prompt_tokens=read, completion_tokens=written, total_tokens=read + written)


class ChatMessageSchema(Schema):
    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None


class ChatChoiceSchema(Schema):
    index: int = 0
    message: ChatMessageSchema
    logprobs: None = None
    finish_reason: Literal["stop"] = "stop"


class ChatCompletionSchema(Schema):
    """`groundwire`: the whole answer, as `POST /v1/ask` gives it, with the citations that the markers name."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[ChatChoiceSchema]
    usage: ChatUsageSchema
    groundwire: AnswerSchema

    @classmethod
    def of(cls, answer: Answer, model: str) -> Self:
        return cls(
            id=_completion_id(answer),
            created=int(time.time()),
            model=model,
            choices=[ChatChoiceSchema(message=ChatMessageSchema(content=answer.text))],
            usage=ChatUsageSchema.of(answer),
            groundwire=AnswerSchema.from_answer(answer),
        )


class ModelSchema(Schema):
    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "groundwire"


class ModelsSchema(Schema):
    object: Literal["list"] = "list"
    data: list[ModelSchema]


@openai.post(
    "/v1/chat/completions",
    dependencies=[Depends(json_only)],
    response_model=ChatCompletionSchema,
    responses={200: {"content": {STREAM: {}}}, **problems(404)},
)
async def complete(body: ChatRequest, request: Request, groundwire: Wired) -> ChatCompletionSchema | Response:
    """The last message of the user answered; the text has `[n]` markers, `groundwire` the citations."""
    answer = partial(groundwire.answer, body.to_question(), body.mode)
    if body.stream:
        with_usage = body.stream_options is not None and bool(body.stream_options.include_usage)
        return await streamed(request, answer, CompletionChunks(body.model, with_usage=with_usage))
    try:
        return ChatCompletionSchema.of(await unless_gone(request.receive, answer()), body.model)
    except ClientGone:
        return gone()


@openai.get("/v1/models")
def models(groundwire: Wired) -> ModelsSchema:
    """What may be named as the model; `groundwire-llm` where there is an LLM."""
    names = [name for name, mode in MODELS.items() if mode != "llm" or groundwire.has_llm]
    return ModelsSchema(data=[ModelSchema(id=name) for name in names])


class CompletionChunks:
    """Each verified sentence a chunk; the last chunk carries the whole answer in `groundwire`."""

    def __init__(self, model: str, *, with_usage: bool) -> None:
        self._model = model
        self._with_usage = with_usage
        self._created = int(time.time())
        self._id = f"chatcmpl-{time.time_ns():x}"
        self._said = ""

    def event(self, event: AnswerEvent) -> Iterable[str]:
        match event:
            case SentenceVerified(sentence, _):
                text = sentence.text + "".join(f" [{marker}]" for marker in sentence.markers)
                yield self._content(f" {text}" if self._said else text)
            case AnswerReady(answer):
                if not self._said:  # an abstention
                    yield self._content(answer.text)
                whole = AnswerSchema.from_answer(answer).model_dump()
                yield self._chunk({}, "stop", groundwire=whole)
                if self._with_usage:
                    yield self._data(choices=[], usage=ChatUsageSchema.of(answer).model_dump())
                yield "data: [DONE]\n\n"

    def problem(self, body: dict[str, Any]) -> Iterable[str]:
        error = {"message": body["detail"], "type": body["type"], "param": None, "code": body["status"]}
        yield f"data: {json.dumps({'error': error}, ensure_ascii=False)}\n\n"

    def _content(self, text: str) -> str:
        delta = {"content": text} if self._said else {"role": "assistant", "content": text}
        self._said += text
        return self._chunk(delta, None)

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None, **more: Any) -> str:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return self._data(choices=[choice], **more)

    def _data(self, **fields: Any) -> str:
        head = {"id": self._id, "object": "chat.completion.chunk", "created": self._created, "model": self._model}
        return f"data: {json.dumps(head | fields, ensure_ascii=False)}\n\n"


def _completion_id(answer: Answer) -> str:
    return f"chatcmpl-{answer.id.removeprefix('ans_')}"
