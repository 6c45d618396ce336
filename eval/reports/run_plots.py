"""The four plots of a run; each comes with its figures as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from eval.harness.metrics import Metric, given_answers, risk_coverage_of
from eval.harness.retrieval_scores import DEPTHS
from eval.harness.run_file import Run
from eval.reports.plots import Dot, Line, chart, whiskers
from eval.reports.report import Cell, Measured, Plot, Table

_BINS = 10
_FEWEST = 5
"""Answers before the line of risk begins: of the first few each moves it by a fifth and more."""


def run_plots(run: Run, metrics: Sequence[Metric]) -> Iterator[Plot]:
    """Only those there is something to show in."""
    kinds = [m for m in metrics if m.kind is not None and m.name in ("right", "briefing_nugget_recall") and m.interval]
    if kinds:
        yield _by_kind(kinds)
    coverage, risk = risk_coverage_of(run)
    if len(coverage) >= _FEWEST:
        yield risk_coverage_plot(coverage, risk)
        confidences, rights = given_answers(run)
        yield calibration_plot([float(c) for c in confidences], [bool(r) for r in rights])
    if any(m.name.startswith(("recall_at", "span_recall_at")) and m.interval for m in metrics):
        yield _retrieval([m for m in metrics if m.kind is None])


def _by_kind(metrics: Sequence[Metric]) -> Plot:
    dots, rows = [], []
    for m in metrics:
        if m.interval is None:
            continue
        value = Measured(m.interval.mean, m.interval.low, m.interval.high)
        dots.append(Dot(0, m.interval.mean, m.interval.low, m.interval.high, f"{m.interval.mean:.0%} of {m.scored}"))
        rows.append((str(m.kind), value, m.scored))
    title = "Right answers by kind"
    figures = Table(title, ("kind", "share", "scored"), tuple(rows))
    note = "Share of the cases that are right, or for briefings of the nuggets that are stated; 95 % intervals."
    return Plot(title, note, whiskers(title, dots, [str(row[0]) for row in rows]), figures)


def risk_coverage_plot(coverage: Sequence[float], risk: Sequence[float]) -> Plot:
    """Both in 0..1, one value an answer, the surest first."""
    title = "Risk against coverage"
    dots = tuple(Dot(c, r) for c, r in zip(coverage[_FEWEST - 1 :], risk[_FEWEST - 1 :], strict=True))
    most = min(1.0, max(0.2, -(-max(d.y for d in dots) * 10 // 1) / 10))
    svg = chart(
        title,
        [Line("all", dots, dotted=False)],
        "share of the given answers, the surest first",
        "share of them that are wrong",
        y_most=most,
    )
    steps = [round(n / 10 * len(coverage)) - 1 for n in range(1, 11)]
    rows = tuple((f"{n * 10} %", Measured(risk[i])) for n, i in enumerate(steps, start=1) if i >= 0)
    note = "How many of the surest answers are wrong, by how many are kept. Refusals are not among them."
    return Plot(title, note, svg, Table(title, ("coverage", "risk"), rows))


def calibration_plot(
    confidences: Sequence[float],
    rights: Sequence[bool],
    title: str = "Calibration",
    words: tuple[str, str, str] = ("answers", "confidence", "right"),
) -> Plot:
    """`confidences` in 0..1, and whether each was right. `words`: for what is counted, its number and its truth."""
    what, number, truth = words
    dots, rows = [], []
    for b in range(_BINS):
        own = [(c, r) for c, r in zip(confidences, rights, strict=True) if min(int(c * _BINS), _BINS - 1) == b]
        if not own:
            continue
        mean = sum(c for c, _ in own) / len(own)
        share = Measured.share(sum(r for _, r in own), len(own))
        if share.value is not None:
            dots.append(Dot(mean, share.value, share.low, share.high, f"{len(own)} {what}"))
        row: tuple[Cell, ...] = (f"{b * 10} to {(b + 1) * 10} %", Measured(mean), share)
        rows.append(row)
    svg = chart(
        title,
        [Line(what, tuple(dots), joined=False)],
        number,
        f"share that is {truth}",
        diagonal=True,
    )
    note = (
        f"{what.capitalize()} in ten bins by {number}, with 95 % intervals; on the dashed line {number} is the truth."
    )
    return Plot(title, note, svg, Table(title, (number, f"mean {number}", truth), tuple(rows)))


def _retrieval(metrics: Sequence[Metric]) -> Plot:
    title = "Retrieval by depth"
    found = {m.name: m.interval for m in metrics}
    places = {k: i / (len(DEPTHS) - 1) * 0.8 + 0.1 for i, k in enumerate(DEPTHS)}
    lines, rows = [], []
    for number, (name, prefix) in enumerate((("articles", "recall_at"), ("places in them", "span_recall_at"))):
        dots = []
        for k in DEPTHS:
            interval = found.get(f"{prefix}_{k}")
            if interval is not None:
                shift = 0.012 * (2 * number - 1)  # so that the whiskers of two lines do not cover each other
                dots.append(Dot(places[k] + shift, interval.mean, interval.low, interval.high, f"{interval.mean:.1%}"))
                rows.append((name, k, Measured(interval.mean, interval.low, interval.high)))
        if dots:
            lines.append(Line(name, tuple(dots), number=number + 1))
    ticks = [(places[k], f"first {k}") for k in DEPTHS]
    svg = chart(title, lines, "how far down the ranking", "share of what is needed", ticks=ticks)
    note = "Share of the needed articles among the first articles, and of the needed places in the first chunks."
    return Plot(title, note, svg, Table(title, ("what", "depth", "recall"), tuple(rows)))
