"""Keeps the vector store in step with the library. The library never waits for it and never trusts it."""

from __future__ import annotations

import threading

from service.library.library import Library
from service.library.ports import VectorIndex

BATCH_SIZE = 200
"""Entries per round: Chroma is at its best with 50 to 250 records a call."""


class Reconciler:
    """Carries the outbox over. Every step may be repeated, so it may be stopped, even killed, between any two."""

    def __init__(self, library: Library, index: VectorIndex) -> None:
        self._library = library
        self._index = index
        # Two rounds at once could write a chunk back that the other has just deleted.
        self._lock = threading.Lock()

    def drain(self) -> int:
        """Send all that is pending; returns how many changes that settled. Raises IndexUnavailable: nothing is lost."""
        settled = 0
        with self._lock:
            while entries := self._library.pending(BATCH_SIZE):
                changed = {entry.chunk_id for entry in entries}
                # What counts is the library's state now: a chunk that is there is sent, one that is not is removed.
                records = self._library.vector_records(sorted(changed))
                gone = changed - {record.chunk_id for record in records}
                if records:
                    self._index.upsert(records)
                if gone:
                    self._index.delete(sorted(gone))
                self._library.settle([entry.sequence for entry in entries])
                settled += len(entries)
        return settled

    def rebuild(self) -> int:
        """Empty the vector store and fill it again; returns the number of chunks sent."""
        with self._lock:
            # Queued first: stopped after the reset, the next drain finishes the work.
            self._library.requeue_all()
            self._index.reset()
        return self.drain()

    def verify(self) -> list[str]:
        """Where the vector store differs from the library, changes still pending apart; one line each.

        A store that lost its graph still lists its ids and finds only some, so what it can find is compared as well.
        """
        with self._lock:
            wanted, pending, held = self._library.all_chunk_ids(), self._library.pending_ids(), self._index.ids()
            kept = (wanted & held) - pending
            probe = self._library.vector_records(sorted(kept)[:1])
            found = {hit.chunk_id for record in probe for hit in self._index.query(record.vector, len(held))}
        differences = [
            (wanted - held - pending, f"lacks {{}} of {len(wanted)} chunks"),
            (held - wanted - pending, "holds {} chunks that the library does not have"),
            (kept - found, f"cannot find {{}} of {len(held)} chunks"),
        ]
        return [
            f"the vector store {what.format(len(ids))}: run `groundwire doctor --repair`"
            for ids, what in differences
            if ids
        ]
