"""The port `Entailment`, whether a claim follows from a text, and its adapters."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from service.errors import ModelUnavailable
from service.models.compiled_cache import CompiledModels, Conversion
from service.models.openvino_runtime import CompiledEncoder, Machine, Precision, mapped, this_machine
from service.models.ports import Vector
from service.models.readable import encodable
from service.models.weights import DEFAULT_MODEL, check_default_weights, find_model

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

WEIGHTS = Path(__file__).with_name("entailment.safetensors")
NAME = f"{DEFAULT_MODEL}-entailment"
LONGEST = 256
"""Tokens of a text and a claim together, as in training; the end of a longer text is not read."""
_CONVERSION = Conversion(
    "service.models.entailment_conversion",
    "the model that checks sentences,",
    (WEIGHTS, Path(__file__).with_name("entailment_net.py")),
)
_TOKENS_AT_ONCE = 1_024
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Pairing:
    """A text, and a claim that may follow from it."""

    text: str
    claim: str


class Entailment(Protocol):
    """Reads a text and a claim together. Safe to call from several threads."""

    def log_odds(self, pairs: Sequence[Pairing]) -> Vector:
        """Shape (number of pairs,): the higher, the surer that the claim follows. Raises ModelUnavailable."""


class CompiledEntailment:
    """The model that ships with groundwire (docs/entailment-model.md), compiled by OpenVINO. Making one is cheap.

    It is loaded at first use; the very first time on a machine it is compiled before, which takes some seconds, and
    kept in the first of the folders `caches` that can be written. What failed is not tried again. Who is not `patient`
    gets ModelUnavailable while it is being compiled, in the background.
    """

    def __init__(self, *, caches: Sequence[Path], precision: Precision | None = None, patient: bool = True) -> None:
        self._models = CompiledModels(caches, _CONVERSION)
        self._precision = precision
        self._patient = patient
        self._compiling: threading.Thread | None = None
        self._loading = threading.Lock()
        self._loaded: tuple[CompiledEncoder, Tokenizer] | None = None
        self._failure: ModelUnavailable | None = None

    @property
    def failure(self) -> ModelUnavailable | None:
        """Why it could not be loaded; `None` while that is not known."""
        return self._failure

    @property
    def state(self) -> Literal["idle", "preparing", "ready", "failed"]:
        if self._loaded is not None:
            return "ready"
        if self._failure is not None:
            return "failed"
        return "preparing" if self._compiling is not None and self._compiling.is_alive() else "idle"

    def warm(self) -> None:
        """Load the model now, or begin to compile it. Raises ModelUnavailable."""
        self._ready()

    def log_odds(self, pairs: Sequence[Pairing]) -> Vector:
        encoder, tokenizer = self._ready()
        # The claim, which stands second, is never cut: truncation takes from the text.
        tokens = tokenizer.encode_batch([(encodable(p.text) or " ", encodable(p.claim) or " ") for p in pairs])
        order = sorted(range(len(pairs)), key=lambda i: len(tokens[i].ids))
        found = np.zeros(len(pairs), dtype=np.float32)
        with encoder.turn() as request:
            for numbers in _batches(order, tokens):
                ids, types = [tokens[i].ids for i in numbers], [tokens[i].type_ids for i in numbers]
                found[numbers] = encoder.states(request, ids, types).reshape(len(numbers))
        return found

    def _ready(self) -> tuple[CompiledEncoder, Tokenizer]:
        loaded = self._loaded
        if loaded is None:
            with self._loading:
                loaded = self._loaded = self._loaded or self._load_once()
        return loaded

    def _load_once(self) -> tuple[CompiledEncoder, Tokenizer]:
        if self._failure is not None:
            raise self._failure
        try:
            return self._load()
        except _Compiling:
            raise
        except ModelUnavailable as error:
            self._failure = error
            raise

    def _load(self) -> tuple[CompiledEncoder, Tokenizer]:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        folder = find_model(DEFAULT_MODEL)
        check_default_weights(folder, self._models.known_files.digest)
        try:
            from tokenizers import Tokenizer

            machine = this_machine(self._precision)
        except ImportError as error:
            raise ModelUnavailable(f"model {NAME}: OpenVINO fails to load ({error}); reinstall") from error
        model = self._models.find(folder, machine) if not self._patient else None
        if model is None and not self._patient:
            self._compile(folder, machine)
            raise _Compiling(
                f"model {NAME}: is being compiled for this processor; until then sentences are checked without"
            )
        model = model or self._models.find_or_make(NAME, folder, machine)
        manifest = model.manifest
        try:
            # One stream: all cores work on the few pairs that a sentence takes.
            encoder = CompiledEncoder(mapped(model.file), machine.precision, manifest.inputs, manifest.pad_id, 1)
        except RuntimeError as error:
            reason = " ".join(str(error).split())[:200]
            raise ModelUnavailable(f"model {NAME}: {model.folder} is of no use, remove it ({reason})") from error
        tokenizer = Tokenizer.from_file(str(model.tokenizer_file))
        tokenizer.enable_truncation(LONGEST, strategy="only_first")
        return encoder, tokenizer

    def _compile(self, folder: Path, machine: Machine) -> None:
        """In the background, unless that has begun."""
        if self._compiling is not None:
            return

        def make() -> None:
            try:
                self._models.find_or_make(NAME, folder, machine)
            except ModelUnavailable as error:
                self._failure = error

        self._compiling = threading.Thread(target=make, name="compile-entailment", daemon=True)
        self._compiling.start()


class _Compiling(ModelUnavailable):
    """The model will be there in some seconds."""


class OverlapEntailment:
    """The shipped fake: the share of the claim's words that the text has, 1 as odds of 4 to 1. It knows no meaning."""

    def log_odds(self, pairs: Sequence[Pairing]) -> Vector:
        return np.array([_shared(pair) * 8 - 6.6 for pair in pairs], dtype=np.float32)


def _shared(pair: Pairing) -> float:
    claimed = set(_WORD.findall(pair.claim.casefold()))
    return len(claimed & set(_WORD.findall(pair.text.casefold()))) / max(len(claimed), 1)


def _batches(order: Sequence[int], tokens: Sequence[Encoding]) -> list[list[int]]:
    """Numbers of pairs, shortest first, in batches of a forward pass."""
    batches: list[list[int]] = []
    for i in order:
        if batches and len(tokens[i].ids) * (len(batches[-1]) + 1) <= _TOKENS_AT_ONCE:
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches
