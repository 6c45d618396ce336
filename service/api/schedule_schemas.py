"""The web shapes of schedules, for HTTP and for `--json`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import Field

from service.api.briefing_schemas import Topic
from service.api.requests import Name, RequestSchema, Text
from service.api.schemas import Schema
from service.briefing.rendering.formats import Format
from service.briefing.request import LEAST_WORDS, MOST_WORDS
from service.briefing.schedules.schedule import (
    MAX_TARGETS,
    Delivery,
    DeliveryState,
    Run,
    RunState,
    Schedule,
    Target,
    TargetKind,
)

if TYPE_CHECKING:
    from service.briefing.schedules.desk import ScheduleDesk, ScheduleStatus

MOST_HOURS = 24 * 366


Place = Annotated[Text, Field(min_length=1, max_length=2000)]
Places = Annotated[list[Place], Field(max_length=MAX_TARGETS)]


class ScheduleRequest(RequestSchema):
    """`window_hours`: how far back each briefing looks; left out, at all there is.

    `folder`, `mail` and `webhook`: where it is delivered to; without any it is kept, and stands in the feed.
    """

    name: Annotated[Text, Field(max_length=200)]
    topic: Topic
    cron: Annotated[Text, Field(max_length=2000)]
    time_zone: Annotated[Text, Field(max_length=200)] = "UTC"
    window_hours: Annotated[int, Field(ge=1, le=MOST_HOURS)] | None = None
    max_words: Annotated[int, Field(ge=LEAST_WORDS, le=MOST_WORDS)] | None = None
    sources: Annotated[list[Name], Field(max_length=200)] | None = None
    formats: Annotated[list[Format], Field(min_length=1, max_length=5)] | None = None
    folder: Places | None = None
    mail: Places | None = None
    webhook: Places | None = None

    def to_schedule(self, now: datetime) -> Schedule:
        """Raises InputRejected."""
        given: tuple[tuple[TargetKind, list[str] | None], ...] = (
            ("folder", self.folder),
            ("mail", self.mail),
            ("webhook", self.webhook),
        )
        return Schedule(
            name=self.name.strip(),
            topic=self.topic,
            cron=" ".join(self.cron.split()),
            zone=self.time_zone,
            created_at=now,
            window_hours=self.window_hours,
            max_words=self.max_words,
            sources=tuple(self.sources or ()),
            formats=tuple(dict.fromkeys(self.formats or ["md"])),
            targets=tuple(dict.fromkeys(Target(kind, to) for kind, places in given for to in places or ())),
        )


class RunRequest(RequestSchema):
    wait: bool | None = None
    """Answer when the briefing is written and its deliveries were tried; else at once."""


class RunSchema(Schema):
    id: str
    due: datetime
    started_at: datetime
    finished_at: datetime | None
    state: RunState
    made_up: bool
    by_hand: bool
    briefing_id: str | None
    error: str | None

    @classmethod
    def from_run(cls, run: Run) -> Self:
        return cls.model_validate(run)


class TargetSchema(Schema):
    kind: TargetKind
    to: str


class DeliverySchema(Schema):
    id: str
    briefing_id: str
    target: TargetSchema
    state: DeliveryState
    attempts: int
    created_at: datetime
    next_attempt_at: datetime | None
    delivered_at: datetime | None
    error: str | None

    @classmethod
    def from_delivery(cls, delivery: Delivery) -> Self:
        return cls.model_validate(delivery)


class ScheduleSchema(Schema):
    """`when` and `next_local`: the cron expression and the next due time in words.

    `next_due` is past where it waits for its turn, null where it cannot run, as `next_local` tells. `runs` and
    `deliveries`: the latest first, deliveries that did not arrive before all others.
    """

    name: str
    topic: str
    cron: str
    time_zone: str
    when: str
    next_due: datetime | None
    next_local: str
    window_hours: int | None
    max_words: int | None
    sources: list[str]
    formats: list[Format]
    targets: list[TargetSchema]
    created_at: datetime
    runs: list[RunSchema]
    deliveries: list[DeliverySchema]

    @classmethod
    def from_status(cls, status: ScheduleStatus) -> Self:
        schedule = status.schedule
        return cls(
            name=schedule.name,
            topic=schedule.topic,
            cron=schedule.cron,
            time_zone=schedule.zone,
            when=status.when,
            next_due=status.next_due,
            next_local=status.next_local,
            window_hours=schedule.window_hours,
            max_words=schedule.max_words,
            sources=list(schedule.sources),
            formats=list(schedule.formats),
            targets=[TargetSchema.model_validate(target) for target in schedule.targets],
            created_at=schedule.created_at,
            runs=[RunSchema.from_run(run) for run in status.runs],
            deliveries=[DeliverySchema.from_delivery(delivery) for delivery in status.deliveries],
        )


class SchedulesSchema(Schema):
    """`running`: whether they run by themselves, as they do in a service."""

    schedules: list[ScheduleSchema]
    running: bool

    @classmethod
    def of(cls, desk: ScheduleDesk) -> Self:
        return cls(schedules=[ScheduleSchema.from_status(status) for status in desk.all()], running=desk.runs_by_itself)


class RemovedSchema(Schema):
    name: str
    topic: str
