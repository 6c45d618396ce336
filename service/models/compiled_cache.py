"""The folder of compiled models: found by what they were made of, made once, in a process of its own."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock

import service
from service.errors import ModelUnavailable
from service.models.known_files import KnownFiles, digest
from service.models.openvino_runtime import Machine, Precision
from service.models.weights import weights_in

FORMAT = 2
"""Of an entry; part of its name, so that another release's entries are never read."""
MODEL_FILE, TOKENIZER_FILE, MANIFEST_FILE = "model.blob", "tokenizer.json", "manifest.json"
UNFIT = 3
"""Exit code of a conversion that will fail the next time too."""
_FILES = (MODEL_FILE, TOKENIZER_FILE)
_DEADLINE_SECONDS = 600.0
_SMALL_BYTES = 8 << 20
CALIBRATION = Path(__file__).with_name("calibration.txt")
"""Texts that an entry in eight bits takes its ranges from."""
_log = logging.getLogger("groundwire.models")


class Unfit(ModelUnavailable):
    """The model cannot be compiled, or its compiled form is not the same model: trying again is of no use."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a compiled model without its library."""

    dimension: int
    longest: int
    """Tokens of a window, special ones included."""
    inputs: tuple[str, ...]
    pad_id: int
    precision: Precision
    """In which it computes: int8 falls back to bf16 or fp32 where its vectors would be other ones."""
    cosine: float
    """The smallest to the reference, over the texts that it was checked with."""


@dataclass(frozen=True, slots=True)
class CompiledModel:
    folder: Path
    manifest: Manifest

    @property
    def file(self) -> Path:
        return self.folder / MODEL_FILE

    @property
    def tokenizer_file(self) -> Path:
        return self.folder / TOKENIZER_FILE


class CompiledModels:
    """Compiled models are looked up in each of the folders, and made in the first that can be written.

    An entry is a folder, renamed into place when it is whole; its manifest has the sha256 of its files.
    """

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = [folder / "models" for folder in folders]
        self.known_files = KnownFiles(_first_writable(self._folders) or self._folders[0])

    def find(self, source: Path, machine: Machine) -> CompiledModel | None:
        """`source` is the model's own folder. A damaged entry is as good as none."""
        name = _entry_name(source, machine, self.known_files)
        return next(filter(None, (self._read(folder / name) for folder in self._folders)), None)

    def find_or_make(self, model: str, source: Path, machine: Machine) -> CompiledModel:
        """Raises Unfit, or ModelUnavailable for anything that may go better another time."""
        found = self.find(source, machine)
        if found is not None:
            return found
        folder = _first_writable(self._folders)
        if folder is None:
            raise ModelUnavailable(
                f"model {model}: none of {', '.join(map(str, self._folders))} can be written, and a compiled model has"
                " to be kept; set GROUNDWIRE_CACHE_DIR"
            )
        entry = folder / _entry_name(source, machine, self.known_files)
        with FileLock(f"{entry}.lock", timeout=_DEADLINE_SECONDS):
            found = self._read(entry)  # another process may have made it meanwhile
            if found is None:
                self._make(entry, model, source, machine)
                found = self._read(entry)
        if found is None:
            raise ModelUnavailable(f"model {model}: {entry} was damaged while it was written; remove it and try again")
        return found

    def _make(self, entry: Path, model: str, source: Path, machine: Machine) -> None:
        refused = entry.with_suffix(".refused")
        if refused.is_file():
            raise Unfit(refused.read_text(encoding="utf-8"))
        for stale in entry.parent.glob(f"{entry.name}.*.partial"):  # of a process that was killed: we hold the lock
            shutil.rmtree(stale, ignore_errors=True)
        # A warning, so that a command that waits for it shows it, whatever logging is set up.
        _log.warning("preparing the embedding model %s for this processor, once; this takes some seconds", model)
        made = Path(tempfile.mkdtemp(prefix=f"{entry.name}.", suffix=".partial", dir=entry.parent))
        try:
            manifest = _convert(model, source, made, machine, refused)
            files = {name: digest([made / name]) for name in _FILES}
            whole = {"manifest": asdict(manifest), "files": files, "machine": asdict(machine), "model": model}
            (made / MANIFEST_FILE).write_text(json.dumps(whole, indent=1), encoding="utf-8")
            shutil.rmtree(entry, ignore_errors=True)  # a damaged one
            made.chmod(0o755)  # others may read a cache that several users share
            made.rename(entry)
        except OSError as error:
            raise ModelUnavailable(f"model {model}: {entry} cannot be written ({error.strerror})") from None
        finally:
            shutil.rmtree(made, ignore_errors=True)

    def _read(self, entry: Path) -> CompiledModel | None:
        try:
            whole = json.loads((entry / MANIFEST_FILE).read_bytes())
            manifest = Manifest(**{**whole["manifest"], "inputs": tuple(whole["manifest"]["inputs"])})
            if any(self.known_files.digest([entry / name]) != whole["files"][name] for name in _FILES):
                _log.warning("%s is damaged and will be made again", entry)
                return None
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return CompiledModel(entry, manifest)


def _convert(model: str, source: Path, target: Path, machine: Machine, refused: Path) -> Manifest:
    """In a process of its own: torch, which the conversion needs, would stay in this one's memory for good."""
    command = [sys.executable, "-P", "-m", "service.models.conversion", model, str(source), str(target)]
    home = str(Path(service.__file__).parents[1])
    paths = os.pathsep.join(filter(None, (home, os.environ.get("PYTHONPATH"))))
    try:
        done = subprocess.run(
            [*command, machine.precision],
            env={**os.environ, "PYTHONPATH": paths},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_DEADLINE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise ModelUnavailable(f"model {model}: could not be compiled ({error})") from None
    lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
    if done.returncode == UNFIT:
        with suppress(OSError):
            refused.write_text(lines[-1], encoding="utf-8")
        raise Unfit(lines[-1])
    if done.returncode != 0:
        raise ModelUnavailable(f"model {model}: could not be compiled ({lines[-1][:300]})")
    answer = json.loads(done.stdout.splitlines()[-1])
    return Manifest(**{**answer, "inputs": tuple(answer["inputs"])})


def _entry_name(source: Path, machine: Machine, known: KnownFiles) -> str:
    """Raises ModelUnavailable when the model's files cannot be read."""
    try:
        small = sorted(f for f in (*source.glob("*"), *source.glob("*/*")) if _shapes_the_model(f))
        parts = (known.digest(weights_in(source)), digest(small), FORMAT, *asdict(machine).values())
        if machine.precision == "int8":
            parts = (*parts, digest([CALIBRATION]))
    except OSError as error:
        raise ModelUnavailable(f"{error.filename} cannot be read ({error.strerror})") from None
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:24]


def _shapes_the_model(file: Path) -> bool:
    return file.suffix in (".json", ".txt", ".model") and file.is_file() and file.stat().st_size <= _SMALL_BYTES


def _first_writable(folders: Sequence[Path]) -> Path | None:
    for folder in folders:
        with suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                return folder
    return None
