"""A run as a report: its scores in tables and plots, and every case for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from eval.harness.catalogue import MEASURES
from eval.harness.judging_the_judge import agreement_of
from eval.harness.metrics import Metric, amounts_of, latency_of, metrics_of, selective_of
from eval.harness.run_file import Run
from eval.harness.statistics import Interval
from eval.reports.report import Cell, Measured, Report, Table, Unit, one_sentence
from eval.reports.run_plots import run_plots
from eval.reports.shown_cases import shown_case

_BY_KIND = (
    "right", "nugget_recall", "no_forbidden_value", "figure_exactness", "groundedness", "span_exactness",
    "recall_at_5", "briefing_nugget_recall", "briefing_groundedness",
)  # fmt: skip
_HASH_SHOWN = 19
"""Characters of a hash that people compare by eye, "sha256:" among them."""


def report_of(run: Run) -> Report:
    """Failed cases first, each kind of case in the order in which it ran."""
    metrics = metrics_of(run)
    cases = tuple(sorted((shown_case(result) for result in run.results), key=lambda case: not case.faults))
    failed = [case for case in cases if case.faults]
    tables = [
        _scores(metrics),
        _by_kind(run, metrics),
        _confidence(run),
        *_of_judge(run),
        _time_and_cost(run),
        _unscored(run),
    ]
    return Report(
        suite=run.suite,
        headline=one_sentence(failed, len(cases)),
        facts=_facts(run),
        tables=tuple(table for table in tables if table.rows),
        plots=tuple(run_plots(run, metrics)),
        cases=cases,
    )


def _facts(run: Run) -> tuple[tuple[str, str], ...]:
    cost = run.judge_cost
    facts = [
        ("dataset", f"{run.dataset}, {run.dataset_hash[:_HASH_SHOWN]}"),
        ("articles", f"{run.corpus}, {run.corpus_fingerprint[:_HASH_SHOWN]}"),
        ("asked as of", run.as_of),
        ("settings", run.settings_fingerprint[:_HASH_SHOWN]),
        ("groundwire", run.groundwire),
        ("started", run.started_at),
        ("took", f"{run.wall_seconds:.0f} s"),
    ]
    if run.judge is not None:
        price = "cost unknown" if cost.cost_usd is None else f"{cost.cost_usd:.4f} USD"
        tokens = f"{cost.prompt_tokens + cost.completion_tokens:,} tokens, {price}"
        facts.append(
            ("judge", f"{run.judge.model}, prompt {run.judge.prompt_version}, {run.judge.prompt_hash[:_HASH_SHOWN]}")
        )
        facts.append(("judging", f"{cost.calls} calls, {cost.cached} from the cache, {cost.failed} failed, {tokens}"))
    else:
        facts.append(("judge", "the built-in scorer alone; GROUNDWIRE_JUDGE_MODEL names none"))
    return tuple(facts)


def measured(interval: Interval | None, unit: Unit = "share") -> Measured:
    if interval is None:
        return Measured(None, unit=unit)
    return Measured(interval.mean, interval.low, interval.high, unit)


def _scores(metrics: Sequence[Metric]) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (m.name, measured(m.interval), m.scored, m.unscored, m.crashed, MEASURES[m.name].about)
        for m in metrics
        if m.kind is None
    ]
    note = (
        "Means with 95 % intervals. What could not be scored is counted and left out of the mean. Groundedness and "
        "the citation scores are judged by the scorer that also filters what is served, so read them beside those "
        "that do not depend on it: right, nugget_recall, no_forbidden_value, cited_gold_span, groundedness_llm."
    )
    return Table("Scores", ("score", "mean", "scored", "unscored", "crashed", "meaning"), tuple(rows), note)


def _by_kind(run: Run, metrics: Sequence[Metric]) -> Table:
    counts = Counter(result.kind for result in run.results)
    found = {(m.kind, m.name): m for m in metrics if m.kind is not None}
    names = [name for name in _BY_KIND if any((kind, name) in found for kind in counts)]
    rows: list[tuple[Cell, ...]] = []
    for kind, count in counts.items():
        cells = [found.get((kind, name)) for name in names]
        rows.append((kind, count, *(None if cell is None else measured(cell.interval) for cell in cells)))
    return Table("Scores by kind", ("kind", "cases", *names), tuple(rows), "– : no case of the kind has this score.")


def _confidence(run: Run) -> Table:
    found = selective_of(run)
    if found is None:
        return Table("Confidence", ("what", "value", "meaning"), ())
    rows: tuple[tuple[Cell, ...], ...] = (
        ("answers given", found.answers, "questions that were not refused"),
        ("AURC", measured(found.aurc), "mean risk over all coverages, the surest answers first; lower is better"),
        ("best AURC", Measured(found.best_aurc), "the same answers in the best order there is"),
        ("calibration error", measured(found.calibration_error), "how far confidence and share of right ones differ"),
    )
    return Table("Confidence", ("what", "value", "meaning"), rows, "Of the answers that were given.")


def _of_judge(run: Run) -> tuple[Table, ...]:
    """How far its verdicts can be believed, and each that was wrong."""
    agreement = agreement_of(run.judge_checked)
    if agreement is None:
        return ()
    rows: tuple[tuple[Cell, ...], ...] = (
        ("as labelled", Measured.share(*agreement.all), "of all that it gave a verdict on"),
        ("supported ones found", Measured.share(*agreement.supported), "the rest lowers groundedness_llm wrongly"),
        ("others refused", Measured.share(*agreement.others), "the rest raises groundedness_llm wrongly"),
        ("no verdict", agreement.without_verdict, "left out of the shares"),
    )
    note = "Claims that are known to be supported by what is quoted for them, or known not to be, half each."
    wrong = tuple(
        (row.id, row.claim, row.kind, row.verdict or "none", row.reason) for row in run.judge_checked if not row.agrees
    )
    return (
        Table(
            f"The judge on {len(run.judge_checked)} claims whose verdicts are known",
            ("what", "share", "meaning"),
            rows,
            note,
        ),
        Table("Where the judge says otherwise, or nothing", ("claim", "text", "is", "verdict", "its reason"), wrong),
    )


def _time_and_cost(run: Run) -> Table:
    rows: list[tuple[Cell, ...]] = []
    if (latency := latency_of(run)) is not None:
        rows.append(("time to an answer, p50", Measured(latency.p50, unit="milliseconds")))
        rows.append(("time to an answer, p95", Measured(latency.p95, unit="milliseconds")))
    for name, total in amounts_of(run).items():
        rows.append((f"{name}, in all", "unknown" if total is None else Measured(total, unit="number")))
    return Table("Time and cost", ("what", "value"), tuple(rows))


def _unscored(run: Run) -> Table:
    counts = Counter(
        (name, score.reason or "")
        for result in run.results
        if result.crash is None
        for name, score in result.scores.items()
        if score.value is None
    )
    order = list(MEASURES)
    rows = sorted(counts.items(), key=lambda item: (order.index(item[0][0]), -item[1], item[0][1]))
    return Table(
        "Why not scored", ("score", "reason", "cases"), tuple((name, reason, count) for (name, reason), count in rows)
    )
