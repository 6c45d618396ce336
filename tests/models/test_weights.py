"""The check that the default model's weights are the published ones."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from service.errors import ModelUnavailable
from service.models.weights import check_default_weights, check_weights, find_model, fingerprint


def test_the_installed_weights_pass() -> None:
    check_default_weights(find_model("all-MiniLM-L6-v2"))


def test_one_changed_byte_is_found_and_the_file_named(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    file.write_bytes(b"weights")
    check_weights(file, hashlib.sha256(b"weights").hexdigest())
    file.write_bytes(b"Weights")
    with pytest.raises(ModelUnavailable, match="is damaged or was changed") as caught:
        check_weights(file, hashlib.sha256(b"weights").hexdigest())
    assert str(file) in str(caught.value)
    assert "pip install --force-reinstall" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_missing_weights_say_to_reinstall(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"cannot be read .* reinstall it"):
        check_default_weights(tmp_path)


def test_the_fingerprint_follows_the_weights_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"a")
    before = fingerprint("m", tmp_path)
    (tmp_path / "README.md").write_text("words")
    assert fingerprint("m", tmp_path) == before
    (tmp_path / "model.safetensors").write_bytes(b"b")
    assert fingerprint("m", tmp_path) != before
