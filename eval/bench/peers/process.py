"""Runs one worker: its events as they come, with the moment of each; it never outlives its deadline or this process."""

from __future__ import annotations

import json
import os
import queue
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

_OFFLINE = {
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "LANGSMITH_TRACING": "false",
    "DO_NOT_TRACK": "1",
    "TOKENIZERS_PARALLELISM": "false",
}
"""Nothing is fetched and nothing reported while measuring."""


@dataclass(frozen=True, slots=True)
class WorkerEvent:
    """`seconds` after the process was started."""

    name: str
    seconds: float
    fields: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WorkerRun:
    """What a worker told. `failure` is one line saying why it told no more, `None` when it ended well."""

    events: tuple[WorkerEvent, ...]
    seconds: float
    failure: str | None

    def __getitem__(self, name: str) -> WorkerEvent:
        """The event of that name. Raises KeyError."""
        return {event.name: event for event in self.events}[name]


def run_worker(command: Sequence[str], timeout_seconds: float, folder: Path) -> WorkerRun:
    """Run it in `folder`. A crash, a deadline or rubbish on its stdout is a failure in words, never an exception."""
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as stderr:
        started = time.perf_counter()
        try:
            process = subprocess.Popen(
                command,
                cwd=folder,
                env={**os.environ, **_OFFLINE},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
                encoding="utf-8",
                errors="replace",
                start_new_session=True,  # so that all it started can be ended with it
            )
        except OSError as error:
            return WorkerRun((), 0.0, f"{command[0]} cannot be started ({error.strerror})")
        assert process.stdout is not None
        lines: queue.Queue[tuple[float, str] | None] = queue.Queue()
        reader = threading.Thread(target=_read, args=(process.stdout, lines), daemon=True)
        reader.start()
        try:
            events, rubbish = _events(process, lines, started, started + timeout_seconds)
        finally:
            _end(process)
            reader.join()  # the pipe closes with the last process that held it
            process.stdout.close()
        seconds = time.perf_counter() - started
        if events is None:
            return WorkerRun((), seconds, f"no result within {timeout_seconds:.0f} s, so it was ended")
        return WorkerRun(tuple(events), seconds, _failure(process.returncode, events, rubbish, stderr))


def _events(
    process: subprocess.Popen[str], lines: queue.Queue[tuple[float, str] | None], started: float, deadline: float
) -> tuple[list[WorkerEvent] | None, str]:
    """The events, `None` past the deadline, and the last line that was none."""
    events: list[WorkerEvent] = []
    rubbish = ""
    while True:
        left = max(0.1, deadline - time.perf_counter())
        try:
            arrived = lines.get(timeout=left)
            if arrived is None:
                process.wait(timeout=left)
                return events, rubbish
        except (queue.Empty, subprocess.TimeoutExpired):
            return None, rubbish
        moment, line = arrived
        event = _event(line, moment - started)
        if event is None:
            rubbish = line.strip()[:80]
        else:
            events.append(event)


def _read(stream: IO[str], lines: queue.Queue[tuple[float, str] | None]) -> None:
    for line in stream:
        lines.put((time.perf_counter(), line))
    lines.put(None)


def _event(line: str, seconds: float) -> WorkerEvent | None:
    try:
        row = json.loads(line)
        return WorkerEvent(str(row.pop("event")), seconds, row)
    except (ValueError, KeyError, AttributeError, TypeError):
        return None


def _failure(code: int, events: Sequence[WorkerEvent], rubbish: str, stderr: IO[str]) -> str | None:
    missing = next((event for event in events if event.name == "missing"), None)
    if missing is not None:
        return f"not installed: {missing.fields.get('reason')}"
    if code != 0:
        stderr.seek(0)
        last = next((line.strip() for line in reversed(stderr.readlines()) if line.strip()), "it said nothing")
        return f"ended with {code}: {last[:200]}"
    if rubbish:
        return f"told something that is no event: {rubbish!r}"
    return None


def _end(process: subprocess.Popen[str]) -> None:
    """End the process and what it started; it has its own session, so nothing else is in its group."""
    with suppress(ProcessLookupError, PermissionError):  # all of it has ended
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
