"""How fast the compiled model is by itself: what ingest could reach at most. A worker like the others.

    python -m eval.bench.peers.bare_model --corpus DIR

Event: `bare` (chunks; model_seconds, for forward passes over tokens that are at hand, in batches of like length;
embedder_seconds, for the embedder that ingest calls, over the same chunks).
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from eval.bench.peers.ports import read_chunks
from service.models.compiled import CompiledEmbedder
from service.models.compiled_cache import CompiledModel, CompiledModels
from service.models.openvino_runtime import CompiledEncoder, mapped, this_machine
from service.models.ports import ChunkText
from service.models.weights import find_model
from service.settings import load_settings
from service.text.sentences import sentence_spans

_CHUNKS_AT_ONCE = 64
"""As ingest calls the embedder."""
_TOKENS_AT_ONCE = 1024
_WINDOWS_AT_ONCE = 32


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--corpus", type=Path, required=True)
    texts = [chunk.text for chunk in read_chunks(parser.parse_args(argv).corpus)]
    settings = load_settings()
    caches = (settings.cache_dir,)
    precision = None if settings.embedding_precision == "auto" else settings.embedding_precision
    embedder = CompiledEmbedder(settings.embedding_model, caches=caches, precision=precision)
    embedder.warm()
    machine = this_machine(precision)
    model = CompiledModels(caches).find_or_make(embedder.name, find_model(embedder.name), machine)
    manifest = model.manifest
    encoder = CompiledEncoder(mapped(model.file), manifest.precision, manifest.inputs, manifest.pad_id)
    row = {"event": "bare", "chunks": len(texts), "model_seconds": _model_seconds(model, encoder, texts)}
    print(json.dumps({**row, "embedder_seconds": _embedder_seconds(embedder, texts)}))
    return 0


def _model_seconds(model: CompiledModel, encoder: CompiledEncoder, texts: Sequence[str]) -> float:
    vendor = importlib.import_module(
        "tokenizers"
    )  # by name, as the peers' packages are: a bench looks behind the ports
    tokenizer = vendor.Tokenizer.from_file(str(model.tokenizer_file))
    tokenizer.enable_truncation(model.manifest.longest)
    tokens = [
        [window.ids for window in (encoding, *encoding.overflowing)] for encoding in tokenizer.encode_batch(list(texts))
    ]
    windows = sorted((ids for of_text in tokens for ids in of_text), key=len, reverse=True)
    batches = list(_batches(windows))

    def run(batch: Sequence[Sequence[int]]) -> None:
        with encoder.turn() as request:
            encoder.states(request, batch)

    with ThreadPoolExecutor(encoder.streams) as workers:
        list(workers.map(run, batches[:4]))
        started = time.perf_counter()
        list(workers.map(run, batches))
        return time.perf_counter() - started


def _batches(windows: Sequence[Sequence[int]]) -> Iterator[Sequence[Sequence[int]]]:
    begin = 0
    while begin < len(windows):
        count = max(1, min(_WINDOWS_AT_ONCE, _TOKENS_AT_ONCE // len(windows[begin])))
        yield windows[begin : begin + count]
        begin += count


def _embedder_seconds(embedder: CompiledEmbedder, texts: Sequence[str]) -> float:
    chunks = [ChunkText(text, tuple(sentence_spans(text, "en"))) for text in texts]
    embedder.embed_chunks(chunks[:4])
    started = time.perf_counter()
    for begin in range(0, len(chunks), _CHUNKS_AT_ONCE):
        embedder.embed_chunks(chunks[begin : begin + _CHUNKS_AT_ONCE])
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
