"""Optional parts of libraries are left out, and only while asked to."""

from __future__ import annotations

import importlib
import sys

import pytest

from service.importing import absent


def test_a_hidden_module_cannot_be_imported_and_can_again_afterwards() -> None:
    with absent("colorsys"), pytest.raises(ImportError):
        importlib.import_module("colorsys")
    assert importlib.import_module("colorsys").rgb_to_hsv


def test_a_module_that_is_there_already_stays() -> None:
    import json

    with absent("json"):
        assert importlib.import_module("json") is json
    assert sys.modules["json"] is json
