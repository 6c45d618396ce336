"""Which adapter is taken, and what is said about it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from service.errors import ModelUnavailable
from service.models.choosing import ChosenEmbedder
from service.models.compiled import CompiledEmbedder
from service.models.deferred import DeferredEmbedder

REPOSITORY = Path(__file__).parents[2]


def test_a_processor_gets_the_compiled_one(compiled: CompiledEmbedder, caches: list[Path]) -> None:
    chosen = ChosenEmbedder(caches=caches, gpu=False)
    assert chosen.backend == compiled.backend
    assert chosen.warning is None
    assert (chosen.name, chosen.key, chosen.dimension) == (compiled.name, compiled.key, compiled.dimension)


@pytest.mark.parametrize(("backend", "gpu"), [("auto", True), ("torch", False)])
def test_a_gpu_or_a_wish_gets_sentence_transformers(
    backend: str, gpu: bool, make_model: Callable[[str], Path], tmp_path: Path
) -> None:
    chosen = ChosenEmbedder(str(make_model("mean")), backend=backend, caches=[tmp_path], gpu=gpu)
    assert chosen.backend.startswith("sentence-transformers fp32 on ")
    assert chosen.warning is None
    assert list(tmp_path.iterdir()) == [tmp_path / "models"]


def test_what_cannot_be_compiled_is_served_all_the_same_and_said(
    make_model: Callable[[str], Path], tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    chosen = ChosenEmbedder(str(make_model("mean")), caches=[tmp_path / "file"], gpu=False)
    assert chosen.embed_query("Who paid?").shape == (32,)
    assert chosen.warning is not None
    assert "GROUNDWIRE_CACHE_DIR" in chosen.warning
    assert "\n" not in chosen.warning


def test_with_compiled_only_it_is_an_error(make_model: Callable[[str], Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    chosen = ChosenEmbedder(str(make_model("mean")), backend="compiled", caches=[tmp_path / "file"], gpu=False)
    with pytest.raises(ModelUnavailable, match="GROUNDWIRE_CACHE_DIR"):
        chosen.embed_query("Who paid?")


@pytest.mark.parametrize("backend", ["auto", "compiled", "torch"])
def test_a_model_that_is_nowhere_is_one_plain_line(backend: str, tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="no such folder, and not in the local Hugging Face cache") as caught:
        ChosenEmbedder("no-such-model", backend=backend, caches=[tmp_path], gpu=False).warm()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("backend", "gpu", "imported"),
    [("auto", False, True), ("compiled", True, True), ("torch", False, False), ("auto", True, False)],
)
def test_the_library_is_imported_at_once_where_it_will_compute(
    backend: str, gpu: bool, imported: bool, tmp_path: Path
) -> None:
    code = (
        "import sys; from pathlib import Path; from service.models.choosing import ChosenEmbedder;"
        "from service.models.deferred import DeferredEmbedder;"
        f"chosen = ChosenEmbedder(backend={backend!r}, gpu={gpu}, caches=[Path({str(tmp_path)!r})]);"
        "DeferredEmbedder(chosen, chosen.warm).import_library(); print('openvino' in sys.modules)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert ran.stdout.strip() == str(imported)


def test_deferring_it_hides_nothing(compiled: CompiledEmbedder, caches: list[Path]) -> None:
    chosen = ChosenEmbedder(caches=caches, gpu=False)
    deferred = DeferredEmbedder(chosen, chosen.warm)
    assert (deferred.embed_query("Who paid?") == deferred.embed_query("Who paid?")).all()
    assert (deferred.backend, deferred.warning) == (compiled.backend, None)
