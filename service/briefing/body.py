"""A briefing as JSON, field by field as the public interface has it, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from service.briefing.briefing import (
    BriefedArticle,
    BriefedEvent,
    Briefing,
    BriefingSentence,
    ChangedText,
    Changes,
    FigureRow,
    FigureValue,
    Section,
    TimelineEntry,
    UpdatedValue,
    Window,
    Withdrawn,
)
from service.types import Carrier, Citation, Disagreement, DisagreementValue, Usage


def briefing_body(briefing: Briefing) -> dict[str, Any]:
    """Values that `json.dumps` takes. Adds `words`, `changes.nothing_new` and, where there are, `from` and `to`."""
    body: dict[str, Any] = asdict(briefing)
    body["words"] = briefing.words
    body["timings_ms"] = dict(briefing.timings_ms)
    changes = body["changes"]
    changes["nothing_new"] = briefing.changes.nothing_new
    changes["updated"] = [
        {"what": u.what, "from": u.old, "to": u.new, "markers": u.markers} for u in briefing.changes.updated
    ]
    return body


def briefing_of(body: Mapping[str, Any]) -> Briefing:
    """What `briefing_body` made, also after JSON. Raises KeyError, TypeError, ValueError for anything else.

    The citations are as they were kept: whoever shows them checks them against the articles.
    """
    derived = {"words"}
    return Briefing(
        **{name: value for name, value in body.items() if name not in derived | _PARTS.keys()},
        **{name: read(body[name]) for name, read in _PARTS.items()},
    )


def _section(body: Mapping[str, Any]) -> Section:
    return Section(body["title"], tuple(_with_markers(BriefingSentence, s) for s in body["sentences"]))


def _figure_row(body: Mapping[str, Any]) -> FigureRow:
    return FigureRow(body["what"], tuple(FigureValue(**value) for value in body["values"]))


def _disagreement(body: Mapping[str, Any]) -> Disagreement:
    return Disagreement(body["about"], tuple(DisagreementValue(**value) for value in body["values"]))


def _citation(body: Mapping[str, Any]) -> Citation:
    return Citation(**{**body, "carriers": tuple(Carrier(**carrier) for carrier in body["carriers"])})


def _changes(body: Mapping[str, Any]) -> Changes:
    return Changes(
        since=body["since"],
        since_created_at=body["since_created_at"],
        new=tuple(_with_markers(ChangedText, one) for one in body["new"]),
        updated=tuple(UpdatedValue(u["what"], u["from"], u["to"], tuple(u["markers"])) for u in body["updated"]),
        withdrawn=tuple(Withdrawn(**one) for one in body["withdrawn"]),
        unchanged=tuple(_with_markers(ChangedText, one) for one in body["unchanged"]),
    )


def _with_markers(made: Any, body: Mapping[str, Any]) -> Any:
    return made(**{**body, "markers": tuple(body["markers"])})


_PARTS: Mapping[str, Any] = {
    "window": lambda body: Window(**body),
    "sections": lambda rows: tuple(_section(row) for row in rows),
    "events": lambda rows: tuple(BriefedEvent(**row) for row in rows),
    "timeline": lambda rows: tuple(_with_markers(TimelineEntry, row) for row in rows),
    "figures": lambda rows: tuple(_figure_row(row) for row in rows),
    "disagreements": lambda rows: tuple(_disagreement(row) for row in rows),
    "citations": lambda rows: tuple(_citation(row) for row in rows),
    "articles": lambda rows: tuple(BriefedArticle(**row) for row in rows),
    "changes": _changes,
    "nearest_topics": tuple,
    "sources": tuple,
    "usage": lambda body: Usage(**body),
    "timings_ms": lambda body: tuple(body.items()),
}
