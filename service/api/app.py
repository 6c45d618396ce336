"""The HTTP application around a facade that is open."""

from __future__ import annotations

from collections.abc import Collection

from fastapi import FastAPI

from service.api.briefings import briefing_posts, briefings
from service.api.completions import openai
from service.api.middleware import AccessLog, BodyLimit, HostCheck
from service.api.problems import add_problem_details
from service.api.routes import posts, router
from service.api.schedules import schedule_posts, schedules
from service.version import installed_version
from service.wiring import Groundwire


def create_app(
    groundwire: Groundwire, *, max_request_bytes: int, hosts: Collection[str] = (), token: str | None = None
) -> FastAPI:
    """`hosts`: names it answers to beside the loopback ones. The caller closes the facade."""
    app = FastAPI(
        title="groundwire",
        version=installed_version(),
        summary="Answers questions about news articles in sentences whose citations were checked.",
        # Their pages load scripts from the network.
        docs_url=None,
        redoc_url=None,
        # Whatever the environment says: nothing of a request leaves this machine.
        telemetry={"auto_configure": False, "tracing": False, "metrics": False, "logs": False},
    )
    app.state.groundwire = groundwire
    app.include_router(router)
    app.include_router(posts)
    app.include_router(openai)
    app.include_router(schedules)
    app.include_router(schedule_posts)
    app.include_router(briefings)
    app.include_router(briefing_posts)
    routes = [router, posts, openai, schedules, schedule_posts, briefings, briefing_posts]
    add_problem_details(app, [route for one in routes for route in one.routes])
    # Added last is outermost.
    app.add_middleware(BodyLimit, max_bytes=max_request_bytes)
    app.add_middleware(HostCheck, hosts=hosts, token=token)
    app.add_middleware(AccessLog)
    return app
