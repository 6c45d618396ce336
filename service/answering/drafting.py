"""From a model's reply to draft sentences with their markers, however the reply is wrapped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from service.answering.markers import taken_out
from service.answering.plain_text import plain_prose
from service.answering.replies import bare_reply, json_values, looks_like_json, salvaged, strings_in, unfenced
from service.text.sentences import sentence_spans
from service.types import Span

_PREAMBLE = re.compile(
    r"^(?:(?:final |short )?answer\s*:\s*|(?:here is|here's) (?:the|my|your) answer\s*[:.]\s*"
    r"|(?:based on|according to|per|from) (?:the |these |this )?(?:provided |given |retrieved |above |supplied )?"
    r"(?:evidence|excerpts?|sources|context|passages|articles|information)(?: provided| given| above)?\s*,\s*)+",
    re.IGNORECASE,
)
_WHOLE = re.compile(r"[.!?…][\"'”’»)\]]*$")
_ENDS_IN_FIGURE = re.compile(r"\d\.$")
"""Cut off, "about 1.5 million" may read "about 1."."""
_FEW_WORDS = 4


@dataclass(frozen=True, slots=True)
class DraftedSentence:
    """One sentence as the model meant it, without markup; `markers` as it gave them, known or not, each once."""

    text: str
    markers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """What is left of a reply. `declined`: the model says that the articles do not answer, and writes nothing.

    `emptied`: sentences that are none, or of which only markup was there. `unanswered`: what the model says is left
    open, in its own words, unchecked.
    """

    sentences: tuple[DraftedSentence, ...]
    unanswered: str | None = None
    declined: bool = False
    emptied: int = 0


def _numbers(value: object) -> list[int]:
    """Markers as models write them: [1], ["1"], ["[1]"], 1, "1, 2", null."""
    items = value if isinstance(value, list) else [value]
    return [int(n) for item in items if isinstance(item, int | str) for n in re.findall(r"\d{1,4}", str(item))]


class _Sentence(BaseModel):
    model_config = ConfigDict(strict=True)

    text: str
    markers: Annotated[list[int], BeforeValidator(_numbers)] = Field(default_factory=list)


class _Reply(BaseModel):
    model_config = ConfigDict(strict=True)

    sentences: list[_Sentence]
    unanswered: str | None = None


DRAFT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["sentences", "unanswered"],
    "properties": {
        "sentences": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["text", "markers"],
                "properties": {"text": {"type": "string"}, "markers": {"type": "array", "items": {"type": "integer"}}},
            },
        },
        "unanswered": {"type": ["string", "null"]},
    },
}
"""What is asked for; a service is free to ignore it, so the reply is validated all the same."""


def draft_of_json(reply: str) -> Draft | None:
    """The draft in a reply that has the JSON asked for, bare, fenced or in prose; None when it has none."""
    for value in json_values(bare_reply(reply)):
        try:
            parsed = _Reply.model_validate(value)
        except ValidationError:
            continue
        return _draft([(s.text, s.markers) for s in parsed.sentences], parsed.unanswered)
    return None


def draft_of_text(reply: str, *, complete: bool) -> Draft:
    """The draft in any other reply: the whole sentences of a broken JSON, else plain text with markers.

    Not `complete`: it was cut off, and what may be half a sentence is left out.
    """
    text = bare_reply(reply)
    if whole := list(salvaged(text)):
        return _draft(whole)
    text = unfenced(text)
    if values := list(json_values(text)):
        text = "\n\n".join(strings_in(values[0]))
    elif looks_like_json(text):
        return Draft((), emptied=1)  # not even one sentence of it is whole
    return _draft([(text, ())], complete=complete)


def _draft(
    items: Sequence[tuple[str, Sequence[int]]], unanswered: str | None = None, *, complete: bool = True
) -> Draft:
    sentences: list[DraftedSentence] = []
    emptied = 0
    for text, markers in items:
        found = list(_sentences(text, markers, complete=complete))
        sentences.extend(sentence for sentence in found if sentence is not None)
        emptied += found.count(None) + (not found)
    return Draft(tuple(sentences), unanswered, declined=not items, emptied=emptied)


def _sentences(text: str, given: Iterable[int], *, complete: bool) -> Iterator[DraftedSentence | None]:
    """The sentences of a stretch of a draft; None for what is none. `given`: markers of all of them."""
    plain, markers = taken_out(plain_prose(text))
    spans = sentence_spans(plain)
    owners = [_owner(plain, at, spans) for at, _ in markers]
    for i, span in enumerate(spans):
        own = [n for (_, n), owner in zip(markers, owners, strict=True) if owner == i]
        said = _without_preamble(span.of(plain))
        cut_off = not complete and i == len(spans) - 1 and not _is_whole(said, marked=bool(own))
        yield (
            None
            if cut_off or _is_no_sentence(said)
            else DraftedSentence(
                said if _WHOLE.search(said) else said.rstrip(" ,;-–—") + ".", tuple(dict.fromkeys((*own, *given)))
            )
        )


def _owner(text: str, at: int, spans: Sequence[Span]) -> int:
    """Which sentence a marker at this offset is of: the one that it stands in or right behind."""
    i = next((i for i, span in enumerate(spans) if at <= span.end), len(spans) - 1)
    if i > 0 and at < spans[i].start and "\n" not in text[spans[i - 1].end : at]:
        return i - 1
    return i


def _without_preamble(said: str) -> str:
    bare = _PREAMBLE.sub("", said).strip(" ,;")
    return bare[:1].upper() + bare[1:] if bare != said else bare


def _is_whole(said: str, *, marked: bool) -> bool:
    return bool(_WHOLE.search(said)) and (marked or not _ENDS_IN_FIGURE.search(said))


def _is_no_sentence(said: str) -> bool:
    """Without a letter; or without a stop, and a heading or the introduction of a list."""
    if not any(character.isalpha() for character in said):
        return True
    return not _WHOLE.search(said) and (len(said.split()) < _FEW_WORDS or said.endswith(":"))
