"""Whether an ambiguous question of conflicting articles has all its answers shown, see eval/ramdocs.py."""

from __future__ import annotations

from collections.abc import Sequence
from time import perf_counter

from eval.measurements.options import Found, MeasureOptions
from eval.measurements.unseen_answers import Answered, answered
from eval.ramdocs import AmbiguousCase, Tally, read_ambiguous, tally
from eval.reports.report import CaseShown, Measured, Quotation, Report, SentenceShown, Table


def measure(options: MeasureOptions) -> Report:
    """RAMDocs cases, answered by the extractive answerer. Raises InputRejected."""
    begun = perf_counter()
    files = options.the_files("disagreement", "a file of RAMDocs cases, see eval/ramdocs.py")
    cases: list[AmbiguousCase] = []
    for path in files:
        cases += read_ambiguous(path, after=len(cases))
    cases = cases[: options.limit]
    found = answered(cases, options.steps)
    tallies = [tally(one.case, one.answer) for one in found]
    gold = _sum([t.gold for t in tallies])
    folds = ", by fits that have not seen the questions" if any(one.by_folds for one in found) else ""
    return Found(
        suite="disagreement",
        headline=f"{gold[0]} of {gold[1]} distinct right answers are shown with their source{folds}.",
        about="whether all answers that articles give to an ambiguous question are shown, and the wrong ones not alone",
        tables=(_shares(tallies),),
        begun=begun,
        data=f"{', '.join(path.name for path in files)}, {_of_the_fit(len(cases), found)}",
        cases=tuple(_shown(one, counts) for one, counts in zip(found, tallies, strict=True)),
    ).report()


def _of_the_fit(cases: int, found: Sequence[Answered]) -> str:
    """How many questions took part in the fit, and what became of them."""
    folded, left_out = sum(one.by_folds for one in found), cases - len(found)
    if left_out:
        return (
            f"{len(found)} questions; {left_out} more are not scored: of the fit, and too few to be divided into folds"
        )
    if not folded:
        return f"{cases} questions, none of which took part in the fit"
    return f"{cases} questions, {folded} of which took part in the fit and are answered by folds, by fits without them"


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


def _shown(one: Answered, counts: Tally) -> CaseShown:
    case, answer, faults = one.case, one.answer, []
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
        status=f"{answer.status}, confidence {answer.confidence:.2f}" + (", by folds" if one.by_folds else ""),
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
