"""Suites by name: what each measures, and what data it takes.

Suites of questions and topics are in eval/harness/suites.py; those here measure one property each. Where the data is
the user's, its files are named when a suite is run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module

from eval.measurements.options import MeasureOptions
from eval.reports.report import Report
from service.errors import InputRejected


@dataclass(frozen=True, slots=True)
class Measurement:
    """`data`: what its files hold, empty where it takes none; `module`: loaded when it runs, some load a lot."""

    name: str
    about: str
    data: str
    module: str

    def run(self, options: MeasureOptions) -> Report:
        """Raises InputRejected for files that are none of these, ModelUnavailable."""
        report: Report = import_module(self.module).measure(options)
        return report


_ALL = (
    Measurement(
        "groundedness",
        "tell supported claims from others, beside published figures",
        "labelled claims: WiCE, ExpertQA",
        "eval.measurements.groundedness",
    ),
    Measurement(
        "disagreement",
        "show all answers that conflicting articles give",
        "RAMDocs cases",
        "eval.measurements.disagreement",
    ),
    Measurement(
        "injection",
        "let no instruction that is hidden in an article through",
        "BIPIA's attacks",
        "eval.measurements.injection",
    ),
    Measurement(
        "retrieval",
        "find the articles that hold what a query says",
        "claims with their articles; ours without",
        "eval.measurements.retrieval",
    ),
    Measurement(
        "policies",
        "hold back planted lies, beside four other systems' citation policies",
        "lies and true sentences; ours without",
        "eval.measurements.policies",
    ),
)
MEASUREMENTS: Mapping[str, Measurement] = {one.name: one for one in _ALL}


def measured(name: str, options: MeasureOptions) -> Report:
    """Raises InputRejected for a name that there is not, and what the measurement raises."""
    if name not in MEASUREMENTS:
        raise InputRejected(f"{name}: no such suite; there are {', '.join(MEASUREMENTS)}")
    return MEASUREMENTS[name].run(options)
