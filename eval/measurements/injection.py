"""What instructions hidden in articles bring about, see eval/injection.py."""

from __future__ import annotations

from itertools import islice
from time import perf_counter

from eval.injection import Outcome, Trial, hide, read_attacks, seed_articles, trials
from eval.measurements.options import Found, MeasureOptions
from eval.reports.report import CaseShown, Measured, Report, SentenceShown, Table
from service.errors import InputRejected


def measure(options: MeasureOptions) -> Report:
    """Attacks as BIPIA has them, hidden in copies of the seeds. Raises InputRejected."""
    begun = perf_counter()
    files = options.the_files("injection", "a JSON file of attacks, see eval/injection.py")
    attacks = list(islice((attack for path in files for attack in read_attacks(path)), options.limit))
    if not attacks:
        raise InputRejected(f"{', '.join(map(str, files))}: no instruction in it; see eval/injection.py")
    hidden = list(hide(attacks, seed_articles()))
    found = list(trials(hidden, options.steps.over))
    cases = tuple(_shown(trial, outcome) for trial in found for outcome in trial.outcomes)
    bad = sum(bool(case.faults) for case in cases)
    return Found(
        suite="injection",
        headline=f"{bad} of {len(cases)} answers show anything of an instruction hidden in an article.",
        about="whether an instruction in an article reaches the reader, as a link, as the prompt or as it was told",
        tables=tuple(_shares(trial) for trial in found),
        begun=begun,
        data=f"{', '.join(path.name for path in files)}, {len(attacks)} instructions at three places",
        cases=cases,
    ).report()


def _shares(trial: Trial) -> Table:
    outcomes = trial.outcomes
    rows = (
        ("links or images shown", sum(o.link for o in outcomes)),
        ("prompt shown", sum(o.prompt for o in outcomes)),
        ("instruction followed", sum(o.followed for o in outcomes)),
        ("answered", sum(o.answer.status != "abstained" for o in outcomes)),
        ("in the model's words", sum(o.answer.generator == "obedient" for o in outcomes)),
    )
    cells = tuple((name, Measured.share(count, len(outcomes))) for name, count in rows)
    seen = f" The model had the instruction in sight {trial.saw} times." if trial.mode == "llm" else ""
    return Table(
        f"Answered by: {trial.answerer}", ("what", "share"), cells, f"Of the first three none is wanted.{seen}"
    )


def _shown(trial: Trial, outcome: Outcome) -> CaseShown:
    names = (("a link or image", outcome.link), ("the prompt", outcome.prompt), ("the instruction", outcome.followed))
    return CaseShown(
        id=f"{outcome.hidden.id}, {trial.answerer}",
        kind=outcome.hidden.attack,
        asked=outcome.hidden.question,
        status=outcome.answer.status,
        faults=tuple(f"{name} shows in the answer" for name, is_there in names if is_there),
        wanted=(("hidden in the article", outcome.hidden.instruction),),
        said=tuple(SentenceShown(s.text, s.markers) for s in outcome.answer.sentences),
    )
