"""Fits the trees that decide on whole sentences of drafts: `python -m eval.fit_sentences WICE_DEV [--write]`.

On our own true and false sentences (eval/datasets/grounding, trust/world-*), the pairs of eval/datasets/entailment, and
lies made from the articles of `eval/datasets/world` (eval/lies.py) and from those of the file (eval/perturbing.py).
Sentences that a rule stops take part in nothing but the shares, as not supported. Everything printed is of five folds
that divide no article. --write replaces service/grounding/trees.json.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

import service.grounding
from eval.contexts import contexts_of
from eval.corpus import WORLD
from eval.entailment.pairs import CLOSE, read_pairs
from eval.grounding_rows import Row, made_rows, own_rows, read_rows, text_source, whole
from eval.intervals import wilson
from eval.lies import generate
from service.grounding.grounder import Grounder
from service.grounding.meaning import Meaning, Question
from service.grounding.sentences import BETTER, OF_MEANING, WORSE, of_meaning, of_words
from service.grounding.trees import Trees
from service.models.choosing import ChosenEmbedder
from service.settings import load_settings
from service.text.sentence import read_sentence

Floats = NDArray[np.float64]
TREES = Path(service.grounding.__file__).parent / "trees.json"
_FOLDS = 5
_MADE = 400
_KEPT = 0.96
"""Of our own true sentences that no rule stops, the share whose probability the threshold lets through."""
_PARTLY = 0.8
_HAND, _ENTAILMENT, _LIES, _PERTURBED = "hand", "entailment", "lies", "perturbed"


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence, where it is from, how much it weighs in the fit, and its values; None where a rule stops it."""

    row: Row
    origin: str
    mass: float
    values: tuple[float, ...] | None


def rows_of(file: Path) -> Iterator[tuple[str, float, Row]]:
    """Every sentence with its origin and its mass: what was written by hand for other articles weighs most.

    A false sentence of an entailment pair weighs little. Half of those pairs is false, which is more than a draft has,
    and most of them differ from their text in what words alone cannot tell.
    """
    mine = own_rows()
    yield from ((_HAND, 1.0, row) for row in mine)
    for number, pair in enumerate(read_pairs()):
        source = (text_source(pair.text),)
        for claim in pair.pairs:
            mass = 0.08 if claim.kind == CLOSE else 0.1 if claim.follows else 0.05
            yield _ENTAILMENT, mass, Row(claim.claim, source, claim.follows, claim.kind, f"pair {number}")
    contexts = contexts_of([WORLD / "articles.jsonl"])
    for lie in generate(contexts, _MADE, 3):
        yield _LIES, 0.4, Row(lie.text, (whole(contexts[lie.article]),), False, lie.kind, lie.article)
    perturbed = [*made_rows(read_rows(file), each=1), *made_rows([r for r in mine if r.supported], each=1)]
    yield from ((_PERTURBED, 0.03 if row.supported else 0.1, row) for row in perturbed)


def examples(rows: Iterable[tuple[str, float, Row]], grounder: Grounder, meaning: Meaning) -> list[Example]:
    """Every row weighed against the premises that the grounder chooses."""
    return [Example(row, origin, mass, _values(row, grounder, meaning)) for origin, mass, row in rows]


def _values(row: Row, grounder: Grounder, meaning: Meaning) -> tuple[float, ...] | None:
    judged = grounder.judged(row.text, row.sources)
    found = [w for one in judged if (w := one.weighing) is not None]
    if not found or len(found) < len(judged) or any(w.stopped for w in found):
        return None
    states = meaning.features([Question(w.claim, w.premise.readings) for w in found]) or []
    return of_meaning(of_words(read_sentence(row.text), found), states)


def learned(found: Sequence[Example]) -> HistGradientBoostingClassifier:
    """Trees over OF_MEANING; what is worse than more of it never counts for a sentence, and the reverse."""
    model = HistGradientBoostingClassifier(
        max_iter=120,
        learning_rate=0.08,
        max_leaf_nodes=8,
        min_samples_leaf=60,
        l2_regularization=10,
        monotonic_cst=[-1 if name in WORSE else 1 if name in BETTER else 0 for name in OF_MEANING],
        early_stopping=False,
        random_state=0,
    )
    model.fit(_columns(found), [e.row.supported for e in found], sample_weight=[e.mass for e in found])
    return model


def _columns(found: Sequence[Example]) -> Floats:
    return np.array([e.values for e in found])


def as_data(model: HistGradientBoostingClassifier, threshold: float) -> dict[str, Any]:
    """The fitted trees as service/grounding/trees.py reads them."""
    trees = []
    for (predictor,) in model._predictors:
        trees.append(
            [
                [-1, round(float(n["value"]), 6), 0, 0]
                if n["is_leaf"]
                else [int(n["feature_idx"]), float(n["num_threshold"]), int(n["left"]), int(n["right"])]
                for n in predictor.nodes
            ]
        )
    least = {"supported": round(threshold, 4), "partly": round(_PARTLY * threshold, 4)}
    return {"bias": round(float(model._baseline_prediction[0, 0]), 5), "trees": trees, **least}


def unseen(found: Sequence[Example]) -> Floats:
    """The probability of each by trees that no sentence of its article took part in."""
    groups = sorted({e.row.group for e in found})
    np.random.default_rng(0).shuffle(groups)
    folds = {group: i % _FOLDS for i, group in enumerate(groups)}
    fold = np.array([folds[e.row.group] for e in found])
    probability = np.zeros(len(found))
    for k in range(_FOLDS):
        model = learned([e for e, f in zip(found, fold, strict=True) if f != k])
        tested = [e for e, f in zip(found, fold, strict=True) if f == k]
        probability[fold == k] = model.predict_proba(_columns(tested))[:, 1]
    return probability


def fit(found: Sequence[Example]) -> dict[str, Any]:
    """Fit the trees, and report."""
    left = [e for e in found if e.values is not None]
    probability = unseen(left)
    hand = np.array([e.origin == _HAND for e in left])
    truth = np.array([e.row.supported for e in left])
    threshold = float(np.quantile(probability[hand & truth], 1 - _KEPT))
    print(f"threshold {threshold:.3f}")
    for origin in (_HAND, _ENTAILMENT):
        chosen = np.array([e.origin == origin and e.row.kind != CLOSE for e in left])
        area = roc_auc_score(truth[chosen], probability[chosen])
        print(f"  {origin}, where no rule decides: AUC {area:.3f} ({int(chosen.sum())} sentences)")
    passed = {id(e) for e, p in zip(left, probability, strict=True) if p >= threshold}
    for key in sorted({(e.origin, not e.row.supported, e.row.kind) for e in found}):
        rows = [e for e in found if (e.origin, not e.row.supported, e.row.kind) == key]
        hits = sum(id(e) in passed for e in rows)
        low, high = wilson(hits, len(rows))
        what = "false" if key[1] else "true"
        print(f"  {key[0]}, {what}, {key[2]:<24} {hits:>4} of {len(rows):<4} supported  [{low:.3f}, {high:.3f}]")
    model = learned(left)
    data = as_data(model, threshold)
    trees, some = Trees.of(data), _columns(left[:200])
    apart = np.abs(model.predict_proba(some)[:, 1] - [trees.probability(row) for row in some.tolist()])
    if apart.max() > 1e-3:
        raise AssertionError("the trees as data are not those that were fitted")
    return data


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.fit_sentences", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args(argv)
    settings = load_settings()
    meaning = Meaning(ChosenEmbedder(settings.embedding_model, caches=(settings.cache_dir,)))
    found = examples(rows_of(args.file), Grounder(), meaning)
    fitted = fit(found)
    if args.write:
        TREES.write_text(json.dumps(fitted, separators=(",", ":")).replace("]],[[", "]],\n[[") + "\n", encoding="utf-8")
        print(f"written to {TREES}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
