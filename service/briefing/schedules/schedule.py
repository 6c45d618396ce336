"""A schedule, its runs and what they deliver: frozen values. Moments are aware and in UTC."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from service.briefing.rendering.formats import Format
from service.errors import InputRejected

TargetKind = Literal["folder", "mail", "webhook"]
RunState = Literal["running", "done", "failed", "interrupted"]
"""`interrupted`: the process ended in the middle of it."""
DeliveryState = Literal["waiting", "delivered", "given_up"]

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
"""It stands in file names and in addresses."""
MAX_TARGETS = 20


@dataclass(frozen=True, slots=True)
class Target:
    """Where a briefing goes: a folder inside the one for deliveries, a mail address, or a URL."""

    kind: TargetKind
    to: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """`window_hours`: how far back a briefing looks from its due time, `None` for all there is.

    `max_words`: its length, `None` for the usual one. `formats`: the files that go into folders, and what is attached
    to a mail beside its text. Raises InputRejected for a name that cannot stand in an address and for too many
    targets.
    """

    name: str
    topic: str
    cron: str
    zone: str
    created_at: datetime
    window_hours: int | None = None
    max_words: int | None = None
    sources: tuple[str, ...] = ()
    formats: tuple[Format, ...] = ("md",)
    targets: tuple[Target, ...] = ()

    def __post_init__(self) -> None:
        if not NAME.fullmatch(self.name):
            raise InputRejected(
                "name: may have letters, digits, `-`, `_` and `.`, at most 64, and begins with a letter or digit; "
                "for example `morning`"
            )
        if len(self.targets) > MAX_TARGETS:
            raise InputRejected(f"has {len(self.targets)} targets, the limit is {MAX_TARGETS}; make another schedule")


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a schedule has come. Due times until `handled_until` are over, run or given up.

    `covered_until`: the due time of its last briefing, `None` before the first. `attempts` at `attempted_due` failed so
    far, and not before `retry_at` is it tried again. `told`: the id of its last briefing that told something, by hand
    or not, with which the next is compared.
    """

    handled_until: datetime
    covered_until: datetime | None = None
    attempted_due: datetime | None = None
    attempts: int = 0
    retry_at: datetime | None = None
    told: str | None = None

    def attempts_at(self, due: datetime) -> int:
        """A due time owes nothing for those before it, however often they failed."""
        return self.attempts if self.attempted_due == due else 0


@dataclass(frozen=True, slots=True)
class Run:
    """`made_up`: it came later than due, as nothing ran then; no retry is called so.

    `error`: why it failed, in one plain line.
    """

    id: str
    schedule: str
    due: datetime
    started_at: datetime
    state: RunState
    made_up: bool = False
    by_hand: bool = False
    finished_at: datetime | None = None
    briefing_id: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One briefing to one target. `error`: why the last attempt failed."""

    id: str
    schedule: str
    briefing_id: str
    target: Target
    formats: tuple[Format, ...]
    created_at: datetime
    state: DeliveryState = "waiting"
    attempts: int = 0
    next_attempt_at: datetime | None = None
    delivered_at: datetime | None = None
    error: str | None = None
