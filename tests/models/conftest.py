"""Models for the tests: the default one, loaded once, and tiny ones with random weights, made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from service.models.compiled import CompiledEmbedder
from service.models.openvino_runtime import Precision
from service.models.sentence_transformer import SentenceTransformerEmbedder
from service.models.weights import find_model


@pytest.fixture(scope="session")
def minilm() -> SentenceTransformerEmbedder:
    embedder = SentenceTransformerEmbedder()
    embedder.warm()
    return embedder


@pytest.fixture(scope="session")
def caches(cache_home: Path) -> list[Path]:
    """Where the default model is compiled, once."""
    return [cache_home / "groundwire"]


@pytest.fixture(scope="session")
def compiled(caches: list[Path]) -> CompiledEmbedder:
    embedder = CompiledEmbedder(caches=caches)
    embedder.warm()
    return embedder


@pytest.fixture(scope="session")
def make_model(tmp_path_factory: pytest.TempPathFactory, minilm: SentenceTransformerEmbedder) -> Callable[[str], Path]:
    """Makes a folder with a two-layer model of 32 dimensions that pools as named and reads 24 tokens."""

    @cache
    def make(pooling: str) -> Path:
        import torch
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
        from transformers import BertConfig, BertModel, BertTokenizerFast

        torch.manual_seed(7)
        encoder = tmp_path_factory.mktemp("encoder")
        tokenizer = BertTokenizerFast.from_pretrained(str(find_model("all-MiniLM-L6-v2")))
        tokenizer.save_pretrained(str(encoder))
        config = BertConfig(
            vocab_size=len(tokenizer), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
        )
        BertModel(config).save_pretrained(str(encoder))
        folder = tmp_path_factory.mktemp(pooling) / "Tiny Model"
        modules = [Transformer(str(encoder), max_seq_length=24), Pooling(32, pooling_mode=pooling)]
        SentenceTransformer(modules=modules, device="cpu").save(str(folder), create_model_card=False)
        return folder

    return make


@pytest.fixture(scope="session")
def make_compiled(
    make_model: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., CompiledEmbedder]:
    """The embedder over such a model, compiled in a cache of its own, once for each way of asking."""

    @cache
    def make(pooling: str, precision: Precision) -> CompiledEmbedder:
        folder = tmp_path_factory.mktemp("cache")
        embedder = CompiledEmbedder(str(make_model(pooling)), caches=[folder], precision=precision)
        embedder.warm()
        return embedder

    return make
