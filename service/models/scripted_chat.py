"""The fake of the port `ChatModel` that ships: it says what it was told to say, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable

from service.errors import ChatUnavailable
from service.models.chat import ChatReply, ChatRequest, Deadline, Usage

Line = str | ChatReply | ChatUnavailable | Callable[[ChatRequest], "str | ChatReply"]
"""A reply, its text alone, what makes one of the request, or the failure to raise."""


class ScriptedChatModel:
    """Replies with `lines` in turn, then with the last one again and again; each after `delay_seconds`.

    A function may raise ChatUnavailable; an empty text is raised as that, as by any model. Safe from any thread.
    """

    def __init__(self, *lines: Line, name: str = "scripted", delay_seconds: float = 0.0) -> None:
        if not lines:
            raise ValueError("no line is scripted; give at least one")
        self._name = name
        self._lines = list(lines)
        self._delay_seconds = delay_seconds
        self._lock = threading.Lock()
        self._asked: list[ChatRequest] = []

    @property
    def name(self) -> str:
        return self._name

    @property
    def requests(self) -> list[ChatRequest]:
        """What it was asked so far, oldest first."""
        with self._lock:
            return list(self._asked)

    async def complete(self, request: ChatRequest, deadline: Deadline) -> ChatReply:
        with self._lock:
            self._asked.append(request)
            line = self._lines.pop(0) if len(self._lines) > 1 else self._lines[0]
        in_time = self._delay_seconds < deadline.left_seconds
        await asyncio.sleep(self._delay_seconds if in_time else deadline.left_seconds)
        if not in_time:
            raise ChatUnavailable(f"the scripted model {self._name} gave no reply in time; give it more")
        if isinstance(line, ChatUnavailable):
            raise line
        made = line(request) if callable(line) else line
        reply = made if isinstance(made, ChatReply) else ChatReply(made, self._name, _usage(request, made))
        if not reply.text.strip():
            raise ChatUnavailable(f"the scripted model {self._name} sent an empty reply; script one with text")
        return reply


def _usage(request: ChatRequest, text: str) -> Usage:
    """Words for tokens, so that what is added up is not zero."""
    return Usage(sum(len(message.content.split()) for message in request.messages), len(text.split()))
