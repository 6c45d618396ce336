"""A language model as judge: a prompt with a version, every verdict kept on disk, what it costs counted."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, get_args

from eval.harness.judging import Opinion
from eval.harness.run_file import Judge, JudgeCost, hash_of
from service.answering.replies import bare_reply, json_values, unfenced
from service.answering.showing import Fence
from service.errors import ChatUnavailable
from service.models.chat import ChatModel, ChatReply, ChatRequest, Deadline
from service.models.prompts import load_prompt
from service.text.characters import plain_characters
from service.types import NO_USAGE, Usage, Verdict

PROMPT = "judge"
_REPLY_TOKENS = 400
_SCHEMA = {
    "type": "object",
    "properties": {"reason": {"type": "string"}, "verdict": {"enum": list(get_args(Verdict))}},
    "required": ["reason", "verdict"],
}


class LlmJudge:
    """Asks once for each claim with its quotes; what it said before is read from `cache`. Safe from several threads.

    One that gives no verdict in time leaves the claim without one: that is counted, and asked again the next time.
    """

    def __init__(self, chat: ChatModel, cache: Path, *, timeout_seconds: float) -> None:
        self._chat = chat
        self._cache = cache
        self._timeout_seconds = timeout_seconds
        self._prompt = load_prompt(PROMPT)
        self._lock = threading.Lock()
        self._calls = self._cached = self._failed = 0
        self._usage = NO_USAGE

    @property
    def name(self) -> str:
        return self._chat.name

    @property
    def identity(self) -> Judge:
        return Judge(self._chat.name, self._prompt.version, self._prompt.hash)

    @property
    def cost(self) -> JudgeCost:
        with self._lock:
            usage = self._usage
            return JudgeCost(
                self._calls,
                self._cached,
                self._failed,
                usage.prompt_tokens,
                usage.completion_tokens,
                usage.cost_usd,
            )

    def judge(self, claim: str, quotes: Sequence[str]) -> Opinion:
        if not quotes:
            return Opinion("not_supported", 0.0, "it cites nothing")
        key = hash_of([self._chat.name, self._prompt.hash, claim, list(quotes)]).removeprefix("sha256:")
        file = self._cache / key[:2] / f"{key}.json"
        known = _read(file)
        if known is not None:
            self._count(cached=1)
            return known
        try:
            reply = self._ask(claim, quotes)
        except ChatUnavailable as error:
            self._count(calls=1, failed=1)
            return Opinion(None, reason=f"the judge gave no verdict: {error}")
        opinion = read_verdict(reply.text)
        if opinion is None:
            self._count(calls=1, failed=1, usage=reply.usage)
            return Opinion(None, reason="the judge's reply has no verdict in it")
        self._count(calls=1, usage=reply.usage)
        _write(file, opinion)
        return opinion

    def _ask(self, claim: str, quotes: Sequence[str]) -> ChatReply:
        fence = Fence.around(claim + "".join(quotes))
        messages = self._prompt.messages(
            boundary=fence.boundary,
            mark=fence.mark,
            claim=plain_characters(claim),
            evidence="\n\n".join(fence.fenced(number, quote) for number, quote in enumerate(quotes, start=1)),
        )
        request = ChatRequest(messages, _REPLY_TOKENS, _SCHEMA)
        return asyncio.run(self._chat.complete(request, Deadline.in_seconds(self._timeout_seconds)))

    def _count(self, *, calls: int = 0, cached: int = 0, failed: int = 0, usage: Usage = NO_USAGE) -> None:
        with self._lock:
            self._calls += calls
            self._cached += cached
            self._failed += failed
            self._usage += usage


def read_verdict(text: str) -> Opinion | None:
    """The last verdict of a reply, whatever stands around it; None when there is none."""
    found: Opinion | None = None
    for value in json_values(unfenced(bare_reply(text))):
        if isinstance(value, dict) and value.get("verdict") in get_args(Verdict):
            found = Opinion(value["verdict"], None, str(value.get("reason", "")))
    return found


def _read(file: Path) -> Opinion | None:
    """None also for a file that is broken: then it is asked again and written anew."""
    try:
        body: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return Opinion(body["verdict"], None, body["reason"]) if body["verdict"] in get_args(Verdict) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _write(file: Path, opinion: Opinion) -> None:
    """Whole or not at all: two runs may share a cache. One that cannot be written only costs the next run more."""
    with suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
        new.write_text(json.dumps({"verdict": opinion.verdict, "reason": opinion.reason}), encoding="utf-8")
        new.replace(file)
