"""How well near copies are told from other articles: `python -m eval.copies [--articles FILE.jsonl] [--limit N]`.

Every article is altered in the ways in which stories are reposted, and compared with what it was made from; then all
articles are compared with each other. Without arguments on the seeds and the world set.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from time import perf_counter

from eval.corpus import SEEDS, WORLD
from service.ingest.near_copies import signature_of
from service.text.clean import clean
from service.text.overlap import SHORTEST_WORDS, is_near_copy, wording

_DATELINE = "By our own staff, Harbour Post\nPublished 19 November 2025, 10:34 GMT\n\n"
_CREDIT = "\n\nReporting by our staff in Brussels; editing by the night desk. Copyright 2025. All rights reserved."
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")

Edit = Callable[[str, random.Random], str]


def _cut(share: float) -> Edit:
    def cut(text: str, _: random.Random) -> str:
        sentences = _SENTENCE_END.split(text)
        return " ".join(sentences[: max(2, int(len(sentences) * share))])

    return cut


def _other_words(share: float) -> Edit:
    def reworded(text: str, rng: random.Random) -> str:
        words = re.findall(r"[a-z]{4,}", text)
        return re.sub(r"\b[A-Za-z]{3,}\b", lambda m: rng.choice(words) if rng.random() < share else m[0], text)

    return reworded


def _other_figures(share: float) -> Edit:
    def corrected(text: str, rng: random.Random) -> str:
        return re.sub(r"\d+", lambda m: str(int(m[0]) + rng.randint(1, 9)) if rng.random() < share else m[0], text)

    return corrected


EDITS: dict[str, Edit] = {
    "a dateline": lambda text, _: _DATELINE + text,
    "a credit line": lambda text, _: text + _CREDIT,
    "the last third cut": _cut(2 / 3),
    "the last half cut": _cut(1 / 2),
    "three quarters cut": _cut(1 / 4),
    "dateline, half cut": lambda text, rng: _DATELINE + _cut(1 / 2)(text, rng),
    "5 % other words": _other_words(0.05),
    "10 % other words": _other_words(0.10),
    "30 % other figures": _other_figures(0.3),
}


@dataclass(frozen=True, slots=True)
class Found:
    """`near`: how many altered texts count as near copies; `looked_up`: of these, how many the signatures find."""

    texts: int
    near: int
    looked_up: int


def found_after(edit: Edit, texts: Sequence[str]) -> Found:
    """The same for the same texts: the edits are drawn from a fixed seed."""
    rng = random.Random(7)  # noqa: S311 - no secret
    altered = [(text, edit(text, rng)) for text in texts]
    near = [(one, other) for one, other in altered if is_near_copy(wording(one), wording(other))]
    looked_up = sum(not set(signature_of(one)).isdisjoint(signature_of(other)) for one, other in near)
    return Found(len(texts), len(near), looked_up)


def near_pairs(texts: Sequence[str]) -> tuple[int, int]:
    """Of all pairs of articles, how many the signatures bring together and how many of those count as near copies."""
    signatures = [set(signature_of(text)) for text in texts]
    wordings = [wording(text) for text in texts]
    met = [(i, j) for i, j in combinations(range(len(texts)), 2) if signatures[i] & signatures[j]]
    return len(met), sum(is_near_copy(wordings[i], wordings[j]) for i, j in met)


def own_texts() -> list[str]:
    """The texts of the seeds and of the world set, cleaned."""
    seeds = [path.read_text(encoding="utf-8").split("---\n", 2)[2] for path in sorted(SEEDS.glob("0*.md"))]
    return [clean(text, markdown=True) for text in seeds] + list(_texts_in(WORLD / "articles.jsonl"))


def _texts_in(path: Path) -> Iterator[str]:
    """Of each row its `text`, or its `evidence` sentences."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield clean(row["text"] if "text" in row else " ".join(row["evidence"]))


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.copies", description=__doc__)
    parser.add_argument("--articles", type=Path, help="JSON lines with `text` or `evidence`")
    parser.add_argument("--limit", type=int, default=400)
    args = parser.parse_args(argv)
    texts = (list(_texts_in(args.articles)) if args.articles else own_texts())[: args.limit]
    texts = [text for text in texts if len(text.split()) >= 2 * SHORTEST_WORDS]
    print(f"{'altered by':20} {'near copies':>14} {'looked up':>12}")
    for name, edit in EDITS.items():
        found = found_after(edit, texts)
        print(f"{name:20} {found.near:>6} of {found.texts:>4} {found.looked_up:>5} of {found.near:>4}")
    met, near = near_pairs(texts)
    print(
        f"\nof {len(texts) * (len(texts) - 1) // 2} pairs of articles {met} meet by signature, {near} are near copies"
    )
    started = perf_counter()
    for text in texts:
        signature_of(text)
    per_thousand = (perf_counter() - started) * 1e6 / sum(map(len, texts))
    print(f"a signature takes {per_thousand:.2f} ms per 1,000 characters")
    return 0


if __name__ == "__main__":
    sys.exit(main())
