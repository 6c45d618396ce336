import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.errors import LibraryBusy, LibraryUnusable
from service.library.owner import LOCK_FILE, RECORD_FILE, DataDirectoryOwner, read_owner

HOLD = """
import sys
from pathlib import Path
from service.library.owner import DataDirectoryOwner
owner = DataDirectoryOwner.acquire(Path(sys.argv[1]))
if sys.argv[2]:
    owner.announce(sys.argv[2])
print("held", flush=True)
sys.stdin.read()
owner.release()
"""


class OtherProcess:
    """A process that owns the directory until it is told to end, or killed."""

    def __init__(self, data_dir: Path, address: str = "") -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(data_dir), address],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "held\n"

    @property
    def pid(self) -> int:
        return self._process.pid

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self.end()

    def end(self) -> None:
        self._process.communicate()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[OtherProcess]:
    process = OtherProcess(tmp_path)
    yield process
    process.end()


def test_directory_is_created_for_this_user_only(tmp_path: Path) -> None:
    data_dir = tmp_path / "new" / "data"
    owner = DataDirectoryOwner.acquire(data_dir)
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700
    owner.release()


def test_record_is_readable_by_this_user_only_and_says_who(tmp_path: Path) -> None:
    owner = DataDirectoryOwner.acquire(tmp_path)
    owner.announce("http://127.0.0.1:8321")
    assert stat.S_IMODE((tmp_path / RECORD_FILE).stat().st_mode) == 0o600
    record = read_owner(tmp_path)
    assert record is not None
    assert (record.pid, record.address, record.token) == (os.getpid(), "http://127.0.0.1:8321", owner.record.token)
    owner.release()


def test_token_is_in_no_repr(tmp_path: Path) -> None:
    owner = DataDirectoryOwner.acquire(tmp_path)
    assert owner.record.token not in repr(owner.record)
    owner.release()


def test_second_owner_in_another_process_is_refused_with_pid_and_advice(tmp_path: Path, other: OtherProcess) -> None:
    with pytest.raises(LibraryBusy, match=rf"another groundwire command \(pid {other.pid}\); wait .* or stop it"):
        DataDirectoryOwner.acquire(tmp_path, timeout_seconds=0.1)


def test_second_owner_in_the_same_process_is_refused(tmp_path: Path) -> None:
    owner = DataDirectoryOwner.acquire(tmp_path)
    with pytest.raises(LibraryBusy):
        DataDirectoryOwner.acquire(tmp_path, timeout_seconds=0.0)
    owner.release()


def test_refusal_names_the_service_that_owns_it(tmp_path: Path) -> None:
    service = OtherProcess(tmp_path, "http://127.0.0.1:4711")
    with pytest.raises(LibraryBusy, match=rf"service at http://127.0.0.1:4711 \(pid {service.pid}\); use that one"):
        DataDirectoryOwner.acquire(tmp_path, timeout_seconds=0.1)
    service.end()


def test_owner_that_ends_within_the_timeout_is_waited_for(tmp_path: Path, other: OtherProcess) -> None:
    other.end()
    DataDirectoryOwner.acquire(tmp_path).release()


def test_what_a_killed_owner_left_counts_as_nobody(tmp_path: Path) -> None:
    OtherProcess(tmp_path, "http://127.0.0.1:4711").kill()
    assert (tmp_path / RECORD_FILE).exists()
    assert read_owner(tmp_path) is None


def test_free_lock_beside_a_record_of_a_living_process_counts_as_nobody(tmp_path: Path) -> None:
    """A process id is used again: the lock decides, not the number."""
    (tmp_path / RECORD_FILE).write_text(json.dumps({"pid": os.getpid(), "address": "http://127.0.0.1:1", "token": "t"}))
    assert read_owner(tmp_path) is None


def test_directory_of_a_killed_owner_is_taken_over_without_its_address(tmp_path: Path) -> None:
    OtherProcess(tmp_path, "http://127.0.0.1:4711").kill()
    owner = DataDirectoryOwner.acquire(tmp_path)
    record = read_owner(tmp_path)
    assert record is not None
    assert (record.pid, record.address) == (os.getpid(), None)
    owner.release()


def test_released_directory_has_no_owner_and_can_be_owned_again(tmp_path: Path) -> None:
    owner = DataDirectoryOwner.acquire(tmp_path)
    owner.release()
    owner.release()
    assert read_owner(tmp_path) is None
    assert not (tmp_path / RECORD_FILE).exists()
    DataDirectoryOwner.acquire(tmp_path).release()


def test_late_second_release_leaves_the_next_owner_alone(tmp_path: Path) -> None:
    first = DataDirectoryOwner.acquire(tmp_path)
    first.release()
    second = DataDirectoryOwner.acquire(tmp_path)
    first.release()
    assert read_owner(tmp_path) is not None
    second.release()


def test_reading_the_owner_of_a_missing_directory_creates_nothing(tmp_path: Path) -> None:
    assert read_owner(tmp_path / "missing") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"pid": "1"}', '{"pid": -1, "address": null, "token": "t"}']
)
def test_broken_record_counts_as_nobody_and_does_not_hinder(tmp_path: Path, content: str) -> None:
    (tmp_path / RECORD_FILE).write_text(content)
    assert read_owner(tmp_path) is None
    DataDirectoryOwner.acquire(tmp_path).release()


def test_half_written_record_of_a_killed_owner_does_not_hinder(tmp_path: Path) -> None:
    (tmp_path / f"{RECORD_FILE}.new").write_text("{")
    DataDirectoryOwner.acquire(tmp_path).release()


def test_file_in_place_of_the_directory_is_unusable_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LibraryUnusable, match=r"cannot write in .*; set GROUNDWIRE_DATA_DIR") as caught:
        DataDirectoryOwner.acquire(tmp_path / "file" / "data")
    assert "\n" not in str(caught.value)


def test_folder_in_place_of_the_lock_is_unusable(tmp_path: Path) -> None:
    (tmp_path / LOCK_FILE).mkdir()
    with pytest.raises(LibraryUnusable):
        DataDirectoryOwner.acquire(tmp_path, timeout_seconds=0.1)


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may write anywhere")
def test_read_only_directory_is_unusable(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(LibraryUnusable, match="set GROUNDWIRE_DATA_DIR to a folder you may write"):
            DataDirectoryOwner.acquire(tmp_path, timeout_seconds=0.1)
    finally:
        tmp_path.chmod(0o700)
