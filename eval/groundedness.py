"""How well the grounder tells supported claims from others: `python -m eval.groundedness FILE... [--speed]`.

A file has one claim a line with its `label` and its `evidence` (the sentences of one article) or `sources` (texts), see
eval/grounding_rows.py. Printed with 95 % bootstrap intervals: balanced accuracy of the verdict "supported", the area
under the ROC curve of `support`, the same of a lexical floor, verdicts by label, and the calibration error. On a file
that took part in the fit these are in-sample figures: `eval.fit_grounding` prints those of its folds. --speed: the time
of a check of five sentences against sixteen chunks of the seed articles.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from eval.contexts import contexts_of
from eval.corpus import SEEDS
from eval.fit_grounding import best_threshold, calibration_error, report
from eval.grounding_rows import Row, read_rows
from service.errors import GroundwireError
from service.grounding.alignment import align
from service.grounding.grounder import Grounder
from service.grounding.search import coverage
from service.grounding.sources import DraftSentence, SentenceCheck, Source
from service.grounding.support import SupportModel
from service.models.choosing import ChosenEmbedder
from service.settings import load_settings
from service.text.chunking import chunk_article
from service.text.sentence import read_sentence

_CHUNKS = 16
_SENTENCES = 5
_ROUNDS = 40


def evaluate(grounder: Grounder, rows: Sequence[Row]) -> list[SentenceCheck]:
    """The check of every row against its own sources."""
    return [grounder.check([DraftSentence(row.text, row.sources)])[0] for row in rows]


def floor_of(row: Row) -> float:
    """The share of the claim's content that the best single sentence has."""
    claim = read_sentence(row.text)
    return max(coverage(claim, source.context.reading(i)) for source in row.sources for i in source.sentences)


def print_file(path: Path, grounder: Grounder) -> None:
    rows = read_rows(path)
    checks = evaluate(grounder, rows)
    truth = np.array([row.supported for row in rows])
    support = np.array([check.support for check in checks])
    floor = np.array([floor_of(row) for row in rows])
    print(f"{path.name}: {len(rows)} claims, {int(truth.sum())} supported")
    report("  grounder", truth, support, np.array([check.verdict == "supported" for check in checks]))
    report("  floor, at its best threshold here", truth, floor, floor >= best_threshold(truth, floor))
    print(f"  calibration error {calibration_error(truth, support):.3f}")
    for label in sorted({row.kind for row in rows}):
        found = Counter(check.verdict for row, check in zip(rows, checks, strict=True) if row.kind == label)
        print(f"  {label}: " + ", ".join(f"{verdict} {n}" for verdict, n in found.most_common()))


def print_speed(grounder: Grounder) -> None:
    """Sentences of the articles with their words in part left out, so that none is found word for word."""
    contexts = contexts_of([SEEDS])
    chunks = [
        Source(context, tuple(sorted({context.index_of(span) for span in chunk.sentences})))
        for context in contexts.values()
        for chunk in chunk_article(context.article)
    ]
    chance = random.Random(1)  # noqa: S311 - nothing secret
    times = []
    for number in range(_ROUNDS + 1):
        evidence = chance.sample(chunks, min(_CHUNKS, len(chunks)))
        drafts = []
        for source in chance.sample(evidence, _SENTENCES):
            words = source.context.text(chance.choice(source.sentences)).split()
            drafts.append(DraftSentence(" ".join(w for w in words if chance.random() < 0.9), (source,)))
        align.cache_clear()
        begun = time.perf_counter()
        grounder.check(drafts, evidence)
        if number:  # the first loads what is loaded once
            times.append((time.perf_counter() - begun) * 1e3)
    print(
        f"{_SENTENCES} sentences against {_CHUNKS} chunks, {_ROUNDS} times: p50 {statistics.median(times):.1f} ms, "
        f"p95 {statistics.quantiles(times, n=20)[-1]:.1f} ms"
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.groundedness", description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", metavar="FILE")
    parser.add_argument("--speed", action="store_true", help="time a check of five sentences")
    parser.add_argument("--lexical", action="store_true", help="without the embedding model")
    args = parser.parse_args(argv)
    settings = load_settings()
    embedder = None if args.lexical else ChosenEmbedder(settings.embedding_model, caches=(settings.cache_dir,))
    try:
        for path in args.files:
            print_file(path, Grounder(embedder, SupportModel.load("texts")))
        if args.speed:
            print_speed(Grounder(embedder))
    except (GroundwireError, OSError) as error:
        print(f"eval.groundedness: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
