"""Runs what is due: once when it was missed, never twice at the same time, again when it failed."""

from __future__ import annotations

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.briefing.briefing import Briefing
from service.briefing.request import DEFAULT_WORDS, BriefingRequest
from service.briefing.schedules.failures import plain
from service.briefing.schedules.schedule import Delivery, Progress, Run, Schedule
from service.briefing.schedules.store import ScheduleStore
from service.briefing.schedules.timetable import Timetable
from service.errors import AlreadyRunning, LibraryError, NotFound

LOG = logging.getLogger("groundwire.schedules")
RETRIES_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""After a failure; the due time after the last of them is given up. A service that has just started needs a minute."""
_NO_INTERNALS = "the library's files cannot be used; run `groundwire doctor` where the service runs"
"""For what is seen over HTTP too; the log has the file and the reason."""
ON_TIME = timedelta(minutes=2)
"""What begins later than this after it was due is called made up."""


@dataclass(frozen=True, slots=True)
class Due:
    """The latest due time that is not over, and how far back its briefing looks, `None` for all there is.

    `attempts` at it were made already.
    """

    at: datetime
    since: datetime | None
    attempts: int
    made_up: bool


@dataclass(frozen=True, slots=True)
class Begun:
    """A run that is marked as running: to be called, or to be abandoned with the reason in one plain line."""

    work: Callable[[], Run]
    abandon: Callable[[str], None]

    def __call__(self) -> Run:
        return self.work()


class ScheduleRunner:
    """Safe to call from several threads. `write` makes and keeps a briefing; `now` gives aware moments."""

    def __init__(
        self, store: ScheduleStore, write: Callable[[BriefingRequest], Briefing], now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._write = write
        self._now = now
        self._lock = threading.Lock()
        self._running: set[str] = set()
        self.failures: dict[str, str] = {}
        """Of schedules that could not even be begun, by name, until they can."""

    def run_due(self) -> datetime | None:
        """Run all that is due, one after the other; when the next is due, `None` where there is no schedule.

        That is now, or past, where one became due meanwhile or runs by hand. Raises LibraryUnusable.
        """
        moments = []
        failures = {}
        for schedule, _ in self._store.all():
            try:
                moments.append(self._run_if_due(schedule.name))
            except LibraryError:
                raise  # the store's, and so every schedule's
            except Exception as error:  # such as a time zone that is no longer known: the other schedules go on
                failures[schedule.name] = plain(error)
                LOG.warning("%s cannot run: %s", schedule.name, failures[schedule.name])
        self.failures = failures
        return min((moment for moment in moments if moment is not None), default=None)

    def _run_if_due(self, name: str) -> datetime | None:
        try:
            with self._alone(name) as alone:
                schedule, progress = self._store.get(name)  # anew: it may be another since those before it ran
                due = due_of(schedule, progress, self._now())
                if alone and due is not None:
                    self._attempt(schedule, progress, due)
            return next_of(*self._store.get(name), self._now())
        except NotFound:
            return None  # removed meanwhile

    def run(self, name: str) -> Run:
        """Run it now, whenever it is due; that stays as it is. Raises NotFound, AlreadyRunning, LibraryUnusable."""
        return self.start(name)()

    def start(self, name: str) -> Begun:
        """The same in two steps, for who does not want to wait: it is marked as running, what comes back does it."""
        schedule, progress = self._store.get(name)
        if not self._take(schedule.name):
            raise AlreadyRunning(f"{schedule.name} is running at this moment; wait for it")
        try:
            now = self._now()
            run = _new_run(schedule, now, now, by_hand=True)
            self._store.begin(run, None)
        except BaseException:
            self._release(schedule.name)
            raise

        def work() -> Run:
            try:
                request = _request(schedule, progress, since_of(schedule, now), now)
                return self._work(schedule, run, request, given_up=False)
            finally:
                self._release(schedule.name)

        def abandon(why: str) -> None:
            try:
                self._store.fail(replace(run, state="failed", finished_at=self._now(), error=why), given_up=False)
            finally:
                self._release(schedule.name)

        return Begun(work, abandon)

    def _attempt(self, schedule: Schedule, progress: Progress, due: Due) -> None:
        now = self._now()
        if due.attempts > len(RETRIES_AFTER):
            # It was not this process that failed so often: the process ended each time.
            self._store.give_up(schedule.name, due.at)
            return
        last = due.attempts == len(RETRIES_AFTER)
        wait = timedelta(0) if last else RETRIES_AFTER[due.attempts]
        run = _new_run(schedule, due.at, now, made_up=due.made_up)
        self._store.begin(run, now + wait)
        self._work(schedule, run, _request(schedule, progress, due.since, due.at), given_up=last)

    def _work(self, schedule: Schedule, run: Run, request: BriefingRequest, *, given_up: bool) -> Run:
        try:
            briefing = self._written(request)
        except Exception as error:  # whatever it is, the other schedules go on
            why = plain(error)
            LOG.warning("%s failed: %s", schedule.name, why)
            shown = _NO_INTERNALS if isinstance(error, LibraryError) else why
            ended = replace(run, state="failed", finished_at=self._now(), error=shown)
            self._store.fail(ended, given_up=given_up)
            return ended
        ended = replace(run, state="done", finished_at=self._now(), briefing_id=briefing.id)
        told = briefing.status in ("written", "nothing_new")
        self._store.finish(ended, _deliveries(schedule, briefing, self._now()), told=told)
        LOG.info("%s: briefing %s", schedule.name, briefing.id)
        return ended

    def _written(self, request: BriefingRequest) -> Briefing:
        try:
            return self._write(request)
        except NotFound:
            if request.compare_with is None:
                raise
            # The briefing before is not kept any longer, as when somebody moved its file away: that stops no other.
            return self._write(replace(request, compare_with=None, compared=False))

    @contextmanager
    def _alone(self, name: str) -> Iterator[bool]:
        alone = self._take(name)
        try:
            yield alone
        finally:
            if alone:
                self._release(name)

    def _take(self, name: str) -> bool:
        with self._lock:
            if name in self._running:
                return False
            self._running.add(name)
            return True

    def _release(self, name: str) -> None:
        with self._lock:
            self._running.discard(name)


def due_of(schedule: Schedule, progress: Progress, now: datetime) -> Due | None:
    """The latest due time, where it is not over and no wait after a failure is on; those before it are not made up."""
    timetable = Timetable(schedule.cron, schedule.zone)
    latest = timetable.last_until(now)
    if latest <= progress.handled_until:
        return None
    attempts = progress.attempts_at(latest)
    if attempts and progress.retry_at is not None and now < progress.retry_at:
        return None
    since = since_of(schedule, latest)
    covered = progress.covered_until
    if since is not None and covered is not None and covered < timetable.last_until(latest - timedelta(minutes=1)):
        since = min(since, covered)  # due times between were missed, and what they would have told is told now
    return Due(latest, since, attempts, made_up=not attempts and now - latest > ON_TIME)


def next_of(schedule: Schedule, progress: Progress, now: datetime) -> datetime:
    """When it is run next: now or in the past where it is due and waits for its turn."""
    timetable = Timetable(schedule.cron, schedule.zone)
    latest = timetable.last_until(now)
    if latest > progress.handled_until:
        return (progress.retry_at if progress.attempts_at(latest) else None) or now
    return timetable.after(now)


def since_of(schedule: Schedule, due: datetime) -> datetime | None:
    return None if schedule.window_hours is None else due - timedelta(hours=schedule.window_hours)


def _request(schedule: Schedule, progress: Progress, since: datetime | None, due: datetime) -> BriefingRequest:
    """Compared with what this schedule's readers had last, which others' briefings of the topic are not: its first with
    none."""
    return BriefingRequest(
        topic=schedule.topic,
        since=None if since is None else since.isoformat(timespec="seconds"),
        until=None if since is None else due.isoformat(timespec="seconds"),
        sources=schedule.sources,
        max_words=schedule.max_words or DEFAULT_WORDS,
        compare_with=progress.told,
        compared=progress.told is not None,
    )


def _new_run(schedule: Schedule, due: datetime, now: datetime, *, made_up: bool = False, by_hand: bool = False) -> Run:
    return Run(f"run_{uuid.uuid4().hex}", schedule.name, due, now, "running", made_up, by_hand)


def _deliveries(schedule: Schedule, briefing: Briefing, now: datetime) -> list[Delivery]:
    return [
        Delivery(f"dlv_{uuid.uuid4().hex}", schedule.name, briefing.id, target, schedule.formats, now)
        for target in schedule.targets
    ]
