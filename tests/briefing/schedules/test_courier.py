"""A delivery that failed is kept, tried again and visible."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from service.briefing.delivery.ports import Parcel, RecordingDeliverer
from service.briefing.schedules.courier import LONGEST_WAIT, MOST_ATTEMPTS, wait_after
from service.briefing.schedules.desk import ScheduleDesk
from service.briefing.schedules.schedule import Schedule, Target
from service.errors import InputRejected, NotFound


@pytest.fixture
def desk(tmp_path: Path, writer: Any, clock: Any, mail: RecordingDeliverer) -> Iterator[ScheduleDesk]:
    made = ScheduleDesk(tmp_path, writer, writer.load, {"mail": mail, "folder": RecordingDeliverer()}, clock)
    yield made
    made.close()


@pytest.fixture
def mailed(desk: ScheduleDesk, morning: Schedule) -> ScheduleDesk:
    desk.add(replace(morning, targets=(Target("mail", "desk@harbour.example"),)))
    return desk


def test_a_briefing_is_delivered_as_it_was_kept(mailed: ScheduleDesk, mail: RecordingDeliverer, writer: Any) -> None:
    mailed.run("morning")
    [(parcel, to)] = mail.delivered
    assert (parcel.schedule, parcel.briefing, to) == ("morning", writer.kept["brf_1"], "desk@harbour.example")


def test_what_failed_waits_is_seen_and_arrives_later(
    mailed: ScheduleDesk, mail: RecordingDeliverer, clock: Any
) -> None:
    mail.failures = ["the mail server is down"]
    [delivery] = mailed.run("morning").deliveries
    assert (delivery.state, delivery.attempts, delivery.error) == ("waiting", 1, "the mail server is down")
    assert mailed.state() == (
        "degraded",
        "1 schedule, next morning at 2024-05-06 07:00 UTC; 1 not delivered, of which 1 tried again; "
        "the last, of morning: the mail server is down",
    )
    mailed._courier.deliver_due()
    assert mail.delivered == []
    clock.pass_by(minutes=1)
    mailed._courier.deliver_due()
    assert [to for _, to in mail.delivered] == ["desk@harbour.example"]
    assert mailed.state() == ("ok", "1 schedule, next morning at 2024-05-06 07:00 UTC")


def test_every_attempt_has_the_same_id(mailed: ScheduleDesk, mail: RecordingDeliverer, clock: Any) -> None:
    mail.failures = ["down"]
    [first] = mailed.run("morning").deliveries
    clock.pass_by(minutes=1)
    mailed._courier.deliver_due()
    assert mail.delivered[0][0].id == first.id


def test_waits_grow_up_to_a_limit_and_end() -> None:
    waits = [wait_after(number) for number in range(1, MOST_ATTEMPTS)]
    assert waits[:4] == [timedelta(minutes=m) for m in (1, 2, 4, 8)]
    assert waits[-1] == LONGEST_WAIT
    assert timedelta(days=2) < sum((w for w in waits if w is not None), timedelta()) < timedelta(days=4)
    assert wait_after(MOST_ATTEMPTS) is None


def test_what_was_given_up_is_kept_and_can_be_tried_again(
    mailed: ScheduleDesk, mail: RecordingDeliverer, clock: Any
) -> None:
    mail.failures = ["down"] * MOST_ATTEMPTS
    mailed.run("morning")
    for _ in range(MOST_ATTEMPTS):
        clock.pass_by(hours=7)
        mailed._courier.deliver_due()
    assert mailed.status("morning").deliveries[0].state == "given_up"
    assert mail.failures == []
    [delivery] = mailed.retry("morning").deliveries
    assert delivery.state == "delivered"


class Killed(BaseException):
    """The process ends here."""


class Acting(RecordingDeliverer):
    """Does something with each target in place of delivering."""

    def __init__(self, act: Callable[[str], object]) -> None:
        super().__init__()
        self._act = act

    def deliver(self, parcel: Parcel, to: str) -> None:
        self._act(to)


def test_what_arrives_and_cannot_be_noted_is_not_sent_all_the_time(
    mailed: ScheduleDesk, writer: Any, clock: Any
) -> None:
    def killed(to: str) -> None:
        sent.append(clock())
        raise Killed

    sent: list[datetime] = []
    mailed._deliverers["mail"] = Acting(killed)  # type: ignore[index]
    for minutes in [1] * 60 + [60] * 100:
        with suppress(Killed):
            mailed._courier.deliver_due() if writer.kept else mailed.run("morning")
        clock.pass_by(minutes=minutes)
    assert len(sent) == MOST_ATTEMPTS
    assert [later - earlier for earlier, later in pairwise(sent)][:3] == [timedelta(minutes=m) for m in (1, 2, 4)]
    [delivery] = mailed.status("morning").deliveries
    assert (delivery.state, delivery.error) == ("given_up", "it is not known whether it arrived")


def test_what_is_under_way_for_the_first_time_is_no_trouble(mailed: ScheduleDesk) -> None:
    def seen(to: str) -> None:
        states.append(mailed.state())

    states: list[Any] = []
    mailed._deliverers["mail"] = Acting(seen)  # type: ignore[index]
    mailed.run("morning")
    assert states == [("ok", "1 schedule, next morning at 2024-05-06 07:00 UTC")]


def test_what_is_removed_while_another_is_sent_is_not_sent(desk: ScheduleDesk, morning: Schedule) -> None:
    def removing(to: str) -> None:
        sent.append(to)
        desk.remove("morning")

    sent: list[str] = []
    desk._deliverers["mail"] = Acting(removing)  # type: ignore[index]
    desk.add(replace(morning, targets=(Target("mail", "a@harbour.example"), Target("mail", "b@harbour.example"))))
    with pytest.raises(NotFound):
        desk.run("morning")
    assert sent == ["a@harbour.example"]


def test_a_briefing_that_is_gone_is_given_up_at_once(
    mailed: ScheduleDesk, mail: RecordingDeliverer, writer: Any, clock: Any
) -> None:
    mail.failures = ["down"]
    mailed.run("morning")
    writer.kept.clear()
    clock.pass_by(minutes=1)
    mailed._courier.deliver_due()
    [delivery] = mailed.status("morning").deliveries
    assert (delivery.state, delivery.error) == ("given_up", "the briefing is not kept any longer")


def test_one_target_that_fails_holds_no_other_up(
    desk: ScheduleDesk, mail: RecordingDeliverer, morning: Schedule
) -> None:
    mail.failures = ["down"]
    desk.add(replace(morning, targets=(Target("mail", "a@harbour.example"), Target("mail", "b@harbour.example"))))
    desk.run("morning")
    assert [to for _, to in mail.delivered] == ["b@harbour.example"]


def test_deliveries_outlive_the_process(
    tmp_path: Path, mailed: ScheduleDesk, mail: RecordingDeliverer, writer: Any, clock: Any
) -> None:
    mail.failures = ["down"]
    mailed.run("morning")
    mailed.close()
    clock.pass_by(minutes=1)
    later = ScheduleDesk(tmp_path, writer, writer.load, {"mail": mail}, clock)
    later._courier.deliver_due()
    later.close()
    assert len(mail.delivered) == 1


def test_a_target_that_cannot_be_reached_is_refused_when_it_is_added(desk: ScheduleDesk, morning: Schedule) -> None:
    class Refusing(RecordingDeliverer):
        def check(self, to: str) -> None:
            raise InputRejected("mail: there is no server")

    desk._deliverers["mail"] = Refusing()  # type: ignore[index]
    with pytest.raises(InputRejected, match="there is no server"):
        desk.add(replace(morning, targets=(Target("mail", "a@harbour.example"),)))
    assert desk.all() == []


def test_a_run_that_failed_is_seen(desk: ScheduleDesk, morning: Schedule, writer: Any) -> None:
    desk.add(morning)
    writer.failures = [ValueError("secret")]
    desk.run("morning")
    state = desk.state()
    assert state is not None
    assert state[0] == "degraded"
    assert "morning failed: unexpected ValueError" in state[1]


def test_a_schedule_that_cannot_run_hides_no_other(desk: ScheduleDesk, morning: Schedule) -> None:
    desk._store.add(replace(morning, name="base", zone="Mars/Base"))
    desk.add(morning)
    base, other = desk.all()
    assert (base.next_due, other.next_local) == (None, "2024-05-06 07:00 UTC")
    assert base.next_local.startswith("never: time zone: there is no `Mars/Base`")
    state = desk.state()
    assert state is not None
    assert state[0] == "degraded"
    assert state[1].startswith(
        "2 schedules, next morning at 2024-05-06 07:00 UTC; base cannot run: time zone: there is no `Mars/Base`"
    )


def test_without_schedules_there_is_nothing_to_say(desk: ScheduleDesk) -> None:
    assert desk.state() is None


def test_schedules_that_cannot_be_read_are_seen(tmp_path: Path, desk: ScheduleDesk) -> None:
    (tmp_path / "schedules.sqlite3").write_bytes(b"damaged" * 1000)
    state = desk.state()
    assert state is not None
    assert state[0] == "degraded"
    assert "schedules do not run" in state[1]
