"""A briefing keeps its promises from construction on, and comes back from JSON as it was."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from service.briefing.body import briefing_body, briefing_of
from service.briefing.briefing import (
    BOTTOM_LINE,
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
from service.types import Article, Carrier, Citation, Disagreement, DisagreementValue, Span

_TEXT = "Twelve boats sank on May 3, 2024. Nine boats sank, the harbour said."
_ARTICLE = Article(
    "boats", "Boats sink", _TEXT, _TEXT, "boats.md", "1", "2024-05-04T07:00:00+00:00", source="Harbour Post"
)
_FIRST = Citation.of(_ARTICLE, Span(0, 33), marker=1, carriers=[Carrier("copy", "Other Post", None)])
_SECOND = Citation.of(_ARTICLE, Span(34, len(_TEXT)), marker=2)


def _briefing() -> Briefing:
    return Briefing(
        id="brf_1",
        topic="boats",
        created_at="2024-05-04T08:00:00+00:00",
        as_of="2024-05-04T08:00:00+00:00",
        status="written",
        headline="Twelve boats sank",
        window=Window("2024-05-03", None, by_ingested=1),
        sections=(Section(BOTTOM_LINE, (BriefingSentence(_FIRST.quote, (1,), 1.0, "supported", 0, "new"),)),),
        events=(BriefedEvent("Boats sink", "2024-05-03", 1, 1, 1),),
        timeline=(TimelineEntry("2024-05-03", _FIRST.quote, (1,)),),
        figures=(FigureRow("boats sank", (FigureValue("Twelve boats", "2024-05-03", 1, 0, "Harbour Post"),)),),
        disagreements=(
            Disagreement(
                "boats", (DisagreementValue("Twelve", 1, "2024-05-03"), DisagreementValue("Nine", 2, "2024-05-03"))
            ),
        ),
        citations=(_FIRST, _SECOND),
        articles=(
            BriefedArticle(
                "boats",
                _ARTICLE.revision,
                "Boats sink",
                "Harbour Post",
                None,
                "boats.md",
                None,
                _ARTICLE.ingested_at,
                "ingested_at",
                2,
                1,
            ),
        ),
        changes=Changes(
            "brf_0",
            "2024-05-03T08:00:00+00:00",
            new=(ChangedText(_FIRST.quote, (1,)),),
            updated=(UpdatedValue("boats", "Twelve", "Nine", (1, 2)),),
            withdrawn=(Withdrawn("A ferry sank.", "The article was deleted."),),
        ),
        timings_ms=(("total", 3.0),),
    )


def test_a_briefing_comes_back_from_json_as_it_was() -> None:
    briefing = _briefing()

    assert briefing_of(json.loads(json.dumps(briefing_body(briefing)))) == briefing


def test_an_updated_value_says_from_what_to_what() -> None:
    body = briefing_body(_briefing())

    assert body["changes"]["updated"] == [{"what": "boats", "from": "Twelve", "to": "Nine", "markers": (1, 2)}]


def test_a_marker_without_a_citation_is_refused() -> None:
    with pytest.raises(ValueError, match="do not match"):
        replace(_briefing(), citations=(_FIRST,))


def test_a_citation_that_nothing_cites_is_refused() -> None:
    with pytest.raises(ValueError, match="do not match"):
        replace(_briefing(), disagreements=(), changes=Changes())


def test_a_sentence_without_a_citation_is_refused() -> None:
    bare = Section(BOTTOM_LINE, (BriefingSentence("Boats sank.", (), 1.0, "supported"),))

    with pytest.raises(ValueError, match="without a citation"):
        replace(_briefing(), sections=(bare,))


def test_an_event_that_is_not_listed_is_refused() -> None:
    with pytest.raises(ValueError, match="not listed"):
        replace(_briefing(), figures=(FigureRow("boats", (FigureValue("Twelve boats", None, 1, 7),)),))


def test_a_first_briefing_is_not_called_nothing_new() -> None:
    assert not Changes().nothing_new
    assert Changes(since="brf_0").nothing_new
