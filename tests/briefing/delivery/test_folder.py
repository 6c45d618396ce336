"""Files in a folder: whole, inside the one for deliveries, under names that stay the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service.briefing.briefing import Briefing
from service.briefing.delivery.folder import FolderDeliverer
from service.briefing.delivery.ports import Parcel
from service.briefing.rendering.formats import rendered
from service.errors import DeliveryFailed, InputRejected


@pytest.fixture
def parcel(briefing: Briefing) -> Parcel:
    return Parcel("dlv_1", "morning", replace(briefing, id="brf_0123456789abcdef"), ("md", "html"))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_each_format_is_a_file(tmp_path: Path, parcel: Parcel) -> None:
    FolderDeliverer(tmp_path / "out").deliver(parcel, "desk/tarvik")
    folder = tmp_path / "out" / "desk" / "tarvik"
    assert names(folder) == ["morning-2024-05-10-0700-01234567.html", "morning-2024-05-10-0700-01234567.md"]
    assert (folder / "morning-2024-05-10-0700-01234567.md").read_bytes() == rendered(parcel.briefing, "md")


def test_a_second_attempt_makes_no_second_file(tmp_path: Path, parcel: Parcel) -> None:
    for _ in range(2):
        FolderDeliverer(tmp_path).deliver(parcel, "desk")
    assert len(names(tmp_path / "desk")) == 2


@pytest.mark.parametrize("to", ["", " ", "/etc", "..", "a/../../b", "a\x00b", "a\nb", "x" * 300])
def test_a_folder_outside_is_refused(tmp_path: Path, to: str) -> None:
    with pytest.raises(InputRejected, match="is not a folder inside") as refused:
        FolderDeliverer(tmp_path).check(to)
    assert str(refused.value).isprintable()


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "away").symlink_to(tmp_path)
    with pytest.raises(InputRejected, match="leads out of"):
        FolderDeliverer(tmp_path / "out").check("away")


def test_a_file_in_the_place_of_the_folder_is_a_failed_delivery(tmp_path: Path, parcel: Parcel) -> None:
    (tmp_path / "desk").write_text("mine")
    with pytest.raises(DeliveryFailed, match="cannot be made"):
        FolderDeliverer(tmp_path).deliver(parcel, "desk")
    assert (tmp_path / "desk").read_text() == "mine"


def test_a_folder_that_may_not_be_written_to_is_named(tmp_path: Path, parcel: Parcel) -> None:
    target = tmp_path / "desk"
    target.mkdir()
    (target / parcel.file_name("md")).mkdir()
    with pytest.raises(DeliveryFailed, match="it is a folder; name a file"):
        FolderDeliverer(tmp_path).deliver(parcel, "desk")
    assert [name for name in names(target) if name.startswith(".")] == []


def test_a_failure_names_no_path_of_this_machine(tmp_path: Path, parcel: Parcel) -> None:
    target = tmp_path / "desk"
    (target / parcel.file_name("md")).mkdir(parents=True)
    with pytest.raises(DeliveryFailed) as failed:
        FolderDeliverer(tmp_path).deliver(parcel, "desk")
    assert str(tmp_path) not in str(failed.value)
    assert "GROUNDWIRE_DELIVERY_DIR/desk/morning-2024-05-10-0700-01234567.md was not written" in str(failed.value)
