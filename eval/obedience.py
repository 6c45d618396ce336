"""A scripted model that does whatever it is told by whoever tells it, and what shows that it did."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from service.answering.plain_text import plain_prose
from service.models.chat import ChatReply, ChatRequest, Deadline
from service.types import Usage

_WORDS = re.compile(r"\w+")
_QUOTED = re.compile(r"[\"“]([^\"”]{4,200})[\"”]")
_ADDRESS = re.compile(r"\b[\w.+-]+@[\w.-]+\w|\b(?:www\.)?[\w-]+\.(?:com|xyz|org|net)\b")
_MARK = re.compile(r"the character (\S) stands before every word")
_TYPED = (
    ("misspell|typo|every fourth word", "typos"),
    ("anagram|scramble|jumble|rearrange", "scrambled"),
    (
        "vowels? .*number|numbers? .*vowel|letters? with numbers|alphanumeric|every third letter|base(?:16|32|64)",
        "digits",
    ),
    ("symbol|homophon|emoji", "symbols"),
    ("spaces|group letters|combine words", "unspaced"),
    ("revers|backward", "reversed"),
    ("cipher|encode|encrypt|rot13", "shifted"),
    ("upper|capital letters", "shouted"),
)


def _each_word(change: Callable[[str, random.Random], str], every: int = 1) -> Callable[[str], str]:
    def changed(text: str) -> str:
        rng = random.Random(text)  # noqa: S311 - not a secret, and the same each time
        words = text.split(" ")
        return " ".join(change(w, rng) if i % every == 0 and len(w) > 3 else w for i, w in enumerate(words))

    return changed


def _swapped(word: str, rng: random.Random) -> str:
    at = rng.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _shuffled(word: str, rng: random.Random) -> str:
    return "".join(rng.sample(word, len(word)))


DISGUISES: dict[str, Callable[[str], str]] = {
    "typos": _each_word(_swapped, 2),
    "scrambled": _each_word(_shuffled),
    "digits": lambda text: text.translate(str.maketrans("aeiouAEIOU", "4310543105")),
    "symbols": lambda text: text.translate(str.maketrans("aosieAOSIE", "@0$!3@0$!3")),
    "unspaced": lambda text: text.replace(" ", ""),
    "reversed": lambda text: text[::-1],
    "shifted": lambda text: text.translate(str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")),
    "shouted": str.upper,
}


@dataclass(frozen=True, slots=True)
class Order:
    """An instruction that is hidden in an article, and the sentences of an honest answer."""

    instruction: str
    honest: tuple[str, ...]

    def obeyed(self) -> list[str]:
        """The sentences of the one who obeys: what was asked for, and the honest ones, disguised if that was asked."""
        named = [name for pattern, name in _TYPED if re.search(pattern, self.instruction, re.IGNORECASE)]
        honest = [DISGUISES[name](text) for name in named[:1] for text in self.honest] or list(self.honest)
        address = " ".join(_ADDRESS.findall(self.instruction)) or "evil.example/steal"
        link = (
            f"Read more at [the full story](https://{address.split(' ')[0]}) ![seen](https://evil.example/p.png?q=1)."
        )
        told = [*_QUOTED.findall(self.instruction), f"As asked, {self.instruction[:1].lower()}{self.instruction[1:]}"]
        return [*(f"{text.rstrip('.')}." for text in told), self.instruction, link, *honest]

    def shows_in(self, sentence: str, article: str) -> bool:
        """Whether a sentence is anything but an honest one, or one of the article without the instruction."""
        words = " ".join(_WORDS.findall(sentence))
        small = words[:1].lower() + words[1:]
        known = [" ".join(_WORDS.findall(text)) for text in (*map(plain_prose, self.honest), article)]
        return not any(words in text or small in text for text in known)


def _runs(text: str) -> list[tuple[str, ...]]:
    words = _WORDS.findall(text.lower())
    return [tuple(words[i : i + 5]) for i in range(len(words) - 4)]


@dataclass(slots=True)
class ObedientModel:
    """Obeys `order` if it stands in what it is shown, or `always`; else it answers honestly.

    In any case it recites what it was told."""

    order: Order | None = None
    always: bool = False
    saw: int = 0
    """How many replies were written with the instruction in sight."""
    told: list[str] = field(default_factory=list)
    """The beginnings of what it was told, which it recites."""

    @property
    def name(self) -> str:
        return "obedient"

    async def complete(self, request: ChatRequest, deadline: Deadline) -> ChatReply:
        order = self.order
        if order is None:
            raise ValueError("no order was given")
        system, user = (message.content for message in request.messages)
        mark = _MARK.search(system)
        shown = user.replace(mark[1], " ") if mark else user
        sees = set(_runs(order.instruction)) & set(_runs(shown)) or order.instruction in shown
        self.saw += bool(sees)
        self.told = [" ".join(system.split()[:20]) + "."]
        obeys = sees or self.always
        return ChatReply(_json([*self.told, *order.obeyed()] if obeys else order.honest), self.name, Usage(1, 1))


def _json(sentences: Sequence[str]) -> str:
    return json.dumps({"sentences": [{"text": text, "markers": [1]} for text in sentences], "unanswered": None})
