"""What the edges may do with schedules."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from service.briefing.briefing import Briefing
from service.briefing.delivery.ports import Deliverer
from service.briefing.rendering.pdf import demand_typst
from service.briefing.rendering.words import counted
from service.briefing.request import BriefingRequest
from service.briefing.schedules.clockwork import Clockwork
from service.briefing.schedules.courier import Courier
from service.briefing.schedules.runner import ScheduleRunner, next_of
from service.briefing.schedules.schedule import Delivery, Progress, Run, Schedule, TargetKind
from service.briefing.schedules.store import ScheduleStore
from service.briefing.schedules.timetable import Timetable
from service.errors import GroundwireError, InputRejected, LibraryBusy

FILE = "schedules.sqlite3"
_CLOSING_SECONDS = 5.0
_SHOWN_RUNS = 5
_SHOWN_DELIVERIES = 20


@dataclass(frozen=True, slots=True)
class ScheduleStatus:
    """A schedule and what became of it: the latest runs and deliveries first, failed deliveries before all.

    `next_due` is past where it waits for its turn, `None` where it cannot run, and `failure` says why. `when` and
    `next_local` are for people.
    """

    schedule: Schedule
    when: str
    next_due: datetime | None
    next_local: str
    runs: tuple[Run, ...]
    deliveries: tuple[Delivery, ...]
    failure: str | None = None


class ScheduleDesk:
    """Safe to call from several threads. Every method may raise LibraryUnusable.

    `write` makes and keeps a briefing, `load` gives one by its id. Nothing runs by itself before `start`.
    """

    def __init__(
        self,
        data_dir: Path,
        write: Callable[[BriefingRequest], Briefing],
        load: Callable[[str], Briefing],
        deliverers: Mapping[TargetKind, Deliverer],
        now: Callable[[], datetime],
    ) -> None:
        self._store = ScheduleStore(data_dir / FILE)
        self._runner = ScheduleRunner(self._store, write, now)
        self._courier = Courier(self._store, load, deliverers, now)
        self._deliverers = deliverers
        self._now = now
        self._hands = threading.Lock()
        self._by_hand: list[threading.Thread] = []
        self._runs = Clockwork("schedules", self._run_due, now)
        self._deliveries = Clockwork("deliveries", self._courier.deliver_due, now)

    @property
    def runs_by_itself(self) -> bool:
        return self._runs.runs

    def start(self) -> None:
        """Run what is due from now on, and first what was missed."""
        self._runs.start()
        self._deliveries.start()

    def add(self, schedule: Schedule) -> ScheduleStatus:
        """Raises InputRejected for a name there is already, a cron expression, time zone or target that cannot be."""
        Timetable(schedule.cron, schedule.zone)
        for target in schedule.targets:
            self._deliverers[target.kind].check(target.to)
        if "pdf" in schedule.formats:
            demand_typst()
        self._store.add(schedule)
        self._runs.wake()
        return self.status(schedule.name)

    def all(self) -> list[ScheduleStatus]:
        return [self._status(schedule, progress) for schedule, progress in self._store.all()]

    def status(self, name: str) -> ScheduleStatus:
        """Raises NotFound."""
        return self._status(*self._store.get(name))

    def _status(self, schedule: Schedule, progress: Progress) -> ScheduleStatus:
        runs = tuple(self._store.runs(schedule.name, _SHOWN_RUNS))
        deliveries = tuple(self._store.deliveries(schedule.name, _SHOWN_DELIVERIES))
        try:
            timetable = Timetable(schedule.cron, schedule.zone)
            next_due = next_of(schedule, progress, self._now())
        except InputRejected as error:  # it could be read when it was added: such as a time zone that is gone since
            return ScheduleStatus(schedule, "not at all", None, f"never: {error}", runs, deliveries, str(error))
        failure = self._runner.failures.get(schedule.name)
        return ScheduleStatus(
            schedule, timetable.in_words(), next_due, timetable.local(next_due), runs, deliveries, failure
        )

    def remove(self, name: str) -> Schedule:
        """With what waits to be delivered of it. Raises NotFound."""
        return self._store.remove(name)

    def run(self, name: str) -> ScheduleStatus:
        """Run it now and try its deliveries once. Raises NotFound, AlreadyRunning."""
        self._runner.run(name)
        self._courier.deliver_due()
        self._deliveries.wake()
        return self.status(name)

    def start_run(self, name: str) -> ScheduleStatus:
        """Begin to run it now, in the background. Raises NotFound, AlreadyRunning, LibraryBusy."""
        work = self._runner.start(name)

        def background() -> None:
            with suppress(GroundwireError):  # it cannot be noted how it ended: the next process calls it interrupted
                work()
            self._deliveries.wake()

        thread = threading.Thread(target=background, name="schedule-by-hand", daemon=True)
        try:
            with self._hands:
                thread.start()
                self._by_hand = [*(one for one in self._by_hand if one.is_alive()), thread]
        except RuntimeError:
            why = "no thread could be started for it: this machine has no room for more; try again later"
            work.abandon(why)
            raise LibraryBusy(why) from None
        return self.status(name)

    def retry(self, name: str) -> ScheduleStatus:
        """Try what did not arrive once more, also what was given up. Raises NotFound."""
        schedule, _ = self._store.get(name)
        self._store.retry(schedule.name, self._now())
        self._courier.deliver_due()
        self._deliveries.wake()
        return self.status(name)

    def state(self) -> tuple[Literal["ok", "degraded"], str] | None:
        """For `readyz`: how it stands, in words; `None` where there is no schedule."""
        try:
            statuses = self.all()
            troubled = self._store.troubled()
        except GroundwireError as error:
            return "degraded", f"schedules do not run: {error}"
        if not statuses:
            return None
        problems = [trouble for trouble in (self._runs.failure, self._deliveries.failure) if trouble]
        if troubled:
            last = troubled[0]
            waits = sum(delivery.state == "waiting" for delivery in troubled)
            problems.append(
                f"{len(troubled)} not delivered, of which {waits} tried again; "
                f"the last, of {last.schedule}: {last.error}"
            )
        problems += [f"{status.schedule.name} cannot run: {status.failure}" for status in statuses if status.failure]
        problems += [
            f"{status.schedule.name} failed: {status.runs[0].error}"
            for status in statuses
            if status.runs and status.runs[0].state in ("failed", "interrupted")
        ]
        known = counted(len(statuses), "schedule")
        coming = [(status.next_due, status) for status in statuses if status.next_due is not None]
        if coming:
            _, first = min(coming, key=lambda one: one[0])
            known += f", next {first.schedule.name} at {first.next_local}"
        return ("degraded", "; ".join([known, *problems])) if problems else ("ok", known)

    def close(self) -> None:
        """Stop what runs by itself. Twice is harmless."""
        self._runs.stop(_CLOSING_SECONDS)
        self._deliveries.stop(_CLOSING_SECONDS)
        with self._hands:
            by_hand = self._by_hand
        for thread in by_hand:
            thread.join(_CLOSING_SECONDS)
        self._store.close()

    def _run_due(self) -> datetime | None:
        next_due = self._runner.run_due()
        self._deliveries.wake()
        return next_due
