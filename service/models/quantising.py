"""Matrix products in eight bits, where a model's vectors are hardly other ones for it.

Each linear layer is tried by itself: its inputs are divided and its weights multiplied, input by input, so that both
fill eight bits well (SmoothQuant, Xiao et al. 2023), with ranges taken from texts that the model reads beforehand. What
the vectors lose by a layer decides whether it is one of those that compute in eight bits; the rest stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from service.models.compiled_cache import CALIBRATION

if TYPE_CHECKING:
    import torch

MOST_LOST = 0.0016
"""Of the cosine to the unchanged vectors, all layers in eight bits together, on the texts that it was chosen by."""
_MOST_PROBES, _LONGEST_PROBE = 12, 220
"""Texts, and their characters, that every layer is tried on: some seconds for a model of six layers."""
_SHARES = (0.65, 0.8)
"""How much of an input's range its weights take over."""
_ROOM, _NOTHING = 2.0, 0.0001
"""Inputs may come to twice what was seen, where giving them that much room loses no more than this."""
_LEAST = 1e-5
_SIGNED = 127.0

Tokenised = Callable[[Sequence[str]], Mapping[str, "torch.Tensor"]]
Layers = tuple[str, ...]
"""Names of linear layers that read one and the same input, and so round it once."""


@dataclass(frozen=True, slots=True)
class Rounding:
    """How layers with one input compute in eight bits.

    `scale`, shape (inputs,), float32: inputs are divided by it, weights multiplied. `limit`: the largest input after
    that; a larger one is cut off.
    """

    layers: Layers
    scale: NDArray[np.float32]
    limit: float


def texts() -> list[str]:
    """Of many kinds, lengths and languages, to take ranges from: news, questions, figures, names, lists."""
    return CALIBRATION.read_text(encoding="utf-8").splitlines()


def roundings_of(encoder: torch.nn.Module, tokenised: Tokenised, samples: Sequence[str]) -> list[Rounding]:
    """For the layers that together lose at most MOST_LOST; those that lose least for their size go first.

    `encoder` takes what `tokenised` makes of texts, padded, and returns token states first; it is left as it was.
    """
    import torch

    linear = {name: module for name, module in encoder.named_modules() if _keeps_its_range(module)}
    probes = [text for text in samples if len(text) <= _LONGEST_PROBE]
    probes = probes[:: max(1, len(probes) // _MOST_PROBES)]
    with torch.inference_mode():
        largest, groups = _largest_inputs(encoder, linear, lambda: _read(encoder, tokenised, samples))
        before = _vectors(encoder, tokenised, probes)
        tried: list[tuple[float, int, Rounding]] = []
        for layers in groups:
            weights = torch.cat([linear[name].weight for name in layers])

            def lost(rounding: Rounding) -> float:
                with _rounded(encoder, linear, rounding):
                    cosines = (_vectors(encoder, tokenised, probes) * before).sum(1)
                return max(0.0, 1.0 - float(cosines.min()))

            found = [_rounding(layers, weights, largest[layers[0]], share) for share in _SHARES]
            least, best = min(((lost(rounding), rounding) for rounding in found), key=itemgetter(0))
            if least <= _NOTHING:
                wider = replace(best, limit=_ROOM * best.limit)
                if (more := lost(wider)) <= _NOTHING:
                    least, best = more, wider
            tried.append((least, weights.numel(), best))
    chosen, spent = list[Rounding](), 0.0
    for least, _, rounding in sorted(tried, key=lambda layer: layer[0] / layer[1]):
        if spent + least <= MOST_LOST:
            spent += least
            chosen.append(rounding)
    return chosen


def round_products(
    model: Any, encoder: torch.nn.Module, roundings: Sequence[Rounding], product_of: Callable[[str], str]
) -> int:
    """Put the roundings into an OpenVINO model of the encoder, which then computes these products in eight bits.

    `product_of`: what the product of a layer is called in it. Returns how many were found there.
    """
    from openvino import opset13 as ops

    products = {op.get_friendly_name(): op for op in model.get_ops() if op.get_type_name() == "MatMul"}
    found = 0
    for rounding in roundings:
        present = [(name, products[product_of(name)]) for name in rounding.layers if product_of(name) in products]
        if not present:
            continue
        factors = ops.constant((1.0 / rounding.scale).reshape(1, 1, -1))
        inputs = ops.multiply(present[0][1].input_value(0), factors)
        inputs = _in_eight_bits(ops, inputs, np.full((1, 1, 1), rounding.limit), (_SIGNED + 1) / _SIGNED, 256)
        for name, product in present:
            layer: Any = encoder.get_submodule(name)
            weights = layer.weight.detach().float().numpy() * rounding.scale
            rows = np.maximum(np.abs(weights).max(axis=1, keepdims=True), _LEAST)
            rounded = ops.matmul(inputs, _in_eight_bits(ops, ops.constant(weights), rows, 1.0, 255), False, True)
            rounded.set_friendly_name(product.get_friendly_name())
            for reader in list(product.output(0).get_target_inputs()):
                reader.replace_source_output(rounded.output(0))
            found += 1
    model.validate_nodes_and_infer_types()
    return found


def _in_eight_bits(ops: Any, values: Any, limits: NDArray[Any], below: float, levels: int) -> Any:
    """`below`: how much farther the range goes below zero than above."""
    high = ops.constant(limits.astype(np.float32))
    low = ops.constant((-below * limits).astype(np.float32))
    return ops.fake_quantize(values, low, high, low, high, levels)


def _keeps_its_range(module: torch.nn.Module) -> TypeGuard[torch.nn.Linear]:
    """Whether it is a linear layer whose inputs other texts hardly exceed.

    One that reads more than it writes comes after the activation function: there, single inputs are most of the time
    next to nothing and for some word eight times what any text before made them.
    """
    import torch

    return isinstance(module, torch.nn.Linear) and module.in_features <= module.out_features


def _read(encoder: torch.nn.Module, tokenised: Tokenised, samples: Sequence[str]) -> None:
    for text in samples:
        encoder(**tokenised([text]))


def _vectors(encoder: torch.nn.Module, tokenised: Tokenised, samples: Sequence[str]) -> torch.Tensor:
    """Means of the token states, L2-normalised, shape (samples, d)."""
    import torch

    tokens = tokenised(samples)
    mask = tokens["attention_mask"].unsqueeze(-1)
    states = encoder(**tokens)[0] * mask
    return torch.nn.functional.normalize(states.sum(1) / mask.sum(1), dim=1)


def _largest_inputs(
    encoder: torch.nn.Module, linear: Mapping[str, torch.nn.Linear], read: Callable[[], None]
) -> tuple[dict[str, torch.Tensor], list[Layers]]:
    """By layer, the largest size of each of its inputs, shape (inputs,), and the layers that `read` uses, grouped."""
    import torch

    largest: dict[str, torch.Tensor] = {}
    groups: dict[str, list[str]] = {}
    last: list[Any] = [None, ""]

    def look(name: str, values: torch.Tensor) -> None:
        if values is not last[0]:
            last[:] = [values, name]
        if name not in largest:
            groups.setdefault(last[1], []).append(name)
        seen = values.abs().reshape(-1, values.shape[-1]).amax(0)
        largest[name] = torch.maximum(largest[name], seen) if name in largest else seen

    def hook(name: str) -> Callable[[torch.nn.Module, tuple[Any, ...]], None]:
        return lambda _, inputs: look(name, inputs[0])

    hooks = [module.register_forward_pre_hook(hook(name)) for name, module in linear.items()]
    try:
        read()
    finally:
        for held in hooks:
            held.remove()
    return largest, [tuple(group) for group in groups.values()]


def _rounding(layers: Layers, weights: torch.Tensor, largest: torch.Tensor, share: float) -> Rounding:
    inputs = largest.clamp(min=_LEAST)
    scale = inputs**share / weights.abs().amax(0).clamp(min=_LEAST) ** (1 - share)
    return Rounding(layers, scale.float().numpy(), float((inputs / scale).max()))


@contextmanager
def _rounded(encoder: torch.nn.Module, linear: Mapping[str, torch.nn.Linear], rounding: Rounding) -> Iterator[None]:
    """The encoder with these layers computing as if in eight bits."""
    try:
        for name in rounding.layers:
            encoder.set_submodule(name, _as_rounded(linear[name], rounding))
        yield
    finally:
        for name in rounding.layers:
            encoder.set_submodule(name, linear[name])


def _as_rounded(layer: torch.nn.Linear, rounding: Rounding) -> torch.nn.Module:
    import torch

    class Rounded(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.scale = torch.from_numpy(rounding.scale)
            self.step = rounding.limit / _SIGNED
            weights = layer.weight * self.scale
            rows = weights.abs().amax(1, keepdim=True).clamp(min=_LEAST) / _SIGNED
            self.weights = torch.round(weights / rows) * rows

        def forward(self, values: torch.Tensor) -> torch.Tensor:
            steps = torch.round(values / self.scale / self.step).clamp(-_SIGNED - 1, _SIGNED)
            return torch.nn.functional.linear(steps * self.step, self.weights, layer.bias)

    return Rounded()
