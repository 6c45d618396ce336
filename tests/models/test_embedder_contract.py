"""What every adapter of the port `Embedder` keeps."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from service.models.compiled import CompiledEmbedder
from service.models.hashing import HashingEmbedder
from service.models.ports import ChunkText, Embedder
from service.models.sentence_transformer import SentenceTransformerEmbedder
from service.types import Span

FERRY = "The ferry left Porto at noon."
DIVERS = "Divers searched the harbour for the missing captain."
TAX = "The council raised the property tax by two percent."
CHUNK = ChunkText(f"{FERRY} {DIVERS}", (Span(0, len(FERRY)), Span(len(FERRY) + 1, len(FERRY) + 1 + len(DIVERS))))
OTHER = ChunkText(TAX, (Span(0, len(TAX)),))


@pytest.fixture(scope="module", params=["hashing", "pooled", "separate", "averaged", "cls pooling", "compiled"])
def embedder(
    request: pytest.FixtureRequest,
    minilm: SentenceTransformerEmbedder,
    compiled: CompiledEmbedder,
    make_model: Callable[[str], Path],
) -> Embedder:
    match request.param:
        case "hashing":
            return HashingEmbedder()
        case "pooled":
            return minilm
        case "compiled":
            return compiled
        case "cls pooling":
            return SentenceTransformerEmbedder(str(make_model("cls")))
        case way:
            return SentenceTransformerEmbedder(sentence_vectors=way)


def test_shapes_types_and_lengths(embedder: Embedder) -> None:
    chunk, other = embedder.embed_chunks([CHUNK, OTHER])
    assert chunk.chunk.shape == (embedder.dimension,)
    assert chunk.sentences.shape == (2, embedder.dimension)
    assert other.sentences.shape == (1, embedder.dimension)
    for vectors in (chunk.chunk, chunk.sentences, other.sentences, embedder.embed_query(FERRY)):
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=-1), 1.0, atol=1e-5)


def test_steps_beside_a_query_are_taken_in_order_by_the_caller_and_none_is_lost(embedder: Embedder) -> None:
    taken: list[tuple[int, int]] = []

    def steps() -> Iterator[None]:
        for number in range(3):
            taken.append((number, threading.get_ident()))
            yield

    work = steps()
    vector = embedder.embed_query(TAX, work)
    for _ in work:
        pass
    assert taken == [(number, threading.get_ident()) for number in range(3)]
    np.testing.assert_array_equal(vector, embedder.embed_query(TAX))


def test_a_step_that_fails_does_the_embedder_no_harm(embedder: Embedder) -> None:
    def failing() -> Iterator[None]:
        raise KeyError("no")
        yield

    def embed() -> None:
        work = failing()
        embedder.embed_query(DIVERS, work)
        next(work)  # where the embedder took none

    with pytest.raises(KeyError):
        embed()
    assert embedder.embed_query(DIVERS).shape == (embedder.dimension,)


def test_results_keep_the_order_of_the_chunks(embedder: Embedder) -> None:
    chunks = [OTHER, CHUNK, ChunkText("Rain.", (Span(0, 5),)), CHUNK, OTHER]
    together = embedder.embed_chunks(chunks)
    alone = [embedder.embed_chunks([chunk])[0] for chunk in chunks]
    for a, b in zip(together, alone, strict=True):
        assert np.allclose(a.chunk, b.chunk, atol=1e-5)
        assert np.allclose(a.sentences, b.sentences, atol=1e-5)


def test_no_chunks_and_no_sentences(embedder: Embedder) -> None:
    assert embedder.embed_chunks([]) == []
    (vectors,) = embedder.embed_chunks([ChunkText(FERRY, ())])
    assert vectors.sentences.shape == (0, embedder.dimension)


@pytest.mark.parametrize("query", ["", " ", "?!", "\u200b", "漢字", "\ud800", "x" * 200_000, "word " * 5_000])
def test_any_query_has_a_vector(embedder: Embedder, query: str) -> None:
    vector = embedder.embed_query(query)
    assert vector.shape == (embedder.dimension,)
    assert np.isfinite(vector).all()


def test_a_sentence_that_the_tokenizer_drops_has_a_vector_too(embedder: Embedder) -> None:
    text = f"{FERRY} \x00\u200b"
    (vectors,) = embedder.embed_chunks([ChunkText(text, (Span(0, len(FERRY)), Span(len(text) - 2, len(text))))])
    assert np.allclose(np.linalg.norm(vectors.sentences, axis=-1), 1.0, atol=1e-5)


def test_the_key_names_the_vector_space(embedder: Embedder) -> None:
    assert re.fullmatch(r"[a-z0-9-]{1,60}", embedder.key)
    assert str(embedder.dimension) in embedder.key


def test_several_threads_get_what_one_gets(embedder: Embedder) -> None:
    expected = embedder.embed_query(FERRY)
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(embedder.embed_query, [FERRY, TAX] * 4))
        chunks = list(pool.map(embedder.embed_chunks, [[CHUNK, OTHER]] * 3))
    assert all(np.allclose(answer, expected, atol=1e-5) for answer in answers[::2])
    assert all(np.allclose(found[0].chunk, chunks[0][0].chunk, atol=1e-5) for found in chunks)


def test_texts_that_share_words_are_nearer(embedder: Embedder) -> None:
    if embedder.dimension == 32:
        pytest.skip("random weights mean nothing")
    (chunk,) = embedder.embed_chunks([CHUNK])
    query = embedder.embed_query("When did the ferry leave Porto?")
    assert chunk.sentences[0] @ query > chunk.sentences[1] @ query
