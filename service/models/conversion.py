"""`python -m service.models.conversion MODEL FOLDER TARGET PRECISION`: compile a sentence-transformers model.

Writes the compiled model and its tokenizer into TARGET and prints, as JSON, what else an embedder has to know. The
process that wants the model runs this one, so that torch never comes into its own memory.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from service.errors import GroundwireError
from service.importing import absent
from service.models.compiled_cache import MODEL_FILE, TOKENIZER_FILE, UNFIT, Manifest, Unfit
from service.models.loading import load_sentence_transformer
from service.models.openvino_runtime import CompiledEncoder, Precision, export, floating, mapped
from service.models.quantising import round_products, roundings_of, texts
from service.models.sentence_transformer import is_poolable, window_length

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

LEAST_COSINES: Mapping[Precision, float] = {"int8": 0.995, "bf16": 0.999, "fp32": 0.999}
"""To the reference, for every text below. bf16 gives 0.9999 and better."""
_INPUTS = ("input_ids", "attention_mask", "token_type_ids")
_PROSE = (
    "A cargo ship lost 41 containers in a storm off the coast of Brittany on Sunday night, the harbour master said. "
)
_TEXTS = ("Rain.", "Who paid for the new bridge, and when was it opened?", _PROSE, _PROSE * 4, _PROSE * 60)


def convert(name: str, folder: Path, target: Path, precision: Precision) -> Manifest:
    """Raises Unfit, ModelUnavailable, OSError."""
    model = load_sentence_transformer(name, folder, "cpu")
    if not is_poolable(model):
        raise Unfit(f"model {name}: only models that pool by the mean, with no prompts and a fast tokenizer, compile")
    tokenizer: Any = model.tokenizer
    inputs = tuple(name for name in tokenizer.model_input_names if name in _INPUTS)
    backend = tokenizer.backend_tokenizer
    backend.no_padding()
    backend.no_truncation()
    backend.save(str(target / TOKENIZER_FILE))
    manifest = Manifest(
        dimension=int(model.get_embedding_dimension() or 0),
        longest=window_length(model),
        inputs=inputs,
        pad_id=int(tokenizer.pad_token_id or 0),
        precision=precision,
        cosine=0.0,
    )
    if precision == "int8":
        rounded = _checked(model, target, manifest)
        if rounded is not None:
            return rounded
        manifest = replace(manifest, precision=floating())
    checked = _checked(model, target, manifest)
    if checked is None:
        raise Unfit(f"model {name}: compiled, its vectors are no longer the same")
    return checked


def _checked(model: SentenceTransformer, target: Path, manifest: Manifest) -> Manifest | None:
    """Compile it into `target`; `None` when its vectors are then too far from the reference's, or none is rounded."""
    compiled = _compiled(model, manifest.inputs, manifest.precision)
    if compiled is None:
        return None
    (target / MODEL_FILE).write_bytes(compiled)
    cosine = _least_cosine(model, target, manifest)
    return replace(manifest, cosine=cosine) if cosine >= LEAST_COSINES[manifest.precision] else None


def _compiled(model: SentenceTransformer, inputs: tuple[str, ...], precision: Precision) -> bytes | None:
    """`None` when it is to be in eight bits and has no product that can be."""
    import torch

    with absent("openvino_telemetry"):  # it would report every conversion over the network
        import openvino
        from openvino.tools.ovc import convert_model

    class States(torch.nn.Module):
        def __init__(self, encoder: torch.nn.Module) -> None:
            super().__init__()
            self.encoder = encoder

        def forward(self, *tensors: torch.Tensor) -> torch.Tensor:
            output = self.encoder(**dict(zip(inputs, tensors, strict=True)), return_dict=False)
            return cast("torch.Tensor", output[0])

    encoder: Any = model[0].auto_model
    tokenizer: Any = model.tokenizer
    tokenised = partial(tokenizer, return_tensors="pt", padding=True, truncation=True, max_length=window_length(model))
    ids = torch.ones((2, 7), dtype=torch.int64)
    mask = torch.tensor([[1] * 7, [1] * 4 + [0] * 3])  # all ones, and the trace would leave masking out
    example = {"input_ids": ids, "attention_mask": mask, "token_type_ids": torch.zeros_like(ids)}
    with warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # the tracer's, about branches that are the same for every text
        converted = convert_model(
            States(encoder.float()),
            example_input=tuple(example[name] for name in inputs),
            input=[openvino.PartialShape([-1, -1])] * len(inputs),
        )
    if precision == "int8":
        roundings = roundings_of(encoder, tokenised, texts())
        if not round_products(converted, encoder, roundings, "__module.encoder.{}/aten::linear/MatMul".format):
            return None
    return export(converted, precision)


def _least_cosine(model: SentenceTransformer, target: Path, manifest: Manifest) -> float:
    """Between the file that was written, read back and run on one padded batch, and the library's own vectors."""
    encoder = CompiledEncoder(mapped(target / MODEL_FILE), manifest.precision, manifest.inputs, manifest.pad_id)
    tokens: Any = model.tokenizer
    ids = tokens(list(_TEXTS), truncation=True, max_length=manifest.longest)["input_ids"]
    with encoder.turn() as request:
        states = encoder.states(request, ids)
        compiled = np.stack([rows[: len(window)].mean(axis=0) for rows, window in zip(states, ids, strict=True)])
    reference = model.encode(list(_TEXTS), show_progress_bar=False)
    lengths = np.linalg.norm(compiled, axis=1) * np.linalg.norm(reference, axis=1)
    return float(((compiled * reference).sum(axis=1) / lengths).min())


def main(arguments: list[str]) -> int:
    name, folder, target, precision = arguments
    try:
        manifest = convert(name, Path(folder), Path(target), cast("Precision", precision))
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
