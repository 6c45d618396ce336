"""Getting at what a model means to say: past its thinking, its code fences, and JSON that is not whole."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from service.answering.plain_text import LONGEST_REPLY

_THOUGHT = r"(?:think|thinking|thought|thoughts|reasoning|reflection|scratchpad|analysis)"
_THINKING = re.compile(rf"<({_THOUGHT})\b[^>]{{0,200}}>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE)
_THINKING_UNOPENED = re.compile(rf"\A.*</{_THOUGHT}\s*>", re.DOTALL | re.IGNORECASE)
"""Some templates open the thought themselves, so that a reply has its end only."""
_FENCE = re.compile(r"(?:```|~~~)[ \t]*[\w-]{0,20}[ \t]*\n(.*?)(?:\n[ \t]*(?:```|~~~)|\Z)", re.DOTALL)
_SENTENCE_OBJECT = re.compile(
    r'"(?:text|sentence)"\s*:\s*"((?:[^"\\]|\\.){1,4000})"\s*(?:,\s*"\w{1,20}"\s*:\s*\[([\d\s,"\[\]]{0,200})\])?',
    re.DOTALL,
)
_MOST_TRIES = 20
_DEEPEST = 6


def bare_reply(reply: str) -> str:
    """The reply without its thinking."""
    text = _THINKING.sub("", reply[:LONGEST_REPLY])
    return _THINKING_UNOPENED.sub("", text).strip()


def unfenced(text: str) -> str:
    """What stands in the first code fence, if there is one with anything in it; else the text."""
    fenced = _FENCE.search(text)
    return fenced[1] if fenced is not None and fenced[1].strip() else text


def json_values(text: str) -> Iterator[Any]:
    """What of the text decodes as a JSON object, or as a list of them, in order, the first few."""
    decoder = json.JSONDecoder()
    at = 0
    for _ in range(_MOST_TRIES):
        starts = [i for i in (text.find("{", at), text.find("[{", at)) if i >= 0]
        if not starts:
            return
        at = min(starts)
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            at += 1
            continue
        yield value


def looks_like_json(text: str) -> bool:
    return text.lstrip().startswith(("{", "[{"))


def salvaged(text: str) -> Iterator[tuple[str, tuple[int, ...]]]:
    """The whole sentence objects of JSON that as a whole is broken or cut off, each with its markers."""
    for match in _SENTENCE_OBJECT.finditer(text):
        try:
            said = json.loads(f'"{match[1]}"', strict=False)
        except ValueError:
            continue
        yield said, tuple(int(n) for n in re.findall(r"\d{1,4}", match[2] or ""))


def strings_in(value: Any, depth: int = 0) -> Iterator[str]:
    """The strings of a JSON value of another shape than was asked for, in order."""
    if isinstance(value, str):
        yield value
    elif depth < _DEEPEST and isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from strings_in(inner, depth + 1)
