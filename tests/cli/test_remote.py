"""Commands while a service owns the data directory."""

from __future__ import annotations

import json
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from service.api import middleware
from service.cli import remote
from service.cli.remote import RemoteBackend
from service.errors import ServiceUnreachable
from service.library.owner import DataDirectoryOwner, read_owner

STARTING_SECONDS = 60.0
SCRIPT = [
    ["ingest", "articles", "nowhere", "--json"],
    ["ingest", "articles", "--json"],
    ["ingest", "articles/more.jsonl"],
    ["ask", "How many crowns did the new bridge in Harlow cost?", "--json"],
    ["ask", "Who won the chess championship in Reykjavik?", "--json"],
    ["ask", "x", "--mode", "llm"],
    ["search", "bridge", "--json"],
    ["verify", "draft.md", "--json"],
    ["verify", "draft.md", "--source", "articles/bridge.md", "--json"],
    ["verify", "draft.md"],
    ["verify", "nowhere.md"],
    ["receipts", "show", "rcp_0"],
    ["receipts", "replay", ".."],
    ["search", "tram", "--from", "2025-01-01", "--json"],
    ["articles", "list", "--json"],
    ["articles", "list", "--limit", "2", "--json"],
    ["articles", "list", "--cursor", "no cursor"],
    ["articles", "show", "a/b ?c#d..", "--json"],
    ["articles", "show", ".."],
    ["articles", "show", "bridge", "--revision", "sha256:0"],
    ["articles", "delete", "bees"],
    ["articles", "delete", "bees"],
    ["articles", "list", "--json"],
]
VOLATILE = {"timings_ms", "ingested_at", "receipt_id"}


@pytest.fixture
def awkward(articles: str) -> str:
    """With a broken line, an id that must be quoted in a URL, an id in two files, a text that cleans to none."""
    lines = [
        {"id": "a/b ?c#d..", "title": "Odd name", "text": "Two otters crossed the Drava near Maribor."},
        {"title": "No text"},
        {"id": "bridge", "title": "Same id", "text": "Another text with the id of another article."},
        {"title": "Invisible", "text": "\u200b\u200b"},
    ]
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (Path(articles) / "odd.jsonl").write_text(text, encoding="utf-8")
    Path("draft.md").write_text("# News\n\nThe bridge in Harlow cost 48 million crowns. It is 9 metres long.\n")
    return articles


def serving(start: Callable[..., subprocess.Popen[str]], data_dir: Path) -> subprocess.Popen[str]:
    """A live `serve` on a free port that has said where it listens."""
    process = start("serve", "--port", "0", GROUNDWIRE_DATA_DIR=str(data_dir))
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        owner = read_owner(data_dir)
        if owner is not None and owner.address is not None:
            return process
        time.sleep(0.05)
    process.kill()
    raise AssertionError(process.communicate()[1])


def told(ran):
    """What a command said, without what differs from call to call."""

    def steady(value):
        if isinstance(value, dict):
            pairs = ((k, v) for k, v in value.items() if k not in VOLATILE and not str(v).startswith("ans_"))
            return {k: steady(v) for k, v in pairs}
        if isinstance(value, float):
            return round(value, 3)  # the two ways to the vector store differ in the last bits
        return [steady(one) for one in value] if isinstance(value, list) else value

    return ran.code, steady(ran.json) if ran.out.startswith("{") else ran.out, ran.err


def without_cursor(outcome):
    code, body, err = outcome
    return code, {k: v for k, v in body.items() if k != "next_cursor"} if isinstance(body, dict) else body, err


@pytest.mark.usefixtures("awkward")
def test_a_running_service_says_what_a_command_alone_says(run, start, monkeypatch, tmp_path):
    alone = [told(run(*arguments)) for arguments in SCRIPT]
    served_dir = tmp_path / "served"
    process = serving(start, served_dir)
    monkeypatch.setenv("GROUNDWIRE_DATA_DIR", str(served_dir))
    served = [told(run(*arguments)) for arguments in SCRIPT]
    for arguments, mine, theirs in zip(SCRIPT, alone, served, strict=True):
        assert without_cursor(theirs) == without_cursor(mine), arguments

    doctor = run("doctor")
    assert doctor.code == 0
    assert "runs at http://127.0.0.1:" in doctor.out
    repair = run("doctor", "--repair")
    assert (repair.code, repair.out) == (1, "")
    assert "stop it, then run `groundwire doctor --repair`" in repair.err

    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=30) == 0
    assert read_owner(served_dir) is None
    assert run("articles", "show", "bridge").code == 0


@pytest.fixture
def pretender(data_dir: Path) -> Iterator[Callable[[int, bytes], list[str | None]]]:
    """Something else that listens where the service is said to be; gives the tokens it was sent."""
    owner = DataDirectoryOwner.acquire(data_dir)
    servers: list[HTTPServer] = []

    def answering(status: int, body: bytes) -> list[str | None]:
        tokens: list[str | None] = []

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                tokens.append(self.headers.get("X-Groundwire-Token"))
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Answer)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        owner.announce(f"http://127.0.0.1:{server.server_port}")
        return tokens

    yield answering
    for server in servers:
        server.shutdown()
        server.server_close()
    owner.release()


@pytest.mark.parametrize(
    ("status", "body"),
    [(200, b"<html>"), (200, b"{}"), (500, b"oops"), (503, b'{"detail": "not now"}'), (404, b"[]"), (302, b"")],
)
def test_an_answer_that_is_none_is_one_line(run, pretender, status, body):
    pretender(status, body)
    ran = run("ask", "Who?")
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.error_lines) == 1
    assert "the service at http://127.0.0.1:" in ran.err


def test_the_token_goes_along_and_past_any_proxy(run, pretender, monkeypatch, data_dir):
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    tokens = pretender(422, b'{"detail": "no"}')
    ran = run("ask", "Who?")
    assert (ran.code, ran.err) == (2, "groundwire: no\n")
    assert tokens == [read_owner(data_dir).token]
    assert remote.TOKEN_HEADER.lower() == middleware.TOKEN_HEADER.lower()


def test_a_service_that_does_not_answer_is_one_line(run, data_dir):
    owner = DataDirectoryOwner.acquire(data_dir)
    try:
        owner.announce("http://127.0.0.1:1")
        ran = run("ask", "Who?")
    finally:
        owner.release()
    assert (ran.code, ran.out) == (1, "")
    assert "does not answer" in ran.err
    assert len(ran.error_lines) == 1


@pytest.mark.parametrize(
    "address", ["http://192.0.2.7:80", "http://example.org", "http://127.0.0.1.example.org", "nonsense"]
)
def test_an_address_elsewhere_gets_neither_question_nor_token(address):
    with pytest.raises(ServiceUnreachable, match="not on this machine"):
        RemoteBackend(address, "token")
