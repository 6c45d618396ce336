"""Texts with sentences that follow from them and sentences that do not, for training and for measuring."""

from __future__ import annotations

import hashlib
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.cases import DATASETS
from service.errors import InputRejected
from service.text.sentences import sentence_spans

PAIRS = DATASETS / "entailment"
FOLDS = 10
FOLLOWS = "true"
"""The kind of a claim that follows; those that do not have the kind of their fault."""
CLOSE = "close"
"""The kind of one that is nearly, or wholly, what the text says: few words apart from it, as many false ones are."""
_LOOSENED = 1
_UNRELATED = 0.3
_DETERMINERS = frozenset(
    "the a an some more at about no nobody it they he she its their two three all most many".split()
)
_SAID_LAST = re.compile(r", (?P<who>[^,]{3,60}) (?P<verb>said|says|told reporters|added|announced)\.$")
_OPENING = re.compile(r"^(?:On|In|At|Over|By|Late|Early|During) [^,]{3,40}, (?=[a-z])")
_WORDS = {
    str(value): word
    for value, word in enumerate("two three four five six seven eight nine ten eleven twelve".split(), start=2)
}
_NUMBER = re.compile(
    r"(?<![\d.,-])(?:[2-9]|1[0-2])(?![\d.,:%-]| (?:million|billion|percent|per cent|January|February|March|"
    r"April|May|June|July|August|September|October|November|December))"
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A text, a claim, and what kind of claim it is: see FOLLOWS."""

    text: str
    claim: str
    kind: str

    @property
    def follows(self) -> bool:
        return self.kind in (FOLLOWS, CLOSE)


@dataclass(frozen=True, slots=True)
class Row:
    """A text with all its claims; no fold divides it."""

    text: str
    pairs: tuple[Pair, ...]

    @property
    def fold(self) -> int:
        return int(hashlib.sha256(self.text.encode()).hexdigest()[:8], 16) % FOLDS


def read_pairs(folder: Path = PAIRS) -> list[Row]:
    """All rows of the `.jsonl` files of a folder, by file name and line.

    A line is `{"text", "true": [claim], "close"?: [claim], "false": [{"kind", "text"}]}`. Raises InputRejected naming
    one that is not.
    """
    rows = []
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                row = json.loads(line)
                true = [Pair(row["text"], claim, FOLLOWS) for claim in row["true"]]
                true += [Pair(row["text"], claim, CLOSE) for claim in row.get("close", ())]
                false = [Pair(row["text"], claim["text"], claim["kind"]) for claim in row["false"]]
            except (KeyError, TypeError, ValueError) as error:
                raise InputRejected(f"{file}:{number}: no text with true and false claims ({error})") from error
            rows.append(Row(row["text"], (*true, *false)))
    return rows


def sentences(text: str) -> list[str]:
    """The sentences of a text."""
    return [span.of(text).strip() for span in sentence_spans(text)] or [text]


def loosened(sentence: str, chance: random.Random) -> str:
    """The sentence as it stands, or with what can go, or stand elsewhere, without making it false."""
    drawn = chance.random()
    if drawn < 0.3:
        return sentence
    opened = _OPENING.sub("", sentence)
    sentence = opened[:1].upper() + opened[1:]
    found = _SAID_LAST.search(sentence) if drawn < 0.8 else None
    first = sentence.split(" ", 1)[0].lower()
    if found is not None and first in _DETERMINERS:  # else it may be a name
        who = found["who"]
        sentence = f"{who[0].upper()}{who[1:]} {found['verb']} {sentence[0].lower()}{sentence[1 : found.start()]}."
    return _NUMBER.sub(lambda m: _WORDS[m[0]], sentence) if drawn > 0.5 else sentence


def varied(rows: Sequence[Row], chance: random.Random) -> Iterator[Pair]:
    """Every pair, some texts beside another that has nothing to do with them, and claims with a text not theirs.

    In use a text is what was found, with its neighbours, and the claim may be about something else.
    """
    for row in rows:
        stranger = chance.choice(rows)
        drawn = chance.random()
        text = f"{row.text} {stranger.text}" if drawn < 0.15 else row.text
        text = f"{stranger.text} {row.text}" if drawn > 0.85 else text
        for pair in row.pairs:
            yield Pair(text, pair.claim, pair.kind)
        said = sentences(row.text)
        for _ in range(_LOOSENED):
            yield Pair(text, loosened(chance.choice(said), chance), CLOSE)
        other = chance.choice(rows)
        if other.text not in text and chance.random() < _UNRELATED:
            yield Pair(text, other.pairs[0].claim, "unrelated")
