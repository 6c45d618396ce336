"""A command's options as the checked requests that HTTP takes too: both edges accept and refuse the same things."""

from __future__ import annotations

import os
import re
from argparse import Namespace
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from service.api.requests import AskRequest, RequestSchema, SearchRequest, VerifyRequest, field_errors
from service.errors import InputRejected

if TYPE_CHECKING:
    from service.api.briefing_schemas import BriefRequest
    from service.api.schedule_schemas import ScheduleRequest

OPTIONS = {
    "as_of": "--as-of",
    "published_from": "--from",
    "published_to": "--to",
    "sources": "--source",
    "max_sentences": "--max-sentences",
    "k": "-k",
    "cron": "--cron",
    "time_zone": "--time-zone",
    "window_hours": "--window",
    "folder": "--folder",
    "mail": "--mail",
    "webhook": "--webhook",
    "since": "--since",
    "until": "--until",
    "max_words": "--words",
    "compare_with": "--compare-with",
}
"""What a person typed for a field, where it is not the field's own name."""

HINTS = {"question": "give a question in quotes", "query": "give what to look for", "topic": "give a topic in quotes"}

Request = TypeVar("Request", bound=RequestSchema)


def ask_request(arguments: Namespace) -> AskRequest:
    """Raises InputRejected, one line naming the option."""
    fields = _filters(arguments) | {
        "question": _words("question", arguments.question),
        "mode": arguments.mode,
        "max_sentences": arguments.max_sentences,
    }
    return _checked(AskRequest, fields)


def search_request(arguments: Namespace) -> SearchRequest:
    """Raises InputRejected, one line naming the option."""
    return _checked(SearchRequest, _filters(arguments) | {"query": _words("query", arguments.query), "k": arguments.k})


def brief_request(arguments: Namespace) -> BriefRequest:
    """Raises InputRejected, one line naming the option."""
    from service.api.briefing_schemas import BriefRequest

    fields = {
        "topic": _words("topic", arguments.topic),
        "since": arguments.since,
        "until": arguments.until,
        "as_of": arguments.as_of,
        "sources": [as_typed(source) for source in arguments.sources] or None,
        "max_words": arguments.max_words,
        "mode": arguments.mode,
        "compare_with": arguments.compare_with,
        "wait": True,
    }
    return _checked(BriefRequest, fields)


def schedule_request(arguments: Namespace) -> ScheduleRequest:
    """Raises InputRejected, one line naming the option."""
    from service.api.schedule_schemas import ScheduleRequest

    fields = {
        "name": as_typed(arguments.name),
        "topic": _words("topic", arguments.topic),
        "cron": as_typed(arguments.cron),
        "time_zone": as_typed(arguments.time_zone),
        "window_hours": None if arguments.window is None else _hours(arguments.window),
        "max_words": arguments.max_words,
        "sources": [as_typed(source) for source in arguments.sources] or None,
        "formats": arguments.formats or None,
        "folder": [as_typed(folder) for folder in arguments.folder] or None,
        "mail": [as_typed(address) for address in arguments.mail] or None,
        "webhook": [as_typed(url) for url in arguments.webhook] or None,
    }
    return _checked(ScheduleRequest, fields)


def _hours(window: str) -> int:
    """`24h`, `7d`. Raises InputRejected."""
    found = re.fullmatch(r"([1-9][0-9]{0,4})\s*([hd])", window.strip().lower())
    if found is None:
        raise InputRejected("--window: not a stretch of time; write hours or days, for example 24h or 7d")
    return int(found[1]) * (24 if found[2] == "d" else 1)


def verify_request(text: str, sources: list[str] | None) -> VerifyRequest:
    """Raises InputRejected, one line."""
    return _checked(VerifyRequest, {"text": text, "sources": sources})


def as_typed(argument: str) -> str:
    """An argument that Python could not decode, because the locale is not UTF-8 and the terminal is."""
    try:
        return os.fsencode(argument).decode("utf-8")
    except UnicodeError:
        return argument


def _words(field: str, words: list[str]) -> str:
    text = as_typed(" ".join(words)).strip()
    if text in ("", "-"):
        raise InputRejected(f"the {field} is empty; {HINTS[field]}")
    return text


def _filters(arguments: Namespace) -> dict[str, Any]:
    return {
        "as_of": arguments.as_of,
        "published_from": arguments.published_from,
        "published_to": arguments.published_to,
        "include_undated": arguments.include_undated,
        "sources": [as_typed(source) for source in arguments.sources] or None,
    }


def _checked(schema: type[Request], fields: dict[str, Any]) -> Request:
    try:
        return schema.model_validate(fields)
    except ValidationError as error:
        problems = (_shown(field, message) for field, message in field_errors(error))
        raise InputRejected("; ".join(problems)) from None


def _shown(field: str, message: str) -> str:
    if field == "body":  # about several fields at once; the message names them
        return message.replace("published_from", "--from").replace("published_to", "--to")
    name = field.split(".")[0]
    return f"{OPTIONS.get(name, name)}: {message}"
