"""`python -m service.models.entailment_conversion MODEL FOLDER TARGET PRECISION`: compile the entailment model.

Run as service.models.conversion is, and writes and prints the same.
"""

from __future__ import annotations

import json
import sys
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch

from service.errors import GroundwireError
from service.importing import absent
from service.models.compiled_cache import MODEL_FILE, TOKENIZER_FILE, UNFIT, Manifest, Unfit
from service.models.entailment import LONGEST, NAME, WEIGHTS
from service.models.entailment_net import build
from service.models.openvino_runtime import CompiledEncoder, Precision, export, mapped

_INPUTS = ("input_ids", "parts", "places")
MOST_OFF = {"fp32": 0.01, "bf16": 0.35}
"""Log-odds between the compiled model and torch, for every pair below."""
_TEXT = "The ferry sank off the coast of Brittany on Monday; all 41 passengers were saved by fishermen. "
_PAIRS = (
    (_TEXT, "Nobody on the ferry died."),
    (_TEXT * 4, "The fishermen were saved by passengers."),
    ("Rain.", "Snow."),
)


def convert(target: Path, precision: Precision) -> Manifest:
    """Raises Unfit, ModelUnavailable, OSError."""
    net, tokenizer = build()
    try:
        net.restore(WEIGHTS)
    except ValueError as error:
        raise Unfit(f"model {NAME}: {error}; reinstall groundwire") from error
    net.eval()
    (target / MODEL_FILE).write_bytes(_compiled(net, precision))
    backend = tokenizer.backend_tokenizer
    backend.no_padding()
    backend.no_truncation()
    backend.save(str(target / TOKENIZER_FILE))
    manifest = Manifest(1, LONGEST, _INPUTS, int(tokenizer.pad_token_id or 0), 1.0)
    off = _most_off(net, tokenizer, target, manifest, precision)
    if not off <= MOST_OFF[precision]:
        raise Unfit(f"model {NAME}: compiled, it judges otherwise (log-odds differ by {off:.3f})")
    return manifest


def _compiled(net: torch.nn.Module, precision: Precision) -> bytes:
    with absent("openvino_telemetry"):  # it would report every conversion over the network
        import openvino
        from openvino.tools.ovc import convert_model

    ids = torch.ones((2, 7), dtype=torch.int64)
    parts = torch.tensor([[0] * 4 + [1] * 3, [0] * 2 + [1] * 2 + [-1] * 3])
    places = torch.arange(7).repeat(2, 1)
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the tracer's, about branches that are the same for every text
        converted = convert_model(
            net, example_input=(ids, parts, places), input=[openvino.PartialShape([-1, -1])] * len(_INPUTS)
        )
    return export(converted, precision)


def _most_off(net: torch.nn.Module, tokenizer: Any, target: Path, manifest: Manifest, precision: Precision) -> float:
    """Between the file that was written, read back and run on one padded batch, and torch."""
    encoder = CompiledEncoder(mapped(target / MODEL_FILE), precision, manifest.inputs, manifest.pad_id, 1)
    texts, claims = zip(*_PAIRS, strict=True)
    tokens = tokenizer(list(texts), list(claims), padding=True, return_tensors="pt")
    ids, parts = tokens["input_ids"], tokens["token_type_ids"] - (1 - tokens["attention_mask"])
    with torch.inference_mode():
        reference = net(ids, parts, torch.arange(ids.shape[1]).repeat(len(texts), 1)).numpy()
    apart = [tokenizer(*pair) for pair in _PAIRS]
    with encoder.turn() as request:
        windows, types = [one["input_ids"] for one in apart], [one["token_type_ids"] for one in apart]
        found = encoder.states(request, windows, types).reshape(len(_PAIRS))
        return float(np.abs(found - reference).max())


def main(arguments: list[str]) -> int:
    *_, target, precision = arguments
    try:
        manifest = convert(Path(target), "bf16" if precision == "bf16" else "fp32")
    except GroundwireError as error:
        sys.stderr.write(f"{error}\n")
        return UNFIT if isinstance(error, Unfit) else 1
    except Exception as error:  # whatever the converter stumbles over; the process that asked shows it in one line
        sys.stderr.write(" ".join(f"{type(error).__name__}: {error}".split())[:300] + "\n")
        return 1
    sys.stdout.write(json.dumps(asdict(manifest)) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
