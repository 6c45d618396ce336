"""A disk that is full while a briefing is delivered: nothing half-written, nothing lost."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from service.briefing.briefing import BOTTOM_LINE, Section
from service.briefing.delivery.folder import FolderDeliverer
from service.briefing.schedules.desk import ScheduleDesk
from service.briefing.schedules.schedule import Schedule, Target

LARGEST_FILE = 400_000
"""What the file of schedules has room in, and the briefing below has not."""


def test_it_waits_until_there_is_room(
    tmp_path: Path, writer: Any, clock: Any, morning: Schedule, full_disk: Callable[[int], AbstractContextManager[None]]
) -> None:
    sentence = replace(writer.briefing.sections[1].sentences[0], text="x" * 600)
    long = Section(BOTTOM_LINE, (sentence,) * 1000)
    writer.briefing = replace(
        writer.briefing, sections=(writer.briefing.sections[0], long, *writer.briefing.sections[2:])
    )
    out = tmp_path / "out"
    with closing(ScheduleDesk(tmp_path, writer, writer.load, {"folder": FolderDeliverer(out)}, clock)) as desk:
        desk.add(replace(morning, targets=(Target("folder", "desk"),)))
        with full_disk(LARGEST_FILE):
            [delivery] = desk.run("morning").deliveries
        assert delivery.state == "waiting"
        assert delivery.error is not None
        assert "was not written" in delivery.error
        assert list((out / "desk").iterdir()) == []

        clock.pass_by(minutes=1)
        desk._courier.deliver_due()
        [file] = (out / "desk").iterdir()
        assert file.stat().st_size > LARGEST_FILE
        assert desk.status("morning").deliveries[0].state == "delivered"
