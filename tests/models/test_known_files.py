"""Digests of files, remembered until the file changes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.models.known_files import KnownFiles, digest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "weights"
    file.write_bytes(b"a" * 1000)
    return file


def test_it_is_the_digest_the_first_and_the_second_time(file: Path, tmp_path: Path) -> None:
    known = KnownFiles(tmp_path / "cache")
    assert [known.digest([file]), KnownFiles(tmp_path / "cache").digest([file])] == [digest([file])] * 2


def test_what_is_remembered_is_not_read_again(file: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    found = KnownFiles(folder).digest([file])
    remembered = next(folder.iterdir())
    remembered.write_text(remembered.read_text().replace(found, "0" * 64))
    assert KnownFiles(folder).digest([file]) == "0" * 64


def test_a_change_is_seen_though_size_and_modification_time_are_the_same(file: Path, tmp_path: Path) -> None:
    known = KnownFiles(tmp_path)
    before, times = known.digest([file]), file.stat()
    file.write_bytes(b"b" * 1000)
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert known.digest([file]) == digest([file]) != before


@pytest.mark.parametrize("content", ["", "{", "[]", '{"a": 1}', "\udcff"])
def test_a_damaged_memory_is_no_memory(content: str, file: Path, tmp_path: Path) -> None:
    known = KnownFiles(tmp_path / "cache")
    known.digest([file])
    next((tmp_path / "cache").iterdir()).write_text(content, errors="surrogateescape")
    assert known.digest([file]) == digest([file])


def test_a_memory_that_cannot_be_kept_does_no_harm(file: Path) -> None:
    assert KnownFiles(file).digest([file]) == digest([file])


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        KnownFiles(tmp_path).digest([tmp_path / "none"])
