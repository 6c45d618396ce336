"""One answer's dealings with its model: all within one deadline, every reply kept for the receipt."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from service.answering.trace import TracedReply
from service.errors import ChatUnavailable
from service.models.chat import ChatMessage, ChatModel, ChatReply, ChatRequest, Deadline, Usage
from service.models.prompts import load_prompt

_GRACE_SECONDS = 0.3
"""A model that keeps to the deadline ends before; one that does not is left behind."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Messages made from one prompt, by its name and hash."""

    prompt: str
    prompt_hash: str
    messages: tuple[ChatMessage, ...]


@dataclass(slots=True)
class Asking:
    chat: ChatModel
    deadline: Deadline
    replies: list[TracedReply] = field(default_factory=list)

    @property
    def usage(self) -> Usage:
        return sum((reply.usage for reply in self.replies), Usage())

    @property
    def in_time(self) -> bool:
        return self.deadline.left_seconds > 0

    async def ask(self, asked: Asked, max_tokens: int, schema: Mapping[str, Any] | None = None) -> ChatReply:
        """Raises ChatUnavailable, within the deadline, whatever goes wrong."""
        request = ChatRequest(asked.messages, max_tokens, schema)
        try:
            async with asyncio.timeout(self.deadline.left_seconds + _GRACE_SECONDS):
                reply = await self.chat.complete(request, self.deadline)
        except ChatUnavailable as error:
            self._keep(asked, error=str(error))
            raise
        except TimeoutError:
            self._keep(asked, error="no reply in time")
            raise ChatUnavailable(
                f"{self.chat.name} gave no reply in time; GROUNDWIRE_LLM_TIMEOUT_SECONDS gives it more"
            ) from None
        except Exception as error:
            self._keep(asked, error=type(error).__name__)
            raise ChatUnavailable(f"{self.chat.name} could not be asked ({type(error).__name__})") from error
        self._keep(asked, reply)
        return reply

    def _keep(self, asked: Asked, reply: ChatReply | None = None, error: str | None = None) -> None:
        if reply is None:
            traced = TracedReply(asked.prompt, asked.prompt_hash, self.chat.name, "", complete=False, error=error)
        else:
            traced = TracedReply(
                asked.prompt, asked.prompt_hash, reply.model or self.chat.name, reply.text, reply.complete, reply.usage
            )
        self.replies.append(traced)


def asked(prompt_name: str, **variables: object) -> Asked:
    """The messages of a prompt file, filled in; raises like `Prompt.messages`."""
    prompt = load_prompt(prompt_name)
    return Asked(prompt_name, prompt.hash, prompt.messages(**variables))


def told_in(*prompt_names: str) -> tuple[str, ...]:
    """What these prompts say in our own words."""
    prompts = [load_prompt(name) for name in prompt_names]
    return tuple(part for prompt in prompts for part in (prompt.system, prompt.user))
