"""kill -9 and its like: what was acknowledged stays, what was not leaves no trace."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import service
from service.errors import IndexUnavailable
from service.library.library import Library
from service.library.memory import InMemoryVectorIndex
from service.library.reconciler import Reconciler

PUTTING = """
import importlib.util, sys
from pathlib import Path
spec = importlib.util.spec_from_file_location("articles", sys.argv[2])
articles = importlib.util.module_from_spec(spec)
spec.loader.exec_module(articles)
from service.library.library import Library
library = Library(Path(sys.argv[1]))
for number in range(1_000_000):
    text = f"Text {number} of many. " * 50
    library.put([articles.index_article(f"a{number}-{part}", f"{text}{part}.") for part in range(3)])
    print(number, flush=True)
"""


def test_killed_in_the_middle_of_puts_nothing_acknowledged_is_lost(tmp_path):
    path = tmp_path / "library.sqlite3"
    process = subprocess.Popen(
        [sys.executable, "-c", PUTTING, str(path), str(Path(__file__).with_name("conftest.py"))],
        cwd=Path(service.__file__).parents[1],
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        acknowledged = [int(process.stdout.readline()) for _ in range(25)]
        process.kill()
        acknowledged += [int(line) for line in process.stdout.read().splitlines() if line.endswith(tuple("0123456789"))]
    library = Library(path)
    assert library.check() == []
    ids = {f"a{number}-{part}" for number in acknowledged for part in range(3)}
    assert set(library.articles_by_id(ids)) == ids
    size = library.size()
    assert size.articles % 3 == 0, "a batch is whole or absent"
    assert size.pending == size.chunks
    index = InMemoryVectorIndex()
    Reconciler(library, index).drain()
    assert index.ids() == library.all_chunk_ids()
    library.close()


class DyingIndex(InMemoryVectorIndex):
    """Takes a write and dies before it can say so, `deaths` times."""

    def __init__(self, deaths: int) -> None:
        super().__init__()
        self.deaths = deaths

    def _die(self) -> None:
        if self.deaths:
            self.deaths -= 1
            raise IndexUnavailable("gone")

    def upsert(self, records):
        super().upsert(records)
        self._die()

    def delete(self, chunk_ids):
        super().delete(chunk_ids)
        self._die()


@pytest.mark.parametrize("deaths", [1, 2, 5])
def test_dying_between_the_index_write_and_its_settlement_is_harmless(library, make_article, deaths):
    index = DyingIndex(deaths)
    reconciler = Reconciler(library, index)
    library.put([make_article("a", "One.\n\nTwo."), make_article("b", "Three.")])
    library.put([make_article("a", "Two.\n\nFour.")])
    library.delete("b")
    for _ in range(deaths):
        with pytest.raises(IndexUnavailable):
            reconciler.drain()
        assert library.size().pending > 0
    reconciler.drain()
    assert index.ids() == library.all_chunk_ids()
    assert library.size().pending == 0
    assert reconciler.verify() == []


def test_dying_in_a_rebuild_leaves_the_rest_to_the_next_drain(library, make_article):
    index = DyingIndex(0)
    reconciler = Reconciler(library, index)
    library.put([make_article("a", "One.\n\nTwo.")])
    reconciler.drain()
    index.deaths = 1
    with pytest.raises(IndexUnavailable):
        reconciler.rebuild()
    index.reset()
    reconciler.drain()
    assert index.ids() == library.all_chunk_ids()


def test_an_interrupted_write_is_rolled_back_and_the_next_one_works(library, make_article):
    def half_a_write() -> None:
        with library._connections.writing() as connection:
            connection.execute("INSERT INTO meta VALUES ('model_key', 'half')")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        half_a_write()
    assert library.model_key() is None
    library.put([make_article()])
    assert np.isfinite(next(iter(library.chunk_vectors(list(library.all_chunk_ids())).values()))).all()
