"""Where schedules, their runs and their deliveries are kept: a SQLite file of their own in the data directory."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from importlib import resources
from pathlib import Path

from service.briefing.schedules.rows import (
    delivery_of,
    delivery_row,
    inserted,
    progress_of,
    run_of,
    schedule_of,
    schedule_row,
    stored,
)
from service.briefing.schedules.schedule import NAME, Delivery, Progress, Run, Schedule
from service.errors import InputRejected, NotFound
from service.library.database import Database

APPLICATION_ID = 0x67777234
"""Marks the file as ours ("gwr4")."""
SCHEMA_VERSION = 1
RUNS_KEPT = 100
DELIVERIES_KEPT = 200
"""Of each schedule; those that wait are kept whatever their number."""
_INTERRUPTED = (
    "UPDATE runs SET state = 'interrupted', error = 'how it ended was not noted, as when the process ends in it'"
    " WHERE state = 'running'"
)
"""What is called running when a process opens the file ended with an earlier one: a data directory has one owner."""
_NOT_HEARD_OF = "it is not known whether it arrived"


class ScheduleStore:
    """Safe to use from many threads. Every method may raise LibraryUnusable. Names are the same in any case."""

    def __init__(self, path: Path) -> None:
        schema = resources.files(__package__).joinpath("schema.sql").read_text(encoding="utf-8")
        self._database = Database(
            path, application_id=APPLICATION_ID, version=SCHEMA_VERSION, schema=schema, at_start=_INTERRUPTED
        )

    def add(self, schedule: Schedule) -> None:
        """Raises InputRejected when there is one of this name."""
        row = schedule_row(schedule)
        try:
            with self._database.writing() as connection:
                connection.execute(inserted("schedules", row), row)
        except sqlite3.IntegrityError:
            raise InputRejected(
                f"there is a schedule named {schedule.name} already; remove it, or take another name"
            ) from None

    def all(self) -> list[tuple[Schedule, Progress]]:
        """In the order of their names."""
        if not self._database.is_there():
            return []
        with self._database.reading() as connection:
            rows = connection.execute("SELECT * FROM schedules ORDER BY name").fetchall()
        return [(schedule_of(row), progress_of(row)) for row in rows]

    def get(self, name: str) -> tuple[Schedule, Progress]:
        """Raises NotFound, naming those there are."""
        row = None
        if NAME.fullmatch(name) and self._database.is_there():
            with self._database.reading() as connection:
                row = connection.execute("SELECT * FROM schedules WHERE name = ?", (name,)).fetchone()
        if row is not None:
            return schedule_of(row), progress_of(row)
        names = [schedule.name for schedule, _ in self.all()]
        there = (
            f"there are {', '.join(names[:10])}" if names else "there is none; add one with `groundwire schedules add`"
        )
        raise NotFound(f"there is no schedule with this name; {there}")

    def remove(self, name: str) -> Schedule:
        """With its runs and deliveries. Raises NotFound."""
        schedule, _ = self.get(name)
        with self._database.writing() as connection:
            connection.execute("DELETE FROM schedules WHERE name = ?", (schedule.name,))
        return schedule

    def begin(self, run: Run, retry_at: datetime | None) -> None:
        """`retry_at`: when it is tried again unless it ends well; `None` for one by hand, which changes no progress.

        Written before the work, so that a process that dies in it does not begin it again for ever.
        """
        row = {
            "id": run.id,
            "schedule": run.schedule,
            "due": stored(run.due),
            "started_at": stored(run.started_at),
            "state": run.state,
            "made_up": run.made_up,
            "by_hand": run.by_hand,
        }
        with self._database.writing() as connection:
            # Nothing runs beside itself: of one that is called running still it could not be noted how it ended.
            connection.execute(f"{_INTERRUPTED} AND schedule = ?", (run.schedule,))
            connection.execute(inserted("runs", row), row)
            if retry_at is not None:
                connection.execute(
                    "UPDATE schedules SET attempts = CASE attempted_due WHEN ?1 THEN attempts + 1 ELSE 1 END,"
                    " attempted_due = ?1, retry_at = ?2 WHERE name = ?3",
                    (stored(run.due), stored(retry_at), run.schedule),
                )
            connection.execute(
                "DELETE FROM runs WHERE schedule = ?1 AND number <= "
                "(SELECT number FROM runs WHERE schedule = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
                (run.schedule, RUNS_KEPT),
            )

    def finish(self, run: Run, deliveries: Sequence[Delivery], *, told: bool = True) -> None:
        """A run that ended well, and what it gives to deliver, in one step. `told`: its briefing told something.

        Nothing of a schedule that was removed meanwhile, and nothing for another that has its name now.
        """
        with self._database.writing() as connection:
            if not self._end(connection, run):
                return
            if told:
                connection.execute("UPDATE schedules SET told = ? WHERE name = ?", (run.briefing_id, run.schedule))
            if not run.by_hand:
                connection.execute(
                    "UPDATE schedules SET handled_until = ?1, covered_until = ?1, attempts = 0, retry_at = NULL"
                    " WHERE name = ?2",
                    (stored(run.due), run.schedule),
                )
            for delivery in deliveries:
                row = delivery_row(delivery)
                connection.execute(inserted("deliveries", row), row)
            connection.execute(
                "DELETE FROM deliveries WHERE schedule = ?1 AND state <> 'waiting' AND number <= "
                "(SELECT number FROM deliveries WHERE schedule = ?1 ORDER BY number DESC LIMIT 1 OFFSET ?2)",
                (run.schedule, DELIVERIES_KEPT),
            )

    def fail(self, run: Run, *, given_up: bool) -> None:
        """A run that failed; `given_up`: its due time is over, and is not tried again."""
        with self._database.writing() as connection:
            if self._end(connection, run) and given_up:
                self._give_up(connection, run.schedule, run.due)

    def give_up(self, name: str, due: datetime) -> None:
        """The due time is over without a briefing."""
        with self._database.writing() as connection:
            self._give_up(connection, name, due)

    def runs(self, name: str, limit: int) -> list[Run]:
        """The latest first."""
        if not self._database.is_there():
            return []
        query = "SELECT * FROM runs WHERE schedule = ? ORDER BY number DESC LIMIT ?"
        with self._database.reading() as connection:
            return [run_of(row) for row in connection.execute(query, (name, limit))]

    def deliveries(self, name: str, limit: int) -> list[Delivery]:
        """Of one schedule: those that wait or were given up first, then the latest."""
        return self._deliveries(
            "SELECT * FROM deliveries WHERE schedule = ? ORDER BY state = 'delivered', number DESC LIMIT ?", name, limit
        )

    def due(self, now: datetime) -> list[Delivery]:
        """Those of all schedules that wait and whose moment has come, the one whose attempt comes first first."""
        return self._deliveries(
            "SELECT * FROM deliveries WHERE state = 'waiting' AND next_attempt_at <= ?"
            " ORDER BY next_attempt_at, number",
            stored(now),
        )

    def next_attempt_at(self) -> datetime | None:
        """Of all schedules; `None` where nothing waits."""
        if not self._database.is_there():
            return None
        query = "SELECT min(next_attempt_at) FROM deliveries WHERE state = 'waiting'"
        with self._database.reading() as connection:
            [first] = connection.execute(query).fetchone()
        return None if first is None else datetime.fromisoformat(first)

    def troubled(self) -> list[Delivery]:
        """Those that failed and wait to be tried again, and those given up, the latest first."""
        return self._deliveries(
            "SELECT * FROM deliveries WHERE state = 'given_up' OR (state = 'waiting' AND error IS NOT NULL)"
            " ORDER BY number DESC"
        )

    def attempt(self, delivery_id: str, next_attempt_at: datetime | None) -> bool:
        """It is about to be sent, and again at `next_attempt_at` unless more is heard of it; `None`: no more.

        Whether it is still there and waits.
        """
        state = "given_up" if next_attempt_at is None else "waiting"
        when = None if next_attempt_at is None else stored(next_attempt_at)
        with self._database.writing() as connection:
            changed = connection.execute(
                "UPDATE deliveries SET state = ?1, attempts = attempts + 1, next_attempt_at = ?2,"
                " error = CASE ?1 WHEN 'given_up' THEN coalesce(error, ?3) ELSE error END"
                " WHERE id = ?4 AND state = 'waiting'",
                (state, when, _NOT_HEARD_OF, delivery_id),
            )
            return changed.rowcount == 1

    def delivered(self, delivery_id: str, at: datetime) -> None:
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE deliveries SET state = 'delivered', delivered_at = ?,"
                " next_attempt_at = NULL, error = NULL WHERE id = ?",
                (stored(at), delivery_id),
            )

    def undelivered(self, delivery_id: str, error: str, next_attempt_at: datetime | None) -> None:
        """`next_attempt_at` `None`: given up."""
        state = "given_up" if next_attempt_at is None else "waiting"
        when = None if next_attempt_at is None else stored(next_attempt_at)
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE deliveries SET state = ?, next_attempt_at = ?, error = ? WHERE id = ?",
                (state, when, error, delivery_id),
            )

    def retry(self, name: str, at: datetime) -> None:
        """Have all that did not arrive tried again."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE deliveries SET state = 'waiting', next_attempt_at = ?"
                " WHERE schedule = ? AND state <> 'delivered' AND attempts > 0",
                (stored(at), name),
            )

    def close(self) -> None:
        self._database.close()

    @staticmethod
    def _end(connection: sqlite3.Connection, run: Run) -> bool:
        """Whether it is still there."""
        finished_at = None if run.finished_at is None else stored(run.finished_at)
        changed = connection.execute(
            "UPDATE runs SET state = ?, finished_at = ?, briefing_id = ?, error = ? WHERE id = ?",
            (run.state, finished_at, run.briefing_id, run.error, run.id),
        )
        return changed.rowcount == 1

    @staticmethod
    def _give_up(connection: sqlite3.Connection, name: str, due: datetime) -> None:
        connection.execute(
            "UPDATE schedules SET handled_until = ?, attempts = 0, retry_at = NULL WHERE name = ?", (stored(due), name)
        )

    def _deliveries(self, query: str, *parameters: object) -> list[Delivery]:
        if not self._database.is_there():
            return []
        with self._database.reading() as connection:
            return [delivery_of(row) for row in connection.execute(query, parameters)]
