"""When cron expressions are due, and what is said of those that are none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.briefing.schedules.timetable import Timetable, _zones
from service.errors import InputRejected


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_it_is_the_zones_clock_that_counts() -> None:
    table = Timetable("0 7 * * 1-5", "Europe/Kyiv")
    assert table.after(utc("2025-11-14T04:00")) == utc("2025-11-14T05:00")
    assert table.after(utc("2025-07-14T00:00")) == utc("2025-07-14T04:00")


def test_a_due_time_itself_is_the_last_one() -> None:
    table = Timetable("0 7 * * *", "UTC")
    assert table.last_until(utc("2025-11-14T07:00")) == utc("2025-11-14T07:00")
    assert table.last_until(utc("2025-11-14T06:59:59.9")) == utc("2025-11-13T07:00")
    assert table.after(utc("2025-11-14T07:00")) == utc("2025-11-15T07:00")


def test_a_time_that_the_clocks_skip_comes_with_the_change() -> None:
    table = Timetable("30 2 * * *", "Europe/Berlin")  # on 30 March 2025 it was never half past two
    assert table.after(utc("2025-03-29T12:00")) == utc("2025-03-30T01:00")


def test_a_time_that_the_clocks_repeat_comes_once() -> None:
    table = Timetable("30 2 * * *", "Europe/Berlin")  # on 26 October 2025 it was half past two twice
    first = table.after(utc("2025-10-25T12:00"))
    assert table.after(first) - first == timedelta(hours=25)
    assert table.last_until(utc("2025-10-26T01:45")) == first


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
@pytest.mark.parametrize("cron", ["0 7 * * *", "30 2 * * *", "*/20 * * * *", "15 */3 * * 1-5", "0 0 1 * *"])
def test_looking_back_finds_what_looking_forward_found(cron: str, zone: str) -> None:
    table = Timetable(cron, zone)
    for start in ("2025-03-29T00:00", "2025-10-25T00:00", "2025-11-01T12:00", "2025-04-05T00:00"):
        due = [table.after(utc(start))]
        for _ in range(40):
            due.append(table.after(due[-1]))
        for earlier, later in pairwise(due):
            assert table.last_until(later) == later
            assert table.last_until(later - timedelta(seconds=1)) == earlier


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("99 * * * *", "minute `99` is not valid (0-59"),
        ("0 24 * * *", "hour `24` is not valid (0-23"),
        ("0 7 * * MON-XX", "day-of-week `MON-XX` is not valid"),
        ("0 7 * *", "has 4 of the 5 fields"),
        ("0 0 7 * * *", "has 6 of the 5 fields"),
        ("", "has 0 of the 5 fields"),
        ("@daily", "has 1 of the 5 fields"),
        ("0 0 30 2 *", "day-of-month `30`"),
        ("*/0 * * * *", "minute `*/0` is not valid"),
        ("0 7 * * " + "1," * 200, "characters, the limit is"),
    ],
)
def test_an_invalid_expression_is_named_with_an_example(cron: str, said: str) -> None:
    with pytest.raises(InputRejected) as refused:
        Timetable(cron, "UTC")
    message = str(refused.value)
    assert said in message
    assert message.startswith("cron: ")
    assert message.endswith("`0 7 * * 1-5` is 07:00 from Monday to Friday")
    assert "\n" not in message


@given(st.text(st.sampled_from("0123456789*/,-#LW MONJAN?²"), max_size=24))
def test_whatever_is_typed_is_a_timetable_or_a_refusal(cron: str) -> None:
    try:
        table = Timetable(cron, "Europe/Kyiv")
    except InputRejected as refused:
        assert str(refused).startswith("cron: ")  # noqa: PT017
    else:
        assert table.after(utc("2025-11-14T07:00")) > utc("2025-11-14T07:00")


@pytest.mark.parametrize(
    ("zone", "nearest"),
    [("Kyiv", "Europe/Kyiv"), ("Europe/Kyyiv", "Europe/Kyiv"), ("New York", "America/New_York"), ("utc ", "UTC")],
)
def test_an_unknown_zone_is_refused_with_the_nearest(zone: str, nearest: str) -> None:
    with pytest.raises(InputRejected, match="time zone: there is no") as refused:
        Timetable("0 7 * * *", zone)
    assert f"did you mean {nearest}" in str(refused.value)


def test_the_zones_of_the_machine_are_read_once() -> None:
    assert _zones() is _zones()


@pytest.mark.parametrize("zone", ["", "../../etc/passwd", "x" * 300, "\x00"])
def test_a_zone_that_is_like_none_is_refused_in_one_line(zone: str) -> None:
    assert zone not in available_timezones()
    with pytest.raises(InputRejected, match="time zone: there is no"):
        Timetable("0 7 * * *", zone)
