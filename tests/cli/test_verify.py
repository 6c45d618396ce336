"""`groundwire verify`: what a person and a script see."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

DRAFT = (
    "# News of the week\n\nHello all,\n\n"
    "The new bridge in Harlow cost 48 million crowns [1]. The bridge in Harlow cost 84 million crowns.\n\n"
    "Who paid for it?\n"
)


@pytest.fixture
def draft(data_dir) -> str:
    Path("draft.md").write_text(DRAFT, encoding="utf-8")
    return "draft.md"


@pytest.fixture
def standard_input(monkeypatch):
    def give(data: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))

    return give


def test_each_sentence_is_shown_with_its_mark_its_reason_and_its_quote(run, articles, draft):
    run("ingest", articles)
    ran = run("verify", draft)
    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "[+] The new bridge in Harlow cost 48 million crowns [1]."
    assert "“The new bridge in Harlow cost 48 million crowns, the mayor said.” (articles/bridge.md:" in lines[1]
    assert any(line.startswith(("[-] ", "[!] ")) and "84 million" in line for line in lines)
    assert "84" in ran.out.split("84 million crowns.")[1]  # the reason names it
    assert "groundedness 0.50: 1 of 2 sentences supported" in lines
    assert "not checked, as they claim nothing: 1 heading, 1 greeting, 1 question" in lines


def test_json_is_the_public_shape(run, articles, draft):
    run("ingest", articles)
    body = run("verify", draft, "--json").json
    assert list(body) == ["sentences", "groundedness", "unchecked"]
    for sentence in body["sentences"]:
        assert DRAFT[sentence["start"] : sentence["end"]] == sentence["text"]


def test_given_files_alone_need_no_data_directory(run, data_dir, draft):
    Path("dam.txt").write_text("The dam near Orsk held.", encoding="utf-8")
    Path("bridge.md").write_text("\ufeffThe bridge cost 84 million crowns in Harlow.", encoding="utf-8")
    ran = run("verify", draft, "--source", "dam.txt", "--source", "bridge.md", "--json")
    assert ran.code == 0
    first, second = ran.json["sentences"]
    assert (first["verdict"] == "supported", second["verdict"]) == (False, "supported")
    assert second["citations"] == [
        {"source_index": 1, "start": 0, "end": 44, "quote": "The bridge cost 84 million crowns in Harlow."}
    ]
    assert "(bridge.md:0-44)" in run("verify", draft, "--source", "dam.txt", "--source", "bridge.md").out
    assert not data_dir.exists()


def test_a_dash_reads_standard_input(run, articles, standard_input):
    run("ingest", articles)
    standard_input(b"The bridge in Harlow cost 48 million crowns.")
    assert run("verify", "-", "--json").json["groundedness"] == 1.0


def test_a_pipe_may_be_read_too(run, articles):
    run("ingest", articles)
    ran = subprocess.run(
        [sys.executable, "-m", "service.cli", "verify", "-"],
        input=b"The bridge in Harlow cost 48 million crowns.",
        capture_output=True,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert ran.returncode == 0
    assert b"groundedness 1.00" in ran.stdout


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "is empty", id="empty"),
        pytest.param(b" \n\n", "is empty", id="blank"),
        pytest.param(b"%PDF-1.7 ...", "is a PDF", id="PDF"),
        pytest.param(bytes(range(256)) * 10, "is binary data", id="binary"),
        pytest.param(b"caf\xe9 " * 9, "is not UTF-8", id="Latin-1"),
        pytest.param(b"It rained. " * 900_000, "has more than 8 MB", id="huge"),
    ],
)
@pytest.mark.parametrize("way", ["file", "input", "source"])
def test_what_cannot_be_read_is_one_line_that_names_it(run, standard_input, content, says, way):
    Path("odd.bin").write_bytes(content)
    Path("fine.txt").write_text("It rained.")
    standard_input(content)
    ran = {
        "file": lambda: run("verify", "odd.bin", "--source", "fine.txt"),
        "input": lambda: run("verify", "-", "--source", "fine.txt"),
        "source": lambda: run("verify", "fine.txt", "--source", "odd.bin"),
    }[way]()
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.error_lines) == 1
    assert says in ran.err
    assert ("standard input" if way == "input" else "odd.bin") in ran.err


def test_a_source_may_be_longer_than_a_text(run):
    Path("long.txt").write_text("It rained. " * 20_000)
    Path("fine.txt").write_text("It rained.")
    ran = run("verify", "long.txt", "--source", "fine.txt")
    assert ran.code == 2
    assert "the limit is 100,000" in ran.err
    assert run("verify", "fine.txt", "--source", "long.txt").code == 0


def test_a_title_cannot_drive_the_terminal(run):
    Path("draft.txt").write_bytes(b"The \x1b[31mbridge\x1b[0m fell \x07down on 3 May 2024.")
    Path("source.txt").write_text("Nothing of it.")
    ran = run("verify", "draft.txt", "--source", "source.txt")
    assert ran.code == 0
    assert "\x1b" not in ran.out
