"""Has briefings delivered, and again, with longer and longer waits, what did not arrive."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from service.briefing.briefing import Briefing
from service.briefing.delivery.ports import Deliverer, Parcel
from service.briefing.schedules.failures import plain
from service.briefing.schedules.schedule import Delivery, TargetKind
from service.briefing.schedules.store import ScheduleStore
from service.errors import NotFound

LOG = logging.getLogger("groundwire.schedules")
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 20
"""Over about three days: a server may be down over a weekend."""


def wait_after(attempts: int) -> timedelta | None:
    """After so many attempts that failed; `None`: no more."""
    if attempts >= MOST_ATTEMPTS:
        return None
    doubled: timedelta = FIRST_WAIT * 2 ** (attempts - 1)
    return min(doubled, LONGEST_WAIT)


class Courier:
    """One delivery at a time. `load` gives a briefing by its id, or raises NotFound."""

    def __init__(
        self,
        store: ScheduleStore,
        load: Callable[[str], Briefing],
        deliverers: Mapping[TargetKind, Deliverer],
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._load = load
        self._deliverers = deliverers
        self._now = now
        self._lock = threading.Lock()

    def deliver_due(self) -> datetime | None:
        """Try all whose moment has come; when the next comes, `None` where none waits. Raises LibraryUnusable."""
        with self._lock:
            for delivery in self._store.due(self._now()):
                self._attempt(delivery)
        return self._store.next_attempt_at()

    def _attempt(self, delivery: Delivery) -> None:
        wait = wait_after(delivery.attempts + 1)
        # Before it is sent: what cannot be noted afterwards is not sent again all the time, and not for ever.
        if not self._store.attempt(delivery.id, self._again_at(wait)):
            return  # removed meanwhile
        try:
            briefing = self._load(delivery.briefing_id)
            parcel = Parcel(delivery.id, delivery.schedule, briefing, delivery.formats)
            self._deliverers[delivery.target.kind].deliver(parcel, delivery.target.to)
        except NotFound:
            self._failed(delivery, "the briefing is not kept any longer", None)
        except Exception as error:  # whatever it is, the other deliveries go on
            self._failed(delivery, plain(error), wait)
        else:
            # Arrived, and a crash before this line sends it again: with the same id, so that receivers can tell.
            self._store.delivered(delivery.id, self._now())

    def _failed(self, delivery: Delivery, why: str, wait: timedelta | None) -> None:
        again = "given up" if wait is None else f"again in {wait}"
        LOG.warning("%s to a %s: %s; %s", delivery.schedule, delivery.target.kind, why, again)
        self._store.undelivered(delivery.id, why, self._again_at(wait))

    def _again_at(self, wait: timedelta | None) -> datetime | None:
        return None if wait is None else self._now() + wait
