"""Asks ambiguous questions of conflicting articles: `python -m eval.ramdocs FILE.jsonl [--failures]`.

FILE holds RAMDocs cases (Wang et al., "Retrieval-Augmented Generation with Conflicting Evidence", 2025), a line each:
`question`, `documents` (`text`, `type` correct, misinfo or noise, `answer`) and `gold_answers`. All are read into one
library, and each question is asked of its own articles only. Prints, with 95 % intervals, the share of distinct gold
answers shown with their source (in what the answer quotes, or gives as a value, from an article that is right and
gives that answer), of noise articles not cited, and of the cited wrong articles those shown as one of several values.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from eval.corpus import empty_library
from eval.fitted_on import key_of
from eval.intervals import wilson
from service.errors import GroundwireError, InputRejected
from service.ingest.incoming import IncomingArticle
from service.types import Answer, Filters, Question
from service.wiring import Groundwire

_KINDS = ("correct", "misinfo", "noise")


@dataclass(frozen=True, slots=True)
class Told:
    """One article of a case. `kind`: correct, misinfo or noise; `answer`: what it gives as the answer."""

    id: str
    text: str
    kind: str
    answer: str


@dataclass(frozen=True, slots=True)
class AmbiguousCase:
    id: str
    question: str
    articles: tuple[Told, ...]
    gold: tuple[str, ...]
    """The distinct right answers, folded."""

    @property
    def key(self) -> str:
        """What it is known by where fits are noted, see eval/fitted_on.py."""
        return key_of(self.question, *(article.text for article in self.articles))

    @property
    def asked(self) -> Question:
        return Question(self.question, Filters(article_ids=tuple(article.id for article in self.articles)))


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts of one case: (hits, of how many)."""

    gold: tuple[int, int]
    noise_left_out: tuple[int, int]
    misinfo_among_others: tuple[int, int]
    misinfo: int
    answered: bool


def folded(text: str) -> str:
    """The words without a, an and the, as SQuAD compares answers (Rajpurkar et al., 2016)."""
    return " ".join(word for word in re.findall(r"\w+", text.lower()) if word not in ("a", "an", "the"))


def says(text: str, answer: str) -> bool:
    """Whether a text holds an answer as whole words, punctuation, case and a, an, the apart."""
    return f" {folded(answer)} " in f" {folded(text)} "


def read_ambiguous(path: Path, after: int = 0) -> list[AmbiguousCase]:
    """All cases of a file, numbered from `after` on. Raises InputRejected naming the line that is broken."""
    cases: list[AmbiguousCase] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.strip():
            try:
                cases.append(_case(json.loads(line), f"case-{after + len(cases) + 1}"))
            except (KeyError, TypeError, ValueError) as error:
                raise InputRejected(f"{path}:{number}: not a RAMDocs case ({error})") from error
    return cases


def _case(fields: dict[str, object], case_id: str) -> AmbiguousCase:
    documents, gold = fields["documents"], fields["gold_answers"]
    if not isinstance(documents, list) or not isinstance(gold, list):
        raise TypeError("documents and gold_answers are lists")
    articles = tuple(
        Told(f"{case_id}-{n}", str(d["text"]), str(d["type"]), str(d["answer"])) for n, d in enumerate(documents, 1)
    )
    if any(article.kind not in _KINDS for article in articles):
        raise ValueError(f"a document's type is one of {', '.join(_KINDS)}")
    return AmbiguousCase(case_id, str(fields["question"]), articles, tuple(dict.fromkeys(folded(str(g)) for g in gold)))


@contextmanager
def library_for(cases: Sequence[AmbiguousCase], folder: Path | None = None) -> Iterator[Groundwire]:
    """A throwaway library that holds the articles of all cases; their titles come from their texts."""
    with empty_library(folder) as groundwire:
        articles = [
            IncomingArticle(title=None, text=told.text, origin=told.id, id=told.id)
            for case in cases
            for told in case.articles
        ]
        report = groundwire.ingest_articles(articles)
        if report.failed:
            raise InputRejected(f"{report.failed[0].origin}: {report.failed[0].error}")
        yield groundwire


def tally(case: AmbiguousCase, answer: Answer) -> Tally:
    """What one answer shows and cites."""
    told = {article.id: article for article in case.articles}
    by_marker = {c.marker: c for c in answer.citations}
    shown = [(c.article_id, c.quote) for c in answer.citations]
    shown += [(by_marker[m].article_id, s.text) for s in answer.sentences for m in s.markers]
    shown += [(by_marker[v.marker].article_id, v.value) for d in answer.disagreements for v in d.values]
    cited = {c.article_id for c in answer.citations}

    def gives(article_id: str, text: str, gold: str) -> bool:
        article = told.get(article_id)
        return article is not None and article.kind == "correct" and folded(article.answer) == gold and says(text, gold)

    noise = [a for a in case.articles if a.kind == "noise"]
    wrong = [a for a in case.articles if a.kind == "misinfo"]
    wrong_cited = [a for a in wrong if a.id in cited]
    return Tally(
        gold=(sum(any(gives(i, text, g) for i, text in shown) for g in case.gold), len(case.gold)),
        noise_left_out=(sum(a.id not in cited for a in noise), len(noise)),
        misinfo_among_others=(sum(_among_others(a, told, cited) for a in wrong_cited), len(wrong_cited)),
        misinfo=len(wrong),
        answered=answer.status != "abstained",
    )


def _among_others(article: Told, told: dict[str, Told], cited: set[str]) -> bool:
    """Whether an article that says something else is cited too, so that the reader sees more than one value."""
    return any(told[i].kind != "noise" and folded(told[i].answer) != folded(article.answer) for i in cited if i in told)


def table(tallies: Sequence[Tally]) -> str:
    """The shares with their intervals as lines of text."""
    gold = _sum([t.gold for t in tallies])
    noise = _sum([t.noise_left_out for t in tallies])
    among = _sum([t.misinfo_among_others for t in tallies])
    answered = sum(t.answered for t in tallies)
    return "\n".join(
        [
            _row("questions answered", (answered, len(tallies))),
            _row("distinct gold answers shown", gold),
            _row("noise articles not cited", noise),
            _row("wrong articles cited", (among[1], sum(t.misinfo for t in tallies))),
            _row("  of them one of several values", among),
        ]
    )


def _sum(counts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(hits for hits, _ in counts), sum(of for _, of in counts)


def _row(name: str, counts: tuple[int, int]) -> str:
    low, high = wilson(*counts)
    share = counts[0] / counts[1] if counts[1] else 1.0
    return f"{name:<32}{counts[0]:>5} of {counts[1]:<5}{share:>7.1%}  [{low:.1%}, {high:.1%}]"


def _failure(case: AmbiguousCase, answer: Answer) -> str:
    lines = [f"- {case.id} {case.question}  gold: {'; '.join(case.gold)}", f"    {answer.status}: {answer.text}"]
    kinds = {article.id: f"{article.kind} {article.answer}" for article in case.articles}
    for dispute in answer.disagreements:
        lines.append("    values: " + "; ".join(f"{v.value} [{v.marker}]" for v in dispute.values))
    lines += [f"    [{c.marker}] {kinds[c.article_id]}" for c in answer.citations]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.ramdocs", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--failures", action="store_true", help="print each case that is not wholly right")
    args = parser.parse_args(argv)
    try:
        cases = read_ambiguous(args.file)
        with library_for(cases) as groundwire:
            answers = [groundwire.ask(case.asked, "extractive") for case in cases]
    except (GroundwireError, OSError) as error:
        print(f"eval.ramdocs: {error}", file=sys.stderr)
        return 1
    tallies = [tally(case, answer) for case, answer in zip(cases, answers, strict=True)]
    print(f"{args.file}, {len(cases)} questions, extractive answerer")
    print(table(tallies))
    if args.failures:
        for case, answer, of_case in zip(cases, answers, tallies, strict=True):
            if of_case.gold[0] < of_case.gold[1] or of_case.noise_left_out[0] < of_case.noise_left_out[1]:
                print(_failure(case, answer))
    return 0


if __name__ == "__main__":
    sys.exit(main())
