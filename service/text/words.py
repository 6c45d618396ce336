"""Words of a text: tokens with their spans, stems, and the small closed classes of English that carry no content."""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

import Stemmer

# The first reading parts a number from the unit written to it: "40km", "$400bn".
_WORD = re.compile(
    r"\d+(?:[.,]\d+)*(?=(?:bn|mn|tn|m|km|cm|mm|ft|kg|lb|mph|kph|MW|GW)\b)|"
    r"[A-Z][A-Za-z]*-\d+[A-Za-z]?\b|[^\W_]+(?:[.][^\W_]+)*(?:['’][^\W_]+)*(?:(?<=\d)[.,]\d+)*",
    re.UNICODE,
)
_POSSESSIVE = re.compile(r"['’]s?$")
_STEMMER = Stemmer.Stemmer("english")
# PyStemmer objects keep state between calls and are not safe to share between threads.
_STEMMER_LOCK = threading.Lock()

STOP_WORDS = frozenset(
    """
    a an the this that these those such same other another each every some any no both either neither own
    i me my we us our you your he him his she her hers it its they them their theirs one ones oneself itself
    himself herself themselves who whom whose which what where when why how whether
    is am are was were be been being do does did done doing have has had having will would shall should can could
    may might must ought
    and or but nor so yet if then than as because while although though unless until since
    of in on at by for with from to into onto over under about against between among through during before after
    above below up down out off near within without across along around toward towards upon via per amid
    not n't only also too very just even still already again ever never there here now more most less least much many
    few several all both half once s t d ll re ve m
    didn't doesn't don't wasn't weren't isn't aren't hasn't haven't hadn't won't wouldn't shouldn't couldn't can't
    cannot
    didn’t doesn’t don’t wasn’t weren’t isn’t aren’t hasn’t haven’t hadn’t won’t wouldn’t shouldn’t couldn’t can’t
    it's that's there's what's who's he's she's they're we're
    """.split()
)

PRONOUNS = frozenset("he she it they this these those that him her them his their its such".split())


PERSONAL = frozenset("he she his her him they their it its".split())


@dataclass(frozen=True, slots=True)
class Token:
    """One word: its span in the text, its lower-case form without a possessive ending, and its stem."""

    start: int
    end: int
    text: str
    lower: str
    stem: str

    @property
    def capitalised(self) -> bool:
        return self.text[0].isupper()

    @property
    def numeric(self) -> bool:
        return self.text[0].isdigit()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The English Snowball stem of a lower-case word; a word of another alphabet comes back as it is."""
    with _STEMMER_LOCK:
        return cast(str, _STEMMER.stemWord(word))


def tokens(text: str) -> list[Token]:
    """The words of a text, in order. `1,234.5`, `U.S.` and `Kyiv's` are one word each; `15-20` and `40km` are two."""
    found: list[Token] = []
    for match in _WORD.finditer(text):
        word = match.group()
        lower = _lower(word)
        if lower:
            found.append(Token(match.start(), match.end(), word, lower, stem(lower)))
    return found


def _lower(word: str) -> str:
    if word[0].isdigit():
        return word.lower()
    if "-" in word:  # "G-20", "F-16", "Covid-19": the hyphen comes and goes
        return word.replace("-", "").lower()
    if _POSSESSIVE.sub("", word) in ("US", "U.S", "USA", "U.S.A"):
        return "usa"  # else "U.S." becomes the pronoun "us"
    return _POSSESSIVE.sub("", word.lower().replace(".", ""))


def is_stop_word(word: str) -> bool:
    return word in STOP_WORDS
