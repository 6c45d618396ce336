"""Many clients at once: every question is asked once, and a request that fails is counted, not timed."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from eval.bench.http_load import Load, ask_all


@dataclass
class Asked:
    """What a small server on loopback was asked, and the address it has."""

    address: str = ""
    questions: list[str] = field(default_factory=list)
    together: threading.Barrier = field(default_factory=lambda: threading.Barrier(4))


@pytest.fixture
def service() -> Iterator[Asked]:
    """Fails at `fail`, hangs up at `hang up`, and answers `wait` only when four ask it at once."""
    asked = Asked()

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:  # the name is the library's
            self.answer(200)

        def do_POST(self) -> None:
            question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["question"]
            asked.questions.append(question)
            if question == "hang up":
                self.close_connection = True
                return
            if question.startswith("wait"):
                asked.together.wait(timeout=20)
            self.answer(500 if question == "fail" else 200)

        def answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    asked.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_every_question_is_asked_once(service):
    questions = [f"question {number}" for number in range(25)]
    load = ask_all(service.address, questions, 4)
    assert sorted(service.questions) == sorted(questions)
    assert (len(load.milliseconds), load.errors, load.clients) == (25, 0, 4)


def test_clients_ask_at_the_same_time(service):
    load = ask_all(service.address, ["wait 1", "wait 2", "wait 3", "wait 4"], 4)
    assert (len(load.milliseconds), load.errors) == (4, 0)


@pytest.mark.parametrize("failing", ["fail", "hang up"])
def test_a_failed_request_is_counted_and_the_client_goes_on(service, failing):
    load = ask_all(service.address, [failing, "one", "two"], 1)
    assert (len(load.milliseconds), load.errors) == (2, 1)


def test_errors_do_not_raise_the_throughput():
    assert Load(clients=2, seconds=2.0, milliseconds=(1.0, 1.0), errors=98).per_second == 1.0
