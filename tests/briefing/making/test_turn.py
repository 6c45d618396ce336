"""A desk reads the library only while it is its turn, and the briefing before only once."""

from __future__ import annotations

import threading
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest

from service.briefing.delta import Before
from service.briefing.desk import BriefingDesk
from service.briefing.gathering import Gatherer
from service.briefing.request import BriefingRequest
from service.briefing.store import BriefingStore
from service.library.library import Library

TOPIC = "the flood in the harbour of Tarvik"
FLOOD = (
    "A storm flooded the harbour of Tarvik on 3 March 2025 and closed it to all ships for the day. "
    "The flood sank {boats} fishing boats in the harbour of Tarvik, the coast guard said."
)

pytestmark = pytest.mark.timeout(300)


class _Watched:
    """A library that may be asked only while the lock is held."""

    def __init__(self, library: Library, turn: threading.Lock) -> None:
        self._library = library
        self._turn = turn

    def __getattr__(self, name: str) -> Any:
        assert self._turn.locked(), f"{name} was asked for outside the turn"
        return getattr(self._library, name)


class _Counted(BriefingStore):
    loaded = 0

    def get(self, briefing_id: str) -> Before | None:
        self.loaded += 1
        return super().get(briefing_id)

    def last(self, topic: str) -> Before | None:
        self.loaded += 1
        return super().last(topic)


@pytest.mark.parametrize("named", [False, True], ids=["the last one", "one that is named"])
def test_the_turn_is_kept_and_the_briefing_before_is_loaded_once(desk, tmp_path: Path, named: bool) -> None:
    turn, parts = threading.Lock(), desk.groundwire._parts
    library = cast(Library, _Watched(parts.library, turn))
    store = _Counted(tmp_path)
    gatherer = Gatherer(library, parts.retriever, parts.embedder)
    with closing(BriefingDesk(library, gatherer, store, turn)) as briefings:
        desk.take_in("flood", "Storm floods Tarvik", FLOOD.format(boats=12))
        first = briefings.write(BriefingRequest(TOPIC))
        desk.take_in("flood", "Storm floods Tarvik", FLOOD.format(boats=15))
        store.loaded = 0

        second = briefings.write(BriefingRequest(TOPIC, compare_with=first.id if named else None))

    assert [(update.old, update.new) for update in second.changes.updated] == [("12 fishing boats", "15 fishing boats")]
    assert store.loaded == 1
