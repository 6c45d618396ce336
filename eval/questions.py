"""Asks a file of questions and prints the scores: `python -m eval.questions [FILE] [--articles DIR] [--failures]`.

Prints the share of answerable questions answered rightly and of unanswerable ones refused, by kind, whether all spans
are exact and answers short, and, with --failures, each case that went wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eval.cases import DATASETS, Case, read_cases
from eval.corpus import SEEDS, ids_in, library_of
from eval.scoring import Score, score, share
from service.errors import GroundwireError
from service.types import Filters, Question
from service.wiring import Groundwire


def run(groundwire: Groundwire, cases: Sequence[Case], ids: dict[str, str]) -> list[Score]:
    """Ask every case in turn and score it."""
    scores = []
    for case in cases:
        answer = groundwire.ask(Question(case.question, Filters(as_of=case.as_of)))
        articles = {c.article_id: groundwire.article(c.article_id) for c in answer.citations}
        scores.append(score(case, answer, articles, ids))
    return scores


def table(scores: Sequence[Score]) -> str:
    """The scores as lines of text."""
    by_kind = {kind: [s for s in scores if s.case.kind == kind] for kind in dict.fromkeys(s.case.kind for s in scores)}
    answerable = [s for s in scores if s.case.answerable]
    unanswerable = [s for s in scores if not s.case.answerable]
    return "\n".join(
        [
            *(_row(f"  {kind}", of_kind) for kind, of_kind in by_kind.items()),
            _row("answerable, answered rightly", answerable),
            _row("unanswerable, refused", unanswerable),
            f"spans exact: {share(s.spans_exact for s in scores):.1%} of all",
            f"at most 3 sentences and 80 words: {share(s.short for s in scores):.1%} of all",
            f"a forbidden value in the answer: {share(s.forbidden for s in answerable):.1%} of the answerable",
        ]
    )


def _row(name: str, scores: Sequence[Score]) -> str:
    return f"{name:<32}{sum(s.right for s in scores):>4} of {len(scores):<4}{share(s.right for s in scores):>7.1%}"


def failure_lines(scores: Sequence[Score]) -> str:
    return "\n".join(
        f"- {s.case.id} ({s.case.kind}) {s.case.question}\n    wanted {s.case.expected or 'a refusal'}; "
        f"{s.answer.status} ({s.answer.confidence:.2f}): {s.answer.text}"
        for s in scores
        if not s.right
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.questions", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=DATASETS / "seeds.jsonl")
    parser.add_argument("--articles", type=Path, default=SEEDS, help="a folder or .jsonl file (default: the seeds)")
    parser.add_argument("--failures", action="store_true", help="print each case that went wrong")
    args = parser.parse_args(argv)
    try:
        cases = read_cases(args.file)
        with library_of(args.articles) as groundwire:
            ids = ids_in(groundwire, args.articles) if args.articles.is_dir() else {}
            scores = run(groundwire, cases, ids)
    except (GroundwireError, OSError) as error:
        print(f"eval.questions: {error}", file=sys.stderr)
        return 1
    print(f"{args.file} on {args.articles}")
    print(table(scores))
    if args.failures:
        print(failure_lines(scores))
    return 0


if __name__ == "__main__":
    sys.exit(main())
