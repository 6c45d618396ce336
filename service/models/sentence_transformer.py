"""The port `Embedder` over sentence-transformers: the reference for every vector, and the path for a GPU."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from service.models.loading import load_sentence_transformer
from service.models.pooling import TokenWindow, pool_tokens, unit
from service.models.ports import ChunkText, ChunkVectors, Vector
from service.models.readable import LONGEST_WINDOW, encodable, query_text
from service.models.turns import Turns
from service.models.weights import (
    DEFAULT_DIMENSION,
    DEFAULT_MODEL,
    check_or_fingerprint,
    find_model,
    is_default,
    key_of,
)
from service.types import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

SentenceVectors = Literal["pooled", "separate", "averaged"]

_BATCH = 8
"""Windows a forward pass. On two cores 32 are no faster, and a question waits for at most one batch (0.25 s)."""
_GROUP = 256
"""Texts whose token states are held at a time (80 MB of them); batches of like length are made inside a group."""


@dataclass(frozen=True, slots=True)
class _Loaded:
    model: SentenceTransformer
    key: str
    dimension: int
    longest: int
    """Tokens of a window, special ones included."""
    poolable: bool
    """Whether the vector of a text is the mean of its token states, so that sentences can be pooled from them."""


class SentenceTransformerEmbedder:
    """Any sentence-transformers model. Making one is cheap: the model is loaded at first use, or by `warm`.

    `name` is the default model, a folder, or a model in the local Hugging Face cache. `sentence_vectors` chooses
    between pooling sentences from the chunk's own token states, embedding each sentence by itself, and the mean of the
    two (docs/decisions/0001-sentence-vectors.md); a model that does not pool by the mean always takes the second way.
    Every call may raise ModelUnavailable until one succeeded.
    """

    def __init__(
        self, name: str = DEFAULT_MODEL, *, device: str | None = None, sentence_vectors: SentenceVectors = "pooled"
    ) -> None:
        self._name = name
        self._device = device
        self._sentence_vectors = sentence_vectors
        self._loading = threading.Lock()
        self._loaded: _Loaded | None = None
        self._turns = Turns()  # fast tokenizers are not thread-safe

    @property
    def name(self) -> str:
        return self._name

    @property
    def key(self) -> str:
        return key_of(DEFAULT_MODEL, DEFAULT_DIMENSION) if is_default(self._name) else self._ready().key

    @property
    def dimension(self) -> int:
        return DEFAULT_DIMENSION if is_default(self._name) else self._ready().dimension

    @property
    def backend(self) -> str:
        """What computes the vectors, in which precision and where; loads the model."""
        model = self._ready().model
        return f"sentence-transformers fp32 on {model.device.type}"

    def warm(self) -> None:
        """Load the model now."""
        self._ready()

    def embed_query(self, text: str, meanwhile: Iterator[object] | None = None) -> Vector:
        loaded = self._ready()
        text = query_text(text, loaded.longest)
        with self._turns.take(urgent=True), _one_thread():
            vector = loaded.model.encode_query(text, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vector, dtype=np.float32)

    def embed_chunks(self, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
        """A text longer than the model reads goes through it in several windows, so that every sentence has a vector;
        the chunk's is then the mean over all its tokens, not over the first window's, or its end could not be found."""
        loaded = self._ready()
        texts = [chunk.text for chunk in chunks]
        if not loaded.poolable:
            chunk_vectors = self._whole(loaded, texts)
            return [
                ChunkVectors(chunk=vector, sentences=alone)
                for vector, alone in zip(chunk_vectors, self._separate(loaded, chunks), strict=True)
            ]
        pooled = self._pooled(loaded, texts, [chunk.sentences for chunk in chunks])
        if self._sentence_vectors == "pooled":
            return pooled
        share = 0.0 if self._sentence_vectors == "separate" else 1.0
        return [
            ChunkVectors(chunk=vectors.chunk, sentences=unit(alone + share * vectors.sentences))
            for vectors, alone in zip(pooled, self._separate(loaded, chunks), strict=True)
        ]

    def _separate(self, loaded: _Loaded, chunks: Sequence[ChunkText]) -> Iterator[Vector]:
        """The sentences' vectors of each chunk, every sentence embedded by itself."""
        vectors = self._whole(loaded, [span.of(chunk.text) for chunk in chunks for span in chunk.sentences])
        begin = 0
        for chunk in chunks:
            yield vectors[begin : begin + len(chunk.sentences)]
            begin += len(chunk.sentences)

    def _whole(self, loaded: _Loaded, texts: Sequence[str]) -> Vector:
        """Shape (number of texts, d): each text by itself."""
        vectors = np.zeros((len(texts), loaded.dimension), dtype=np.float32)
        if loaded.poolable:
            for row, pooled in enumerate(self._pooled(loaded, texts, [()] * len(texts))):
                vectors[row] = pooled.chunk
            return vectors
        order = sorted(range(len(texts)), key=lambda number: len(texts[number]))
        for batch in _batches(order):
            with self._turns.take():
                vectors[batch] = loaded.model.encode_document(
                    [encodable(texts[number]) for number in batch],
                    batch_size=_BATCH,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                )
        return vectors

    def _pooled(
        self, loaded: _Loaded, texts: Sequence[str], sentences: Sequence[tuple[Span, ...]]
    ) -> list[ChunkVectors]:
        vectors: list[ChunkVectors] = []
        for begin in range(0, len(texts), _GROUP):
            group = texts[begin : begin + _GROUP]
            windows: list[list[TokenWindow]] = [[] for _ in group]
            for text, window in self._windows(loaded, group):
                windows[text].append(window)
            vectors.extend(map(pool_tokens, windows, sentences[begin : begin + _GROUP]))
        return vectors

    def _windows(self, loaded: _Loaded, texts: Sequence[str]) -> Iterator[tuple[int, TokenWindow]]:
        """The token states of every text, a window at a time, with the number of the text it belongs to."""
        import torch

        tokenizer: Any = loaded.model.tokenizer
        with self._turns.take():
            encoded = tokenizer(
                [encodable(text) for text in texts],
                truncation=True,
                max_length=loaded.longest,
                return_overflowing_tokens=True,
                return_offsets_mapping=True,
            )
        inputs = [name for name in tokenizer.model_input_names if name in encoded]
        lengths = [len(ids) for ids in encoded["input_ids"]]
        for batch in _batches(sorted(range(len(lengths)), key=lengths.__getitem__)):
            with self._turns.take(), torch.inference_mode():
                features = tokenizer.pad(
                    {name: [encoded[name][number] for number in batch] for name in inputs}, return_tensors="pt"
                )
                states = (
                    loaded.model[0](dict(features.to(loaded.model.device)))["token_embeddings"].float().cpu().numpy()
                )
            for row, number in enumerate(batch):
                offsets = np.asarray(encoded["offset_mapping"][number])
                yield (
                    encoded["overflow_to_sample_mapping"][number],
                    TokenWindow(states[row, : lengths[number]], offsets),
                )

    def _ready(self) -> _Loaded:
        loaded = self._loaded
        if loaded is None:
            with self._loading:
                loaded = self._loaded = self._loaded or self._load()
        return loaded

    def _load(self) -> _Loaded:
        folder = find_model(self._name)
        # Hashing 90 MB takes 0.1 s, and none at all beside the imports.
        with ThreadPoolExecutor(1, thread_name_prefix="hash-weights") as beside:
            checked = beside.submit(check_or_fingerprint, self._name, folder)
            try:
                model = load_sentence_transformer(self._name, folder, self._device)
            finally:
                known_by = checked.result()  # damaged weights are the better explanation of a failed load
        dimension = model.get_embedding_dimension() or len(model.encode("", show_progress_bar=False))
        return _Loaded(
            model=model,
            key=key_of(self._name, dimension, known_by),
            dimension=dimension,
            longest=window_length(model),
            poolable=is_poolable(model),
        )


def window_length(model: SentenceTransformer) -> int:
    """Tokens that the model reads at once, special ones included."""
    return min(model.max_seq_length or 512, LONGEST_WINDOW)


def is_poolable(model: SentenceTransformer) -> bool:
    """Whether the vector of a text is the mean of its token states, and nothing else."""
    kinds = [type(module).__name__ for module in model]
    return (
        kinds in (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
        and model[1].pooling_mode == "mean"
        and bool(getattr(model.tokenizer, "is_fast", False))
        and not any(model.prompts.values())
    )


@contextmanager
def _one_thread() -> Iterator[None]:
    """One core for a dozen tokens: with more, the threads wait for each other longer than they work (beside a busy
    process 490 ms a question with two, 15 ms with one)."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _batches(numbers: Sequence[int]) -> Iterator[list[int]]:
    for begin in range(0, len(numbers), _BATCH):
        yield list(numbers[begin : begin + _BATCH])
