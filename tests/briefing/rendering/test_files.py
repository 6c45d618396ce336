"""A file is written whole or not at all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from service.briefing.rendering.files import write_whole
from service.errors import NotWritten


def test_it_replaces_what_stood_there(tmp_path: Path) -> None:
    path = tmp_path / "briefing.md"
    path.write_text("old")
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["briefing.md"]


def test_when_there_is_no_room_the_old_file_stays_and_no_part_is_left(
    tmp_path: Path, full_disk: Callable[[int], AbstractContextManager[None]]
) -> None:
    path = tmp_path / "briefing.md"
    path.write_text("old")
    with full_disk(1024), pytest.raises(NotWritten, match=r"briefing\.md was not written"):
        write_whole(path, b"n" * 5000)
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["briefing.md"]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotWritten, match="there is no folder"):
        write_whole(tmp_path / "nowhere" / "briefing.md", b"x")


def test_a_folder_in_its_place_is_named(tmp_path: Path) -> None:
    (tmp_path / "briefing.md").mkdir()
    with pytest.raises(NotWritten, match="it is a folder"):
        write_whole(tmp_path / "briefing.md", b"x")
