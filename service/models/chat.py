"""The port of a model that writes: messages in, one text out, within a deadline."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from service.types import NO_USAGE
from service.types import Usage as Usage

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class ChatMessage:
    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment by which all work for one answer is done, whatever number of calls it takes."""

    at: float
    clock: Callable[[], float] = field(default=time.monotonic, repr=False, compare=False)

    @classmethod
    def in_seconds(cls, seconds: float, clock: Callable[[], float] = time.monotonic) -> Deadline:
        return cls(clock() + seconds, clock)

    @property
    def left_seconds(self) -> float:
        """Never negative."""
        return max(0.0, self.at - self.clock())


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """`schema`: a JSON schema that the text should follow, which a model is free to ignore."""

    messages: Sequence[ChatMessage]
    max_tokens: int
    schema: Mapping[str, Any] | None = None
    temperature: float = 0.0


@dataclass(frozen=True, slots=True)
class ChatReply:
    """What came back. `text` is untrusted, never empty. `complete`: the model ended by itself (`finish_reason`)."""

    text: str
    model: str
    usage: Usage = NO_USAGE
    complete: bool = True


class ChatModel(Protocol):
    """A model that writes. Safe to use from several tasks of one event loop, and from several loops in turn."""

    @property
    def name(self) -> str:
        """The model's name as the user gave it."""

    async def complete(self, request: ChatRequest, deadline: Deadline) -> ChatReply:
        """Raises ChatUnavailable, within the deadline, whatever happens on the way; cancelling it ends the call."""
