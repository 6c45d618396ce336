"""Briefings about made-up harbours: one with everything in it, one that means harm, one that found nothing."""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace

import pytest

from service.briefing.briefing import (
    BOTTOM_LINE,
    KEY_DEVELOPMENTS,
    NOT_KNOWN,
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

_STORM = (
    "The storm of 3 May 2024 sank twelve boats in the harbour of Tarvik. Nobody was hurt, the harbour master said. "
    "It is not known who left the sea gate open."
)
_QUAY = (
    "Nine boats sank at Tarvik on 3 May 2024, the insurers said. A quay broke on 9 May 2024 under 40 tonnes of fish."
)
_QUAY_EARLIER = "A quay broke on 9 May 2024 under 30 tonnes of fish."


def article_of(article_id: str, title: str, text: str, source: str | None, **fields: str | None) -> Article:
    origin = f"{article_id}.md"
    return Article(article_id, title, text, text, origin, "1", "2024-05-10T05:00:00+00:00", source=source, **fields)


def cited(article: Article, quote: str, marker: int, *carriers: Carrier) -> Citation:
    start = article.text.index(quote)
    return Citation.of(article, Span(start, start + len(quote)), marker=marker, carriers=carriers)


def briefed(article: Article, times: int, copies: int = 0) -> BriefedArticle:
    return BriefedArticle(
        article.id,
        article.revision,
        article.title,
        article.source,
        article.url,
        article.origin,
        article.published_at,
        article.ingested_at,
        "published_at" if article.published_at else "ingested_at",
        times,
        copies,
    )


def _sentence(citation: Citation, event: int | None, change: str | None = None) -> BriefingSentence:
    return BriefingSentence(citation.quote, (citation.marker,), 1.0, "supported", event, change)  # type: ignore[arg-type]


@pytest.fixture
def briefing() -> Briefing:
    """Every part that a briefing can have."""
    storm = article_of(
        "storm",
        "Storm sinks boats",
        _STORM,
        "Harbour Post",
        url="https://harbour.example/storm?id=7",
        published_at=None,
    )
    quay = article_of("quay", "Quay breaks", _QUAY, None, published_at="2024-05-10T04:30:00+00:00")
    earlier = article_of("quay", "Quay breaks", _QUAY_EARLIER, None, published_at="2024-05-10T04:30:00+00:00")
    one = cited(storm, _STORM[:67], 1, Carrier("storm-copy", "Coast Wire", None))
    two = cited(quay, "Nine boats sank at Tarvik on 3 May 2024, the insurers said.", 2)
    three = cited(quay, "A quay broke on 9 May 2024 under 40 tonnes of fish.", 3)
    four = cited(earlier, _QUAY_EARLIER, 4)
    five = cited(storm, "It is not known who left the sea gate open.", 5)
    return Briefing(
        id="brf_7",
        topic="Tarvik harbour",
        created_at="2024-05-10T07:00:00+00:00",
        as_of="2024-05-10T07:00:00+00:00",
        status="written",
        headline="Storm sinks twelve boats at Tarvik",
        window=Window("2024-05-03", "2024-05-10T07:00:00+00:00", by_published=1, by_ingested=1),
        sections=(
            Section(NOT_KNOWN, (_sentence(five, None),)),
            Section(BOTTOM_LINE, (_sentence(one, 0, "unchanged"), _sentence(three, 1, "updated"))),
            Section(KEY_DEVELOPMENTS, (_sentence(one, 0), _sentence(two, 0, "new"), _sentence(three, 1, "updated"))),
        ),
        events=(
            BriefedEvent("Storm sinks boats", "2024-05-03", 1, 2, 2),
            BriefedEvent("Quay breaks", "2024-05-09", 3, 1, 1),
        ),
        timeline=(TimelineEntry("2024-05-03", one.quote, (1, 2)), TimelineEntry("--05-09", three.quote, (3,))),
        figures=(
            FigureRow(
                "boats",
                (
                    FigureValue("twelve boats", "2024-05-03", 1, 0, "Harbour Post"),
                    FigureValue("Nine boats", None, 2),
                ),
            ),
            FigureRow("fish", (FigureValue("40 tonnes", "2024-05-09", 3, 1),)),
        ),
        disagreements=(
            Disagreement(
                "how many boats sank",
                (DisagreementValue("twelve", 1, "2024-05-03"), DisagreementValue("nine", 2, None)),
            ),
        ),
        citations=(two, one, three, four, five),
        articles=(briefed(quay, 3), briefed(storm, 2, copies=1), briefed(earlier, 0)),
        changes=Changes(
            "brf_6",
            "2024-05-09T07:00:00+00:00",
            new=(ChangedText(two.quote, (2,)),),
            updated=(UpdatedValue("tonnes of fish", "30", "40", (4, 3)),),
            withdrawn=(Withdrawn("A ferry ran aground.", "The article was deleted."),),
            unchanged=(ChangedText(one.quote, (1,)),),
        ),
        receipt_id="rcp_7",
    )


@pytest.fixture
def first_briefing(briefing: Briefing) -> Briefing:
    """The same before there was anything to compare with."""
    return replace(
        briefing, changes=Changes(), citations=tuple(c for c in briefing.citations if c.marker != 4), receipt_id=None
    )


@pytest.fixture
def unknown_topic() -> Briefing:
    return Briefing(
        id="brf_8",
        topic="moon landings",
        created_at="2024-05-10T07:00:00+00:00",
        as_of="2024-05-10T07:00:00+00:00",
        status="unknown_topic",
        headline="The library has no article on moon landings.",
        window=Window(),
        nearest_topics=("Storm sinks boats", "Quay breaks"),
    )


HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> [link](javascript:alert(3)) **bold** `code` "
    "{{ 7*7 }} {% raw %} #let x = 1 $ x^2 $ </details></title> &lt;b&gt; https://evil.example/x www.evil.example "
    "me@evil.example | cell \\ ![p](http://evil.example/p.png) <https://evil.example> [^9] \x1b[31m \u202e reversed"
)


@pytest.fixture
def hostile() -> Briefing:
    """Markup of every kind in every place that text from outside can reach."""
    bad = article_of(
        'a"><b>`', HOSTILE, HOSTILE, HOSTILE, url="javascript:alert(4)", published_at="2024-05-10T04:30:00+00:00"
    )
    quoted = cited(bad, HOSTILE, 1, Carrier("c", HOSTILE, "javascript:alert(5)"))
    text = ChangedText(HOSTILE, (1,))
    return Briefing(
        id="brf_9",
        topic=HOSTILE,
        created_at="2024-05-10T07:00:00+00:00",
        as_of="2024-05-10T07:00:00+00:00",
        status="written",
        headline=HOSTILE,
        window=Window(HOSTILE, HOSTILE, 1, 1),
        sections=(
            Section(BOTTOM_LINE, (_sentence(quoted, None),)),
            Section(HOSTILE, (_sentence(quoted, 0),)),
        ),
        events=(BriefedEvent(HOSTILE, HOSTILE, 1, 1, 1),),
        timeline=(TimelineEntry(HOSTILE, HOSTILE, (1,)),),
        figures=(FigureRow(HOSTILE, (FigureValue(HOSTILE, HOSTILE, 1, 0, HOSTILE),)),),
        disagreements=(Disagreement(HOSTILE, (DisagreementValue(HOSTILE, 1, HOSTILE),)),),
        citations=(quoted,),
        articles=(briefed(bad, 1),),
        changes=Changes(
            "brf_8",
            HOSTILE,
            new=(text,),
            updated=(UpdatedValue(HOSTILE, HOSTILE, HOSTILE, (1,)),),
            withdrawn=(Withdrawn(HOSTILE, HOSTILE),),
            unchanged=(text,),
        ),
        sources=(HOSTILE,),
        generator=HOSTILE,
        degraded=True,
        degraded_reason=HOSTILE,
    )


@pytest.fixture
def full_disk() -> Callable[[int], AbstractContextManager[None]]:
    """No file of this process can grow beyond so many bytes: the same failure in the middle of a write.

    To be entered by the test itself: what pytest writes between a test and the end of its fixtures would fail too.
    """

    @contextmanager
    def full(largest_file: int) -> Iterator[None]:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
            signal.signal(signal.SIGXFSZ, handler)

    return full
