"""Whether an ambiguous question of conflicting articles has all its answers shown, see eval/ramdocs.py."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from eval.measurements.options import Found, MeasureOptions
from eval.ramdocs import AmbiguousCase, Tally, library_for, read_ambiguous, tally
from eval.reports.report import CaseShown, Measured, Quotation, Report, SentenceShown, Table
from service.types import Answer


def measure(options: MeasureOptions) -> Report:
    """RAMDocs cases, answered by the extractive answerer. Raises InputRejected."""
    begun = perf_counter()
    files = options.the_files("disagreement", "a file of RAMDocs cases, see eval/ramdocs.py")
    cases = [case for path in files for case in read_ambiguous(path)][: options.limit]
    with library_for(cases) as groundwire:
        answers = [groundwire.ask(case.asked, "extractive") for case in options.steps.over("questions", cases)]
    tallies = [tally(case, answer) for case, answer in zip(cases, answers, strict=True)]
    gold = _sum([t.gold for t in tallies])
    return Found(
        suite="disagreement",
        headline=f"{gold[0]} of {gold[1]} distinct right answers are shown with their source.",
        about="whether all answers that articles give to an ambiguous question are shown, and the wrong ones not alone",
        tables=(_shares(tallies),),
        begun=begun,
        data=f"{', '.join(path.name for path in files)}, {len(cases)} questions",
        cases=tuple(_shown(c, a, t) for c, a, t in zip(cases, answers, tallies, strict=True)),
    ).report()


def _sum(counts: Sequence[tuple[int, int]]) -> tuple[int, int]:
    return sum(hits for hits, _ in counts), sum(of for _, of in counts)


def _shares(tallies: Sequence[Tally]) -> Table:
    among = _sum([t.misinfo_among_others for t in tallies])
    rows = (
        ("questions answered", (sum(t.answered for t in tallies), len(tallies)), "not refused"),
        ("right answers shown", _sum([t.gold for t in tallies]), "distinct ones, each with an article that gives it"),
        ("noise not cited", _sum([t.noise_left_out for t in tallies]), "articles on something else; higher is better"),
        ("wrong articles cited", (among[1], sum(t.misinfo for t in tallies)), "lower is better"),
        ("of them beside others", among, "shown as one of several values, not as the answer"),
    )
    cells = tuple((name, Measured.share(*counts), about) for name, counts, about in rows)
    return Table("Answers shown", ("what", "share", "meaning"), cells)


def _shown(case: AmbiguousCase, answer: Answer, counts: Tally) -> CaseShown:
    faults = []
    if counts.gold[0] < counts.gold[1]:
        faults.append(f"{counts.gold[0]} of {counts.gold[1]} right answers are shown")
    if counts.noise_left_out[0] < counts.noise_left_out[1]:
        faults.append("an article on something else is cited")
    told = {article.id: article for article in case.articles}
    values = "; ".join(f"{v.value} [{v.marker}]" for d in answer.disagreements for v in d.values)
    return CaseShown(
        id=case.id,
        kind="ambiguous",
        asked=case.question,
        status=f"{answer.status}, confidence {answer.confidence:.2f}",
        faults=tuple(faults),
        wanted=(("right answers", "; ".join(case.gold)),),
        said=(
            *(SentenceShown(s.text, s.markers) for s in answer.sentences),
            *((SentenceShown(f"Values listed: {values}", ()),) if values else ()),
        ),
        quotations=tuple(
            Quotation(
                marker=c.marker,
                article_id=c.article_id,
                title=f"{told[c.article_id].kind}: {told[c.article_id].answer}",
                place=f"[{c.start}, {c.end})",
                quote=c.quote,
            )
            for c in answer.citations
        ),
    )
