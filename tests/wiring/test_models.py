"""How the states of the models show up, and that an optional one stays optional."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.ingest.incoming import IncomingArticle
from service.settings import Settings
from service.types import Filters
from service.wiring import Groundwire, PartState, open_groundwire

ORCHARD = IncomingArticle(title="Frost", text="Frost took 212 pear trees in Lommel on Monday.", origin="frost.txt")


def part(groundwire: Groundwire, name: str) -> PartState:
    return next(part for part in groundwire.readiness() if part.name == name)


@pytest.fixture
def without_reranker(tmp_path: Path) -> Iterator[Groundwire]:
    settings = Settings(data_dir=tmp_path, embedding_model="hashing", reranker_model="no-such-cross-encoder")
    groundwire = open_groundwire(settings, serving=False)
    yield groundwire
    groundwire.close()


def test_a_reranker_that_cannot_be_had_is_said_and_the_search_goes_on(without_reranker: Groundwire) -> None:
    without_reranker.ingest_articles([ORCHARD])
    found, _ = without_reranker.search("pear trees", 3, Filters())
    assert [evidence.article.title for evidence in found.evidence] == ["Frost"]
    state = part(without_reranker, "reranker")
    assert state.state == "degraded"
    assert "no-such-cross-encoder" in state.detail


def test_the_embedding_models_state_says_what_computes_the_vectors(tmp_path: Path, cache_home: Path) -> None:
    settings = Settings(data_dir=tmp_path, cache_dir=cache_home / "groundwire", embedding_backend="compiled")
    groundwire = open_groundwire(settings, serving=False)
    try:
        state = part(groundwire, "embedding model")
    finally:
        groundwire.close()
    assert state.state == "ok"
    assert state.detail.startswith("all-MiniLM-L6-v2, OpenVINO ")
    assert str(cache_home) in state.detail
