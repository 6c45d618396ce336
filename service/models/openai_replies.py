"""What an OpenAI-compatible service sent, read as a reply or as the reason why it is none."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

from service.models.chat import ChatReply, Usage

_ENDED_BY_ITSELF = frozenset({None, "", "stop", "eos", "end_turn", "eos_token", "stop_sequence"})
"""`finish_reason`, which some services leave out."""
_MOST_TOKENS = 10**9  # more is no count
_LONGEST_QUOTE = 160
_LONGEST_NAME = 120
_KEY_LIKE = re.compile(r"\b(?:sk|pk|key|token|bearer)[-_ ][\w.*-]{6,}", re.IGNORECASE)
_QUOTA_CODES = frozenset({"insufficient_quota", "billing_hard_limit_reached"})


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there is no reply. `reason` goes behind "the LLM at <host>".

    `retryable`: the same request may succeed a moment later, at the earliest `after_seconds` from now.
    """

    reason: str
    retryable: bool = False
    after_seconds: float = 0.0
    status: int | None = None
    message: str = ""
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens cost; None where that is not known."""

    usd_per_million_prompt_tokens: float | None = None
    usd_per_million_completion_tokens: float | None = None

    def cost_usd(self, prompt_tokens: int, completion_tokens: int) -> float | None:
        prompt, completion = self.usd_per_million_prompt_tokens, self.usd_per_million_completion_tokens
        if prompt is None or completion is None:
            return None
        return (prompt * prompt_tokens + completion * completion_tokens) / 1_000_000


def read_completion(body: bytes, asked_for: str, prices: Prices) -> ChatReply | Failure:
    """The body of a reply with status 200. Never raises, whatever is in it."""
    whole = _json_object(body)
    choices = whole.get("choices")
    if not isinstance(choices, list):
        return _no_choices(whole)
    choice = choices[0] if choices and isinstance(choices[0], dict) else {}
    message = choice.get("message")
    message = message if isinstance(message, dict) else {}
    text, ended = _text(message.get("content")), choice.get("finish_reason")
    if not text.strip():
        return Failure(_why_empty(message, ended))
    return ChatReply(
        text=text,
        model=_name(whole.get("model")) or asked_for,
        usage=_usage(whole.get("usage"), prices),
        complete=isinstance(ended, str | None) and ended in _ENDED_BY_ITSELF,
    )


def read_refusal(status: int, headers: Mapping[str, str], body: bytes, *, key: str, now: datetime) -> Failure:
    """A reply with any other status. The service's own words are quoted where they help, never with the key."""
    error = _error(_json_object(body))
    code, message = str(error.get("code") or ""), _quotable(error.get("message"), key)
    said = f": {message}" if message else ""
    failure = Failure("", status=status, message=message, parameter=str(error.get("param") or ""))
    if status == HTTPStatus.TOO_MANY_REQUESTS and (code in _QUOTA_CODES or error.get("type") in _QUOTA_CODES):
        return _because(failure, "says that the quota is used up (429); look at the account's plan and billing")
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        after = _retry_after(headers, now)
        wait = f" and asks to wait {after:.0f} s" if after else ""
        return _because(failure, f"is over its rate limit (429){wait}; try again later", retry=True, after=after)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        after = _retry_after(headers, now)
        return _because(failure, f"failed ({status}); try again later, or look at its log", retry=True, after=after)
    if status == HTTPStatus.UNAUTHORIZED:
        return _because(failure, "refuses the key (401); set GROUNDWIRE_LLM_API_KEY to one that is valid there")
    if status == HTTPStatus.FORBIDDEN:
        return _because(failure, "forbids this use (403); look at what the key and the account may do")
    if status == HTTPStatus.NOT_FOUND:
        return _because(
            failure, "does not know the model, or nothing answers there (404); check GROUNDWIRE_LLM_MODEL and _BASE_URL"
        )
    if status < HTTPStatus.BAD_REQUEST:
        return _because(
            failure,
            f"redirects elsewhere ({status}), where no text is sent; set GROUNDWIRE_LLM_BASE_URL to that address",
        )
    return _because(failure, f"refuses the request ({status}){said}; check that GROUNDWIRE_LLM_MODEL fits the service")


def _because(failure: Failure, reason: str, *, retry: bool = False, after: float = 0.0) -> Failure:
    return Failure(reason, retry, after, failure.status, failure.message, failure.parameter)


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return whole if isinstance(whole, dict) else {}


def _error(whole: dict[str, Any]) -> dict[str, Any]:
    """`{"error": {"message", "code", …}}`; some services send the inner part alone, or a string."""
    error = whole.get("error", whole)
    return error if isinstance(error, dict) else {"message": error}


def _no_choices(whole: dict[str, Any]) -> Failure:
    if whole.get("error"):
        return Failure("sent an error in place of a reply; look at its log")
    return Failure(
        "sent something that is no chat completion; check that GROUNDWIRE_LLM_BASE_URL is an OpenAI-compatible address"
    )


def _why_empty(message: Mapping[str, Any], ended: object) -> str:
    if message.get("refusal"):
        return "declined to answer; ask otherwise, or use another GROUNDWIRE_LLM_MODEL"
    if ended == "content_filter":
        return "held its reply back by a content filter; use another GROUNDWIRE_LLM_MODEL"
    if message.get("reasoning_content") or message.get("reasoning") or ended == "length":
        return "used all its tokens before it began to answer; use a GROUNDWIRE_LLM_MODEL that reasons less"
    return "sent an empty reply; try again, or use another GROUNDWIRE_LLM_MODEL"


def _text(content: object) -> str:
    """Half a surrogate pair can be written in JSON, but not be stored or sent: such a character is replaced."""
    if isinstance(content, Sequence) and not isinstance(content, str):  # parts, as some services send them
        parts = (part.get("text") for part in content if isinstance(part, dict) and part.get("type", "text") == "text")
        content = "".join(part for part in parts if isinstance(part, str))
    if not isinstance(content, str):
        return ""
    return content.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _name(value: object) -> str:
    return " ".join(_text(value).split())[:_LONGEST_NAME] if isinstance(value, str) else ""


def _usage(value: object, prices: Prices) -> Usage:
    counts = value if isinstance(value, dict) else {}
    prompt, completion = _count(counts.get("prompt_tokens")), _count(counts.get("completion_tokens"))
    return Usage(prompt, completion, prices.cost_usd(prompt, completion))


def _count(value: object) -> int:
    return value if type(value) is int and 0 <= value <= _MOST_TOKENS else 0


def _quotable(message: object, key: str) -> str:
    """One short line, without anything that looks like a key: services like to repeat it."""
    if not isinstance(message, str):
        return ""
    text = message.replace(key, "[key]") if key else message
    text = " ".join(_KEY_LIKE.sub("[key]", _text(text)).split()).rstrip(".")
    return text if len(text) <= _LONGEST_QUOTE else text[: _LONGEST_QUOTE - 1] + "…"


def _retry_after(headers: Mapping[str, str], now: datetime) -> float:
    """Seconds; 0 where the service does not say, or not so that it can be read."""
    try:
        if milliseconds := headers.get("retry-after-ms"):
            return max(0.0, float(milliseconds) / 1000)
        value = headers.get("retry-after", "")
        return max(0.0, float(value) if value[:1].isdigit() else _seconds_until(value, now))
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _seconds_until(date: str, now: datetime) -> float:
    until = parsedate_to_datetime(date)
    return (until.replace(tzinfo=until.tzinfo or UTC) - now).total_seconds()
