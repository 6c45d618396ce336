"""Loading sentence-transformers: quietly, from files on this machine, and without the garbage collector's detours."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder, SentenceTransformer


def load_sentence_transformer(name: str, folder: Path, device: str | None) -> SentenceTransformer:
    """The model in evaluation mode; `device` as torch names it, `None` for the best there is.

    Raises ModelUnavailable when the folder holds no model that can be loaded.
    """
    model: SentenceTransformer = _load("SentenceTransformer", name, folder, device)
    return model


def load_cross_encoder(name: str, folder: Path, device: str | None) -> CrossEncoder:
    """As `load_sentence_transformer`, for a model that reads two texts together."""
    model: CrossEncoder = _load("CrossEncoder", name, folder, device)
    return model


def _load(kind: str, name: str, folder: Path, device: str | None) -> Any:
    # Else a child process that is forked after the first batch makes the tokenizers library warn on stderr.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with _collector_paused():
        try:
            import sentence_transformers
            from transformers.utils import logging as transformers_logging
        except ImportError as error:
            raise ModelUnavailable(f"model {name}: sentence-transformers fails to load ({error}); reinstall") from error

        vendor_logging: Any = transformers_logging  # its functions carry no types
        vendor_logging.disable_progress_bar()
        vendor_logging.set_verbosity_error()
        logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
        try:
            model = getattr(sentence_transformers, kind)(str(folder), device=device, local_files_only=True)
        except Exception as error:  # whatever the vendor's loader stumbles over, the files are the problem
            reason = (str(error).strip() or type(error).__name__).splitlines()[0][:200]
            raise ModelUnavailable(
                f"model {name}: {folder} holds no model that can be loaded: name another one ({reason})"
            ) from error
    return model.eval()


@contextmanager
def _collector_paused() -> Iterator[None]:
    """No collections while three thousand modules are imported: 3.4 s instead of 4.8 s on two cores.

    What was imported is then frozen: it never becomes garbage, and every full collection would spend 250 ms on it.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        if was_enabled:
            gc.enable()
