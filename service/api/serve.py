"""`groundwire serve`: the service from its first to its last moment."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from types import FrameType

import uvicorn

from service.api.app import create_app
from service.errors import SettingsError
from service.settings import Settings, is_loopback
from service.wiring import Groundwire, open_groundwire

GRACE_SECONDS = 5
"""How long requests that are being answered may go on once the service was told to stop."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT, then stop the vector store, give the data directory back and return.

    Raises SettingsError for a host that is not loopback and a port that is taken, LibraryBusy and LibraryUnusable as
    `open_groundwire` does. Belongs in the main thread: it handles signals.
    """
    if not is_loopback(settings.host):
        raise SettingsError(
            f"GROUNDWIRE_HOST {settings.host} is not a loopback address, and this release has no keys to protect it: "
            "use 127.0.0.1, behind a tunnel or proxy of your own"
        )
    _log_to_stderr()
    with (
        _stoppable() as stop,
        contextlib.closing(_listen(settings)) as listener,
        contextlib.closing(open_groundwire(settings, serving=True)) as groundwire,
    ):
        address = _address(listener)
        app = create_app(
            groundwire,
            max_request_bytes=settings.max_request_bytes,
            hosts=[settings.host],
            token=groundwire.token,
        )
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=GRACE_SECONDS,
        )
        server = _Server(config, lambda: _announce(groundwire, address))
        stop.server = server
        server.run(sockets=[listener])


class _Server(uvicorn.Server):
    """Says when it listens, and leaves signals to `_stoppable`: uvicorn would end the process before it is closed."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[], None]) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Stop:
    server: uvicorn.Server | None = None

    def __call__(self, number: int, frame: FrameType | None) -> None:
        if self.server is None:
            # Still opening: unwind, so that what was opened is closed.
            raise SystemExit(0)
        self.server.handle_exit(number, frame)


@contextlib.contextmanager
def _stoppable() -> Iterator[_Stop]:
    stop = _Stop()
    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield stop
    finally:
        for number, action in before.items():
            signal.signal(number, action)


def _listen(settings: Settings) -> socket.socket:
    """Bound before anything is opened, so that a port that is taken costs no start of the vector store."""
    host = settings.host.strip("[]")
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, settings.port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SettingsError(f"cannot listen on {settings.host}: {error.strerror}; set GROUNDWIRE_HOST") from None
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"cannot listen on {settings.host} port {settings.port}: {error.strerror}; "
            "stop what uses it, or set GROUNDWIRE_PORT"
        ) from None
    return listener


def _address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _announce(groundwire: Groundwire, address: str) -> None:
    groundwire.announce(address)
    print(f"groundwire serves on {address}", file=sys.stderr, flush=True)  # noqa: T201  # the one line a person waits for


def _log_to_stderr() -> None:
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    for name, level in (("groundwire", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False
