"""An OpenAI-compatible service on loopback whose replies are scripted, faults included: for tests, and to try by hand.

By hand: `python -m eval.llm_server` prints the settings that name it and runs until Ctrl-C. It replies with sentences
of the evidence that it is shown, or as `--reply` and `--fault` say.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import select
import signal
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from types import TracebackType
from typing import Any, Self

from eval.llm_replies import FAULTS, MODEL, Reply, Script, error, quoting, reply_to

_HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Received:
    """A request as it came. `body`: its JSON, empty for a GET. Header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: dict[str, Any] = field(default_factory=dict)

    @property
    def prompt(self) -> str:
        """All that the messages say."""
        return "\n\n".join(str(message.get("content")) for message in self.body.get("messages", ()))


class LlmServer:
    """Serves from the moment it is made until it is closed; replies in the order scripted, the last one for ever.

    Without a script it replies with sentences of the evidence in the prompt (`quoting`). A reply that a script could
    not make is raised by `close`. Safe to use from any thread.
    """

    def __init__(self, script: Script | Sequence[Script] = quoting, *, port: int = 0) -> None:
        self._lock = threading.Lock()
        self._received: list[Received] = []
        self._abandoned = threading.Semaphore(0)
        self._broken: Exception | None = None
        self.reply_with(*([script] if isinstance(script, str | Reply) or callable(script) else script))
        self._refusing = socket.socket()  # bound and never listening, so nobody else can have the port
        self._refusing.bind((_HOST, 0))
        self._server = _Server((_HOST, port), self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="llm-server")
        self._thread.start()

    @property
    def base_url(self) -> str:
        """What `GROUNDWIRE_LLM_BASE_URL` is set to."""
        return f"http://{_HOST}:{self._server.server_address[1]}/v1"

    @property
    def refused_url(self) -> str:
        """A base URL where every connection is refused."""
        return f"http://{_HOST}:{self._refusing.getsockname()[1]}/v1"

    @property
    def model(self) -> str:
        """A name to ask for; any other is served as well."""
        return MODEL

    @property
    def requests(self) -> list[Received]:
        """The chat requests so far, oldest first."""
        with self._lock:
            return [each for each in self._received if each.method == "POST"]

    def reply_with(self, *scripts: Script) -> None:
        """From now on, these, in turn; then the last of them again and again."""
        if not scripts:
            raise ValueError("no reply is scripted; give at least one")
        with self._lock:
            self._scripts = list(scripts)

    def was_abandoned(self, within_seconds: float) -> bool:
        """Waits for a client to close its connection before its reply was over; each counts once."""
        return self._abandoned.acquire(timeout=within_seconds)

    def close(self) -> None:
        """Ends every connection and thread. Raises what a script raised."""
        self._server.stop()
        self._thread.join()
        self._refusing.close()
        broken, self._broken = self._broken, None
        if broken is not None:
            raise broken

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _answer(self, received: Received) -> Reply:
        with self._lock:
            self._received.append(received)
            script = self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]
        try:
            return reply_to(script, received.body)
        except Exception as problem:  # the test's own function: the test must hear of it
            self._broken = self._broken or problem
            return error(500, f"the script raised {type(problem).__name__}")

    def _note(self, received: Received) -> None:
        with self._lock:
            self._received.append(received)

    def _abandon(self) -> None:
        self._abandoned.release()


class _Server(socketserver.ThreadingMixIn, socketserver.TCPServer):
    allow_reuse_address = True
    daemon_threads = False  # so that closing waits for them
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], script: LlmServer) -> None:
        self.script = script
        self.stopping = threading.Event()
        self._open: set[socket.socket] = set()
        self._changing = threading.Lock()
        super().__init__(address, _Handler)

    def stop(self) -> None:
        self.stopping.set()
        self.shutdown()
        with self._changing:
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)  # wakes whoever waits for it
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        with self._changing:
            self._open.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        with self._changing:
            self._open.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are part of the play."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self.server.script._note(Received("GET", self.path, self._headers()))
        if self.path.rstrip("/").endswith("/models"):
            listing = {"object": "list", "data": [{"id": MODEL, "object": "model", "created": 1, "owned_by": "eval"}]}
            self._send(Reply(body=json.dumps(listing).encode()), {})
        else:
            self._send(error(404, f"no such path: {self.path}"), {})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if not self.path.endswith("/chat/completions"):
            self._send(error(404, f"no such path: {self.path}"), {})
            return
        try:
            request = json.loads(body)
        except ValueError:
            request = None
        if not isinstance(request, dict) or not isinstance(request.get("messages"), list):
            self._send(error(400, "the body is no chat request"), {})
            return
        reply = self.server.script._answer(Received("POST", self.path, self._headers(), request))
        if reply.pace == "never":
            self._wait_for_silence_to_end()
        else:
            self._send(reply, request)

    def _send(self, reply: Reply, request: dict[str, Any]) -> None:
        stream = bool(request.get("stream")) and reply.body is None
        parts = reply.parts(str(request.get("model", MODEL)), stream=stream)
        sent: Iterator[bytes] = parts
        head = {"Content-Type": reply.media_type(stream=stream), **reply.headers}
        if stream or reply.padding:
            head["Transfer-Encoding"] = "chunked"
            sent = _chunked(parts)
        else:
            body = b"".join(parts)
            head["Content-Length"] = str(len(body))
            sent = iter([body])
        self.send_response(reply.status)
        for name, value in head.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self._write(sent, reply)
        except OSError:
            self._was_left()

    def _write(self, sent: Iterator[bytes], reply: Reply) -> None:
        if reply.pace == "normal":
            for part in sent:
                self.wfile.write(part)
            return
        body = b"".join(sent)
        if reply.pace == "cut":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            return
        for at in range(len(body)):
            self.wfile.write(body[at : at + 1])
            if self._is_readable(1.0):
                self._was_left()
                return

    def _wait_for_silence_to_end(self) -> None:
        self._is_readable(None)
        self._was_left()

    def _is_readable(self, seconds: float | None) -> bool:
        """While a reply is due, nothing comes from the client but its leaving, or the end of this server."""
        return bool(select.select([self.connection], [], [], seconds)[0])

    def _was_left(self) -> None:
        self.close_connection = True
        if not self.server.stopping.is_set():
            self.server.script._abandon()

    def _headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in self.headers.items()}

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: what came is in `requests`."""


def _chunked(parts: Iterator[bytes]) -> Iterator[bytes]:
    for part in parts:
        if part:
            yield b"%x\r\n%b\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


def main(arguments: Sequence[str] | None = None, wait: Callable[[], object] = signal.pause) -> None:
    parser = argparse.ArgumentParser(prog="python -m eval.llm_server", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="a free one when not given")
    parser.add_argument("--reply", help="the text of every reply")
    parser.add_argument("--fault", choices=sorted(FAULTS), help="fail at every reply in this way")
    options = parser.parse_args(arguments)
    script: Script = FAULTS[options.fault] if options.fault else (options.reply or quoting)
    with contextlib.suppress(KeyboardInterrupt), LlmServer(script, port=options.port) as server:
        print(f"GROUNDWIRE_LLM_BASE_URL={server.base_url} GROUNDWIRE_LLM_MODEL={server.model}", flush=True)
        wait()


if __name__ == "__main__":
    main()
