"""`groundwire schedules`: briefings that are written and delivered when they are due."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from service.cli.console import Console
from service.cli.exit_codes import ExitCode

if TYPE_CHECKING:
    from service.api.schedule_schemas import ScheduleSchema
    from service.cli.backend import Backend


def run(arguments: Namespace, console: Console) -> ExitCode:
    """Exit code 1 for a run that failed, 3 where a delivery did not arrive."""
    from service.cli.backend import open_backend
    from service.cli.options import schedule_request
    from service.settings import load_settings

    request = schedule_request(arguments) if arguments.action == "add" else None
    with open_backend(load_settings(), asking=arguments.action == "run") as backend:
        if arguments.action == "list":
            return _list(backend, arguments, console)
        if arguments.action == "remove":
            return _remove(backend, arguments, console)
        if request is not None:
            return _show(backend.add_schedule(request), arguments, console)
        name = _typed(arguments)
        if arguments.action == "run":
            return _ended(backend.run_schedule(name), arguments, console)
        return _ended(backend.retry_deliveries(name), arguments, console, run=False)


def _list(backend: Backend, arguments: Namespace, console: Console) -> ExitCode:
    from service.cli.scheduled import show_schedule

    found = backend.schedules()
    if arguments.json:
        console.json(found.model_dump(mode="json"))
        return ExitCode.DONE
    if not found.schedules:
        console.line("There is no schedule. `groundwire schedules add --help` says how to add one.")
        return ExitCode.DONE
    for schedule in found.schedules:
        show_schedule(schedule, console)
    if not found.running:
        console.line("They run while `groundwire serve` does. What is missed until then is made up once.")
    return ExitCode.DONE


def _remove(backend: Backend, arguments: Namespace, console: Console) -> ExitCode:
    removed = backend.remove_schedule(_typed(arguments))
    if arguments.json:
        console.json(removed.model_dump(mode="json"))
    else:
        console.line(f"removed {removed.name}: {removed.topic}")
    return ExitCode.DONE


def _show(schedule: ScheduleSchema, arguments: Namespace, console: Console) -> ExitCode:
    from service.cli.scheduled import show_schedule

    if arguments.json:
        console.json(schedule.model_dump(mode="json"))
    else:
        show_schedule(schedule, console)
    return ExitCode.DONE


def _ended(schedule: ScheduleSchema, arguments: Namespace, console: Console, *, run: bool = True) -> ExitCode:
    """What failed is said on stderr, one line each."""
    _show(schedule, arguments, console)
    last = schedule.runs[0] if run and schedule.runs else None
    if last is not None and last.state != "done":
        console.error(f"{schedule.name} failed: {last.error}")
        return ExitCode.FAILED
    failed = [
        delivery
        for delivery in schedule.deliveries
        if delivery.state != "delivered" and (last is None or delivery.briefing_id == last.briefing_id)
    ]
    for delivery in failed:
        given_up = f"it was given up: `groundwire schedules retry {schedule.name}` tries it again"
        then = given_up if delivery.state == "given_up" else "it is kept and tried again"
        console.error(f"not delivered to {delivery.target.to}: {delivery.error}; {then}")
    return ExitCode.SOME_FAILED if failed else ExitCode.DONE


def _typed(arguments: Namespace) -> str:
    from service.cli.options import as_typed

    return as_typed(arguments.name)
