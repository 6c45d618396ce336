"""The sentence-transformers adapter against the library it wraps, and its failures."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from service.errors import ModelUnavailable
from service.models.ports import ChunkText, Vector
from service.models.sentence_transformer import SentenceTransformerEmbedder
from service.models.weights import find_model
from service.types import Span

SENTENCES = (
    "The ferry left Porto at noon with 214 people on board.",
    "Two hours later, its captain reported a fire in the engine room.",
    "Nobody was hurt — the crew put it out.",
)


def chunk_of(sentences: tuple[str, ...]) -> ChunkText:
    text = " ".join(sentences)
    spans = []
    for sentence in sentences:
        start = text.index(sentence, spans[-1].end if spans else 0)
        spans.append(Span(start, start + len(sentence)))
    return ChunkText(text, tuple(spans))


@pytest.fixture(scope="module")
def reference() -> Callable[[str], Vector]:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(find_model("all-MiniLM-L6-v2")), device="cpu", local_files_only=True)
    return lambda text: np.asarray(model.encode(text, normalize_embeddings=True, show_progress_bar=False))


def test_the_chunk_vector_is_the_librarys(
    minilm: SentenceTransformerEmbedder, reference: Callable[[str], Vector]
) -> None:
    chunks = [chunk_of(SENTENCES), chunk_of(SENTENCES[:1]), chunk_of(SENTENCES[1:])]
    for chunk, vectors in zip(chunks, minilm.embed_chunks(chunks), strict=True):
        assert vectors.chunk @ reference(chunk.text) > 0.9999


def test_the_query_vector_is_the_librarys(
    minilm: SentenceTransformerEmbedder, reference: Callable[[str], Vector]
) -> None:
    assert minilm.embed_query("How many people?") @ reference("How many people?") > 0.9999


def test_a_sentence_alone_in_its_chunk_is_nearly_the_chunk(minilm: SentenceTransformerEmbedder) -> None:
    (vectors,) = minilm.embed_chunks([chunk_of(SENTENCES[:1])])
    assert vectors.sentences[0] @ vectors.chunk > 0.95  # all but the special tokens


def test_separate_sentence_vectors_are_the_librarys(reference: Callable[[str], Vector]) -> None:
    embedder = SentenceTransformerEmbedder(sentence_vectors="separate")
    (vectors,) = embedder.embed_chunks([chunk_of(SENTENCES)])
    for sentence, vector in zip(SENTENCES, vectors.sentences, strict=True):
        assert vector @ reference(sentence) > 0.9999


def test_text_beyond_the_models_limit_is_not_lost(minilm: SentenceTransformerEmbedder) -> None:
    long = ("Rain fell on the hills of the north and on the harbour of the old town.",) * 30
    chunk = chunk_of((*long, SENTENCES[1]))
    (vectors,) = minilm.embed_chunks([chunk])
    (alone,) = minilm.embed_chunks([chunk_of(SENTENCES[1:2])])
    (rain,) = minilm.embed_chunks([chunk_of(long)])
    assert vectors.sentences[-1] @ alone.sentences[0] > 0.8
    assert vectors.sentences[-1] @ alone.sentences[0] > vectors.sentences[0] @ alone.sentences[0] + 0.3
    assert vectors.chunk @ alone.chunk > rain.chunk @ alone.chunk


def test_a_folder_is_a_model_and_its_key_follows_its_weights(make_model: Callable[[str], Path], tmp_path: Path) -> None:
    folder = make_model("mean")
    embedder = SentenceTransformerEmbedder(str(folder))
    assert embedder.dimension == 32
    assert embedder.key.startswith("tiny-model-32-fp32-")
    changed = tmp_path / "Tiny Model"
    shutil.copytree(folder, changed)
    weights = next(changed.glob("*.safetensors"))
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    assert SentenceTransformerEmbedder(str(changed)).key != embedder.key


def test_both_names_of_the_default_model_have_one_key_without_loading_it() -> None:
    embedders = [
        SentenceTransformerEmbedder("all-MiniLM-L6-v2"),
        SentenceTransformerEmbedder("sentence-transformers/all-MiniLM-L6-v2"),
    ]
    assert {embedder.key for embedder in embedders} == {"all-minilm-l6-v2-384-fp32"}
    assert {embedder.dimension for embedder in embedders} == {384}


@pytest.mark.parametrize(
    "name", ["no-such-model", "nobody/no-such-model", "./no/such/folder", "two words", "a/b/c", ""]
)
def test_an_unknown_model_is_one_plain_line_and_no_network(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("went to the network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    with pytest.raises(ModelUnavailable, match="no such folder, and not in the local Hugging Face cache") as caught:
        SentenceTransformerEmbedder(name).warm()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [{}, {"config.json": "{}"}, {"config.json": "not json"}])
def test_a_folder_without_a_model_is_one_plain_line(content: dict[str, str], tmp_path: Path) -> None:
    for name, text in content.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ModelUnavailable, match="holds no model that can be loaded") as caught:
        SentenceTransformerEmbedder(str(tmp_path)).embed_query("x")
    assert "\n" not in str(caught.value)


def test_a_truncated_weights_file_is_one_plain_line(make_model: Callable[[str], Path], tmp_path: Path) -> None:
    folder = tmp_path / "cut"
    shutil.copytree(make_model("mean"), folder)
    weights = next(folder.glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ModelUnavailable, match="holds no model that can be loaded"):
        SentenceTransformerEmbedder(str(folder)).warm()


def test_making_one_imports_no_vendor_and_using_it_is_silent() -> None:
    script = (
        "import sys\n"
        "from service.models.sentence_transformer import SentenceTransformerEmbedder\n"
        "embedder = SentenceTransformerEmbedder()\n"
        "embedder.key, embedder.dimension, embedder.name\n"
        "print(sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))\n"
        "print(len(embedder.embed_query('silence')))\n"
    )
    done = subprocess.run([sys.executable, "-W", "always", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["[]", "384"]
    assert done.stderr == ""
