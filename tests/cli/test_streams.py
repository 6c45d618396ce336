from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from service.cli.console import Console
from service.cli.progress import Progress
from service.errors import GroundwireError
from service.ingest.report import IngestProgress


def ascii_stdout(monkeypatch) -> io.BytesIO:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="ascii"))
    return written


def test_characters_the_terminal_lacks_are_escaped(monkeypatch):
    written = ascii_stdout(monkeypatch)
    Console().line("Zürich — “ja”")
    assert written.getvalue() == b"Z\\xfcrich \\u2014 \\u201cja\\u201d\n"


def test_json_stays_json_where_stdout_is_ascii(monkeypatch):
    import json

    written = ascii_stdout(monkeypatch)
    Console().json({"title": "Zürich 🐝"})
    assert json.loads(written.getvalue()) == {"title": "Zürich 🐝"}


def test_half_a_surrogate_pair_does_not_stop_the_output(monkeypatch):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="utf-8"))
    Console().line("file\udcff.txt")
    assert written.getvalue() == b"file\\udcff.txt\n"


def test_a_title_cannot_drive_the_terminal(capsys):
    Console().line("\x1b]0;owned\x07\x1b[31mred \u202etxt")
    printed = capsys.readouterr().out
    assert printed.endswith("txt\n")
    assert not {"\x1b", "\x07", "\u202e"} & set(printed)


def test_results_wrap_to_the_width_and_words_stay_whole(capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "24")
    Console().line("one two three four five six https://example.org/a-very-long-address", lead="[1] ", indent="    ")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "[1] one two three four"
    assert lines[-1] == "    https://example.org/a-very-long-address"


def test_a_line_stays_a_line_where_there_is_no_terminal(capsys, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)
    Console().line("word " * 100)
    assert capsys.readouterr().out.count("\n") == 1


def test_an_error_is_one_line_whatever_its_message(capsys):
    Console().error("first\nsecond\x1b[2J")
    assert capsys.readouterr().err == "groundwire: first second\N{REPLACEMENT CHARACTER}[2J\n"


@pytest.mark.parametrize("missing", ["stdout", "stderr"])
def test_a_stream_that_was_closed_before_the_start_is_not_written(monkeypatch, missing):
    monkeypatch.setattr(sys, missing, None)
    console = Console()
    console.line("result")
    console.error("error")
    assert not console.shows_progress or missing == "stdout"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stderr", "expected"), [(Terminal(), True), (io.StringIO(), False)], ids=["terminal", "file"])
def test_progress_is_shown_on_a_terminal_only(monkeypatch, stderr, expected):
    monkeypatch.setattr(sys, "stderr", stderr)
    with Progress(Console()) as progress:
        progress.report(IngestProgress(read=5, done=4, failed=1, chunks_embedded=9, current="a.txt"))
    assert ("4 articles" in stderr.getvalue()) == expected


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_named(monkeypatch):
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        monkeypatch.setattr(sys, "stdout", full)
        with pytest.raises(GroundwireError, match="cannot write the result to stdout"):
            Console().line("result")
