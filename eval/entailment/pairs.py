"""Texts with sentences that follow from them and sentences that do not, for training and for measuring."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.cases import DATASETS
from service.errors import InputRejected

PAIRS = DATASETS / "entailment"
FOLDS = 10
FOLLOWS = "true"
"""The kind of a claim that follows; those that do not have the kind of their fault."""


@dataclass(frozen=True, slots=True)
class Pair:
    """A text, a claim, and what kind of claim it is: see FOLLOWS."""

    text: str
    claim: str
    kind: str

    @property
    def follows(self) -> bool:
        return self.kind == FOLLOWS


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

    A line is `{"text", "true": [claim], "false": [{"kind", "text"}]}`. Raises InputRejected naming one that is not.
    """
    rows = []
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                row = json.loads(line)
                true = [Pair(row["text"], claim, FOLLOWS) for claim in row["true"]]
                false = [Pair(row["text"], claim["text"], claim["kind"]) for claim in row["false"]]
            except (KeyError, TypeError, ValueError) as error:
                raise InputRejected(f"{file}:{number}: no text with true and false claims ({error})") from error
            rows.append(Row(row["text"], (*true, *false)))
    return rows


def varied(rows: Sequence[Row], chance: random.Random) -> Iterator[Pair]:
    """Every pair, some beside a text that has nothing to do with it, and claims with a text that is not theirs.

    In use a text is what was found, with its neighbours, and the claim may be about something else.
    """
    for row in rows:
        for pair in row.pairs:
            other = chance.choice(rows).text
            drawn = chance.random()
            if drawn < 0.15:
                yield Pair(f"{pair.text} {other}", pair.claim, pair.kind)
            elif drawn < 0.3:
                yield Pair(f"{other} {pair.text}", pair.claim, pair.kind)
            else:
                yield pair
        if chance.random() < 0.5:
            stranger = chance.choice(rows)
            if stranger.text != row.text:
                yield Pair(stranger.text, row.pairs[0].claim, "unrelated")
