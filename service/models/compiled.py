"""The port `Embedder` compiled for this machine's processor: no torch, no transformers, a fraction of the time."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from service.errors import ModelUnavailable
from service.models.compiled_cache import CompiledModel, CompiledModels
from service.models.openvino_runtime import CompiledEncoder, Precision, mapped, this_machine
from service.models.pooling import TokenSums, TokenWindow, sum_tokens, unit, vectors_of
from service.models.ports import ChunkText, ChunkVectors, Vector
from service.models.queries import CACHED_QUERIES, Pass, QueryCollector
from service.models.readable import encodable, query_text
from service.models.weights import (
    DEFAULT_DIMENSION,
    DEFAULT_MODEL,
    check_or_fingerprint,
    find_model,
    is_default,
    key_of,
)

if TYPE_CHECKING:
    import openvino
    from tokenizers import Encoding, Tokenizer

T = TypeVar("T")

_TOKENS_AT_ONCE = 512
"""Of a forward pass, padding included: larger ones are no faster, and a question waits for one at most."""
_WINDOWS_AT_ONCE = 32
_GROUP = 256
"""Texts that are tokenised at a time; batches of like length are made inside a group."""

_Window = tuple[int, "Encoding"]
"""Number of the text, and (a part of) its tokens."""


@dataclass(frozen=True, slots=True)
class _Batches:
    """What embeds chunks: as many forward passes at once as there are cores."""

    encoder: CompiledEncoder
    tokenizer: Tokenizer
    workers: ThreadPoolExecutor


@dataclass(frozen=True, slots=True)
class _Loaded:
    key: str
    model: CompiledModel
    queries: Callable[[], QueryCollector[openvino.InferRequest]]
    batches: Callable[[], _Batches]
    """Both are made when they are needed: a process that only asks, or only ingests, has room for one."""


class CompiledEmbedder:
    """A sentence-transformers model that pools by the mean, compiled by OpenVINO. Making one is cheap.

    It is loaded at first use, or by `warm`; the very first time on a machine it is compiled before, which takes some
    seconds, and kept in the first of the folders `caches` that can be written. The vectors are those of
    SentenceTransformerEmbedder to a cosine of 0.999, and share its key. `query_cache`: queries remembered, by their
    exact text. A query has all cores at once, of chunks each core embeds its own; the vectors are the same to
    rounding. Every call may raise ModelUnavailable until one succeeded.
    """

    def __init__(
        self,
        name: str = DEFAULT_MODEL,
        *,
        caches: Sequence[Path],
        precision: Precision | None = None,
        query_cache: int = CACHED_QUERIES,
    ) -> None:
        self._name = name
        self._models = CompiledModels(caches)
        self._precision = precision
        self._query_cache = query_cache
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None
        self._backend = "OpenVINO"

    @property
    def name(self) -> str:
        return self._name

    @property
    def key(self) -> str:
        return key_of(DEFAULT_MODEL, DEFAULT_DIMENSION) if is_default(self._name) else self._ready().key

    @property
    def dimension(self) -> int:
        return DEFAULT_DIMENSION if is_default(self._name) else self._ready().model.manifest.dimension

    @property
    def backend(self) -> str:
        """What computes the vectors, in which precision, and where it is kept."""
        return self._backend

    def prepare(self) -> None:
        """Compile the model if that has never been done. What computes is loaded at first use."""
        self._ready()

    def warm(self) -> None:
        """Load now what a query needs."""
        self._ready().queries()

    def embed_query(self, text: str, meanwhile: Iterator[object] | None = None) -> Vector:
        loaded = self._ready()
        return loaded.queries().vector(query_text(text, loaded.model.manifest.longest), meanwhile)

    def embed_chunks(self, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
        """A text longer than the model reads goes through it in several windows, see SentenceTransformerEmbedder."""
        batches = self._ready().batches()
        vectors: list[ChunkVectors] = []
        for begin in range(0, len(chunks), _GROUP):
            vectors.extend(_embed(batches, chunks[begin : begin + _GROUP]))
        return vectors

    def _ready(self) -> _Loaded:
        loaded = self._loaded
        if loaded is None:
            with self._loading:
                loaded = self._loaded = self._loaded or self._load()
        return loaded

    def _load(self) -> _Loaded:
        # Else a child process that is forked after the first batch makes the tokenizers library warn on stderr.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        folder = find_model(self._name)
        known_by = check_or_fingerprint(self._name, folder, self._models.known_files.digest)
        try:
            from tokenizers import Tokenizer

            machine = this_machine(self._precision)
        except ImportError as error:
            raise ModelUnavailable(f"model {self._name}: OpenVINO fails to load ({error}); reinstall") from error
        model = self._models.find_or_make(self._name, folder, machine)
        manifest = model.manifest
        content = mapped(model.file)

        def encoder(streams: int | None) -> CompiledEncoder:
            try:
                return CompiledEncoder(content, manifest.precision, manifest.inputs, manifest.pad_id, streams)
            except RuntimeError as error:
                reason = " ".join(str(error).split())[:200]
                folder = model.folder
                raise ModelUnavailable(f"model {self._name}: {folder} is of no use, remove it ({reason})") from error

        tokenizer = Tokenizer.from_file(str(model.tokenizer_file))
        tokenizer.enable_truncation(manifest.longest)
        self._backend = f"OpenVINO {manifest.precision}, kept in {model.folder.parent}"
        return _Loaded(
            key=key_of(self._name, manifest.dimension, known_by),
            model=model,
            queries=_once(lambda: _queries_of(encoder(1), tokenizer, self._query_cache)),
            batches=_once(lambda: _batches_of(encoder(None), tokenizer)),
        )


def _once(make: Callable[[], T]) -> Callable[[], T]:
    """The same for all threads, made by the first that asks."""
    made: list[T] = []
    lock = threading.Lock()

    def get() -> T:
        with lock:
            if not made:
                made.append(make())
            return made[0]

    return get


def _queries_of(encoder: CompiledEncoder, tokenizer: Tokenizer, cached: int) -> QueryCollector[openvino.InferRequest]:
    return QueryCollector(encoder.turn, partial(_begin_queries, encoder, tokenizer), cached=cached)


def _batches_of(encoder: CompiledEncoder, tokenizer: Tokenizer) -> _Batches:
    return _Batches(encoder, tokenizer, ThreadPoolExecutor(encoder.streams, thread_name_prefix="embed"))


def _embed(made: _Batches, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
    """The longest windows first, so that the last ones, which not every stream has, are short."""
    parts = [range(len(chunks))[start :: made.encoder.streams] for start in range(made.encoder.streams)]
    tokenised = made.workers.map(lambda numbers: _tokenise(made.tokenizer, chunks, numbers), parts)
    windows = [window for part in tokenised for window in part]
    windows.sort(key=lambda window: -len(window[1].ids))
    sums: list[list[TokenSums]] = [[] for _ in chunks]
    for of_batch in made.workers.map(lambda batch: _sums(made.encoder, chunks, batch), _batches(windows)):
        for number, of_window in of_batch:
            sums[number].append(of_window)
    return [vectors_of(windows_of_text) for windows_of_text in sums]


def _tokenise(tokenizer: Tokenizer, chunks: Sequence[ChunkText], numbers: Sequence[int]) -> list[_Window]:
    encodings = tokenizer.encode_batch([encodable(chunks[number].text) for number in numbers])
    return [
        (number, window)
        for number, encoding in zip(numbers, encodings, strict=True)
        for window in (encoding, *encoding.overflowing)
    ]


def _batches(windows: Sequence[_Window]) -> Iterator[Sequence[_Window]]:
    """`windows`, longest first, in batches of a forward pass."""
    begin = 0
    while begin < len(windows):
        count = max(1, min(_WINDOWS_AT_ONCE, _TOKENS_AT_ONCE // len(windows[begin][1].ids)))
        yield windows[begin : begin + count]
        begin += count


def _sums(
    encoder: CompiledEncoder, chunks: Sequence[ChunkText], batch: Sequence[_Window]
) -> list[tuple[int, TokenSums]]:
    offsets = [np.asarray(window.offsets, dtype=np.int64) for _, window in batch]
    with encoder.turn() as request:
        states = encoder.states(request, [window.ids for _, window in batch])
        return [
            (number, sum_tokens(TokenWindow(states[row, : len(offsets[row])], offsets[row]), chunks[number].sentences))
            for row, (number, _) in enumerate(batch)
        ]


def _begin_queries(
    encoder: CompiledEncoder, tokenizer: Tokenizer, request: openvino.InferRequest, texts: Sequence[str]
) -> Pass:
    """Start on the first batch, mostly the only one; at the end there are the vectors of all."""
    windows = list(enumerate(tokenizer.encode_batch(list(texts))))
    windows.sort(key=lambda window: -len(window[1].ids))
    batches = [[(number, window.ids) for number, window in batch] for batch in _batches(windows)]
    encoder.start(request, [ids for _, ids in batches[0]])

    def finish() -> Vector:
        means: dict[int, Vector] = {}
        for place, batch in enumerate(batches):
            if place:
                encoder.start(request, [ids for _, ids in batch])
            states = encoder.finish(request)
            means.update((number, states[row, : len(ids)].mean(axis=0)) for row, (number, ids) in enumerate(batch))
        return unit(np.stack([means[number] for number in range(len(texts))]))

    return Pass(partial(encoder.is_ready, request), finish)
