"""A report as JSON, and as JUnit XML for what reads test results."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree import ElementTree

from eval.reports.report import CaseShown, Cell, Measured, Report, Table

FORMAT = 1
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_json(report: Report) -> str:
    """Tables with their numbers, plots as the figures behind them, every case with its faults."""
    body = {
        "format": FORMAT,
        "suite": report.suite,
        "headline": report.headline,
        "facts": dict(report.facts),
        "tables": [_table(table) for table in report.tables],
        "plots": [_table(plot.figures) for plot in report.plots],
        "cases": [_case(case) for case in report.cases],
    }
    return json.dumps(body, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def _table(table: Table) -> dict[str, Any]:
    rows = [[_cell(cell) for cell in row] for row in table.rows]
    return {"title": table.title, "columns": list(table.columns), "rows": rows}


def _cell(cell: Cell) -> object:
    if not isinstance(cell, Measured):
        return cell
    body: dict[str, object] = {"value": cell.value, "low": cell.low, "high": cell.high, "unit": cell.unit}
    return body if cell.of is None else body | {"hits": cell.hits, "of": cell.of}


def _case(case: CaseShown) -> dict[str, Any]:
    return {
        "id": case.id,
        "kind": case.kind,
        "asked": case.asked,
        "status": case.status,
        "held": not case.faults,
        "faults": list(case.faults),
    }


def as_junit(report: Report) -> str:
    """A test case a case: a crash is an error, what failed is a failure with what was asked and said."""
    crashed = sum(case.crash is not None for case in report.cases)
    seconds = sum(case.seconds or 0.0 for case in report.cases)
    counts = {
        "tests": str(len(report.cases)),
        "failures": str(len(report.failed) - crashed),
        "errors": str(crashed),
        "time": f"{seconds:.3f}",
    }
    suites = ElementTree.Element("testsuites", counts)
    suite = ElementTree.SubElement(suites, "testsuite", {"name": _xml(report.suite), **counts})
    facts = ElementTree.SubElement(suite, "properties")
    for name, value in report.facts:
        ElementTree.SubElement(facts, "property", {"name": _xml(name), "value": _xml(value)})
    for case in report.cases:
        where = {"classname": _xml(f"{report.suite}.{case.kind}"), "name": _xml(case.id)}
        test = ElementTree.SubElement(suite, "testcase", {**where, "time": f"{case.seconds or 0.0:.3f}"})
        if case.faults:
            tag = "error" if case.crash is not None else "failure"
            failure = ElementTree.SubElement(test, tag, {"message": _xml(case.faults[0]), "type": _xml(case.kind)})
            said = " ".join(sentence.text for sentence in case.said)
            failure.text = _xml("\n".join([f"asked: {case.asked}", f"{case.status}: {said}", *case.faults]))
    ElementTree.indent(suites)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(suites, encoding="unicode") + "\n"


def _xml(text: str) -> str:
    """Without what no XML can hold, not even escaped."""
    return _NO_XML.sub("\ufffd", text)
