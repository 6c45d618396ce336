"""The local Chroma server: it comes back when it dies, and goes when we go."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

import service
from service.errors import IndexUnavailable
from service.library.chroma import ChromaVectorIndex
from service.library.chroma_connections import EmbeddedChroma
from service.library.chroma_server import ChromaServer
from service.library.ports import VectorRecord

RECORD = VectorRecord("chk_1", "a", np.eye(8, dtype=np.float32)[0])


def wait_until_gone(pid: int) -> bool:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.02)
    return False


@pytest.fixture
def server(tmp_path) -> Iterator[ChromaServer]:
    made = ChromaServer(tmp_path / "chroma")
    yield made
    made.stop()


def test_killed_it_is_restarted_on_the_next_call_with_its_records(server):
    index = ChromaVectorIndex.over_http(server.start, "k")
    index.upsert([RECORD])
    pid = server.pid
    os.kill(pid, signal.SIGKILL)
    assert wait_until_gone(pid)
    assert index.ids() == {"chk_1"}
    assert server.alive
    assert server.pid != pid
    index.close()


def test_it_listens_on_loopback_only(server):
    server.start()
    listening = [c for c in psutil.Process(server.pid).net_connections("inet") if c.status == psutil.CONN_LISTEN]
    assert [c.laddr.ip for c in listening] == ["127.0.0.1"]


def test_starting_twice_is_starting_once(server):
    assert server.start() == server.start()


def test_stopped_it_is_gone_and_stays_so(server):
    index = ChromaVectorIndex.over_http(server.start, "k")
    assert index.count() == 0
    pid = server.pid
    server.stop()
    server.stop()
    assert not psutil.pid_exists(pid)
    assert not server.alive
    with pytest.raises(IndexUnavailable, match="shutting down"):
        index.count()
    index.close()


PARENT = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # tests run in the background may inherit it as ignored
from pathlib import Path
from threading import Thread
from service.library.chroma_server import ChromaServer
server = ChromaServer(Path(sys.argv[1]))
starter = Thread(target=server.start)
starter.start()
starter.join()
print(server.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_dies_with_its_parent_however_that_dies(tmp_path, how):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path / "chroma")],
        cwd=Path(service.__file__).parents[1],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with parent:
        pid = int(parent.stdout.readline())
        assert psutil.pid_exists(pid), "the thread that started it has ended, the server goes on"
        parent.send_signal(how)
    assert wait_until_gone(pid)


def test_a_folder_that_is_in_use_in_a_process_is_not_served_too(server, tmp_path):
    server.start()
    index = ChromaVectorIndex(EmbeddedChroma(tmp_path / "chroma", lock_timeout_seconds=0.05), "k")
    with pytest.raises(IndexUnavailable, match="in use"):
        index.count()


def test_what_was_written_embedded_is_served(server, tmp_path):
    embedded = ChromaVectorIndex.embedded(tmp_path / "chroma", "k")
    embedded.upsert([RECORD])
    embedded.close()
    served = ChromaVectorIndex.over_http(server.start, "k")
    assert served.ids() == {"chk_1"}
    served.close()


def test_a_server_that_cannot_start_says_why_in_one_line_and_is_not_tried_by_every_caller(server, tmp_path):
    (tmp_path / "chroma").mkdir()
    (tmp_path / "chroma" / "chroma.sqlite3").write_bytes(b"no pages " * 1_000)
    with pytest.raises(IndexUnavailable, match="not a database") as caught:
        server.start()
    assert "\n" not in str(caught.value)
    log = (tmp_path / "chroma.log").stat().st_mtime_ns
    with pytest.raises(IndexUnavailable, match="not a database"):
        server.start()
    assert (tmp_path / "chroma.log").stat().st_mtime_ns == log


def test_settings_of_another_chroma_in_the_environment_are_not_its_own(server, monkeypatch):
    monkeypatch.setenv("CHROMA_PORT", "1")
    monkeypatch.setenv("CHROMA_PERSIST_PATH", "/nowhere")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    index = ChromaVectorIndex.over_http(server.start, "k")
    index.upsert([RECORD])
    assert index.count() == 1
    index.close()


def test_a_remote_server_that_does_not_answer_is_one_line():
    index = ChromaVectorIndex.over_http("http://127.0.0.1:9", "k")
    with pytest.raises(IndexUnavailable) as caught:
        index.count()
    assert "\n" not in str(caught.value)
    assert "127.0.0.1:9" in str(caught.value)
    index.close()


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://host", "http://", "/var/lib"])
def test_an_address_that_is_none_is_refused_at_once(url):
    with pytest.raises(IndexUnavailable, match="address"):
        ChromaVectorIndex.over_http(url, "k")


def test_a_collection_that_somebody_dropped_is_made_again(server):
    index = ChromaVectorIndex.over_http(server.start, "k")
    other = ChromaVectorIndex.over_http(server.start, "k")
    index.upsert([RECORD])
    other.reset()
    assert index.count() == 0
    index.upsert([RECORD])
    assert other.ids() == {"chk_1"}
    index.close()
    other.close()
