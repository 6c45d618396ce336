"""The HTTP application over a real library, the shipped hashing embedder and an embedded Chroma."""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient

from eval.llm_server import LlmServer
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


ARTICLES = [
    {"id": "orchard", "title": "Storm fells orchard", "text": ORCHARD, "source": "Velden Post"},
    {"id": "ferry", "title": "Ferry aground", "text": FERRY, "published_at": "2024-05-09"},
]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[TestClient]:
    with closing(open_groundwire(settings(tmp_path), serving=False)) as groundwire, client_of(groundwire) as client:
        yield client


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """Two articles; tests that share it only read."""
    data_dir = tmp_path_factory.mktemp("filled")
    with closing(open_groundwire(settings(data_dir), serving=False)) as groundwire, client_of(groundwire) as client:
        assert client.post("/v1/articles", json={"articles": ARTICLES}).json()["added"] == 2
        yield client


@pytest.fixture
def own(tmp_path: Path) -> Iterator[TestClient]:
    """The two articles in a library of this test's own, to be changed."""
    with closing(open_groundwire(settings(tmp_path), serving=False)) as groundwire, client_of(groundwire) as client:
        assert client.post("/v1/articles", json={"articles": ARTICLES}).json()["added"] == 2
        yield client


LLM_SECONDS = 1.5


@pytest.fixture(scope="session")
def llm() -> Iterator[LlmServer]:
    """The scripted LLM behind `written` and `address`; each test says first what it replies."""
    with LlmServer() as server:
        yield server


@pytest.fixture(scope="session")
def with_llm(tmp_path_factory: pytest.TempPathFactory, llm: LlmServer) -> Iterator[Groundwire]:
    chosen = settings(
        tmp_path_factory.mktemp("written"),
        llm_model=llm.model,
        llm_base_url=llm.base_url,
        llm_api_key="key-of-the-llm",
        llm_timeout_seconds=LLM_SECONDS,
        llm_usd_per_million_prompt_tokens=1.0,
        llm_usd_per_million_completion_tokens=10.0,
    )
    with closing(open_groundwire(chosen, serving=False)) as groundwire:
        client_of(groundwire).post("/v1/articles", json={"articles": ARTICLES})
        yield groundwire


@pytest.fixture(scope="session")
def written(with_llm: Groundwire) -> Iterator[TestClient]:
    """The two articles, and an LLM that writes."""
    with client_of(with_llm) as client:
        yield client


@pytest.fixture(scope="session")
def address(with_llm: Groundwire) -> Iterator[str]:
    """The same over real sockets, which a client can leave."""
    with serving(with_llm) as url:
        yield url


@contextmanager
def serving(groundwire: Groundwire) -> Iterator[str]:
    app = create_app(groundwire, max_request_bytes=MAX_REQUEST_BYTES)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def open_with() -> Iterator[Callable[..., Groundwire]]:
    """Opens a library with the two articles and these settings; closed at the end."""
    opened: list[Groundwire] = []

    def open_it(data_dir: Path, **fields: Any) -> Groundwire:
        opened.append(open_groundwire(settings(data_dir, **fields), serving=False))
        client_of(opened[-1]).post("/v1/articles", json={"articles": ARTICLES})
        return opened[-1]

    yield open_it
    for groundwire in opened:
        groundwire.close()
