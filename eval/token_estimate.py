"""Compares the estimate of tokens with tiktoken's count: `python -m eval.token_estimate FILE...` (.jsonl or text).

Prints, for whole texts, for their sentences and for texts marked word by word: how many there are, for how many the
estimate is below the count, the lowest ratio, and that of the sums. Texts with control characters are no ordinary
texts: they are left out.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from service.models.tokens import ESTIMATE, TokenCounter, estimate

_WAIT_SECONDS = 30.0
_FEWEST_CHARACTERS = 20
_UNREADABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd]")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")


def texts_in(file: Path) -> Iterator[str]:
    """A text file is one text; of JSON lines it is every string in them that is more than a word or two."""
    content = file.read_text(encoding="utf-8", errors="replace")
    values = (json.loads(line) for line in content.splitlines() if line) if file.suffix == ".jsonl" else [content]
    for value in values:
        strings = list(_strings(value))
        yield from (text for text in strings if len(text) >= _FEWEST_CHARACTERS and not _UNREADABLE.search(text))


def row(name: str, texts: Iterable[str], count: Callable[[str], int]) -> str:
    """One line of the table."""
    pairs = [(estimate(text), count(text)) for text in texts]
    ratios = [estimated / counted for estimated, counted in pairs]
    below = sum(ratio < 1 for ratio in ratios)
    whole = sum(estimated for estimated, _ in pairs) / sum(counted for _, counted in pairs)
    return f"{name:10} {len(pairs):7} texts, {below} below, lowest {min(ratios):.2f}, all together {whole:.2f}"


def main(arguments: Sequence[str] | None = None, counter: TokenCounter | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.token_estimate", description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    options = parser.parse_args(arguments)
    counter = counter or TokenCounter()
    counter.wait(_WAIT_SECONDS)
    if counter.source == ESTIMATE:
        print("tiktoken's vocabulary cannot be had; set TIKTOKEN_CACHE_DIR to a folder that has it", file=sys.stderr)
        return 1
    texts = [text for file in options.files for text in texts_in(file)]
    if not texts:
        print("no texts in these files", file=sys.stderr)
        return 1
    print(f"estimate over {counter.source}")
    print(row("whole", texts, counter.count))
    sentences = (part for text in texts for part in _SENTENCE_END.split(text) if len(part) >= _FEWEST_CHARACTERS)
    print(row("sentences", sentences, counter.count))
    print(row("marked", ("^" + "^".join(text.split()) for text in texts), counter.count))
    return 0


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _strings(inner)


if __name__ == "__main__":
    sys.exit(main())
