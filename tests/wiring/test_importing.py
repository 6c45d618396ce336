"""Optional parts of libraries are left out, and only while asked to."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from service.importing import absent


def test_a_hidden_module_cannot_be_imported_and_can_again_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "only_for_this_test.py").write_text("here = True", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    with absent("only_for_this_test"), pytest.raises(ImportError):
        importlib.import_module("only_for_this_test")
    assert importlib.import_module("only_for_this_test").here
    del sys.modules["only_for_this_test"]


def test_a_module_that_is_there_already_stays() -> None:
    import json

    with absent("json"):
        assert importlib.import_module("json") is json
    assert sys.modules["json"] is json
