from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from service.api.schemas import IngestedArticleSchema, IngestSchema
from service.cli.console import Console
from service.cli.problems import TooLarge
from service.cli.progress import Progress
from service.cli.sending import BATCH_ARTICLES, send_articles
from service.ingest.incoming import IncomingArticle
from service.ingest.report import IngestInterrupted
from service.types import IngestFailure, revision_of


class Service:
    """Takes articles; refuses bodies of more characters than it reads, and stops at the call that is told."""

    def __init__(self, *, reads: int = 1_000_000, interrupted_at: int | None = None) -> None:
        self.calls: list[list[str]] = []
        self._reads = reads
        self._interrupted_at = interrupted_at

    def post(self, articles: Sequence[Mapping[str, Any]]) -> IngestSchema:
        if len(self.calls) == self._interrupted_at:
            raise KeyboardInterrupt
        if sum(len(article["text"]) for article in articles) > self._reads:
            raise TooLarge("send less at once")
        self.calls.append([article["id"] for article in articles])
        taken = [
            IngestedArticleSchema(id=one["id"], revision=revision_of(one["text"]), title="t", chunks=1)
            for one in articles
        ]
        return IngestSchema(added=len(taken), updated=0, unchanged=0, duplicates=0, failed=[], articles=taken)


def article(name: str, text: str = "Rain.") -> IncomingArticle:
    return IncomingArticle(title=name, text=text, origin=f"{name}.txt", id=name)


def send(service: Service, *items: IncomingArticle | IngestFailure) -> IngestSchema:
    return send_articles(items, service.post, Progress(Console()))


def test_many_articles_go_in_batches_and_come_back_as_one_report():
    service = Service()
    report = send(service, *(article(f"a{n}") for n in range(BATCH_ARTICLES + 3)))
    assert [len(call) for call in service.calls] == [BATCH_ARTICLES, 3]
    assert report.added == len(report.articles) == BATCH_ARTICLES + 3


def test_nothing_to_send_sends_nothing():
    service = Service()
    report = send(service, IngestFailure("nowhere", "does not exist"))
    assert service.calls == []
    assert [failure.origin for failure in report.failed] == ["nowhere"]


def test_an_id_of_an_earlier_batch_is_a_failure_and_no_update():
    service = Service()
    names = [f"a{n}" for n in range(BATCH_ARTICLES)]
    report = send(service, *map(article, names), article("a0", "Snow."))
    assert functools.reduce(operator.iadd, service.calls, []) == names
    assert [failure.origin for failure in report.failed] == ["a0.txt"]


def test_a_batch_that_is_too_large_is_halved_until_it_is_read():
    service = Service(reads=10)
    report = send(service, article("a", "x" * 6), article("b", "x" * 6), article("c", "x" * 4))
    assert functools.reduce(operator.iadd, service.calls, []) == ["a", "b", "c"]
    assert report.added == 3


def test_an_article_that_is_too_large_fails_alone():
    report = send(Service(reads=10), article("a"), article("huge", "x" * 11), article("b"))
    assert report.added == 2
    assert [(failure.origin, failure.error) for failure in report.failed] == [("huge.txt", "send less at once")]


def test_an_interrupt_tells_what_the_service_has_confirmed():
    with pytest.raises(IngestInterrupted) as interrupted:
        send(Service(interrupted_at=1), *(article(f"a{n}") for n in range(BATCH_ARTICLES + 1)))
    assert interrupted.value.report.added == len(interrupted.value.report.articles) == BATCH_ARTICLES
