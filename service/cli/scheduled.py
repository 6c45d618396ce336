"""Schedules as a person reads them."""

from __future__ import annotations

from service.api.schedule_schemas import DeliverySchema, RunSchema, ScheduleSchema
from service.cli.console import Console
from service.cli.render import counted, flat

_INDENT = " " * 12
_SHOWN = 5


def show_schedule(schedule: ScheduleSchema, console: Console) -> None:
    console.line(f"{schedule.name}: {flat(schedule.topic)}")
    window = "all articles" if schedule.window_hours is None else f"of the last {schedule.window_hours} h"
    rows = {
        "when": f"{schedule.when} ({schedule.cron}), {window}",
        "next": schedule.next_local,
        "sources": ", ".join(flat(source) for source in schedule.sources),
        "to": "; ".join(f"{target.kind} {flat(target.to)}" for target in schedule.targets) or "kept, and in the feed",
        "last run": _run(schedule.runs[0]) if schedule.runs else "none yet",
    }
    for name, value in rows.items():
        if value:
            console.line(value, lead=f"  {name + ':':<10}", indent=_INDENT)
    troubled = [one for one in schedule.deliveries if one.state != "delivered" and one.attempts]
    for delivery in troubled[:_SHOWN]:
        console.line(_delivery(delivery), lead="  failed:   ", indent=_INDENT)
    if len(troubled) > _SHOWN:
        console.line(f"and {len(troubled) - _SHOWN} more that did not arrive", lead=_INDENT)
    console.line()


def _run(run: RunSchema) -> str:
    made_up = ", made up" if run.made_up else ""
    by_hand = ", by hand" if run.by_hand else ""
    what = run.briefing_id if run.state == "done" else f"{run.state}: {flat(run.error)}" if run.error else run.state
    return f"{run.started_at:%Y-%m-%d %H:%M} UTC{made_up}{by_hand}, {what}"


def _delivery(delivery: DeliverySchema) -> str:
    at = delivery.next_attempt_at
    again = "given up" if at is None else f"again at {at:%Y-%m-%d %H:%M} UTC"
    tried = counted(delivery.attempts, "attempt")
    return f"{delivery.target.kind} {flat(delivery.target.to)}, {tried}, {again}: {flat(delivery.error or '')}"
