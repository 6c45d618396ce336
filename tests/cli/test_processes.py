"""What only a real process shows: signals, pipes, locales."""

from __future__ import annotations

import json
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest

ENOUGH = 1_500
DEADLINE_SECONDS = 60.0


def many(count: int) -> str:
    lines = (
        {"id": f"a{n}", "title": f"Report {n}", "text": f"Station {n} measured {n} millimetres of rain."}
        for n in range(count)
    )
    Path("many.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return "many.jsonl"


def stored(data_dir: Path) -> int:
    """How many articles the library holds, read from outside; 0 while there is none."""
    try:
        with closing(sqlite3.connect(f"file:{data_dir / 'library.sqlite3'}?mode=ro", uri=True)) as connection:
            count: int = connection.execute("SELECT count(*) FROM articles").fetchone()[0]
            return count
    except sqlite3.OperationalError:
        return 0


def test_ctrl_c_says_what_is_saved_and_the_next_run_goes_on(start, run, data_dir):
    path = many(ENOUGH)
    process = start("ingest", path)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while stored(data_dir) == 0 and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=DEADLINE_SECONDS)
    assert (process.returncode, out) == (130, "")
    saved = stored(data_dir)
    assert 0 < saved < ENOUGH
    assert (
        err == f"groundwire: stopped: {saved} articles are saved; run the same command again to go on with the rest\n"
    )
    again = run("ingest", path, "--json").json
    assert (again["unchanged"], again["added"], again["failed"]) == (saved, ENOUGH - saved, [])
    assert run("doctor").code == 0


def test_a_closed_pipe_is_quiet(start, run):
    run("ingest", many(3))
    process = start("articles", "list")
    process.stdout.close()
    assert process.wait(timeout=DEADLINE_SECONDS) == 0
    assert process.stderr.read() == ""
    process.stdout = None


def test_help_into_a_closed_pipe_is_quiet(start):
    process = start("--help")
    process.stdout.close()
    assert process.wait(timeout=DEADLINE_SECONDS) == 0
    assert process.stderr.read() == ""
    process.stdout = None


@pytest.mark.parametrize(
    "environment", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}]
)
def test_a_terminal_of_ascii_gets_an_answer(start, run, environment):
    Path("cafe.txt").write_text("The Café Zürich — “the oldest” — closed on Friday.", encoding="utf-8")
    run("ingest", "cafe.txt")
    process = start("search", "café", "--json", **environment)
    out, err = process.communicate(timeout=DEADLINE_SECONDS)
    assert (process.returncode, err) == (0, "")
    assert "Café Zürich" in json.loads(out)["results"][0]["text"]
