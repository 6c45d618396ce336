"""Fit the entailment model: `python -m eval.entailment.training [--epochs N] [--all] [--write FILE]`.

Without `--all` a tenth of the texts is held out and measured, as often as there are epochs: the area under the ROC
curve, the share of false claims let through where 90 % of the true ones are, by kind, and the same for a model that
never sees the text, which tells how much the wording of a claim alone gives away.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score
from torch import nn

from eval.entailment.net import EntailmentNet, build
from eval.entailment.pairs import PAIRS, Pair, Row, read_pairs, varied
from service.errors import GroundwireError

_BATCH = 8
_LONGEST = 256
_RATE = 5e-4
_WARMING = 0.1
_SMOOTHED = 0.05
_LEAST_RATE = 0.02
_KEPT = 0.9


@dataclass(frozen=True, slots=True)
class Packed:
    """A text with claims behind it, as the network reads them. `parts` and `places` as EntailmentNet has them."""

    ids: list[int]
    parts: list[int]
    places: list[int]
    claims: tuple[Pair, ...]


def packed(tokenizer: Any, text: str, claims: Sequence[Pair]) -> Packed:
    """`claims` are pairs with this text."""
    of_text = tokenizer(text, truncation=True, max_length=_LONGEST)["input_ids"]
    ids, parts, places = list(of_text), [0] * len(of_text), list(range(len(of_text)))
    for number, pair in enumerate(claims, start=1):
        of_claim = tokenizer(pair.claim, truncation=True, max_length=_LONGEST)["input_ids"][1:]
        ids += of_claim
        parts += [number] * len(of_claim)
        places += range(len(of_text), len(of_text) + len(of_claim))
    return Packed(ids, parts, places, tuple(claims))


def fit(
    rows: Sequence[Row],
    measured_on: Sequence[Sequence[Pair]],
    epochs: int,
    seed: int,
    *,
    begin: Path | None = None,
    write: Path | None = None,
    blind: bool = False,
) -> EntailmentNet:
    """Train on `rows`, from the weights in `begin` on; after each epoch they are written to `write`.

    `blind`: the text is left out.
    """
    torch.manual_seed(seed)
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    net, tokenizer = build(dropout=0.1)
    if begin is not None:
        net.restore(begin)
    trained = [p for p in net.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(trained, lr=_RATE, weight_decay=0.01)
    steps = epochs * -(-len(rows) // _BATCH)
    step, began = 0, time.monotonic()
    for epoch in range(epochs):
        net.train()
        losses = []
        batches = _batches(_grouped(tokenizer, varied(rows, chance), blind=blind), _BATCH)
        chance.shuffle(batches)
        for batch in batches:
            for group in optimiser.param_groups:
                group["lr"] = _RATE * min(1.0, step / (_WARMING * steps)) * max(_LEAST_RATE, 1 - step / steps)
            odds = _odds(net, batch)
            goal = torch.tensor([float(pair.follows) for one in batch for pair in one.claims])
            loss = nn.functional.binary_cross_entropy_with_logits(odds, goal * (1 - 2 * _SMOOTHED) + _SMOOTHED)
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            losses.append(loss.item())
            step += 1
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.3f}, {time.monotonic() - began:.0f} s", flush=True)
        if write is not None:
            net.save(write)
        for pairs in filter(None, measured_on):
            print(measured(net, tokenizer, pairs, blind=blind), flush=True)
    return net.eval()


def _grouped(tokenizer: Any, pairs: Iterable[Pair], *, blind: bool) -> list[Packed]:
    """Pairs of one text together."""
    texts: dict[str, list[Pair]] = {}
    for pair in pairs:
        texts.setdefault(pair.text, []).append(pair)
    return [packed(tokenizer, "" if blind else text, claims) for text, claims in texts.items()]


def _batches(found: Sequence[Packed], size: int) -> list[list[Packed]]:
    """Of like length, so that little is padding."""
    order = sorted(found, key=lambda one: len(one.ids))
    return [list(order[k : k + size]) for k in range(0, len(order), size)]


def _odds(net: EntailmentNet, batch: Sequence[Packed]) -> torch.Tensor:
    """Of all claims, one text after the other."""
    width = max(len(one.ids) for one in batch)

    def padded(rows: Iterable[Sequence[int]], value: int) -> torch.Tensor:
        return torch.tensor([[*row, *[value] * (width - len(row))] for row in rows])

    claims = max(len(one.claims) for one in batch)
    odds = net.of_claims(
        padded((one.ids for one in batch), 0),
        padded((one.parts for one in batch), -1),
        padded((one.places for one in batch), 0),
        claims,
    )
    return torch.cat([odds[k, : len(one.claims)] for k, one in enumerate(batch)])


def log_odds(net: EntailmentNet, tokenizer: Any, pairs: Sequence[Pair], *, blind: bool = False) -> NDArray[np.float64]:
    """One for each pair, in their order; higher: it follows."""
    net.eval()
    found: dict[tuple[str, str], float] = {}
    with torch.inference_mode():
        for batch in _batches(_grouped(tokenizer, pairs, blind=blind), _BATCH):
            odds = _odds(net, batch).tolist()
            found |= {(p.text, p.claim): odd for p, odd in zip((p for b in batch for p in b.claims), odds, strict=True)}
    return np.array([found[pair.text, pair.claim] for pair in pairs])


def measured(net: EntailmentNet, tokenizer: Any, pairs: Sequence[Pair], *, blind: bool = False) -> str:
    """One line of what the model makes of held-out pairs."""
    odds = log_odds(net, tokenizer, pairs, blind=blind)
    truth = np.array([pair.follows for pair in pairs])
    least = np.quantile(odds[truth], 1 - _KEPT)
    kinds = sorted({pair.kind for pair in pairs if not pair.follows})
    through = {k: np.mean([o >= least for o, p in zip(odds, pairs, strict=True) if p.kind == k]) for k in kinds}
    by_kind = ", ".join(f"{kind} {share:.0%}" for kind, share in through.items())
    return (
        f"  {len(pairs)} held out: AUC {roc_auc_score(truth, odds):.3f}, right {np.mean((odds > 0) == truth):.3f};"
        f" false let through with {_KEPT:.0%} of the true {np.mean(odds[~truth] >= least):.1%} ({by_kind})"
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.entailment.training", description=__doc__)
    parser.add_argument(
        "--pairs", type=Path, default=PAIRS, help="a folder of .jsonl files, see eval/entailment/pairs.py"
    )
    parser.add_argument("--epochs", type=int, default=4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--all", action="store_true", help="hold nothing out")
    parser.add_argument("--blind", action="store_true", help="train without the texts: what the claims give away")
    parser.add_argument("--check", type=Path, metavar="FOLDER", help="further pairs to measure on")
    parser.add_argument("--begin", type=Path, metavar="FILE", help="weights to go on from")
    parser.add_argument("--write", type=Path, metavar="FILE", help="where the weights go, after each epoch")
    args = parser.parse_args(argv)
    try:
        rows = read_pairs(args.pairs)
    except (GroundwireError, OSError) as error:
        print(f"eval.entailment.training: {error}", file=sys.stderr)
        return 1
    kept = rows if args.all else [row for row in rows if row.fold]
    held_out = [] if args.all else [pair for row in rows if not row.fold for pair in row.pairs]
    others = [pair for row in read_pairs(args.check) for pair in row.pairs] if args.check else []
    print(f"{len(kept)} texts to learn from, {sum(len(r.pairs) for r in kept)} claims", flush=True)
    fit(kept, (held_out, others), args.epochs, args.seed, begin=args.begin, write=args.write, blind=args.blind)
    return 0


if __name__ == "__main__":
    sys.exit(main())
