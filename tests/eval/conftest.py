"""The seeds in a library, read once with the model that ships, and every seed question asked once."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from eval.cases import DATASETS, read_cases
from eval.corpus import SEEDS, ids_in, library_of
from eval.questions import run
from eval.scoring import Score
from service.wiring import Groundwire


@pytest.fixture(scope="session")
def seeds_library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Groundwire]:
    """With default settings: none of this machine's environment, and no file of settings in the working directory."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.upper().startswith("GROUNDWIRE_")]:
            patch.delenv(name)
        patch.chdir(tmp_path_factory.mktemp("elsewhere"))
        with library_of(SEEDS) as groundwire:
            yield groundwire


@pytest.fixture(scope="session")
def seed_scores(seeds_library: Groundwire) -> list[Score]:
    return run(seeds_library, read_cases(DATASETS / "seeds.jsonl"), ids_in(seeds_library, SEEDS))
