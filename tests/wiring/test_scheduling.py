"""The settings reach the deliveries."""

from __future__ import annotations

import json
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from service.briefing.delivery.signing import key_of, signed_headers
from service.briefing.schedules.schedule import Schedule, Target
from service.settings import Settings
from service.types import Question
from service.wiring import open_groundwire

SECRET = "0123456789abcdef"


def settings(data_dir: Path, **fields: Any) -> Settings:
    return Settings(data_dir=data_dir, embedding_model="hashing", **fields)


def schedule(*targets: Target) -> Schedule:
    return Schedule("morning", "harbour", "0 7 1 1 *", "UTC", datetime.now(UTC), targets=targets)


@pytest.fixture
def receiver() -> Iterator[tuple[int, list[tuple[Any, bytes]]]]:
    taken: list[tuple[Any, bytes]] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            taken.append((self.headers, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing on stderr."""

    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port, taken
        server.shutdown()
        thread.join(10)


def test_a_webhook_goes_to_the_host_that_is_named_signed_with_the_secret(
    tmp_path: Path, receiver: tuple[int, list[tuple[Any, bytes]]]
) -> None:
    port, taken = receiver
    chosen = settings(
        tmp_path,
        webhook_hosts=("127.0.0.1",),
        webhook_private_hosts=("127.0.0.1",),
        webhook_secret=SecretStr(SECRET),
    )
    with closing(open_groundwire(chosen, serving=False)) as groundwire:
        groundwire.schedules.add(schedule(Target("webhook", f"http://127.0.0.1:{port}/desk")))
        [delivery] = groundwire.schedules.run("morning").deliveries
    assert (delivery.state, delivery.error) == ("delivered", None)
    [(headers, body)] = taken
    sent_at = int(headers["webhook-timestamp"])
    assert (
        headers["webhook-signature"] == signed_headers(key_of(SECRET), delivery.id, sent_at, body)["webhook-signature"]
    )
    assert json.loads(body)["data"]["briefing"]["status"] == "empty_library"


def test_mail_goes_to_the_server_that_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    chosen = settings(tmp_path, smtp_host="127.0.0.1", smtp_port=port, smtp_from="groundwire@harbour.example")
    with closing(open_groundwire(chosen, serving=False)) as groundwire:
        groundwire.schedules.add(schedule(Target("mail", "desk@harbour.example")))
        [delivery] = groundwire.schedules.run("morning").deliveries
    assert delivery.state == "waiting"
    assert delivery.error is not None
    assert f"the mail server 127.0.0.1:{port} cannot be used" in delivery.error


def test_files_go_into_the_folder_that_is_named(tmp_path: Path) -> None:
    chosen = settings(tmp_path / "data", delivery_dir=tmp_path / "out")
    with closing(open_groundwire(chosen, serving=False)) as groundwire:
        groundwire.schedules.add(schedule(Target("folder", "desk")))
        groundwire.schedules.run("morning")
    assert [path.suffix for path in (tmp_path / "out" / "desk").iterdir()] == [".md"]


def test_no_file_of_ours_passes_for_another(tmp_path: Path) -> None:
    with closing(open_groundwire(settings(tmp_path), serving=False)) as groundwire:
        groundwire.schedules.add(schedule())
        groundwire.schedules.run("morning")
        groundwire.ask(Question("Who keeps the harbour?"))
    marks = {}
    for path in tmp_path.glob("*.sqlite3"):
        with closing(sqlite3.connect(path)) as connection:
            [[marks[path.name]]] = connection.execute("PRAGMA application_id")
    assert len(set(marks.values())) == len(marks)
    assert marks.keys() == {"library.sqlite3", "briefings.sqlite3", "schedules.sqlite3", "receipts.sqlite3"}


def test_a_service_starts_without_what_only_deliveries_and_pages_need() -> None:
    code = (
        "import sys, service.api.app, service.scheduling\n"
        "print(*sorted({'jinja2', 'httpx', 'smtplib'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2]
    )
    assert ran.stdout == "\n"
