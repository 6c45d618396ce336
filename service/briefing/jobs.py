"""Briefings in the making, for those who do not want to wait: one after the other, remembered until there are many."""

from __future__ import annotations

import json
import logging
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from service.briefing.briefing import Briefing
from service.errors import GroundwireError, LibraryBusy, NotFound

LOG = logging.getLogger("groundwire.briefing")
JobState = Literal["queued", "running", "done", "failed"]
_KEPT, _WAITING = 500, 50
JOURNAL = "briefing-jobs.json"


@dataclass(frozen=True, slots=True)
class Job:
    """`briefing_id`: when it is done. `error`: why it failed, in one line that names no internals."""

    id: str
    topic: str
    state: JobState
    created_at: str
    finished_at: str | None = None
    briefing_id: str | None = None
    error: GroundwireError | None = None


class Jobs:
    """Safe to use from many threads. `folder`: where it is noted which jobs are not done; `None`: nowhere.

    Those that were noted by a process that ended have failed; what else it did is not known any longer.
    """

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC), folder: Path | None = None) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._journal = None if folder is None else folder / JOURNAL
        self._jobs: OrderedDict[str, Job] = OrderedDict((job.id, job) for job in self._interrupted())
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="briefing")

    def start(self, topic: str, work: Callable[[], Briefing]) -> Job:
        """Raises LibraryBusy when too many wait already."""
        job = Job(f"job_{uuid.uuid4().hex}", topic, "queued", self._moment())
        with self._lock:
            if sum(one.state in ("queued", "running") for one in self._jobs.values()) >= _WAITING:
                raise LibraryBusy(f"{_WAITING} briefings wait to be made; try again when some are done")
            self._jobs[job.id] = job
            while len(self._jobs) > _KEPT:
                self._jobs.popitem(last=False)
            self._note()
        self._pool.submit(self._run, job.id, work)
        return job

    def get(self, job_id: str) -> Job:
        """Raises NotFound."""
        with self._lock:
            job = self._jobs.get(job_id)
        if job is None:
            raise NotFound("there is no job with this id, or no longer; what it made is among the briefings")
        return job

    def close(self) -> None:
        """What waits is not begun; what is being made is waited for. Twice is harmless."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, job_id: str, work: Callable[[], Briefing]) -> None:
        self._set(job_id, state="running")
        try:
            briefing = work()
        except GroundwireError as error:
            self._set(job_id, state="failed", finished_at=self._moment(), error=error)
        except Exception as error:
            LOG.exception("a briefing could not be made")
            failure = GroundwireError(f"the briefing could not be made ({type(error).__name__}); see the service's log")
            self._set(job_id, state="failed", finished_at=self._moment(), error=failure)
        else:
            self._set(job_id, state="done", finished_at=self._moment(), briefing_id=briefing.id)

    def _set(self, job_id: str, **fields: object) -> None:
        with self._lock:
            if job_id in self._jobs:
                self._jobs[job_id] = replace(self._jobs[job_id], **fields)  # type: ignore[arg-type]
                self._note()

    def _interrupted(self) -> list[Job]:
        if self._journal is None:
            return []
        try:
            noted = json.loads(self._journal.read_text(encoding="utf-8"))
            found = [(str(n["id"]), str(n["topic"]), str(n["created_at"])) for n in noted]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            LOG.warning("what briefings were not done cannot be read: %s", type(error).__name__)
            return []
        why = GroundwireError("the service ended before the briefing was made; ask for it again")
        return [Job(i, topic, "failed", created, self._moment(), error=why) for i, topic, created in found]

    def _note(self) -> None:
        """Those that are not done. Where it cannot be written, jobs run as well."""
        if self._journal is None:
            return
        open_ = [j for j in self._jobs.values() if j.state in ("queued", "running")]
        noted = [{"id": j.id, "topic": j.topic, "created_at": j.created_at} for j in open_]
        try:
            written = self._journal.with_suffix(".part")
            written.write_text(json.dumps(noted), encoding="utf-8")
            written.replace(self._journal)
        except OSError as error:
            LOG.warning("what briefings are not done cannot be noted: %s", type(error).__name__)

    def _moment(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="milliseconds")
