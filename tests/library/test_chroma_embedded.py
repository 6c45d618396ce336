"""Chroma inside this process: its files, its locks, and what it must not touch."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import service
from service.errors import IndexUnavailable
from service.library.chroma import ChromaVectorIndex
from service.library.chroma_connections import EmbeddedChroma
from service.library.ports import VectorRecord
from service.library.reconciler import Reconciler


def record(number: int) -> VectorRecord:
    return VectorRecord(f"chk_{number}", "a", np.eye(8, dtype=np.float32)[number])


@pytest.fixture
def path(tmp_path) -> Path:
    return tmp_path / "chroma"


def open_files(folder: Path) -> list[str]:
    targets = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return [target for target in targets if str(folder) in target and not target.endswith(".lock")]


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to list open files")
def test_closing_releases_its_files(path):
    index = ChromaVectorIndex.embedded(path, "k")
    index.upsert([record(1)])
    assert open_files(path)
    index.close()
    index.close()
    assert open_files(path) == []


def test_what_one_opening_wrote_the_next_one_in_the_same_process_reads(path):
    for number in range(3):
        index = ChromaVectorIndex.embedded(path, "k")
        assert index.count() == number
        index.upsert([record(number)])
        index.close()


def test_a_changed_folder_is_read_anew_after_reopening(path, tmp_path):
    """Chroma's own clients keep an opened folder in a cache of the process and would still show the first one."""
    index = ChromaVectorIndex.embedded(path, "k")
    index.upsert([record(1)])
    index.close()
    path.rename(tmp_path / "aside")
    index = ChromaVectorIndex.embedded(path, "k")
    assert index.ids() == set()
    index.close()


def test_models_of_different_keys_do_not_mix(path):
    first = ChromaVectorIndex.embedded(path, "first-8")
    first.upsert([record(1)])
    first.close()
    second = ChromaVectorIndex.embedded(path, "second-8")
    assert second.count() == 0
    second.close()


def test_a_second_opening_of_the_same_folder_is_refused(path):
    index = ChromaVectorIndex.embedded(path, "k")
    assert index.count() == 0
    other = ChromaVectorIndex(EmbeddedChroma(path, lock_timeout_seconds=0.05), "k")
    with pytest.raises(IndexUnavailable, match="in use") as caught:
        other.count()
    assert "\n" not in str(caught.value)
    index.close()
    assert other.count() == 0
    other.close()


def test_a_damaged_store_is_one_line_and_a_reset_heals_it(path):
    index = ChromaVectorIndex.embedded(path, "k")
    index.upsert([record(1)])
    index.close()
    (path / "chroma.sqlite3").write_bytes(b"no pages " * 1_000)
    index = ChromaVectorIndex.embedded(path, "k")
    with pytest.raises(IndexUnavailable, match="doctor") as caught:
        index.count()
    assert "\n" not in str(caught.value)
    index.reset()
    index.upsert([record(2)])
    assert index.ids() == {"chk_2"}
    index.close()


def test_a_reset_leaves_no_old_vectors_on_the_disk(path):
    index = ChromaVectorIndex.embedded(path, "k")
    index.upsert([record(1)])
    (path / "notes.txt").write_text("not ours")
    before = {entry.name for entry in path.iterdir() if entry.is_dir()}
    index.reset()
    assert before.isdisjoint(entry.name for entry in path.iterdir())
    assert (path / "notes.txt").exists()
    index.close()


def test_a_store_that_lost_its_graph_but_not_its_ids_is_found_out_and_rebuilt(path, library, make_article):
    library.put([make_article(f"a{i}", f"Text {i}.") for i in range(1_200)])
    index = ChromaVectorIndex.embedded(path, "k")
    reconciler = Reconciler(library, index)
    reconciler.drain()
    assert reconciler.verify() == []
    index.close()
    [graph] = [entry for entry in path.iterdir() if entry.is_dir()]
    shutil.rmtree(graph)
    assert index.ids() == library.all_chunk_ids()
    [problem] = reconciler.verify()
    assert "cannot find" in problem
    reconciler.rebuild()
    assert reconciler.verify() == []
    index.close()


def test_a_file_in_place_of_the_folder_is_one_line(path):
    path.write_text("")
    with pytest.raises(IndexUnavailable) as caught:
        ChromaVectorIndex.embedded(path, "k").count()
    assert "\n" not in str(caught.value)


def test_a_vector_of_another_length_is_one_line(path):
    index = ChromaVectorIndex.embedded(path, "k")
    index.upsert([record(1)])
    with pytest.raises(IndexUnavailable) as caught:
        index.query(np.ones(3, dtype=np.float32), 5)
    assert "\n" not in str(caught.value)
    assert index.count() == 1
    index.close()


ALONE = """
import os, sys, socket
from pathlib import Path
import numpy as np
calls = []
network = ("socket.connect", "socket.getaddrinfo", "socket.sendto")
sys.addaudithook(lambda event, args: calls.append((event, args)) if event in network else None)
os.chdir(sys.argv[1])
Path(".env").write_text("CHROMA_SERVER_HTTP_PORT=8000\\nIS_PERSISTENT=FALSE\\nPERSIST_DIRECTORY=elsewhere\\n")
from service.library.chroma import ChromaVectorIndex
from service.library.ports import VectorRecord
from service.library.reconciler import Reconciler
assert "chromadb" not in sys.modules, "importing the adapter must be cheap"
index = ChromaVectorIndex.embedded(Path("chroma"), "k")
index.upsert([VectorRecord("c", "a", np.eye(4, dtype=np.float32)[0])])
assert [hit.chunk_id for hit in index.query(np.eye(4, dtype=np.float32)[0], 3)] == ["c"]
index.close()
assert "onnxruntime" not in sys.modules and "tokenizers" not in sys.modules and "posthog" not in sys.modules
assert calls == [], calls
assert set(os.listdir(".")) <= {".env", "chroma", "chroma.lock"}, os.listdir(".")
"""


def test_no_model_no_network_no_telemetry_no_warning_and_no_foreign_settings(tmp_path):
    home, work = tmp_path / "home", tmp_path / "work"
    home.mkdir()
    work.mkdir()
    root = Path(service.__file__).parents[1]
    environment = {
        "HOME": str(home),
        "PYTHONPATH": str(root),
        "ANONYMIZED_TELEMETRY": "TRUE",
        "PATH": os.environ["PATH"],
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", ALONE, str(work)], env=environment, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
    assert list(home.iterdir()) == []
