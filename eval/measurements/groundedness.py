"""How well the built-in scorer tells supported claims from others, beside published figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import perf_counter
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from eval.fit_grounding import Bools, Floats, balanced
from eval.grounding_rows import Row, read_rows
from eval.measurements.options import Found, MeasureOptions, named
from eval.reports.report import CaseShown, Measured, Quotation, Report, SentenceShown, Table
from eval.reports.run_plots import calibration_plot
from eval.selective import calibration_error
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


def measure(options: MeasureOptions) -> Report:
    """Each file by itself, a row a claim as eval/grounding_rows.py has it. Raises InputRejected."""
    from service.wiring import open_grounder

    begun = perf_counter()
    files = options.the_files("groundedness", "a file of labelled claims, see eval/grounding_rows.py")
    grounder = open_grounder(load_settings(), "texts")
    tables, plots, headlines = [], [], []
    cases: list[CaseShown] = []
    for name, path in named(files).items():
        rows = read_rows(path)[: options.limit]
        checks = [grounder.check([DraftSentence(r.text, r.sources)])[0] for r in options.steps.over(name, rows)]
        truth, support, said = arrays(rows, checks)
        tables += [_scores(name, truth, support, said), _verdicts(name, rows, checks)]
        plots.append(
            replace(calibration_plot(support.tolist(), truth.tolist()), title=f"Calibration of support, {name}")
        )
        headlines.append(f"{name}: {int((truth == said).sum())} of {len(rows)} claims are judged as labelled")
        cases += [
            _shown(name, number, row, check)
            for number, (row, check) in enumerate(zip(rows, checks, strict=True), start=1)
        ]
    return Found(
        suite="groundedness",
        headline="; ".join(headlines) + ".",
        about="whether a claim that its sources support is told from one that they do not",
        tables=(*tables, _published()),
        begun=begun,
        data=", ".join(path.name for path in files),
        cases=tuple(cases),
        plots=tuple(plots),
    ).report()


def arrays(rows: Sequence[Row], checks: Sequence[SentenceCheck]) -> tuple[Bools, Floats, Bools]:
    """Whether each is supported, its support in 0..1, and whether it was found to be."""
    truth = np.array([row.supported for row in rows], dtype=np.bool_)
    support = np.array([check.support for check in checks], dtype=np.float64)
    return truth, support, np.array([check.verdict == "supported" for check in checks], dtype=np.bool_)


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
            ("calibration error", Measured(calibration_error(support, truth)), "support against the share supported"),
        ),
        "Intervals over claims that are resampled within each kind; those of shares are Wilson's.",
    )


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
        f"{name}: verdicts by label",
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
        "On the test half of WiCE (358 claims). Figures above are of the files that were named: where a file took part "
        "in the fit, they flatter ours; `python -m eval.fit_grounding` prints those of folds.",
    )


def _shown(name: str, number: int, row: Row, check: SentenceCheck) -> CaseShown:
    wanted = "supported" if row.supported else "not supported"
    right = row.supported == (check.verdict == "supported")
    return CaseShown(
        id=f"{name}-{number}",
        kind=row.kind,
        asked=row.text,
        status=f"{check.verdict}, support {check.support:.2f}",
        faults=() if right else (f"found {check.verdict}, labelled {row.kind}",),
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
