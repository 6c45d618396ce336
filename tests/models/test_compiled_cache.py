"""The folder of compiled models: whatever happens to it, the model in it is whole or made again."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from service.errors import ModelUnavailable
from service.models.compiled import CompiledEmbedder
from service.models.compiled_cache import MANIFEST_FILE, MODEL_FILE, TOKENIZER_FILE, CompiledModels, Unfit
from service.models.openvino_runtime import Machine, this_machine


@pytest.fixture(scope="module")
def machine() -> Machine:
    return this_machine("fp32")


@pytest.fixture
def copied(
    make_compiled: Callable[..., CompiledEmbedder], make_model: Callable[[str], Path], tmp_path: Path
) -> tuple[Path, Path]:
    """A model's folder, and a cache of its own that holds it compiled."""
    made = make_compiled("mean", precision="fp32")
    cache = tmp_path / "cache"
    shutil.copytree(Path(made.backend.split(", kept in ")[1]).parent, cache)
    return make_model("mean"), cache


def entries(cache: Path) -> list[str]:
    return sorted(p.name for p in (cache / "models").iterdir() if p.is_dir())


def test_a_cache_may_be_moved(copied: tuple[Path, Path], machine: Machine) -> None:
    model, cache = copied
    found = CompiledModels([cache]).find(model, machine)
    assert found is not None
    assert found.folder.parent == cache / "models"
    assert found.manifest.cosine > 0.9999


@pytest.mark.parametrize("name", [MODEL_FILE, TOKENIZER_FILE])
def test_one_changed_byte_is_found(name: str, copied: tuple[Path, Path], machine: Machine) -> None:
    model, cache = copied
    models = CompiledModels([cache])
    found = models.find(model, machine)
    assert found is not None
    file = found.folder / name
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    assert models.find(model, machine) is None


@pytest.mark.parametrize("content", [None, b"", b"{", b"[]", b"{}", b'{"manifest": {}, "files": {}}', b"\xff"])
def test_a_damaged_manifest_is_found(content: bytes | None, copied: tuple[Path, Path], machine: Machine) -> None:
    model, cache = copied
    manifest = cache / "models" / entries(cache)[0] / MANIFEST_FILE
    manifest.unlink() if content is None else manifest.write_bytes(content)
    assert CompiledModels([cache]).find(model, machine) is None


def test_a_damaged_entry_is_made_again(copied: tuple[Path, Path]) -> None:
    model, cache = copied
    (entry,) = entries(cache)
    (cache / "models" / entry / MODEL_FILE).write_bytes(b"short")
    embedder = CompiledEmbedder(str(model), caches=[cache], precision="fp32")
    assert embedder.embed_query("Who paid?").shape == (32,)
    assert entries(cache) == [entry]


def test_another_model_and_another_machine_are_other_entries(
    copied: tuple[Path, Path], machine: Machine, tmp_path: Path
) -> None:
    model, cache = copied
    changed = tmp_path / "changed"
    shutil.copytree(model, changed)
    (changed / "sentence_bert_config.json").write_text('{"max_seq_length": 12}')
    models = CompiledModels([cache])
    assert models.find(changed, machine) is None
    assert models.find(model, Machine("0.0", machine.cpu, machine.precision)) is None
    assert models.find(model, Machine(machine.openvino, "another", machine.precision)) is None
    assert models.find(model, machine) is not None


def test_two_who_need_it_make_it_once_and_sweep_up_after_a_killed_one(
    make_model: Callable[[str], Path], machine: Machine, tmp_path: Path
) -> None:
    model = make_model("mean")
    with ThreadPoolExecutor(2) as pool:
        makers = [CompiledModels([tmp_path]) for _ in range(2)]
        first, second = pool.map(lambda m: m.find_or_make("tiny", model, machine), makers)
    assert first.folder == second.folder
    assert entries(tmp_path) == [first.folder.name]
    left = tmp_path / "models" / f"{first.folder.name}.left.partial"
    left.mkdir()
    (first.folder / MANIFEST_FILE).unlink()
    CompiledModels([tmp_path]).find_or_make("tiny", model, machine)
    assert entries(tmp_path) == [first.folder.name]


def test_a_conversion_that_is_killed_leaves_nothing(
    make_model: Callable[[str], Path], machine: Machine, tmp_path: Path
) -> None:
    killed = threading.Event()

    def kill() -> None:
        while not killed.is_set():
            for child in psutil.Process().children():
                if child.is_running() and "service.models.conversion" in child.cmdline():
                    child.kill()
                    killed.set()
            time.sleep(0.02)

    killer = threading.Thread(target=kill)
    killer.start()
    models, model = CompiledModels([tmp_path]), make_model("mean")
    try:
        with pytest.raises(ModelUnavailable, match="could not be compiled") as caught:
            models.find_or_make("tiny", model, machine)
    finally:
        killed.set()
        killer.join()
    assert not isinstance(caught.value, Unfit)
    assert "\n" not in str(caught.value)
    assert entries(tmp_path) == []


def test_a_model_that_does_not_pool_by_the_mean_is_refused_and_not_tried_again(
    make_model: Callable[[str], Path], machine: Machine, tmp_path: Path
) -> None:
    models, model = CompiledModels([tmp_path]), make_model("cls")
    for _ in range(2):
        with pytest.raises(Unfit, match="only models that pool by the mean") as caught:
            models.find_or_make("tiny", model, machine)
        assert "\n" not in str(caught.value)
    assert entries(tmp_path) == []


def test_a_folder_that_cannot_be_written_gives_way_to_the_next(copied: tuple[Path, Path], machine: Machine) -> None:
    model, cache = copied
    blocked = cache / "models" / "known-files.json"  # a file where a folder is wanted: nothing can be made in it
    found = CompiledModels([blocked, cache]).find_or_make("tiny", model, machine)
    assert found.folder.parent == cache / "models"


def test_no_folder_that_can_be_written_is_one_plain_line(
    make_model: Callable[[str], Path], machine: Machine, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ModelUnavailable, match="GROUNDWIRE_CACHE_DIR") as caught:
        CompiledModels([tmp_path / "file"]).find_or_make("tiny", make_model("mean"), machine)
    assert "\n" not in str(caught.value)
