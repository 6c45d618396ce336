"""Schedules, runs and deliveries to rows and back."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from service.briefing.schedules.schedule import Delivery, Progress, Run, Schedule, Target


def stored(moment: datetime) -> str:
    """All alike, so that they can be compared as text."""
    return moment.astimezone(UTC).isoformat(timespec="seconds")


def schedule_row(schedule: Schedule) -> dict[str, Any]:
    """A new schedule's: due from its creation on."""
    return {
        "name": schedule.name,
        "topic": schedule.topic,
        "cron": schedule.cron,
        "zone": schedule.zone,
        "created_at": stored(schedule.created_at),
        "window_hours": schedule.window_hours,
        "max_words": schedule.max_words,
        "sources": json.dumps(schedule.sources),
        "formats": json.dumps(schedule.formats),
        "targets": json.dumps([[target.kind, target.to] for target in schedule.targets]),
        "handled_until": stored(schedule.created_at),
    }


def schedule_of(row: sqlite3.Row) -> Schedule:
    return Schedule(
        name=row["name"],
        topic=row["topic"],
        cron=row["cron"],
        zone=row["zone"],
        created_at=_moment(row["created_at"]),
        window_hours=row["window_hours"],
        max_words=row["max_words"],
        sources=tuple(json.loads(row["sources"])),
        formats=tuple(json.loads(row["formats"])),
        targets=tuple(Target(kind, to) for kind, to in json.loads(row["targets"])),
    )


def progress_of(row: sqlite3.Row) -> Progress:
    return Progress(
        _moment(row["handled_until"]),
        _moment_or_none(row["covered_until"]),
        _moment_or_none(row["attempted_due"]),
        row["attempts"],
        _moment_or_none(row["retry_at"]),
        row["told"],
    )


def run_of(row: sqlite3.Row) -> Run:
    return Run(
        id=row["id"],
        schedule=row["schedule"],
        due=_moment(row["due"]),
        started_at=_moment(row["started_at"]),
        state=row["state"],
        made_up=bool(row["made_up"]),
        by_hand=bool(row["by_hand"]),
        finished_at=_moment_or_none(row["finished_at"]),
        briefing_id=row["briefing_id"],
        error=row["error"],
    )


def delivery_row(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "schedule": delivery.schedule,
        "briefing_id": delivery.briefing_id,
        "kind": delivery.target.kind,
        "target": delivery.target.to,
        "formats": json.dumps(delivery.formats),
        "created_at": stored(delivery.created_at),
        "state": delivery.state,
        "next_attempt_at": stored(delivery.next_attempt_at or delivery.created_at),
    }


def delivery_of(row: sqlite3.Row) -> Delivery:
    return Delivery(
        id=row["id"],
        schedule=row["schedule"],
        briefing_id=row["briefing_id"],
        target=Target(row["kind"], row["target"]),
        formats=tuple(json.loads(row["formats"])),
        created_at=_moment(row["created_at"]),
        state=row["state"],
        attempts=row["attempts"],
        next_attempt_at=_moment_or_none(row["next_attempt_at"]),
        delivered_at=_moment_or_none(row["delivered_at"]),
        error=row["error"],
    )


def inserted(table: str, row: Mapping[str, Any]) -> str:
    """The statement that puts such a row into a table of ours."""
    names = ", ".join(row)
    places = ", ".join(f":{name}" for name in row)
    return f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608  # names of our own


def _moment(value: str) -> datetime:
    return datetime.fromisoformat(value)


def _moment_or_none(value: str | None) -> datetime | None:
    return None if value is None else _moment(value)
