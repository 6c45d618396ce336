"""The file of receipts: apart from the library, never in the way, and honest about its own faults."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.errors import LibraryUnusable
from service.library.library import Library
from service.library.receipts import ReceiptStore

NOW = "2026-01-02T03:04:05.678+00:00"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "receipts.sqlite3"


@pytest.fixture
def store(path: Path) -> Iterator[ReceiptStore]:
    store = ReceiptStore(path, kept=3)
    yield store
    store.close()


def test_what_is_put_comes_back_and_outlives_the_process(store: ReceiptStore, path: Path) -> None:
    body = '{"text": "Ґданськ 無人機 \\u0000"}'
    store.put("rcp_1", NOW, body)
    assert store.get("rcp_1") == body
    again = ReceiptStore(path, kept=3)  # without the first one having been closed
    assert again.get("rcp_1") == body
    again.close()


@pytest.mark.parametrize("receipt_id", ["rcp_2", "", "' OR 1=1 --", "\x00", "\ud800"])
def test_no_such_receipt_is_none(store: ReceiptStore, receipt_id: str) -> None:
    store.put("rcp_1", NOW, "{}")
    assert store.get(receipt_id) is None


def test_looking_for_a_receipt_makes_no_file(store: ReceiptStore, path: Path) -> None:
    assert (store.get("rcp_1"), store.count()) == (None, 0)
    assert not path.exists()


def test_the_oldest_go_beyond_the_number_that_is_kept(store: ReceiptStore) -> None:
    for number in range(5):
        store.put(f"rcp_{number}", NOW, str(number))
    assert [store.get(f"rcp_{number}") for number in range(5)] == [None, None, "2", "3", "4"]
    assert store.count() == 3


def test_many_threads_may_put_at_once(path: Path) -> None:
    store = ReceiptStore(path, kept=1000)
    failed: list[Exception] = []

    def put(thread: int) -> None:
        try:
            for number in range(20):
                store.put(f"rcp_{thread}_{number}", NOW, "{}")
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=put, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (failed, store.count()) == ([], 120)
    store.close()


def test_it_does_not_wait_for_the_librarys_writer(tmp_path: Path, store: ReceiptStore) -> None:
    library = Library(tmp_path / "library.sqlite3")
    other = sqlite3.connect(tmp_path / "library.sqlite3", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    try:
        store.put("rcp_1", NOW, "{}")
        assert store.count() == 1
    finally:
        other.execute("ROLLBACK")
        other.close()
        library.close()


def test_a_file_that_another_program_holds_is_given_up_soon(store: ReceiptStore, path: Path) -> None:
    store.put("rcp_1", NOW, "{}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(LibraryUnusable, match="locked"):
            store.put("rcp_2", NOW, "{}")
    finally:
        other.execute("ROLLBACK")
        other.close()
    store.put("rcp_3", NOW, "{}")
    assert store.get("rcp_3") == "{}"


def test_a_damaged_file_is_one_line_that_names_it(store: ReceiptStore, path: Path) -> None:
    path.write_bytes(b"damaged" * 1000)
    with pytest.raises(LibraryUnusable, match=r"receipts\.sqlite3 .*move it away") as caught:
        store.put("rcp_1", NOW, "{}")
    assert "\n" not in str(caught.value)


def test_a_damaged_file_that_was_moved_away_is_made_anew(store: ReceiptStore, path: Path) -> None:
    path.write_bytes(b"damaged" * 1000)
    with pytest.raises(LibraryUnusable):
        store.put("rcp_1", NOW, "{}")
    path.unlink()
    store.put("rcp_2", NOW, "{}")
    assert store.get("rcp_2") == "{}"


def test_another_programs_database_is_not_written_into(store: ReceiptStore, path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE receipts (price REAL)")
    other.close()
    before = path.read_bytes()
    with pytest.raises(LibraryUnusable, match="another program"):
        store.put("rcp_1", NOW, "{}")
    assert path.read_bytes() == before


def test_a_newer_file_is_refused(store: ReceiptStore, path: Path) -> None:
    store.put("rcp_1", NOW, "{}")
    store.close()
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()
    newer = ReceiptStore(path, kept=3)
    with pytest.raises(LibraryUnusable, match="upgrade groundwire"):
        newer.put("rcp_2", NOW, "{}")
    newer.close()


def test_a_folder_in_its_place_is_an_error_and_no_crash(store: ReceiptStore, path: Path) -> None:
    path.mkdir()
    with pytest.raises(LibraryUnusable):
        store.put("rcp_1", NOW, "{}")


def test_after_closing_nothing_is_opened_again(store: ReceiptStore) -> None:
    store.put("rcp_1", NOW, "{}")
    store.close()
    store.close()
    with pytest.raises(LibraryUnusable, match="shutting down"):
        store.put("rcp_2", NOW, "{}")
