"""A sentence as the claims that it makes, each of which may be right or wrong, and supported, by itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from service.grounding.verbs import AUXILIARIES, is_finite, says
from service.text.sentence import SentenceReading, read_sentence
from service.text.words import Token, is_stop_word

_LONGEST_SUBJECT = 12
_FEWEST_WORDS = 2
"""Content words of a claim; a shorter piece stays with its neighbour."""
_JOINT = re.compile(
    r";\s+|\s+[—–]\s+|,?\s+(?:and|but|while|whereas|although|though|yet)\s+(?:that\s+)?|,\s+(?:so|then|with)\s+"
)
_BORDER = re.compile(r"[,;—–](?!\d)|\s(?:and|but|while|whereas)\s")
_RELATIVE = re.compile(r",\s+(?:who|which|where|whose|that)\b.*", re.DOTALL)
_PART = re.compile(r"(?:a|one|two|three) (?:half|third|thirds|quarter|quarters)\b", re.IGNORECASE)
_SUBORDINATE = frozenset("if when because after before since unless until as once whether that".split())


@dataclass(frozen=True, slots=True)
class Claim:
    """`text[start:end]` of the sentence, and the words of it that this part takes its subject from (may be empty)."""

    text: str
    subject: str
    start: int
    end: int

    @property
    def reading(self) -> SentenceReading:
        return read_sentence(f"{self.subject} {self.text}" if self.subject else self.text)


@lru_cache(maxsize=5_000)
def claims_of(sentence: SentenceReading) -> tuple[Claim, ...]:
    """The claims in order, at least one; together they have all the words of the sentence, quotes are never cut."""
    text = sentence.text
    pieces = _pieces(sentence)
    found: list[Claim] = []
    subject = _subject(text, sentence.words)
    for start, end in pieces:
        part = text[start:end].strip(" ,;—–")
        words = [w for w in sentence.words if start <= w.start < end]
        needs = bool(found) and bool(words) and _lacks_subject(sentence.words, words)
        found.append(Claim(part, subject if needs else "", start, end))
    return tuple(found) or (Claim(text, "", 0, len(text)),)


def _pieces(sentence: SentenceReading) -> list[tuple[int, int]]:
    text, pieces, begin = sentence.text, [], 0
    for match in _JOINT.finditer(text):
        if match.start() < begin or _inside_quotes(text, match.start()) or _PART.match(text, match.end()):
            continue
        left = [w for w in sentence.words if begin <= w.start < match.start()]
        border = _BORDER.search(text, match.end())
        right = [w for w in sentence.words if match.end() <= w.start < (border.start() if border else len(text))]
        if _is_clause(sentence.words, left) and _opens_clause(sentence.words, right):
            pieces.append((begin, match.start()))
            begin = match.end()
    pieces.append((begin, len(text)))
    return pieces


def _inside_quotes(text: str, at: int) -> bool:
    before = text[:at]
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")


def _content(words: Sequence[Token]) -> int:
    return sum(not is_stop_word(w.lower) for w in words)


def _is_clause(all_words: Sequence[Token], part: Sequence[Token]) -> bool:
    if _content(part) < _FEWEST_WORDS or (part[0].lower in _SUBORDINATE and part[0].start > 0):
        return False
    offset = all_words.index(part[0])
    return any(is_finite(all_words, offset + i) for i in range(len(part)))


def _opens_clause(all_words: Sequence[Token], part: Sequence[Token]) -> bool:
    """Whether a clause begins here: a verb comes at once (the subject stays), or after a subject of its own."""
    if _content(part) < _FEWEST_WORDS:
        return False
    offset = all_words.index(part[0])
    if is_finite(all_words, offset):
        return True
    return any(is_finite(all_words, offset + i) for i in range(1, min(len(part), _LONGEST_SUBJECT)))


def _subject(text: str, words: Sequence[Token]) -> str:
    """What stands before the sentence's first verb, or after its "said that"."""
    for i in range(1, len(words)):
        if is_finite(words, i) and not says(words[i]):
            first = next((j + 1 for j in range(i - 1, -1, -1) if says(words[j]) or words[j].lower == "that"), 0)
            between = words[first:i]
            if not between or len(between) > _LONGEST_SUBJECT:
                return ""
            return _RELATIVE.sub("", text[between[0].start : between[-1].end])
    return ""


def _lacks_subject(all_words: Sequence[Token], part: Sequence[Token]) -> bool:
    first = part[0]
    return first.lower in AUXILIARIES or is_finite(all_words, all_words.index(first))
