"""The network that reads a text and a claim together: the default embedding model, adapted to tell what follows.

Its weights are those of all-MiniLM-L6-v2 with low-rank additions (Hu et al., LoRA, 2021) to the upper layers, and a
small head; eval/entailment/training.py fits them. Only processes that train or compile import this module, and torch.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import torch
from safetensors.torch import load_file, save_file
from torch import nn

from service.models.loading import load_sentence_transformer
from service.models.weights import DEFAULT_MODEL, check_default_weights, find_model

FROZEN = 2
"""Layers from below that stay as they are."""
RANK = 16
HIDDEN = 128
_SCALE = 2.0
_WIDTH = 384
_MASKED = -1e4
_ADAPTED = ("attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense")
_ADAPTED_TOO = ("intermediate.dense", "output.dense")
_NORMS = ("attention.output.LayerNorm", "output.LayerNorm")


class LowRank(nn.Module):
    """A linear layer with a trained addition of low rank: `x W + scale x A' B'`."""

    def __init__(self, linear: nn.Linear, rank: int) -> None:
        super().__init__()
        self.linear = linear
        self.down = nn.Parameter(torch.randn(rank, linear.in_features) / math.sqrt(linear.in_features))
        self.up = nn.Parameter(torch.zeros(linear.out_features, rank))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        return cast("torch.Tensor", self.linear(states) + (states @ self.down.T) @ self.up.T * _SCALE)


class EntailmentNet(nn.Module):
    """Reads `[CLS] text [SEP]` and claims, each `claim [SEP]`, and gives the log-odds that a claim follows.

    A token of the text sees the text alone, one of a claim the text and its own claim: many claims behind one text are
    read in one pass, and each as if it stood alone. `ids`, `parts` (0: the text, k: the k-th claim, below 0: padding)
    and `places` (positions; every claim's begin behind the text's) have shape (n, longest).
    """

    def __init__(self, encoder: Any, dropout: float = 0.0) -> None:
        super().__init__()
        self.embeddings = encoder.embeddings
        self.layers = encoder.encoder.layer
        for parameter in self.parameters():
            parameter.requires_grad = False
        for layer in self.layers[FROZEN:]:
            for path in (*_ADAPTED, *_ADAPTED_TOO):
                owner, name = _owner(layer, path)
                setattr(owner, name, LowRank(getattr(owner, name), RANK))
            for path in _NORMS:
                for parameter in layer.get_submodule(path).parameters():
                    parameter.requires_grad = True
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Sequential(nn.Linear(2 * _WIDTH, HIDDEN), nn.GELU(), nn.Dropout(dropout), nn.Linear(HIDDEN, 1))

    def of_claims(self, ids: torch.Tensor, parts: torch.Tensor, places: torch.Tensor, claims: int) -> torch.Tensor:
        """Shape (n, claims); of no meaning for a claim that a row does not have."""
        states = self.embeddings(input_ids=ids, token_type_ids=parts.clamp(0, 1), position_ids=places)
        seen = (parts[:, None, :] == 0) | (parts[:, None, :] == parts[:, :, None])
        added = (1.0 - seen[:, None].to(states.dtype)) * _MASKED
        for layer in self.layers:
            output = layer(states, added)
            states = output[0] if isinstance(output, tuple) else output
        numbers = torch.arange(1, claims + 1)
        of_claim = (parts[:, None, :] == numbers[None, :, None]).to(states.dtype)
        means = of_claim @ states / of_claim.sum(dim=2, keepdim=True).clamp(min=1.0)
        of_text = (parts == 0).to(states.dtype)[:, None]
        text = (of_text @ states / of_text.sum(dim=2, keepdim=True).clamp(min=1.0)).expand_as(means)
        return cast("torch.Tensor", self.head(self.dropout(torch.cat([means, means * text], dim=2))).squeeze(-1))

    def trained(self) -> Iterator[tuple[str, torch.Tensor]]:
        """What was fitted, by name: all that is not the embedding model's."""
        for name, parameter in self.named_parameters():
            if parameter.requires_grad:
                yield name, parameter.detach()

    def save(self, file: Path) -> None:
        """Write what was fitted, in float16."""
        save_file({name: tensor.to(torch.float16).contiguous() for name, tensor in self.trained()}, file)

    def restore(self, file: Path) -> None:
        """Read what `save` wrote. Raises ValueError for a file of another network."""
        found = load_file(file)
        own = dict(self.named_parameters())
        wanted = {name for name, _ in self.trained()}
        if set(found) != wanted:
            raise ValueError(f"{file} does not fit: {len(wanted - set(found))} weights missing")
        with torch.no_grad():
            for name, tensor in found.items():
                own[name].copy_(tensor.to(torch.float32))


def build(dropout: float = 0.0) -> tuple[EntailmentNet, Any]:
    """The network before any training, and its fast tokenizer. Raises ModelUnavailable for other weights."""
    folder = find_model(DEFAULT_MODEL)
    check_default_weights(folder)
    model: Any = load_sentence_transformer(DEFAULT_MODEL, folder, "cpu")
    encoder = model[0].auto_model.float()
    encoder.set_attn_implementation("eager")
    return EntailmentNet(encoder, dropout), model.tokenizer


def _owner(layer: Any, path: str) -> tuple[Any, str]:
    parent, _, name = path.rpartition(".")
    return layer.get_submodule(parent), name
