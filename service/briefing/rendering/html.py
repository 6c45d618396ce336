"""A page as one HTML file that needs nothing else: no script, no font, no picture, nothing from the network."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from service.briefing.rendering.page import Page
from service.briefing.rendering.words import counted

if TYPE_CHECKING:
    from jinja2 import Template

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a browser may do with it: show its own style, and nothing else."""


def as_html(page: Page) -> str:
    return _template().render(page=page, first=_FirstUse(), hover=True)


def as_fragment(page: Page) -> str:
    """What is inside its `main`, for readers that have a style of their own: nothing in it needs ours."""
    whole = _template().render(page=page, first=_FirstUse(), hover=False)
    return whole.split("<main>", 1)[1].rsplit("</main>", 1)[0].strip()


class _FirstUse:
    """True once for each marker: the place that a note leads back to."""

    def __init__(self) -> None:
        self._seen: set[int] = set()

    def __call__(self, marker: int) -> bool:
        first = marker not in self._seen
        self._seen.add(marker)
        return first


@cache
def _template() -> Template:
    # Here, as a service starts without it.
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["counted"] = counted
    environment.globals["style"] = Markup(_file("briefing.css"))  # noqa: S704  # our own file
    environment.globals["policy"] = POLICY
    return environment.from_string(_file("briefing.html"))


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
