"""Which layers compute in eight bits, and that the encoder is left as it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
import torch

from service.models import openvino_runtime, quantising
from service.models.compiled import CompiledEmbedder
from service.models.openvino_runtime import CompiledEncoder, mapped, this_machine
from service.models.quantising import roundings_of, texts
from service.models.sentence_transformer import SentenceTransformerEmbedder


class Encoder(torch.nn.Module):
    """Four layers: two on one input, one that narrows, and one whose inputs differ too much for eight bits."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(3)
        self.words = torch.nn.Embedding(50, 8)
        self.one, self.other = torch.nn.Linear(8, 8), torch.nn.Linear(8, 8)
        self.narrow = torch.nn.Linear(8, 4)
        self.last = torch.nn.Linear(4, 8)

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> tuple[torch.Tensor]:
        read = self.words(input_ids)
        return (self.last(self.narrow(torch.tanh(self.one(read)) + self.other(read))),)


def tokenised(samples: Sequence[str]) -> Mapping[str, torch.Tensor]:
    rows = [[ord(letter) % 50 for letter in text][:40] or [0] for text in samples]
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in rows])
    return {"input_ids": ids, "attention_mask": mask}


def test_layers_with_one_input_are_rounded_together_and_those_that_narrow_are_not() -> None:
    chosen = roundings_of(Encoder(), tokenised, texts())
    assert {rounding.layers for rounding in chosen} == {("one", "other"), ("last",)}
    assert all(rounding.scale.shape == ((8,) if "one" in rounding.layers else (4,)) for rounding in chosen)
    assert all(rounding.limit > 0 for rounding in chosen)


def test_the_encoder_is_left_as_it_was() -> None:
    encoder = Encoder()
    before, tokens = dict(encoder.named_modules()), tokenised(texts())
    states = encoder(**tokens)[0]
    roundings_of(encoder, tokenised, texts())
    assert dict(encoder.named_modules()) == before
    assert torch.equal(encoder(**tokens)[0], states)
    assert not any(module._forward_pre_hooks for module in before.values())


def test_no_more_is_lost_than_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quantising, "MOST_LOST", 0.0)
    assert roundings_of(Encoder(), tokenised, texts()) == []


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("avx2", "fp32"),
        ("avx2 avx_vnni", "int8"),
        ("avx512f avx512_vnni", "int8"),
        ("avx512_bf16 avx512_vnni", "int8"),
        ("amx_bf16", "bf16"),
    ],
)
def test_the_processor_decides(flags: str, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(openvino_runtime, "_cpu_flags", lambda: frozenset(flags.split()))
    assert this_machine().precision == expected


def test_in_eight_bits_the_default_model_has_its_vectors_and_says_so(
    tmp_path_factory: pytest.TempPathFactory, minilm: SentenceTransformerEmbedder
) -> None:
    embedder = CompiledEmbedder(caches=[tmp_path_factory.mktemp("int8")], precision="int8")
    embedder.prepare()
    assert embedder.backend.startswith("OpenVINO int8")
    question = "Who paid for the new bridge, and when was it opened?"
    reference = minilm.embed_query(question)
    assert 0.995 <= float(embedder.embed_query(question) @ reference) < 1 - 1e-6


@pytest.mark.parametrize(("most_lost", "expected"), [(1.0, {"int8"}), (-1.0, {"bf16", "fp32"})])
def test_a_model_that_eight_bits_would_change_is_compiled_without_them(
    most_lost: float,
    expected: set[str],
    make_model: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The conversion's process learns from `sitecustomize` how much may be lost."""
    lines = f"import service.models.quantising as q\nq.MOST_LOST = {most_lost}\n"
    (tmp_path / "sitecustomize.py").write_text(lines, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    embedder = CompiledEmbedder(str(make_model("mean")), caches=[tmp_path / "cache"], precision="int8")
    embedder.prepare()
    assert embedder.backend.split(",")[0].removeprefix("OpenVINO ") in expected


def test_encoders_say_when_they_are_done(compiled: CompiledEmbedder) -> None:
    model = compiled._ready().model
    encoder = CompiledEncoder(
        mapped(model.file), model.manifest.precision, model.manifest.inputs, model.manifest.pad_id, 1
    )
    with encoder.turn() as request:
        encoder.start(request, [[101, 102]])
        encoder.finish(request)
        assert encoder.is_ready(request)
