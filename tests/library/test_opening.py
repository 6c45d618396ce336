"""What a library file may turn out to be."""

from __future__ import annotations

import os
import sqlite3
import stat

import pytest

from service.errors import LibraryBusy, LibraryUnusable
from service.library.library import Library


def refused(path) -> str:
    with pytest.raises(LibraryUnusable) as caught:
        Library(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value) or str(path.parent) in str(caught.value)
    return str(caught.value)


def test_it_is_made_with_its_folder_and_opens_again(tmp_path, make_article):
    path = tmp_path / "new" / "folder" / "library.sqlite3"
    first = Library(path)
    first.put([make_article()])
    first.close()
    second = Library(path)
    assert second.article("a") == make_article().article
    second.close()


def test_what_is_acknowledged_is_synced_to_disk(library):
    with library._connections.writing() as connection:
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
        assert connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"


def test_a_file_that_is_no_database_is_damaged(tmp_path):
    path = tmp_path / "library.sqlite3"
    path.write_bytes(b"these are no pages " * 500)
    assert "damaged" in refused(path)
    assert path.read_bytes().startswith(b"these are")


def test_a_file_cut_short_is_found_at_the_latest_by_its_check(tmp_path, make_article):
    path = tmp_path / "library.sqlite3"
    library = Library(path)
    library.put([make_article(f"a{i}", f"Words {i}. " * 200) for i in range(20)])
    library.close()
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    try:
        library = Library(path)
    except LibraryUnusable as error:
        problems = [str(error)]
    else:
        problems = library.check()
        library.close()
    assert any("damaged" in problem for problem in problems)
    assert not any("\n" in problem for problem in problems)


def test_a_newer_schema_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "library.sqlite3"
    Library(path).close()
    raw = sqlite3.connect(path)
    raw.execute("PRAGMA user_version = 99")
    raw.close()
    assert "newer groundwire" in refused(path)


def test_another_programs_database_is_refused_and_left_alone(tmp_path):
    path = tmp_path / "library.sqlite3"
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE bookmarks (url TEXT)")
    raw.commit()
    raw.close()
    assert "another program's" in refused(path)
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT name FROM sqlite_schema").fetchall() == [("bookmarks",)]
    raw.close()


def test_a_folder_under_a_file_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    refused(tmp_path / "file" / "library.sqlite3")


def test_a_folder_in_place_of_the_file_is_refused(tmp_path):
    (tmp_path / "library.sqlite3").mkdir()
    assert "cannot be written" in refused(tmp_path / "library.sqlite3")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("existing", [False, True])
def test_an_unwritable_directory_is_refused(tmp_path, existing):
    if existing:
        Library(tmp_path / "library.sqlite3").close()
    tmp_path.chmod(stat.S_IRUSR | stat.S_IXUSR)
    try:
        assert "cannot be written" in refused(tmp_path / "library.sqlite3")
    finally:
        tmp_path.chmod(stat.S_IRWXU)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_file_that_may_only_be_read_is_refused(tmp_path):
    Library(tmp_path / "library.sqlite3").close()
    (tmp_path / "library.sqlite3").chmod(stat.S_IRUSR)
    assert "cannot be written" in refused(tmp_path / "library.sqlite3")


def test_another_writer_is_named_as_the_reason(library, tmp_path, make_article):
    other = sqlite3.connect(tmp_path / "library.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(LibraryBusy, match="another process"):
        library.put([make_article()])
    other.execute("ROLLBACK")
    other.close()
    library.put([make_article()])


def test_after_closing_every_call_says_so(tmp_path, make_article):
    library = Library(tmp_path / "library.sqlite3")
    library.close()
    library.close()
    for call in (library.size, lambda: library.put([make_article()])):
        with pytest.raises(LibraryUnusable, match="closed"):
            call()
