"""Two ways to reach Chroma, each owning exactly what it opened.

They use Chroma's own server interface instead of `PersistentClient` and `HttpClient`: those keep opened folders in a
cache of the process, build three HTTP sessions where one is used and close none of them, and wait for ever.
"""

from __future__ import annotations

import contextlib
import logging
import re
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from service.errors import GroundwireError, IndexUnavailable
from service.importing import absent
from service.library.chroma_reader import ChromaReader

if TYPE_CHECKING:
    from chromadb.config import System

T = TypeVar("T")
Server = Any
"""`chromadb.api.ServerAPI`, whose annotations leave out what its implementations have."""

_log = logging.getLogger("groundwire.library")
_RELEASE_TIMEOUT_SECONDS = 2.0
_LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class NoReader(Exception):
    """There is no short way to read here: ask the server."""


class ChromaConnection(Protocol):
    def server(self) -> Server:
        """Chroma's interface, connected. The same object as long as the connection is the same."""

    def read(self, collection: str, operation: Callable[[ChromaReader], T]) -> T:
        """Run it on a reader of the collection, which opens faster than the server. Raises NoReader."""

    def drop(self, collection: str) -> None:
        """Forget the collection with all it holds. No error when there is none."""

    def plainly(self, operation: Callable[[], T]) -> T:
        """Run it; whatever Chroma raises becomes an IndexUnavailable of one line."""

    def worth_another_try(self, error: IndexUnavailable) -> bool: ...

    def close(self) -> None: ...


def _start_system(**settings: Any) -> tuple[System, Server]:
    with absent("httpx._main"):  # a command line of its own, with colours and tables: a tenth of the import of Chroma
        from chromadb.api import ServerAPI
        from chromadb.config import Settings, System

    # `_env_file`: Chroma would read settings from a `.env` in the current folder.
    chosen = {"_env_file": None, "anonymized_telemetry": False, "chroma_otel_collection_endpoint": "", **settings}
    system = System(Settings(**chosen))
    server = system.instance(ServerAPI)  # type: ignore[type-abstract]  # it makes the one that the settings name
    system.start()
    return system, server


def _run_plainly(where: str, operation: Callable[[], T]) -> T:
    try:
        return operation()
    except GroundwireError:
        raise
    except BaseException as error:
        if not _is_failure(error):
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split())[:200]
        raise IndexUnavailable(f"the vector store {where} failed ({what}): run `groundwire doctor`") from error


def _is_failure(error: BaseException) -> bool:
    """Not an interrupt. A panic of Chroma's Rust half arrives as a BaseException of a class that cannot be imported."""
    return isinstance(error, Exception) or type(error).__name__ == "PanicException"


class EmbeddedChroma:
    """Chroma inside this process. A lock file beside the folder keeps a second Chroma, here or elsewhere, out of it.

    It is opened as a reader for as long as nothing but reading is asked, and as a whole from then on.
    """

    def __init__(self, path: Path, *, lock_timeout_seconds: float = 5.0) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._folder_lock = FileLock(
            lock_path(path), timeout=lock_timeout_seconds, thread_local=False, fallback_to_soft=False
        )
        self._opened: tuple[System, Server] | None = None
        self._reader: ChromaReader | None = None
        self._only_read = True

    def server(self) -> Server:
        with self._lock:
            if self._opened is None:
                self._stop()
                self._only_read = False
                self._acquire_folder()
                try:
                    self._opened = _start_system(
                        chroma_api_impl="chromadb.api.rust.RustBindingsAPI",
                        is_persistent=True,
                        persist_directory=str(self._path),
                    )
                except BaseException:
                    self._folder_lock.release()
                    raise
            return self._opened[1]

    def read(self, collection: str, operation: Callable[[ChromaReader], T]) -> T:
        # One at a time costs nothing, as Chroma searches with the GIL held; and nobody closes what another one reads.
        with self._lock:
            if not self._only_read:
                raise NoReader
            try:
                if self._reader is None:
                    self._reader = self._open_reader(collection)
                return operation(self._reader)
            except GroundwireError:
                raise
            except BaseException as error:
                if not _is_failure(error):
                    raise
                _log.debug("reading %s takes the whole of Chroma: %s: %s", self._path, type(error).__name__, error)
                self._only_read = False
                raise NoReader from error

    def _open_reader(self, collection: str) -> ChromaReader:
        self._acquire_folder()
        try:
            return ChromaReader(self._path, collection)
        except BaseException:
            self._await_release()
            self._folder_lock.release()
            raise

    def drop(self, collection: str) -> None:
        """Removes Chroma's files, all collections with them: a dropped one would leave its vectors on the disk, and a
        damaged store could not be opened to drop it. What other collections held came from the same library."""
        with self._lock:
            self._stop()
            self.plainly(self._remove_files)

    def plainly(self, operation: Callable[[], T]) -> T:
        return _run_plainly(f"in {self._path}", operation)

    def worth_another_try(self, error: IndexUnavailable) -> bool:
        return False

    def close(self) -> None:
        with self._lock:
            self._stop()

    def _stop(self) -> None:
        if self._reader is not None:
            reader, self._reader = self._reader, None
            reader.close()
        elif self._opened is not None:
            system, self._opened = self._opened[0], None
            system.stop()
        else:
            return
        self._await_release()
        self._folder_lock.release()

    def _await_release(self) -> None:
        """Chroma's threads close their files some milliseconds after `stop`; who comes next shall not meet them."""
        folder = str(self._path.resolve()) + "/"
        deadline = time.monotonic() + _RELEASE_TIMEOUT_SECONDS
        while time.monotonic() < deadline and any(path.startswith(folder) for path in _open_files()):
            time.sleep(0.005)

    def _acquire_folder(self) -> None:
        try:
            self._path.mkdir(parents=True, exist_ok=True)
            self._folder_lock.acquire()
        except Timeout as error:
            raise IndexUnavailable(
                f"the vector store in {self._path} is in use: stop the process that uses it"
            ) from error

    def _remove_files(self) -> None:
        self._acquire_folder()
        try:
            for entry in self._path.iterdir():
                if entry.name.startswith("chroma.sqlite3"):
                    entry.unlink()
                elif re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", entry.name):
                    shutil.rmtree(entry)
        finally:
            self._folder_lock.release()


def _open_files() -> Iterator[str]:
    """Paths of what this process has open."""
    descriptors = Path("/proc/self/fd")
    if not descriptors.is_dir():
        import psutil

        yield from (file.path for file in psutil.Process().open_files())
        return
    for descriptor in descriptors.iterdir():
        with contextlib.suppress(OSError):  # closed meanwhile
            yield str(descriptor.readlink())


class HttpChroma:
    """Chroma behind HTTP, with a limit on waiting. `url` may be a function, asked before each call."""

    def __init__(self, url: str | Callable[[], str], timeout_seconds: float) -> None:
        self._url = url
        self._timeout_seconds = timeout_seconds
        self._lock = threading.Lock()
        self._opened: tuple[str, System, Server] | None = None
        self._closed = False
        self._last_url = "its local server"
        if isinstance(url, str):
            self._last_url = _require_http(url)

    def server(self) -> Server:
        url = self._url if isinstance(self._url, str) else self._url()
        with self._lock:
            if self._closed:
                raise IndexUnavailable(f"the connection to the vector store at {url} is closed")
            if self._opened is None or self._opened[0] != url:
                self._hang_up()
                self._last_url = url
                self._opened = (url, *self._connect(url))
            return self._opened[2]

    def read(self, collection: str, operation: Callable[[ChromaReader], T]) -> T:
        raise NoReader

    def drop(self, collection: str) -> None:
        from chromadb.errors import NotFoundError

        def delete() -> None:
            with contextlib.suppress(NotFoundError):
                self.server().delete_collection(collection)

        self.plainly(delete)

    def plainly(self, operation: Callable[[], T]) -> T:
        return _run_plainly(f"at {self._last_url}", operation)

    def worth_another_try(self, error: IndexUnavailable) -> bool:
        """The server went away and may be back, or somebody dropped the collection. Not after a full timeout."""
        import httpx
        from chromadb.errors import NotFoundError

        cause = error.__cause__
        return isinstance(cause, httpx.TransportError | NotFoundError) and not isinstance(cause, httpx.ReadTimeout)

    def close(self) -> None:
        with self._lock:
            self._closed = True
            self._hang_up()

    def _connect(self, url: str) -> tuple[System, Server]:
        import httpx

        system, server = _start_system(
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=url,
            chroma_server_http_port=urlsplit(url).port or 0,  # demanded, though the one in the URL is used
            chroma_server_ssl_enabled=False,  # "also where the URL says http"
        )
        # Chroma's session has no timeout, and would send loopback requests through a proxy named in the environment.
        theirs = server._session
        server._session = httpx.Client(
            timeout=self._timeout_seconds,
            headers=theirs.headers,
            trust_env=urlsplit(url).hostname not in _LOOPBACK,
        )
        theirs.close()
        return system, server

    def _hang_up(self) -> None:
        if self._opened is not None:
            _, system, server = self._opened
            self._opened = None
            server._session.close()
            system.stop()


def lock_path(path: Path) -> Path:
    """The file whose lock says that a Chroma is using the folder `path`."""
    return path.with_name(path.name + ".lock")


def _require_http(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise IndexUnavailable(f"{url[:80]!r} is no address of a Chroma server: write it like http://127.0.0.1:8000")
    return url
