"""The real service in a process of its own: started, asked over HTTP, stopped, killed."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from service.api.serve import serve
from service.errors import SettingsError
from service.library.owner import DataDirectoryOwner, read_owner
from service.settings import Settings

START = "from service.api.serve import serve; from service.settings import load_settings; serve(load_settings())"
ORCHARD = {
    "id": "orchard",
    "title": "Storm fells orchard",
    "text": "The orchard at Velden lost 212 apple trees in the storm of 3 March 2024.",
}
WAIT_SECONDS = 40


class Service:
    def __init__(self, data_dir: Path, **settings: str) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GROUNDWIRE_")}
        given = {"DATA_DIR": str(data_dir), "EMBEDDING_MODEL": "hashing", "PORT": "0"} | settings
        self.data_dir = data_dir
        self.process = subprocess.Popen(
            [sys.executable, "-c", START],
            env=kept | {f"GROUNDWIRE_{name}": value for name, value in given.items()},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        self.first_line = self.process.stderr.readline().strip()
        self.client = httpx.Client(base_url=self.first_line.rpartition(" ")[2], timeout=WAIT_SECONDS, trust_env=False)

    def json(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        response = self.client.request(method, path, json=body)
        assert response.status_code == 200, response.text
        result: dict[str, Any] = response.json()
        return result

    def wait_until_ready(self) -> None:
        wait_for(lambda: self.client.get("/readyz").status_code == 200)

    def family(self) -> list[psutil.Process]:
        process = psutil.Process(self.process.pid)
        return [process, *process.children(recursive=True)]

    def stop(self, number: signal.Signals) -> tuple[int, str]:
        """Its exit code and what else it said."""
        self.process.send_signal(number)
        said = self.rest()
        return self.process.returncode, said

    def rest(self) -> str:
        """What it says until it ends. (`communicate` would not see what came along with the first line.)"""
        assert self.process.stderr is not None
        said = self.process.stderr.read()
        self.process.wait(WAIT_SECONDS)
        self.process.stderr.close()
        self.client.close()
        return said


def wait_for(condition: Any) -> None:
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "gave up waiting"
        time.sleep(0.05)


def gone(processes: list[psutil.Process]) -> bool:
    # A killed process whose parent has not asked for its exit code is gone in every way that matters.
    return all(not one.is_running() or one.status() == psutil.STATUS_ZOMBIE for one in processes)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    started = Service(tmp_path)
    yield started
    with contextlib.suppress(ProcessLookupError):
        started.process.kill()
    if started.process.stderr is not None and not started.process.stderr.closed:
        started.rest()
    started.client.close()


def test_service_answers_over_http_and_leaves_nothing_behind_on_sigterm(service: Service) -> None:
    record = read_owner(service.data_dir)
    assert record is not None
    assert service.first_line == f"groundwire serves on {record.address}"
    service.wait_until_ready()
    service.json("POST", "/v1/articles", {"articles": [ORCHARD]})
    answer = service.json("POST", "/v1/ask", {"question": "How many apple trees did the orchard at Velden lose?"})
    assert "212" in answer["answer"]
    family = service.family()
    assert len(family) > 1, "the vector store should be a child of the service"
    code, said = service.stop(signal.SIGTERM)
    assert code == 0
    assert "Traceback" not in said
    assert "apple" not in said
    wait_for(lambda: gone(family))
    assert read_owner(service.data_dir) is None
    DataDirectoryOwner.acquire(service.data_dir).release()


def test_ctrl_c_stops_it_as_well(service: Service) -> None:
    code, said = service.stop(signal.SIGINT)
    assert (code, "Traceback" in said) == (0, False)


def test_killed_service_leaves_no_orphan_and_no_lock(service: Service) -> None:
    service.wait_until_ready()
    service.json("POST", "/v1/articles", {"articles": [ORCHARD]})
    family = service.family()
    service.stop(signal.SIGKILL)
    wait_for(lambda: gone(family))
    assert read_owner(service.data_dir) is None
    again = Service(service.data_dir)
    again.wait_until_ready()
    assert [article["id"] for article in again.json("GET", "/v1/articles")["articles"]] == ["orchard"]
    assert again.json("POST", "/v1/search", {"query": "apple trees"})["results"]
    assert again.stop(signal.SIGTERM)[0] == 0


def test_vector_store_that_dies_is_started_again(service: Service) -> None:
    service.wait_until_ready()
    service.json("POST", "/v1/articles", {"articles": [ORCHARD]})
    for child in service.family()[1:]:
        child.kill()
    assert service.json("POST", "/v1/search", {"query": "apple trees"})["results"]


def test_second_service_on_the_same_data_is_refused_in_one_line(service: Service) -> None:
    second = Service(service.data_dir)
    said = second.rest()
    assert second.process.returncode != 0
    assert f"service at {service.first_line.rpartition(' ')[2]} (pid {service.process.pid})" in said


def test_port_that_is_taken_is_said_in_one_line(service: Service, tmp_path: Path) -> None:
    port = int(service.first_line.rpartition(":")[2])
    with pytest.raises(SettingsError, match=rf"cannot listen on 127.0.0.1 port {port}: .*; stop what uses it"):
        serve(Settings(data_dir=tmp_path / "other", embedding_model="hashing", port=port))
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "example.com"])
def test_host_that_is_not_loopback_is_refused_until_keys_exist(tmp_path: Path, host: str) -> None:
    with pytest.raises(SettingsError, match="not a loopback address"):
        serve(Settings(data_dir=tmp_path / "data", host=host))
    assert not (tmp_path / "data").exists()


def test_owner_file_holds_no_more_than_it_must(service: Service) -> None:
    record = json.loads((service.data_dir / "owner.json").read_text())
    assert set(record) == {"pid", "address", "token"}
