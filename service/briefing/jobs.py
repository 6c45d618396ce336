"""Briefings in the making, for those who do not want to wait: one after the other, remembered until there are many."""

from __future__ import annotations

import logging
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from service.briefing.briefing import Briefing
from service.errors import GroundwireError, LibraryBusy, NotFound

LOG = logging.getLogger("groundwire.briefing")
JobState = Literal["queued", "running", "done", "failed"]
_KEPT, _WAITING = 500, 50


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
    """Safe to use from many threads. What it knows is of this process: after a restart a job is not found."""

    def __init__(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
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

    def _moment(self) -> str:
        return self._now().astimezone(UTC).isoformat(timespec="milliseconds")
