"""A case beside what came back for it, as the scorers read it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from eval.harness.case_file import SuiteCase
from eval.harness.gold import Gold
from eval.harness.run_file import EvidenceRow
from service.errors import NotFound

ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that shipped, and the numbers of what it cites."""

    text: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """`text_of`: an article's text by id and revision, else NotFound; what is cited is read from there."""

    case: SuiteCase
    gold: Gold
    body: Mapping[str, Any]
    evidence: tuple[EvidenceRow, ...]
    text_of: Callable[[str, str | None], str]

    @property
    def abstained(self) -> bool:
        return self.body.get("status") == ABSTAINED

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Those of an answer, or of all sections of a briefing, in order; an abstention states nothing."""
        if self.abstained:
            return ()
        sections = self.body.get("sections")
        listed = [s for section in sections for s in section["sentences"]] if sections else self.body.get("sentences")
        return tuple(Statement(s["text"], tuple(s["markers"])) for s in listed or ())

    @property
    def said(self) -> str:
        """All sentences without their markers, also an abstention's, and the values that are shown side by side."""
        if self.abstained:
            return " ".join(s["text"] for s in self.body["sentences"])
        values = (value["value"] for listed in self.body.get("disagreements") or () for value in listed["values"])
        return " ".join((*(statement.text for statement in self.statements), *values))

    @property
    def citations(self) -> tuple[Mapping[str, Any], ...]:
        return tuple(self.body.get("citations") or ())

    def cited_text(self, citation: Mapping[str, Any]) -> str:
        """What the article says at the citation's offsets; empty where there is no such article."""
        try:
            text = self.text_of(citation["article_id"], citation["revision"])
        except NotFound:
            return ""
        return text[citation["start"] : citation["end"]]

    def quotes_of(self, statement: Statement) -> list[str]:
        """What the statement's markers lead to; a marker that leads nowhere gives none."""
        by_marker = {citation["marker"]: citation for citation in self.citations}
        found = (self.cited_text(by_marker[m]) for m in dict.fromkeys(statement.markers) if m in by_marker)
        return [quote for quote in found if quote.strip()]
