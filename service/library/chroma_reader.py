"""Searching one collection through Chroma's Rust half alone.

Importing all of Chroma takes longer than answering a question, and reading needs nothing of it but the three calls
below, made as Chroma's own RustBindingsAPI makes them.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from service.library.ports import Vector

_TENANT, _DATABASE = "default_tenant", "default_database"
_FILE = "chroma.sqlite3"


class ChromaReader:
    """What a search needs of Chroma's `Collection`, with the same names and arguments.

    The bindings are no public interface: whatever they raise, also when it is made, says no more than that Chroma
    itself has to be asked. While one is open, no other Chroma may use the folder.
    """

    def __init__(self, path: Path, collection: str) -> None:
        """Raises FileNotFoundError where there is no store yet, which opening would make."""
        if not (path / _FILE).is_file():
            raise FileNotFoundError(path / _FILE)
        import chromadb_rust_bindings as rust

        self._bindings: Any = rust.Bindings(
            allow_reset=False,
            sqlite_db_config=rust.SqliteDBConfig(
                hash_type=rust.MigrationHash.MD5, migration_mode=rust.MigrationMode.Apply, url=f"{path}/{_FILE}"
            ),
            persist_path=str(path),
            hnsw_cache_size=_open_files_limit() // 5,  # an index in use holds five files open
        )
        try:
            self._id = str(self._bindings.get_collection(collection, _TENANT, _DATABASE).id)
        except BaseException:
            self.close()  # the error's traceback would keep the folder open
            raise

    def count(self) -> int:
        return int(self._bindings.count(self._id, _TENANT, _DATABASE))

    def query(
        self,
        *,
        query_embeddings: Sequence[Vector],
        n_results: int,
        where: Mapping[str, Any] | None,
        include: Sequence[str],
    ) -> dict[str, Any]:
        """`ids` and `distances`: one list for each vector, nearest first."""
        found = self._bindings.query(
            self._id,
            None,
            [vector.tolist() for vector in query_embeddings],
            n_results,
            json.dumps(where) if where else None,
            None,
            list(include),
            _TENANT,
            _DATABASE,
        )
        return {"ids": found.ids, "distances": found.distances}

    def close(self) -> None:
        self._bindings = None  # they close with their last reference


def _open_files_limit() -> int:
    if sys.platform == "win32":
        return 512  # what its C library sets
    import resource

    return resource.getrlimit(resource.RLIMIT_NOFILE)[0]
