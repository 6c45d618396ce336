"""Searching without the whole of Chroma, and giving way to it as soon as more is asked."""

from __future__ import annotations

import sys
import threading
from contextlib import closing
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from service.errors import IndexUnavailable
from service.library.chroma import ChromaVectorIndex
from service.library.chroma_connections import EmbeddedChroma, NoReader
from service.library.chroma_reader import ChromaReader
from service.library.ports import VectorRecord

NAME = "groundwire-k"


def record(number: int) -> VectorRecord:
    return VectorRecord(f"chk_{number}", f"a{number}", np.eye(8, dtype=np.float32)[number])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with two chunks."""
    with closing(ChromaVectorIndex.embedded(tmp_path / "chroma", "k")) as index:
        index.upsert([record(1), record(2)])
    return tmp_path / "chroma"


@pytest.fixture
def without_bindings(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a version of Chroma whose Rust half is another one; Chroma itself is imported before, and works."""
    import chromadb.api.rust

    assert chromadb.api.rust
    monkeypatch.setitem(sys.modules, "chromadb_rust_bindings", ModuleType("chromadb_rust_bindings"))


def test_reading_and_writing_take_turns_in_one_folder(path: Path) -> None:
    with closing(ChromaVectorIndex.embedded(path, "k")) as index:
        assert index.count() == 2
        index.upsert([record(3)])
        assert index.count() == 3
        assert index.query(record(3).vector, 1)[0].chunk_id == "chk_3"
        assert index.ids() == {"chk_1", "chk_2", "chk_3"}


def test_the_reader_is_closed_before_the_whole_of_chroma_opens(path: Path) -> None:
    """Two of them on one folder miss each other's records."""
    readers: list[ChromaReader] = []
    with closing(EmbeddedChroma(path)) as connection:
        assert connection.read(NAME, lambda reader: (readers.append(reader), reader.count())[1]) == 2
        connection.server()
        with pytest.raises(AttributeError):
            readers[0].count()
        with pytest.raises(NoReader):
            connection.read(NAME, ChromaReader.count)


def test_another_version_of_the_bindings_is_no_error(path: Path, without_bindings: None) -> None:
    with pytest.raises(AttributeError):
        ChromaReader(path, NAME)
    with closing(ChromaVectorIndex.embedded(path, "k")) as index:
        assert index.count() == 2
        assert index.query(record(2).vector, 1)[0].chunk_id == "chk_2"


def test_a_search_that_fails_in_the_reader_is_made_by_the_whole_of_chroma(path: Path) -> None:
    def fails_once(collection: Any) -> int:
        if isinstance(collection, ChromaReader):
            raise TypeError("query() takes other arguments now")
        return int(collection.count())

    with closing(ChromaVectorIndex.embedded(path, "k")) as index:
        assert index._read(fails_once) == 2
        assert index.count() == 2


def test_an_interrupt_is_not_taken_for_a_failure_of_the_reader(path: Path) -> None:
    def interrupted(reader: ChromaReader) -> int:
        raise KeyboardInterrupt

    with closing(EmbeddedChroma(path)) as connection:
        with pytest.raises(KeyboardInterrupt):
            connection.read(NAME, interrupted)
        assert connection.read(NAME, ChromaReader.count) == 2


def test_where_there_is_no_store_reading_makes_none(tmp_path: Path) -> None:
    with closing(EmbeddedChroma(tmp_path / "chroma")) as connection:
        with pytest.raises(NoReader):
            connection.read(NAME, ChromaReader.count)
        assert list((tmp_path / "chroma").iterdir()) == []


def test_a_folder_that_is_in_use_is_not_read(path: Path) -> None:
    with closing(EmbeddedChroma(path)) as owner:
        assert owner.read(NAME, ChromaReader.count) == 2
        with pytest.raises(IndexUnavailable, match="in use"):
            EmbeddedChroma(path, lock_timeout_seconds=0.05).read(NAME, ChromaReader.count)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs /proc to list open files")
def test_closing_the_reader_releases_its_files(path: Path) -> None:
    def held() -> list[str]:
        targets = [str(link.readlink()) for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        return [target for target in targets if target.startswith(f"{path}/")]

    index = ChromaVectorIndex.embedded(path, "k")
    index.query(record(1).vector, 1)
    assert held()
    index.close()
    assert held() == []


def test_threads_that_read_while_another_one_writes_all_get_answers(path: Path) -> None:
    failures: list[BaseException] = []
    written = threading.Event()

    def read() -> None:
        try:
            while not written.is_set():
                assert index.query(record(1).vector, 1)[0].chunk_id == "chk_1"
        except BaseException as error:
            failures.append(error)

    with closing(ChromaVectorIndex.embedded(path, "k")) as index:
        threads = [threading.Thread(target=read) for _ in range(4)]
        for thread in threads:
            thread.start()
        index.upsert([record(3)])
        written.set()
        for thread in threads:
            thread.join()
        assert index.count() == 3
    assert failures == []
