"""Which adapter of the port `Embedder` serves here: the compiled one on a processor, sentence-transformers on a GPU."""

from __future__ import annotations

import logging
import platform
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Literal

from service.errors import ModelUnavailable
from service.models.compiled import CompiledEmbedder
from service.models.openvino_runtime import Precision, load_openvino
from service.models.ports import ChunkText, ChunkVectors, Vector
from service.models.queries import CACHED_QUERIES
from service.models.sentence_transformer import SentenceTransformerEmbedder
from service.models.weights import DEFAULT_DIMENSION, DEFAULT_MODEL, find_model, is_default, key_of

Backend = Literal["auto", "compiled", "torch"]

_log = logging.getLogger("groundwire.models")


class ChosenEmbedder:
    """The port `Embedder` over the adapter that suits this machine, chosen when it is first needed, or by `warm`.

    `backend` auto takes the compiled one unless there is a GPU that torch can use, and sentence-transformers where the
    model cannot be compiled; `warning` then says why. With compiled that is ModelUnavailable.
    """

    def __init__(
        self,
        name: str = DEFAULT_MODEL,
        *,
        backend: Backend = "auto",
        precision: Precision | None = None,
        caches: Sequence[Path],
        gpu: bool | None = None,
        query_cache: int = CACHED_QUERIES,
    ) -> None:
        """`precision`: of the compiled one; `None` for the fastest. `gpu`: whether torch has one; `None` looks."""
        self._name = name
        self._wanted = backend
        self._gpu = gpu
        self._torch = SentenceTransformerEmbedder(name)
        self._compiled = CompiledEmbedder(name, caches=caches, precision=precision, query_cache=query_cache)
        self._choosing = threading.Lock()
        self._chosen: CompiledEmbedder | SentenceTransformerEmbedder | None = None
        self._warning: str | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def key(self) -> str:
        return key_of(DEFAULT_MODEL, DEFAULT_DIMENSION) if is_default(self._name) else self._choice().key

    @property
    def dimension(self) -> int:
        return DEFAULT_DIMENSION if is_default(self._name) else self._choice().dimension

    @property
    def backend(self) -> str:
        """What computes the vectors, and in which precision; loads the model."""
        return self._choice().backend

    @property
    def warning(self) -> str | None:
        """Why the embedder is slower than it could be; `None` when it is not, or is not loaded yet."""
        return self._warning

    def import_library(self) -> None:
        """Import OpenVINO in this thread, where it will compute: while one thread imports it and another something
        else, each waits for the other, and the model for both. What fails, `warm` will tell.
        """
        if self._wanted == "compiled" or (self._wanted == "auto" and not self._torch_has_gpu()):
            with suppress(ImportError):
                load_openvino()

    def prepare(self) -> None:
        """Choose now. Raises ModelUnavailable."""
        self._choice()

    def warm(self) -> None:
        """Choose, and load what a query needs. Raises ModelUnavailable."""
        self._choice().warm()

    def embed_chunks(self, chunks: Sequence[ChunkText]) -> list[ChunkVectors]:
        return self._choice().embed_chunks(chunks)

    def embed_query(self, text: str, meanwhile: Iterator[object] | None = None) -> Vector:
        return self._choice().embed_query(text, meanwhile)

    def _choice(self) -> CompiledEmbedder | SentenceTransformerEmbedder:
        chosen = self._chosen
        if chosen is None:
            with self._choosing:
                chosen = self._chosen = self._chosen or self._choose()
        return chosen

    def _choose(self) -> CompiledEmbedder | SentenceTransformerEmbedder:
        find_model(self._name)  # a model that is nowhere is no reason to try the other way
        if self._wanted == "torch" or (self._wanted == "auto" and self._torch_has_gpu()):
            self._torch.warm()
            return self._torch
        try:
            self._compiled.prepare()
        except ModelUnavailable as error:
            if self._wanted == "compiled":
                raise
            self._torch.warm()  # where the weights are the problem, this raises with the same words
            self._warning = f"not compiled, embedding is several times slower: {error}"
            _log.info("%s", self._warning)
            return self._torch
        return self._compiled

    def _torch_has_gpu(self) -> bool:
        return torch_has_gpu() if self._gpu is None else self._gpu


def torch_has_gpu() -> bool:
    """Whether torch, which takes seconds to import and ask, would very likely find a GPU."""
    try:
        build = metadata.version("torch")
    except metadata.PackageNotFoundError:
        return False
    if build.endswith("+cpu"):
        return False
    if platform.system() == "Darwin":
        return platform.machine() == "arm64"
    devices = (*Path("/dev").glob("nvidia[0-9]*"), *Path("/dev").glob("kfd"), *Path("/dev").glob("dxg"))
    return bool(devices) or (platform.system() == "Windows" and shutil.which("nvidia-smi") is not None)
