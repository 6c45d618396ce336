"""How well the built-in scorer tells supported claims from others, beside published figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from time import perf_counter
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from eval.fit_grounding import Bools, Floats, balanced, examples, foldable, unseen
from eval.fitted_on import fitted_on
from eval.grounding_rows import Row, read_rows
from eval.harness.statistics import statistic_interval
from eval.measurements.options import Found, MeasureOptions, Steps, named
from eval.reports.report import CaseShown, Measured, Plot, Quotation, Report, SentenceShown, Table
from eval.reports.run_plots import calibration_plot
from eval.selective import calibration_error
from service.grounding.grounder import Grounder
from service.grounding.sources import DraftSentence, SentenceCheck
from service.settings import load_settings
from service.types import Verdict

PUBLISHED = (
    ("words in one sentence, a floor", 0.615),
    ("AlignScore", 0.660),
    ("MiniCheck-FT5", 0.722),
    ("HHEM-2.1", 0.759),
    ("gpt-4o", 0.785),
)
"""Balanced accuracy on the test half of WiCE, 358 claims: the floor is measured, the others are published."""
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
_DRAWS = 1_000

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A file's claims and what is said of each.

    `support`, `said`: of a claim that took part in the fit, as weights that have not seen it say. `shipped`: as the
    weights that ship say, which have.
    """

    rows: tuple[Row, ...]
    checks: tuple[SentenceCheck, ...]
    fitted: Bools
    support: Floats
    said: Bools
    left_out: int = 0
    """Claims that took part in the fit and are too few to be divided into folds: not scored."""

    @property
    def truth(self) -> Bools:
        return np.array([row.supported for row in self.rows], dtype=np.bool_)

    @property
    def shipped(self) -> Bools:
        return np.array([check.verdict == "supported" for check in self.checks], dtype=np.bool_)


def measure(options: MeasureOptions) -> Report:
    """Each file by itself, a row a claim as eval/grounding_rows.py has it. Raises InputRejected."""
    from service.wiring import open_grounder

    begun = perf_counter()
    files = options.the_files("groundedness", "a file of labelled claims, see eval/grounding_rows.py")
    grounder = open_grounder(load_settings(), "texts")
    tables, plots, headlines, data = [], [], [], []
    cases: list[CaseShown] = []
    for name, path in named(files).items():
        rows = read_rows(path)[: options.limit]
        checks = [grounder.check([DraftSentence(r.text, r.sources)])[0] for r in options.steps.over(name, rows)]
        judged = by_folds(rows, checks, options.steps, name)
        tables += _tables(name, judged)
        plots.append(_calibration_plot(name, judged))
        hits = int((judged.truth == judged.said).sum())
        folds = ", by fits that have not seen them" if judged.fitted.any() else ""
        headlines.append(f"{name}: {hits} of {len(judged.rows)} claims are judged as labelled{folds}")
        data.append(f"{name}, {_of_the_fit(judged)}")
        cases += [_shown(name, number, judged) for number in range(len(judged.rows))]
    return Found(
        suite="groundedness",
        headline="; ".join(headlines) + ".",
        about="whether a claim that its sources support is told from one that they do not",
        tables=(*tables, _published()),
        begun=begun,
        data="; ".join(data),
        cases=tuple(cases),
        plots=tuple(plots),
    ).report()


def by_folds(rows: Sequence[Row], checks: Sequence[SentenceCheck], steps: Steps, name: str) -> Judged:
    """The checks, those of rows that the weights were fitted on replaced by what folds give."""
    known = fitted_on("support")
    fitted = np.array([row.group in known for row in rows], dtype=np.bool_)
    support = np.array([check.support for check in checks], dtype=np.float64)
    said = np.array([check.verdict == "supported" for check in checks], dtype=np.bool_)
    keep = np.ones(len(rows), dtype=np.bool_)
    if fitted.any():
        seen = [row for row, of_fit in zip(rows, fitted, strict=True) if of_fit]
        found = examples(steps.over(f"{name}, folds", seen), Grounder(), None)
        if foldable(found):
            support[fitted], said[fitted] = unseen(found)
        else:
            keep = ~fitted
    kept = np.flatnonzero(keep).tolist()
    chosen = (tuple(rows[i] for i in kept), tuple(checks[i] for i in kept))
    return Judged(*chosen, fitted[keep], support[keep], said[keep], left_out=len(rows) - len(kept))


def _calibration_plot(name: str, judged: Judged) -> Plot:
    words = ("claims", "support", "supported")
    return calibration_plot(judged.support.tolist(), judged.truth.tolist(), f"Calibration of support, {name}", words)


def _of_the_fit(judged: Judged) -> str:
    """How many claims took part in the fit, and what became of them."""
    of, fitted = len(judged.rows), int(judged.fitted.sum())
    if judged.left_out:
        return f"{of} claims; {judged.left_out} more are not scored: of the fit, and too few to be divided into folds"
    if not fitted:
        return f"{of} claims, none of which took part in the fit"
    return f"{of} claims, {fitted} of which took part in the fit and are scored by folds, by fits without them"


def _tables(name: str, judged: Judged) -> list[Table]:
    truth = judged.truth
    found = [_scores(name, truth, judged.support, judged.said)]
    if judged.fitted.any():
        shipped = np.array([check.support for check in judged.checks])
        told = _scores(f"{name}, by the weights that ship", truth, shipped, judged.shipped)
        found.append(replace(told, note="These weights have seen the claims: the figures flatter, those above do not."))
    return [*found, _verdicts(name, judged.rows, judged.checks)]


def _scores(name: str, truth: Bools, support: Floats, said: Bools) -> Table:
    """Balanced accuracy and AUC need claims of both kinds: without, they are not scored."""
    count, title = len(truth), f"{name}: {len(truth)} claims, {int(truth.sum())} supported"
    accuracy = area = Measured(None)
    if 0 < truth.sum() < count:
        accuracy = Measured(balanced(truth, said), *_interval(lambda i: balanced(truth[i], said[i]), truth))
        found = float(roc_auc_score(truth, support))
        area = Measured(found, *_interval(lambda i: float(roc_auc_score(truth[i], support[i])), truth))
    supported, others = truth, ~truth
    return Table(
        title,
        ("score", "value", "meaning"),
        (
            ("balanced accuracy", accuracy, "mean of the two shares below"),
            ("supported, found", Measured.share(int(said[supported].sum()), int(supported.sum())), "recall of support"),
            ("others, refused", Measured.share(int((~said)[others].sum()), int(others.sum())), "specificity"),
            ("area under the ROC curve", area, "how often a supported claim has more support than another"),
            ("calibration error", _calibration(support, truth), "support against the share supported"),
        ),
        "Intervals over claims that are resampled within each kind; those of shares are Wilson's.",
    )


def _calibration(support: Floats, truth: Bools) -> Measured:
    if not len(truth):
        return Measured(None)
    found = statistic_interval(calibration_error, support, truth)
    return Measured(found.mean, found.low, found.high)


def _interval(measure: Callable[[Rows], float], truth: Bools) -> tuple[float, float]:
    """Bootstrap percentiles. Each kind is resampled by itself: without one of them no score is defined."""
    chance = np.random.default_rng(0)
    kinds = [np.flatnonzero(truth), np.flatnonzero(~truth)]
    found = [measure(np.concatenate([chance.choice(kind, len(kind)) for kind in kinds])) for _ in range(_DRAWS)]
    low, high = np.percentile(found, (2.5, 97.5))
    return float(low), float(high)


def _verdicts(name: str, rows: Sequence[Row], checks: Sequence[SentenceCheck]) -> Table:
    counts = Counter((row.kind, check.verdict) for row, check in zip(rows, checks, strict=True))
    labels = sorted({label for label, _ in counts})
    return Table(
        f"{name}: verdicts by label, of the weights that ship",
        ("label", "of", *VERDICTS),
        tuple(
            (label, sum(counts[label, v] for v in VERDICTS), *(counts[label, v] for v in VERDICTS)) for label in labels
        ),
    )


def _published() -> Table:
    return Table(
        "Published balanced accuracy on WiCE",
        ("scorer", "balanced accuracy"),
        tuple((name, Measured(value)) for name, value in PUBLISHED),
        "On the test half of WiCE (358 claims): beside figures of other claims a comparison to a few points only.",
    )


def _shown(name: str, number: int, judged: Judged) -> CaseShown:
    row, check, said = judged.rows[number], judged.checks[number], bool(judged.said[number])
    wanted, found = ("supported" if is_so else "not supported" for is_so in (row.supported, said))
    folds = f"; by folds {found}, support {judged.support[number]:.2f}" if judged.fitted[number] else ""
    told = found if judged.fitted[number] else check.verdict
    return CaseShown(
        id=f"{name}-{number + 1}",
        kind=row.kind,
        asked=row.text,
        status=f"{check.verdict}, support {check.support:.2f}{folds}",
        faults=() if row.supported == said else (f"found {told}, labelled {row.kind}",),
        wanted=(("verdict", wanted),),
        said=(SentenceShown(row.text, (), check.reasons),),
        quotations=tuple(
            Quotation(
                marker=marker,
                article_id=span.context.article.id,
                title=span.context.article.title or "source",
                place=f"[{span.span.start}, {span.span.end})",
                quote=span.span.of(span.context.article.text),
            )
            for marker, span in enumerate(check.spans, start=1)
        ),
    )
