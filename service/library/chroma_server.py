"""A local Chroma server of our own: started when needed, restarted when it died, never left behind."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

from service.errors import IndexUnavailable
from service.library import chroma_process
from service.library.chroma_connections import lock_path

_ATTEMPTS = 3
"""Somebody else may take the free port between our finding it and Chroma's binding it."""

_PAUSE_AFTER_FAILURE_SECONDS = 5.0
"""So that a server that cannot start costs one caller the wait, not each."""

_STOP_TIMEOUT_SECONDS = 5.0


class ChromaServer:
    """`chroma run` on 127.0.0.1 and a free port, over the folder `path`. Its complaints go to `<path>.log`.

    It has no users and no passwords: whoever can open a loopback port of this machine can read the vectors.
    """

    def __init__(self, path: Path, *, start_timeout_seconds: float = 20.0) -> None:
        self._path = path.absolute()
        self._log = self._path.with_name(self._path.name + ".log")
        self._start_timeout_seconds = start_timeout_seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._url = ""
        self._stopped = False
        self._failure: tuple[float, str] | None = None

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def start(self) -> str:
        """Its URL, after starting it if it is not running. Raises IndexUnavailable when it does not come up in time."""
        with self._lock:
            if self._stopped:
                raise IndexUnavailable("the vector store's server was stopped: this process is shutting down")
            if self.alive:
                return self._url
            if self._failure is not None and time.monotonic() < self._failure[0]:
                raise IndexUnavailable(self._failure[1])
            self._end_process()
            try:
                self._url = self._start()
            except IndexUnavailable as error:
                self._failure = (time.monotonic() + _PAUSE_AFTER_FAILURE_SECONDS, str(error))
                raise
            self._failure = None
            return self._url

    def stop(self) -> None:
        """End it, for good: a call that comes later does not bring it back."""
        with self._lock:
            self._stopped = True
            self._end_process()

    def _start(self) -> str:
        deadline = time.monotonic() + self._start_timeout_seconds
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            for _ in range(_ATTEMPTS):
                port = _free_port()
                self._process = self._spawn(port)
                url = f"http://127.0.0.1:{port}"
                while self.alive and time.monotonic() < deadline:
                    # Asked in this order, a stranger's answer on the same port is not taken for our server's.
                    if _answers(url) and self.alive:
                        return url
                    time.sleep(0.02)
                self._end_process()
        except OSError as error:
            raise IndexUnavailable(f"the vector store's server cannot be started in {self._path}: {error}") from error
        raise IndexUnavailable(
            f"the vector store's server did not start in {self._path} ({self._complaint()}): run `groundwire doctor`"
        )

    def _spawn(self, port: int) -> subprocess.Popen[bytes]:
        # -P: the script's own folder must not shadow installed modules. Its standard output has lines for every
        # request and would fill the disk; what it says when it fails comes on the error output.
        command = [sys.executable, "-P", str(Path(chroma_process.__file__).absolute())]
        with self._log.open("wb") as log:
            return subprocess.Popen(
                [*command, str(self._path), str(lock_path(self._path)), str(port)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for us: we stop it when our own work is done
            )

    def _end_process(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_TIMEOUT_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()

    def _complaint(self) -> str:
        try:
            lines = self._log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return lines[-1][:200] if lines else "no answer in time"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(url: str) -> bool:
    # No proxies: one that is named in the environment must not be asked for a loopback address.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{url}/api/v2/heartbeat", timeout=1.0) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False
