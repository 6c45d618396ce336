"""The compiled embedder against the reference, and what it must not bring into the process."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from service.models.compiled import CompiledEmbedder
from service.models.ports import ChunkText, Vector
from service.models.sentence_transformer import SentenceTransformerEmbedder
from service.types import Span

BARS = {"fp32": 0.999, "bf16": 0.999, "int8": 0.995}
"""Of the cosine to the reference, by what this processor computes in."""
SENTENCES = {
    "plain": ("The ferry left Porto at noon with 214 people on board.", "Its captain reported a fire.", "Rain."),
    "several windows": tuple(
        f"On day {day} rain fell on the hills, and {day * 7} trains were late." for day in range(60)
    ),
    "dropped by the tokenizer": ("The ferry left at noon.", "\x00\u200b"),
    "emoji": ("The crew \U0001f6a2 put the fire \U0001f525\U0001f525 out.", "\U0001f469\u200d\U0001f692"),
    "Chinese": ("渡轮中午离开波尔图。", "没有人受伤。"),
    "half a pair": ("The \ud83d ferry.", "\ude00 left."),
    "combining": ("Cafe\u0301 do Cais, S\u0303a\u0303o Joa\u0303o.", "İstanbul'da yağmur."),
    "one long word": ("x" * 3_000, "After it."),
}


def chunk_of(sentences: tuple[str, ...]) -> ChunkText:
    spans, text = [], ""
    for sentence in sentences:
        text += " " * bool(text)
        spans.append(Span(len(text), len(text) + len(sentence)))
        text += sentence
    return ChunkText(text, tuple(spans))


def bar_of(embedder: CompiledEmbedder) -> float:
    return BARS[embedder.backend.removeprefix("OpenVINO ").split(",")[0]]


def cosines(one: Vector, other: Vector) -> Vector:
    assert one.shape == other.shape
    return np.asarray((np.atleast_2d(one) * np.atleast_2d(other)).sum(axis=1))


@pytest.mark.parametrize("sentences", SENTENCES.values(), ids=SENTENCES.keys())
def test_chunks_and_sentences_have_the_references_vectors(
    sentences: tuple[str, ...], compiled: CompiledEmbedder, minilm: SentenceTransformerEmbedder
) -> None:
    (ours,), (theirs,) = compiled.embed_chunks([chunk_of(sentences)]), minilm.embed_chunks([chunk_of(sentences)])
    assert cosines(ours.chunk, theirs.chunk).min() >= bar_of(compiled)
    assert cosines(ours.sentences, theirs.sentences).min() >= bar_of(compiled)


def test_a_query_has_the_vector_of_a_chunk_with_the_same_text(compiled: CompiledEmbedder) -> None:
    """Two encoders make them: one for speed in a moment, one for much in a time."""
    for text in ("Who paid for it?", "word " * 180):
        (chunk,) = compiled.embed_chunks([ChunkText(text, (Span(0, len(text)),))])
        assert cosines(compiled.embed_query(text), chunk.chunk).min() >= 1 - 1e-5


@pytest.mark.parametrize("text", ["Who paid for it?", "", "\x00", "\ud800", "渡轮", "\U0001f6a2", "word " * 5_000])
def test_queries_have_the_references_vectors(
    text: str, compiled: CompiledEmbedder, minilm: SentenceTransformerEmbedder
) -> None:
    assert cosines(compiled.embed_query(text), minilm.embed_query(text)).min() >= bar_of(compiled)


def test_in_fp32_the_vectors_are_the_references(
    make_compiled: Callable[..., CompiledEmbedder], make_model: Callable[[str], Path]
) -> None:
    ours, theirs = make_compiled("mean", precision="fp32"), SentenceTransformerEmbedder(str(make_model("mean")))
    assert ours.backend.startswith("OpenVINO fp32")
    assert ours.key == theirs.key
    assert ours.dimension == theirs.dimension
    (a,), (b,) = (e.embed_chunks([chunk_of(SENTENCES["several windows"])]) for e in (ours, theirs))
    assert np.allclose(a.chunk, b.chunk, atol=1e-5)
    assert np.allclose(a.sentences, b.sentences, atol=1e-5)


def test_a_query_beside_others_is_the_query_alone(caches: list[Path]) -> None:
    texts = [f"How many {what} were lost?" for what in ("ships", "lives", "votes")] + ["Why?", "word " * 400]
    embedder = CompiledEmbedder(caches=caches, query_cache=0)
    alone = [embedder.embed_query(text) for text in texts]
    with ThreadPoolExecutor(len(texts)) as pool:
        for _ in range(5):
            for expected, found in zip(alone, pool.map(embedder.embed_query, texts), strict=True):
                assert cosines(expected, found).min() >= 0.9999


def test_the_first_calls_may_come_at_once(caches: list[Path]) -> None:
    """OpenVINO's binding deadlocks when two threads hand it their first array at the same time."""
    script = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from service.models.compiled import CompiledEmbedder\n"
        "embedder = CompiledEmbedder(caches=[Path(sys.argv[1])])\n"
        "texts = [f'question {n}' for n in range(16)]\n"
        "threads = [threading.Thread(target=embedder.embed_query, args=(t,)) for t in texts]\n"
        "[t.start() for t in threads], [t.join() for t in threads]\n"
        "print('done')\n"
    )
    for _ in range(3):
        command = [sys.executable, "-c", script, str(caches[0])]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
        assert done.stdout.split() == ["done"]


def test_once_compiled_no_model_library_is_imported_and_nothing_is_said(compiled: CompiledEmbedder, caches: list[Path]):
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from service.models.choosing import ChosenEmbedder\n"
        "embedder = ChosenEmbedder(caches=[Path(sys.argv[1])], gpu=False)\n"
        "print(len(embedder.embed_query('silence')), embedder.backend.split()[0])\n"
        "vendors = {'torch', 'transformers', 'sentence_transformers', 'huggingface_hub', 'safetensors'}\n"
        "print(sorted(vendors & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "always", "-c", script, str(caches[0])], capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["384", "OpenVINO", "[]"]
    assert done.stderr == ""


def test_making_one_imports_no_vendor() -> None:
    script = (
        "import sys\n"
        "from pathlib import Path\n"
        "from service.models.choosing import ChosenEmbedder\n"
        "embedder = ChosenEmbedder(caches=[Path('nowhere')])\n"
        "print(embedder.key, embedder.dimension, sorted({'openvino', 'tokenizers', 'torch'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["all-minilm-l6-v2-384-fp32", "384", "[]"]
