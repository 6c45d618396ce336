from __future__ import annotations

import subprocess
import sys

import pytest

COMMANDS = ["ingest", "ask", "search", "verify", "brief", "receipts", "eval", "articles", "serve", "doctor"]
HEAVY = {"numpy", "torch", "chromadb", "pydantic", "fastapi", "httpx", "tqdm", "sqlite3"}


def test_help_loads_nothing_heavy():
    program = (
        "import sys; from service.cli import main; main(['--help']); print('\\0'.join(sys.modules), file=sys.stderr)"
    )
    finished = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in finished.stderr.split("\0")}
    assert not loaded & HEAVY
    assert all(command in finished.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run, command):
    ran = run(command, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert f"usage: groundwire {command}" in ran.out


def test_version_is_one_line(run):
    ran = run("--version")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("groundwire ")
    assert ran.out.endswith("\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "COMMAND"),
        (["asks", "x"], "asks"),
        (["ask"], "QUESTION"),
        (["ask", ""], "the question is empty"),
        (["ask", "   "], "the question is empty"),
        (["ask", "-"], "the question is empty"),
        (["ask", "x" * 4001], "4,000"),
        (["ask", "half \udcff surrogate"], "question"),
        (["ask", "x", "--as-of", "yesterday"], "--as-of"),
        (["ask", "x", "--from", "2025-02-30"], "--from"),
        (["ask", "x", "--from", "2025-12-01", "--to", "2025-11-01"], "--from 2025-12-01 is after --to 2025-11-01"),
        (["ask", "x", "--max-sentences", "0"], "--max-sentences"),
        (["ask", "x", "--mode", "guess"], "--mode"),
        (["ask", "x", "--mode", "llm"], "llm"),
        (["search", ""], "the query is empty"),
        (["search", "x", "-k", "101"], "-k"),
        (["search", "x", "-k", "many"], "-k"),
        (["ingest"], "PATH"),
        (["articles"], "ACTION"),
        (["verify"], "FILE"),
        (["verify", "nowhere.md"], "nowhere.md does not exist"),
        (["verify", "."], ". is a folder"),
        (["verify", "\x00"], "not a possible path"),
        (["receipts"], "ACTION"),
        (["receipts", "show"], "ID"),
        (["articles", "list", "--limit", "0"], "--limit"),
        (["serve", "--host", "0.0.0.0"], "loopback"),
        (["serve", "--port", "70000"], "GROUNDWIRE_PORT"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_code_2(run, arguments, said):
    ran = run(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert len(ran.error_lines) == 1
    assert ran.err.startswith("groundwire: ")
    assert said in ran.err


def test_unknown_setting_is_refused_with_the_nearest_name(run, monkeypatch):
    monkeypatch.setenv("GROUNDWIRE_EMBEDING_MODEL", "hashing")
    ran = run("ask", "anything?")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean GROUNDWIRE_EMBEDDING_MODEL" in ran.err


def test_traceback_only_with_debug(run):
    assert "Traceback" not in run("ask", "x", "--as-of", "never").err
    assert "Traceback" in run("ask", "x", "--as-of", "never", "--debug").err
    assert "Traceback" in run("--debug", "ask", "x", "--as-of", "never").err
