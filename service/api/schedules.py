"""The routes of schedules, and the feed of briefings."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from service.api.schedule_schemas import (
    RemovedSchema,
    RunRequest,
    ScheduleRequest,
    ScheduleSchema,
    SchedulesSchema,
)
from service.api.wired import Wired, json_only, problems
from service.briefing.delivery.feed import MEDIA_TYPE, atom_feed

FEED_ENTRIES = 20
schedules = APIRouter()
"""To be included before the routes of briefings, one of which takes `feed.atom` for an id."""
schedule_posts = APIRouter(dependencies=[Depends(json_only)], responses=problems(400, 404, 409, 413, 415, 422, 503))


class FeedQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    topic: Annotated[str, Field(max_length=400)] | None = None


@schedules.get(
    "/v1/briefings/feed.atom",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}}, **problems(422, 503)},
)
def feed(query: Annotated[FeedQuery, Query()], request: Request, groundwire: Wired) -> Response:
    """The latest briefings as an Atom feed; of one topic with `topic`."""
    page = groundwire.briefings(FEED_ENTRIES, None, query.topic)
    briefings = [groundwire.briefing(one.id) for one in page.briefings]
    base = str(request.base_url).rstrip("/")
    return Response(atom_feed(briefings, base, str(request.url)), media_type=MEDIA_TYPE)


@schedules.get("/v1/schedules", responses=problems(503))
def listed(groundwire: Wired) -> SchedulesSchema:
    """All, with their latest runs and with the deliveries that did not arrive."""
    return SchedulesSchema.of(groundwire.schedules)


@schedules.get("/v1/schedules/{name}", responses=problems(404, 422, 503))
def one(name: str, groundwire: Wired) -> ScheduleSchema:
    return ScheduleSchema.from_status(groundwire.schedules.status(name))


@schedules.delete("/v1/schedules/{name}", responses=problems(404, 422, 503))
def remove(name: str, groundwire: Wired) -> RemovedSchema:
    """With what waits to be delivered of it; its briefings stay."""
    return RemovedSchema.model_validate(groundwire.schedules.remove(name))


@schedule_posts.post("/v1/schedules", status_code=201)
def add(body: ScheduleRequest, groundwire: Wired) -> ScheduleSchema:
    """A briefing on a topic whenever a cron expression says so."""
    return ScheduleSchema.from_status(groundwire.schedules.add(body.to_schedule(datetime.now(UTC))))


@schedule_posts.post(
    "/v1/schedules/{name}/run",
    response_model=ScheduleSchema,
    responses={202: {"model": ScheduleSchema, "description": "It runs; ask for the schedule to see how it ends"}},
)
def run(name: str, body: RunRequest, groundwire: Wired) -> ScheduleSchema | Response:
    """Run it now, whenever it is due: 202 at once, or with `wait` 200 when it has ended and was delivered, or not."""
    if body.wait:
        return ScheduleSchema.from_status(groundwire.schedules.run(name))
    shape = ScheduleSchema.from_status(groundwire.schedules.start_run(name))
    return JSONResponse(shape.model_dump(mode="json"), 202)


@schedule_posts.post("/v1/schedules/{name}/retry")
def retry(name: str, body: RunRequest, groundwire: Wired) -> ScheduleSchema:
    """Try once more what did not arrive, also what was given up."""
    return ScheduleSchema.from_status(groundwire.schedules.retry(name))
