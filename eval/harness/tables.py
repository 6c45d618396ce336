"""What was measured, as lines of text and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from eval.harness.comparison import Comparison, Difference
from eval.harness.gate import GateResult
from eval.harness.judging_the_judge import agreement_of
from eval.harness.metrics import Metric, amounts_of, latency_of, metrics_of, selective_of, total_of
from eval.harness.run_file import Run
from eval.harness.statistics import Interval
from eval.intervals import wilson

_NAME = 30
_MOST_NAMED = 10


def run_lines(run: Run, *, by_kind: bool = False) -> list[str]:
    """Means with 95 % intervals, how many were scored, unscored and crashed, then what only many cases have."""
    metrics = metrics_of(run)
    overall = [m for m in metrics if m.kind is None]
    lines = [
        f"{run.suite}: {len(run.results)} cases on {run.corpus}, as of {run.as_of}, in {run.wall_seconds:.1f} s",
        f"{'':<{_NAME}}{'mean':>8}  {'95 % interval':<18}{'scored':>7}{'unscored':>9}{'crashed':>8}",
        *(_metric_line(metric) for metric in overall),
        *_summed(run),
    ]
    if by_kind:
        for kind in dict.fromkeys(m.kind for m in metrics if m.kind is not None):
            lines += ["", kind, *(_metric_line(m) for m in metrics if m.kind == kind)]
    crashed = [result for result in run.results if result.crash is not None]
    return lines + [f"crashed: {result.id}: {result.crash}" for result in crashed]


def _metric_line(metric: Metric) -> str:
    shown = f"{'-':>8}  {'':<18}" if metric.interval is None else _interval(metric.interval)
    return f"{metric.name:<{_NAME}}{shown}{metric.scored:>7}{metric.unscored:>9}{metric.crashed:>8}"


def _interval(interval: Interval) -> str:
    sure = "" if interval.low is None else f"[{interval.low:.3f}, {interval.high:.3f}]"
    return f"{interval.mean:>8.3f}  {sure:<18}"


def _summed(run: Run) -> Iterator[str]:
    if (selective := selective_of(run)) is not None:
        best = f"  best order {selective.best_aurc:.3f}"
        yield f"{'aurc':<{_NAME}}{_interval(selective.aurc)}{selective.answers:>7}{best}"
        yield f"{'calibration_error':<{_NAME}}{_interval(selective.calibration_error)}{selective.answers:>7}"
    if (latency := latency_of(run)) is not None:
        yield f"latency: p50 {latency.p50:.0f} ms, p95 {latency.p95:.0f} ms over {latency.cases} cases"
    if (tokens := total_of(run, "prompt_tokens")) and (written := total_of(run, "completion_tokens")) is not None:
        cost = total_of(run, "cost_usd")
        yield f"model: {tokens:.0f} tokens read, {written:.0f} written, {_usd(cost)}"
    if run.judge is not None:
        spent = run.judge_cost
        yield (
            f"judge {run.judge.model}, prompt version {run.judge.prompt_version}: {spent.calls} calls, {spent.cached} "
            f"known from before, {spent.failed} without a verdict, {spent.prompt_tokens} tokens read, "
            f"{spent.completion_tokens} written, {_usd(spent.cost_usd)}"
        )
    if (agreement := agreement_of(run.judge_checked)) is not None:
        supported, others = (f"{hits} of {of}" for hits, of in (agreement.supported, agreement.others))
        yield (
            f"the judge on {len(run.judge_checked)} claims whose verdicts are known: {_share(*agreement.all)} as "
            f"labelled, {supported} supported ones found, {others} others refused, "
            f"{agreement.without_verdict} without a verdict"
        )


def _share(hits: int, of: int) -> str:
    if not of:
        return "none"
    low, high = wilson(hits, of)
    return f"{hits / of:.3f} [{low:.3f}, {high:.3f}]"


def _usd(cost: float | None) -> str:
    return "cost not known" if cost is None else f"${cost:.4f}"


def run_body(run: Run) -> dict[str, Any]:
    """The same as JSON, without the results of single cases: those are in the run's file."""
    selective, latency = selective_of(run), latency_of(run)
    return {
        **run.header(),
        "cases": len(run.results),
        "metrics": [asdict(metric) for metric in metrics_of(run)],
        "amounts": amounts_of(run),
        "selective": None if selective is None else asdict(selective),
        "latency_ms": None if latency is None else asdict(latency),
        "crashed": [{"id": r.id, "error": r.crash} for r in run.results if r.crash is not None],
    }


def comparison_lines(comparison: Comparison, *, by_kind: bool = False) -> list[str]:
    """One score a line; `*` where chance alone does not explain it, corrected for the number of scores."""
    lines = [f"{comparison.cases} cases in both", *comparison.notes, _DIFFERENCE_HEAD]
    lines += [_difference_line(d) for d in comparison.differences if d.kind is None]
    if by_kind:
        for kind in dict.fromkeys(d.kind for d in comparison.differences if d.kind is not None):
            moved = [d for d in comparison.differences if d.kind == kind and d.paired.difference]
            lines += ["", f"{kind}: {len(moved)} scores differ", *(_difference_line(d) for d in moved)]
    for what, ids in (("before", comparison.only_before), ("after", comparison.only_after)):
        if ids:
            lines.append(f"only {what}, left out: {_listed(ids)}")
    return lines


_DIFFERENCE_HEAD = (
    f"{'':<{_NAME}}{'before':>8}{'after':>8}{'change':>9}  {'95 % interval':<18}{'p':>7}{'pairs':>7}  better worse"
)


def _difference_line(d: Difference) -> str:
    one = d.paired
    mark = "" if d.change == "same" else f"  * {d.change}"
    return (
        f"{d.name:<{_NAME}}{one.before:>8.3f}{one.after:>8.3f}{one.difference:>+9.3f}  "
        f"{f'[{one.low:+.3f}, {one.high:+.3f}]':<18}{d.p_differs:>7.3f}{one.pairs:>7}"
        f"{one.cases_better:>8}{one.cases_worse:>6}{mark}"
    )


def comparison_body(comparison: Comparison) -> dict[str, Any]:
    body = asdict(comparison)
    for difference, plain in zip(comparison.differences, body["differences"], strict=True):
        plain["change"] = difference.change
    return body


def gate_lines(result: GateResult) -> list[str]:
    lines = []
    for d in result.worse:
        one = d.paired
        lines.append(
            f"worse: {d.name} {one.before:.3f} before, {one.after:.3f} now, change {one.difference:+.3f} "
            f"[{one.low:+.3f}, {one.high:+.3f}] over {one.pairs} cases, {one.cases_worse} worse, "
            f"{one.cases_better} better, p {d.p_worse:.4f}"
        )
    for fall in result.falls[:_MOST_NAMED]:
        lines.append(f"worse: {fall.name} of {fall.case}: {fall.reason or f'{fall.now:.3f}'}")
    if len(result.falls) > _MOST_NAMED:
        lines.append(f"and {len(result.falls) - _MOST_NAMED} more such cases")
    if result.missing:
        lines.append(f"missing: {len(result.missing)} cases of the baseline were not run: {_listed(result.missing)}")
    tested = f"{len(result.differences)} scores tested"
    return [*lines, f"not worse than the baseline: {tested}" if result.passed else f"worse than the baseline: {tested}"]


def gate_body(result: GateResult) -> dict[str, Any]:
    return {**asdict(result), "passed": result.passed, "worse": [d.name for d in result.worse]}


def _listed(ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - _MOST_NAMED} more" if len(ids) > _MOST_NAMED else ""
    return ", ".join(ids[:_MOST_NAMED]) + more
