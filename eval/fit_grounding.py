"""Fits the support scorer: `python -m eval.fit_grounding WICE_DEV [EXPERTQA_VAL] [--write]`.

Two regressions over the same features, each with and without an embedding model's. "texts" is for any text against
whole articles and is fitted on the first file; "drafts" chooses the sentences that a claim of a draft is held against,
fitted on our own true and false sentences, on lies made from the first file's articles, and on its claims, those alone
that no rule stops. Whether a sentence is supported the trees of eval/fit_sentences.py decide; fit them after it.
Everything printed is of folds: a row is judged by weights, and against thresholds, that no row of its article took part
in. The second file takes part in nothing. --write replaces service/grounding/weights.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.preprocessing import StandardScaler

import service.grounding
from eval.fitted_on import note_fitted
from eval.grounding_rows import Row, made_rows, own_rows, read_rows
from eval.intervals import wilson
from service.grounding.alignment import content_words
from service.grounding.grounder import Grounder
from service.grounding.meaning import MEANING, Meaning, Question
from service.grounding.support import Use
from service.grounding.weighing import FEATURES
from service.models.choosing import ChosenEmbedder
from service.settings import load_settings

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
WEIGHTS = Path(service.grounding.__file__).parent / "weights.json"
NAMES = (*FEATURES, *MEANING)
OF_TEXTS = ("anywhere", "absent_any", "absent_names", "spread_coverage", "lost_weight", "together")
OF_DRAFTS = ("coverage", "own_coverage", "plain_coverage", "least_plain", "together", "length", "acts_elsewhere")
_FOLDS = 5
_LEAST_TO_FOLD = 25
_KEPT = 0.96
"""Of our own true sentences that no rule stops, the share whose probability the threshold for drafts lets through."""
_PARTLY = 0.8
_HARD = 0.3


@dataclass(frozen=True, slots=True)
class Example:
    """A row with the features of each claim, shape (claims, NAMES), and the claims' weights."""

    row: Row
    values: Floats
    weights: Floats
    stopped: bool
    """By a rule for drafts: a fact that is not carried where it should be, or a contradiction."""
    denied: bool
    """By a rule for texts: a contradiction, or a fact that is nowhere in the sources."""

    @property
    def mean(self) -> Floats:
        return np.asarray((self.values * self.weights[:, None]).sum(axis=0) / self.weights.sum())


def examples(rows: Iterable[Row], grounder: Grounder, meaning: Meaning | None) -> list[Example]:
    """Every row weighed against the premises that the grounder chooses; one without any has features of zero.

    `meaning` None: so have all of MEANING.
    """
    found = []
    for row in rows:
        judged = grounder.judged(row.text, row.sources)
        near = [w for one in judged if (w := one.weighing) is not None]
        asked = [Question(w.claim, w.premise.readings) for w in near]
        states = [(0.0,) * len(MEANING)] * len(near) if meaning is None else meaning.features(asked) or []
        values = [[*w.values, *state] for w, state in zip(near, states, strict=True)]
        weights = [max(0.1, sum(word.weight for word in content_words(w.claim))) for w in near]
        whole = len(near) == len(judged) > 0
        found.append(
            Example(
                row,
                np.array(values or [[0.0] * len(NAMES)]),
                np.array(weights or [1.0]),
                stopped=not whole or any(w.contradictions or not w.facts.ok or w.surer for w in near),
                denied=not whole or any(w.contradictions or w.absent.any for w in near),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Fitted:
    """A regression over some of NAMES."""

    columns: tuple[int, ...]
    weights: Floats
    bias: float

    def probabilities(self, values: Floats) -> Floats:
        odds = values[:, list(self.columns)] @ self.weights + self.bias
        return np.asarray(1 / (1 + np.exp(-odds)))

    def of(self, example: Example) -> float:
        return float(self.probabilities(example.values).min())

    def as_data(self, threshold: float) -> dict[str, Any]:
        """As weights.json has it; a little below the threshold a claim is partly supported."""
        weights = {NAMES[c]: round(float(w), 5) for c, w in zip(self.columns, self.weights, strict=True)}
        least = {"supported": round(threshold, 4), "partly": round(_PARTLY * threshold, 4)}
        return {"bias": round(self.bias, 5), "weights": weights, **least}


def fit(found: Sequence[Example], masses: Floats, names: Sequence[str], strength: float) -> Fitted:
    """A logistic regression on the rows' mean features. `strength`: the inverse of the penalty."""
    columns = tuple(NAMES.index(name) for name in names)
    values = np.array([e.mean for e in found])[:, list(columns)]
    scaler = StandardScaler().fit(values)
    model = LogisticRegression(C=strength, max_iter=5000)
    model.fit(scaler.transform(values), [e.row.supported for e in found], sample_weight=masses)
    weights = model.coef_[0] / scaler.scale_
    return Fitted(columns, np.asarray(weights), float(model.intercept_[0] - (weights * scaler.mean_).sum()))


def folds_of(found: Sequence[Example], seed: int = 0) -> NDArray[np.int64]:
    """A fold for each row; rows of one article share theirs."""
    groups = sorted({e.row.group for e in found})
    np.random.default_rng(seed).shuffle(groups)
    fold = {group: i % _FOLDS for i, group in enumerate(groups)}
    return np.array([fold[e.row.group] for e in found])


def balanced(truth: Bools, said: Bools) -> float:
    return float((said[truth].mean() + 1 - said[~truth].mean()) / 2)


def best_threshold(truth: Bools, support: Floats) -> float:
    """The one of the best balanced accuracy."""
    tried = np.quantile(support, np.linspace(0.02, 0.98, 97))
    return float(max(tried, key=lambda t: balanced(truth, support >= t)))


def interval(measure: Callable[[NDArray[np.int64]], float], rows: int) -> tuple[float, float]:
    """The 95 % bootstrap interval over rows."""
    chance = np.random.default_rng(0)
    found = [measure(chance.integers(0, rows, rows)) for _ in range(1000)]
    return float(np.quantile(found, 0.025)), float(np.quantile(found, 0.975))


def report(title: str, truth: Bools, support: Floats, said: Bools) -> None:
    low, high = interval(lambda i: balanced(truth[i], said[i]), len(truth))
    least, most = interval(lambda i: float(roc_auc_score(truth[i], support[i])), len(truth))
    area = float(roc_auc_score(truth, support))
    print(f"{title:<44} balanced {balanced(truth, said):.3f} [{low:.3f}, {high:.3f}]", end="  ")
    print(f"AUC {area:.3f} [{least:.3f}, {most:.3f}]")


def fit_texts(found: Sequence[Example], others: Sequence[Example]) -> dict[str, Any]:
    """Fit and report "texts"; `others` are judged by the weights of all rows."""
    truth = np.array([e.row.supported for e in found])
    floor = np.array([e.mean[NAMES.index("own_coverage")] for e in found])
    fold = folds_of(found)
    at = {k: best_threshold(truth[fold != k], floor[fold != k]) for k in range(_FOLDS)}
    report("texts: words in one sentence (floor)", truth, floor, floor >= np.array([at[k] for k in fold]))
    data: dict[str, Any] = {}
    masses = np.ones(len(found))
    for title, names in (("words_alone", OF_TEXTS), ("with_meaning", (*OF_TEXTS, *MEANING))):
        support, said = unseen(found, names)
        report(f"texts: {title}", truth, support, said)
        print(f"{'':<44} calibration error {calibration_error(truth, support):.3f}")
        fitted = fit(found, masses, names, 0.03)
        threshold = best_threshold(truth, np.array([_ruled(fitted, e) for e in found]))
        data[title] = fitted.as_data(threshold)
        if others:
            away = np.array([_ruled(fitted, e) for e in others])
            of_others = np.array([e.row.supported for e in others])
            report(f"  on the second file: {title}", of_others, away, away >= threshold)
    # Measured above: word states add nothing here, where what stands in many places is gathered.
    return {"words_alone": data["words_alone"], "with_meaning": data["words_alone"], "strict": False}


def foldable(found: Sequence[Example]) -> bool:
    """Whether there are enough of both kinds for fits that leave a fold out to mean anything."""
    truth = np.array([e.row.supported for e in found], dtype=np.bool_)
    if min(truth.sum(), (~truth).sum()) < _LEAST_TO_FOLD:
        return False
    fold = folds_of(found)
    return all(len(set(truth[fold != k].tolist())) == 2 for k in range(_FOLDS))


def unseen(found: Sequence[Example], names: Sequence[str] = OF_TEXTS) -> tuple[Floats, Bools]:
    """The support of each and whether it is enough, by a fit that no row of its article took part in.

    Raises ValueError for what is not foldable.
    """
    truth, fold = np.array([e.row.supported for e in found]), folds_of(found)
    support, said = np.zeros(len(found)), np.zeros(len(found), dtype=bool)
    for k in range(_FOLDS):
        train = [e for e, f in zip(found, fold, strict=True) if f != k]
        fitted = fit(train, np.ones(len(train)), names, 0.03)
        threshold = best_threshold(truth[fold != k], np.array([_ruled(fitted, e) for e in train]))
        for i in np.flatnonzero(fold == k).tolist():
            support[i] = _ruled(fitted, found[i])
            said[i] = support[i] >= threshold
    return support, said


def _ruled(fitted: Fitted, example: Example) -> float:
    return fitted.of(example) * (_HARD if example.denied else 1.0)


def calibration_error(truth: Bools, support: Floats) -> float:
    """The expected one, over ten bins of equal width."""
    bins = np.minimum((support * 10).astype(int), 9)
    gaps = [abs(support[bins == b].mean() - truth[bins == b].mean()) * (bins == b).mean() for b in set(bins.tolist())]
    return float(sum(gaps))


def fit_drafts(own: Sequence[Example], made: Sequence[Example], claims: Sequence[Example]) -> dict[str, Any]:
    """Fit and report "drafts"."""
    known = {id(e) for e in own}
    found = [e for e in (*own, *made, *claims) if not e.stopped]
    mine = np.array([id(e) in known for e in found])
    verbatim = np.array([e.row.kind == "verbatim" for e in found])
    mass = np.where(mine, 1.0, np.where(verbatim, 0.1, 0.3))
    fold = folds_of(found)
    truth = np.array([e.row.supported for e in found])
    data: dict[str, Any] = {"strict": True}
    for title, names in (
        ("words_alone", OF_DRAFTS),
        ("with_meaning", ("coverage", "own_coverage", "length", *MEANING)),
    ):
        support = np.zeros(len(found))
        for k in range(_FOLDS):
            train = [e for e, f in zip(found, fold, strict=True) if f != k]
            fitted = fit(train, mass[fold != k], names, 0.1)
            for i in np.flatnonzero(fold == k).tolist():
                support[i] = fitted.of(found[i])
        threshold = float(np.quantile(support[mine & truth], 1 - _KEPT))
        print(f"drafts: {title}, threshold {threshold:.3f}")
        passed = {id(e) for e, s in zip(found, support, strict=True) if s >= threshold}
        _shares("our own", own, passed)
        _shares("made", made, passed)
        fitted = fit(found, mass, names, 0.1)
        data[title] = fitted.as_data(threshold)
    return data


def _shares(title: str, found: Sequence[Example], passed: set[int]) -> None:
    for kind in sorted({(not e.row.supported, e.row.kind) for e in found}):
        rows = [e for e in found if (not e.row.supported, e.row.kind) == kind]
        hits = sum(id(e) in passed for e in rows)
        low, high = wilson(hits, len(rows))
        what = "false" if kind[0] else "true"
        print(f"  {title}, {what}, {kind[1]:<28} {hits:>4} of {len(rows):<4} supported  [{low:.3f}, {high:.3f}]")


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.fit_grounding", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("second", type=Path, nargs="?")
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    settings = load_settings()
    grounder = Grounder()
    meaning = Meaning(ChosenEmbedder(settings.embedding_model, caches=(settings.cache_dir,)))
    rows, mine = read_rows(args.file), own_rows()
    claims = examples(rows, grounder, meaning)
    others = examples(read_rows(args.second), grounder, meaning) if args.second else []
    own = examples(mine, grounder, meaning)
    made = examples([*made_rows(rows, each=1), *made_rows([r for r in mine if r.supported], each=1)], grounder, meaning)
    fitted: dict[Use, dict[str, Any]] = {"drafts": fit_drafts(own, made, claims), "texts": fit_texts(claims, others)}
    if args.write:
        WEIGHTS.write_text(json.dumps(fitted, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        note_fitted("support", (row.group for row in rows))
        print(f"written to {WEIGHTS}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
