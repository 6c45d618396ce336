"""Runs `chroma run` for as long as its parent lives. Started by ChromaServer as a script: no imports from service.

Arguments: folder, lock file, port. Standard input is a pipe from the parent, which the kernel closes when the parent
ends in whatever way, kill -9 included; this process then ends at once. (A parent-death signal would fire when the
*thread* that started the server ends.)
"""

from __future__ import annotations

import os
import sys
import threading

from filelock import FileLock

_LOCK_TIMEOUT_SECONDS = 5.0


def _end_with_parent() -> None:
    while os.read(0, 4096):
        pass
    # Chroma writes through SQLite's journal, so stopping here loses nothing that it has confirmed.
    os._exit(0)


def main(folder: str, lock: str, port: str) -> None:
    threading.Thread(target=_end_with_parent, daemon=True).start()
    for name in [n for n in os.environ if n.startswith(("CHROMA_", "OTEL_"))]:
        del os.environ[name]  # settings of some other Chroma: where to send traces, whether anyone may reset it
    with FileLock(lock, timeout=_LOCK_TIMEOUT_SECONDS, fallback_to_soft=False):
        # Without `chromadb`, whose import alone takes longer than the server's start.
        from chromadb_rust_bindings import cli

        cli(["chroma", "run", "--path", folder, "--host", "127.0.0.1", "--port", port])


if __name__ == "__main__":
    main(*sys.argv[1:])
