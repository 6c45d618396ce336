"""The routes of briefings: made at once or as a job, listed, shown in any format, compared."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query
from starlette.responses import JSONResponse, Response

from service.api.briefing_schemas import (
    BriefingQuery,
    BriefingSchema,
    BriefingsQuery,
    BriefingsSchema,
    BriefRequest,
    ComparisonSchema,
    JobSchema,
)
from service.api.wired import Wired, json_only, problems
from service.briefing.rendering.formats import MEDIA_TYPES, rendered
from service.briefing.rendering.html import POLICY

briefing_posts = APIRouter(dependencies=[Depends(json_only)], responses=problems(400, 404, 413, 415, 422, 503))
briefings = APIRouter()
_HARMLESS = {
    "Content-Security-Policy": f"{POLICY}; frame-ancestors 'none'; sandbox allow-popups",
    "X-Content-Type-Options": "nosniff",
}
"""It is shown at the service's own address: whatever stands in an article runs nothing there."""


@briefing_posts.post(
    "/v1/briefings",
    response_model=BriefingSchema,
    responses={202: {"model": JobSchema, "description": "It is being made; Location says where to ask"}},
)
def brief(body: BriefRequest, groundwire: Wired) -> BriefingSchema | Response:
    """A cited briefing: 202 with a job, or with `wait` the briefing itself."""
    request = body.to_request()
    if body.wait:
        return BriefingSchema.from_briefing(groundwire.brief(request))
    job = groundwire.start_briefing(request)
    shape = JobSchema.from_job(job)
    return JSONResponse(shape.model_dump(mode="json"), 202, headers={"Location": f"/v1/jobs/{job.id}"})


@briefings.get("/v1/briefings", responses=problems(422, 503))
def listed(query: Annotated[BriefingsQuery, Query()], groundwire: Wired) -> BriefingsSchema:
    """The latest first; of one topic with `topic`."""
    return BriefingsSchema.from_page(groundwire.briefings(query.limit, query.cursor, query.topic))


@briefings.get(
    "/v1/briefings/{id}",
    response_model=BriefingSchema,
    responses={200: {"content": {kind: {} for kind in MEDIA_TYPES.values()}}, **problems(404, 422, 503)},
)
def briefing(id: str, query: Annotated[BriefingQuery, Query()], groundwire: Wired) -> BriefingSchema | Response:
    """As it was made: JSON, Markdown, HTML, plain text or PDF."""
    found = groundwire.briefing(id)
    if query.format == "json":
        return BriefingSchema.from_briefing(found)
    return Response(rendered(found, query.format), media_type=MEDIA_TYPES[query.format], headers=_HARMLESS)


@briefings.get("/v1/briefings/{id}/compare/{other}", responses=problems(404, 422, 503))
def compare(id: str, other: str, groundwire: Wired) -> ComparisonSchema:
    """What changed from the first briefing to the second, of the same topic."""
    return ComparisonSchema.from_comparison(groundwire.compare(id, other))


@briefings.get("/v1/jobs/{id}", responses=problems(404, 422))
def job(id: str, groundwire: Wired) -> JobSchema:
    """How far a briefing is that was asked for without `wait`."""
    return JobSchema.from_job(groundwire.job(id))
