"""The HTTP application over a real library, the shipped hashing embedder and an embedded Chroma."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from service.api.app import create_app
from service.settings import Settings
from service.wiring import Groundwire, open_groundwire

MAX_REQUEST_BYTES = 200_000
ORCHARD = (
    "The orchard at Velden lost 212 apple trees in the storm of 3 March 2024. "
    "Mayor Ilse Brandt said the town would replant them in autumn. No one was hurt."
)
FERRY = (
    "A ferry carrying 84 passengers ran aground near Tarvik on 9 May 2024. "
    "All passengers were taken ashore within two hours, the coast guard said."
)


@pytest.fixture(autouse=True, scope="session")
def no_settings_of_this_machine() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in list(os.environ):
            if name.upper().startswith("GROUNDWIRE_") or name == "OPENAI_API_KEY":
                patch.delenv(name)
        yield


def settings(data_dir: Path, **fields: Any) -> Settings:
    return Settings(data_dir=data_dir, embedding_model="hashing", **fields)


def client_of(groundwire: Groundwire) -> TestClient:
    app = create_app(groundwire, max_request_bytes=MAX_REQUEST_BYTES, hosts=["bound.example"], token="secret")
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)


@pytest.fixture(scope="session")
def client_for() -> Callable[[Groundwire], TestClient]:
    return client_of


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    with closing(open_groundwire(settings(tmp_path), serving=False)) as groundwire, client_of(groundwire) as client:
        yield client


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Two articles; tests that share it only read."""
    data_dir = tmp_path_factory.mktemp("filled")
    with closing(open_groundwire(settings(data_dir), serving=False)) as groundwire, client_of(groundwire) as client:
        articles = [
            {"id": "orchard", "title": "Storm fells orchard", "text": ORCHARD, "source": "Velden Post"},
            {"id": "ferry", "title": "Ferry aground", "text": FERRY, "published_at": "2024-05-09"},
        ]
        assert client.post("/v1/articles", json={"articles": articles}).json()["added"] == 2
        yield client
