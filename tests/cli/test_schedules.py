"""`groundwire schedules`, alone and beside a running service."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from service.library.owner import read_owner

DEADLINE_SECONDS = 60.0
ADD = ("schedules", "add", "morning", "bridge in Harlow", "--cron", "0 7 1 1 *", "--time-zone", "Europe/Oslo")


def test_added_is_listed(run, articles):
    added = run(*ADD, "--window", "7d", "--folder", "desk", "--json")
    assert (added.code, added.err) == (0, "")
    listed = run("schedules", "list", "--json").json
    assert listed == {"schedules": [added.json], "running": False}
    assert added.json["window_hours"] == 168
    assert added.json["targets"] == [{"kind": "folder", "to": "desk"}]


def test_a_person_reads_when_and_where_to(run):
    run(*ADD, "--folder", "desk")
    out = run("schedules", "list").out
    assert "morning: bridge in Harlow" in out
    assert "Europe/Oslo (0 7 1 1 *), all articles" in out
    assert "01-01 07:00 CET" in out
    assert "folder desk" in out
    assert "none yet" in out
    assert out.endswith("They run while `groundwire serve` does. What is missed until then is made up once.\n")


def test_without_any_it_says_how_to_add_one(run):
    assert run("schedules", "list").out.startswith("There is no schedule.")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("--cron", "61 7 * * *"), "cron: minute `61` is not valid"),
        (("--cron", "0 7 * *"), "cron: has 4 of the 5 fields"),
        (("--time-zone", "Oslo"), "time zone: there is no `Oslo`; did you mean Europe/Oslo"),
        (("--window", "soon"), "--window: not a stretch of time"),
        (("--window", "99999d"), "--window: input should be less than"),
        (("--mail", "desk@harbour.example"), "set GROUNDWIRE_SMTP_HOST"),
        (("--webhook", "https://hooks.example.org"), "is not one of GROUNDWIRE_WEBHOOK_HOSTS (none)"),
        (("--folder", "../out"), "is not a folder inside"),
        (("--format", "doc"), "invalid choice: 'doc'"),
        (("--words", "7"), "--words: input should be greater"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(run, wrong, said):
    ran = run(*ADD, *wrong)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.error_lines) == 1
    assert said in ran.err
    assert run("schedules", "list", "--json").json["schedules"] == []


def test_a_name_is_taken_once(run):
    run(*ADD)
    ran = run(*ADD)
    assert ran.code == 2
    assert "there is a schedule named morning already; remove it, or take another name" in ran.err


def test_run_writes_a_briefing_and_delivers_it(run, articles, data_dir):
    run("ingest", articles)
    run(*ADD, "--folder", "desk", "--format", "md", "--format", "html")
    ran = run("schedules", "run", "morning", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert [(one["state"], one["by_hand"]) for one in ran.json["runs"]] == [("done", True)]
    assert [one["state"] for one in ran.json["deliveries"]] == ["delivered"]
    written = sorted((data_dir / "delivered" / "desk").iterdir())
    assert [path.suffix for path in written] == [".html", ".md"]
    assert "48 million crowns" in written[1].read_text(encoding="utf-8")


def test_what_was_not_delivered_is_said_kept_and_tried_again(run, articles, data_dir):
    run("ingest", articles)
    run(*ADD, "--folder", "desk")
    (data_dir / "delivered").mkdir()
    (data_dir / "delivered" / "desk").write_text("in the way")
    ran = run("schedules", "run", "morning")
    assert ran.code == 3
    assert "not delivered to desk: the folder" in ran.err
    assert ran.err.rstrip().endswith("it is kept and tried again")
    assert "failed:   folder desk, 1 attempt, again at" in run("schedules", "list").out
    doctor = run("doctor").out
    assert "degraded  schedules" in doctor
    assert "1 not delivered, of which 1 tried again" in " ".join(doctor.split())

    (data_dir / "delivered" / "desk").unlink()
    again = run("schedules", "retry", "morning")
    assert (again.code, again.err) == (0, "")
    assert len(list((data_dir / "delivered" / "desk").iterdir())) == 1


def test_what_was_given_up_is_not_said_to_be_tried_again(run, articles, data_dir):
    run("ingest", articles)
    run(*ADD, "--folder", "desk")
    (data_dir / "delivered").mkdir()
    (data_dir / "delivered" / "desk").write_text("in the way")
    run("schedules", "run", "morning")
    with closing(sqlite3.connect(data_dir / "schedules.sqlite3")) as connection, connection:
        connection.execute("UPDATE deliveries SET attempts = 19")
    ran = run("schedules", "retry", "morning")
    assert ran.code == 3
    assert ran.err.rstrip().endswith("it was given up: `groundwire schedules retry morning` tries it again")


def test_removed_is_gone_and_its_briefings_stay(run, articles):
    run("ingest", articles)
    run(*ADD)
    run("schedules", "run", "morning")
    assert run("schedules", "remove", "MORNING").out == "removed morning: bridge in Harlow\n"
    assert run("schedules", "list", "--json").json["schedules"] == []


@pytest.mark.parametrize("action", ["run", "remove", "retry"])
def test_no_such_schedule_is_one_line(run, action):
    run(*ADD)
    ran = run("schedules", action, "evening")
    assert (ran.code, ran.out) == (1, "")
    assert "there is no schedule with this name; there are morning" in ran.err


@pytest.fixture
def served(run, articles, data_dir: Path, start: Callable[..., subprocess.Popen[str]]) -> Callable[[], None]:
    def serve() -> None:
        process = start("serve", "--port", "0")
        wait_for(lambda: process.poll() is not None or _address(data_dir) is not None)
        assert process.poll() is None

    return serve


def _address(data_dir: Path) -> str | None:
    owner = read_owner(data_dir)
    return None if owner is None else owner.address


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_service_makes_up_once_what_was_missed_and_takes_the_same_commands(run, articles, data_dir, served):
    run("ingest", articles)
    run(*ADD, "--folder", "desk")
    with closing(sqlite3.connect(data_dir / "schedules.sqlite3")) as connection, connection:
        connection.execute("UPDATE schedules SET handled_until = '2019-06-01T00:00:00+00:00'")
    served()

    def delivered() -> bool:
        [schedule] = run("schedules", "list", "--json").json["schedules"]
        return [one["state"] for one in schedule["deliveries"]] == ["delivered"]

    wait_for(delivered)
    listed = run("schedules", "list", "--json").json
    [schedule] = listed["schedules"]
    assert listed["running"]
    assert [(one["state"], one["made_up"]) for one in schedule["runs"] if one["state"] == "done"] == [("done", True)]
    assert len(list((data_dir / "delivered" / "desk").iterdir())) == 1

    ran = run("schedules", "run", "morning", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["runs"][0]["by_hand"]
    assert "there is a schedule named morning already" in run(*ADD).err
    assert "cron: minute `61`" in run("schedules", "add", "x", "y", "--cron", "61 * * * *").err
    assert json.loads(run("schedules", "remove", "morning", "--json").out)["name"] == "morning"
    assert run("schedules", "remove", "morning").code == 1
