"""A report as one HTML file that needs nothing else: no script, no font, no picture, nothing from the network."""

from __future__ import annotations

from functools import cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from eval.reports.report import MOST_SHOWN, Measured, Report
from eval.reports.words import cell_text, interval_text, value_text

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
"""What a browser may do with it: show its own style, and nothing else."""


def as_html(report: Report) -> str:
    return _template().render(report=report)


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {
        "cell": cell_text,
        "value": value_text,
        "interval": interval_text,
        "drawn": Markup,  # plots.py escapes what it is given
        "anchor": _anchor,
    }
    environment.tests["measured"] = lambda cell: isinstance(cell, Measured)
    environment.tests["counted"] = lambda cell: isinstance(cell, int)
    environment.globals["style"] = Markup(_file("report.css"))  # noqa: S704 - our own file
    environment.globals["policy"] = POLICY
    environment.globals["most"] = MOST_SHOWN
    return environment.from_string(_file("report.html"))


def _anchor(name: str) -> str:
    """A name as the id of an element: ids have no spaces."""
    return "-".join(name.lower().split())


def _file(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
