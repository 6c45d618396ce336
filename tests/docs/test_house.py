"""What the whole code keeps to, beyond what linters know."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from service.answering.confidence import ConfidenceModel, fitted_model
from service.answering.features import FEATURES

REPOSITORY = Path(__file__).parents[2]
SOURCES = sorted(p for room in ("service", "eval") for p in (REPOSITORY / room).rglob("*.py"))
HEAVY = ("numpy", "torch", "chromadb", "pydantic", "fastapi", "httpx", "sentence_transformers", "sqlite3")
LONGEST_FILE = 400


def test_no_source_file_is_too_long_to_read():
    lengths = {p.relative_to(REPOSITORY).as_posix(): len(p.read_text(encoding="utf-8").splitlines()) for p in SOURCES}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_source_file_is_a_drawer_for_everything():
    assert [p for p in SOURCES if p.stem in ("utils", "util", "helpers", "common", "misc")] == []


@pytest.mark.parametrize("module", ["service.cli", "service.cli.parser", "service.types", "service.errors"])
def test_importing_it_loads_nothing_heavy(module):
    code = f"import sys, {module}; print([m for m in {HEAVY!r} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=REPOSITORY, check=True)
    assert ran.stdout.strip() == "[]"


class TestWeights:
    @pytest.fixture
    def data(self):
        return json.loads((REPOSITORY / "service/answering/weights.json").read_text(encoding="utf-8"))

    def test_they_name_exactly_the_features_in_their_order(self, data):
        assert list(data["weights"]) == list(FEATURES)

    def test_features_have_one_name_each(self):
        assert len(set(FEATURES)) == len(FEATURES)

    def test_a_better_sentence_is_never_less_probable(self, data):
        assert data["slope"] > 0
        assert 0 < data["threshold"] < 1

    def test_they_are_what_the_model_uses(self, data):
        model = fitted_model()
        assert model.weights == tuple(data["weights"].values())
        assert (model.slope, model.offset, model.threshold) == (data["slope"], data["offset"], data["threshold"])

    def test_weights_of_other_features_are_refused(self):
        with pytest.raises(ValueError, match=r"eval\.fit"):
            ConfidenceModel((1.0,) * (len(FEATURES) - 1), 1.0, 0.0, 0.5)

    @pytest.mark.parametrize("log_odds", [-1e6, -40.0, 0.0, 40.0, 1e6])
    def test_no_log_odds_overflow(self, log_odds):
        assert 0.0 <= fitted_model().confidence(log_odds) <= 1.0
