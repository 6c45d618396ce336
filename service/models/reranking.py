"""The port `Reranker` over a cross-encoder, and its shipped fake."""

from __future__ import annotations

import re
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from service.errors import ModelUnavailable
from service.models.loading import load_cross_encoder
from service.models.ports import Vector
from service.models.readable import encodable
from service.models.turns import Turns
from service.models.weights import find_model

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_BATCH = 16
_LONGEST_TEXT = 20_000
"""Characters: cross-encoders read 512 tokens, and cut the rest after having tokenised it."""
_WORD = re.compile(r"[^\W_]+")


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder that gives one score for a pair. Making one is cheap.

    `name` is a folder, or a model in the local Hugging Face cache; it is loaded at first use, or by `warm`, and never
    downloaded. Scores are the model's own, higher is better. A model that could not be loaded is not tried again.
    """

    def __init__(self, name: str, *, device: str | None = None) -> None:
        self._name = name
        self._device = device
        self._loading = threading.Lock()
        self._model: CrossEncoder | None = None
        self._failure: ModelUnavailable | None = None
        self._turns = Turns()  # fast tokenizers are not thread-safe

    @property
    def name(self) -> str:
        return self._name

    @property
    def state(self) -> Literal["idle", "ready", "failed"]:
        return "ready" if self._model is not None else "failed" if self._failure is not None else "idle"

    @property
    def failure(self) -> ModelUnavailable | None:
        """Why it could not be loaded; `None` while that is not known."""
        return self._failure

    def warm(self) -> None:
        """Load the model now."""
        self._ready()

    def rerank(self, query: str, texts: Sequence[str]) -> Vector:
        model: Any = self._ready()
        if not texts:
            return np.zeros(0, dtype=np.float32)
        pairs = [(encodable(query[:_LONGEST_TEXT]), encodable(text[:_LONGEST_TEXT])) for text in texts]
        with self._turns.take(urgent=True):
            scores = model.predict(pairs, batch_size=_BATCH, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(scores, dtype=np.float32).reshape(len(texts))

    def _ready(self) -> CrossEncoder:
        model = self._model
        if model is None:
            with self._loading:
                model = self._model or self._load_once()
        return model

    def _load_once(self) -> CrossEncoder:
        if self._failure is not None:
            raise self._failure
        try:
            self._model = self._load()
        except ModelUnavailable as error:
            self._failure = error
            raise
        return self._model

    def _load(self) -> CrossEncoder:
        model = load_cross_encoder(self._name, find_model(self._name), self._device)
        if model.num_labels != 1:
            raise ModelUnavailable(
                f"model {self._name}: gives {model.num_labels} scores for a pair, a reranker gives one; name another"
            )
        return model


class OverlapReranker:
    """The shipped fake: the share of the query's words that a text has. It knows no synonyms and no order."""

    @property
    def name(self) -> str:
        return "overlap"

    def rerank(self, query: str, texts: Sequence[str]) -> Vector:
        asked = set(_WORD.findall(query.casefold()))
        shared = [len(asked & set(_WORD.findall(text.casefold()))) for text in texts]
        return np.asarray(shared, dtype=np.float32) / np.float32(max(len(asked), 1))
