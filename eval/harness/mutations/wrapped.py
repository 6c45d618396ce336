"""Systems around a system that change what comes back, and retrievers around a retriever that change what is found."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from eval.harness.mutations.bench import Bench
from eval.harness.system import Reply, System
from service.briefing.request import BriefingRequest
from service.grounding.grounder import Grounder
from service.grounding.sources import CitedSpan, DraftSentence, SentenceCheck, Source
from service.models.ports import Vector
from service.retrieval.retriever import Retriever
from service.text.dates import find_dates
from service.types import Evidence, Filters, Question, SearchResult

Body = dict[str, Any]
ChangeBody = Callable[[Body, str], None]
"""Changes a copy of a body in place, given the question or topic."""
ChangeEvidence = Callable[[tuple[Evidence, ...], str], Sequence[Evidence]]


class Changed:
    """What comes back is changed, of topics instead of questions where `topics` says so.

    An abstention is only where `abstentions` says so.
    """

    def __init__(self, system: System, change: ChangeBody, *, abstentions: bool = False, topics: bool = False) -> None:
        self._system = system
        self._change = change
        self._abstentions = abstentions
        self._topics = topics

    def ask(self, question: Question) -> Reply:
        reply = self._system.ask(question)
        if self._topics or (reply.body["status"] == "abstained" and not self._abstentions):
            return reply
        return self._changed(reply, question.text)

    def brief(self, request: BriefingRequest) -> Reply:
        reply = self._system.brief(request)
        return self._changed(reply, request.topic) if self._topics else reply

    def text_of(self, article_id: str, revision: str | None = None) -> str:
        return self._system.text_of(article_id, revision)

    def _changed(self, reply: Reply, asked: str) -> Reply:
        body = copy.deepcopy(dict(reply.body))
        self._change(body, asked)
        return replace(reply, body=body)


class Asked(Changed):
    """The question is changed before it is asked."""

    def __init__(self, system: System, change: Callable[[Question], Question]) -> None:
        super().__init__(system, lambda body, asked: None)
        self._question = change

    def ask(self, question: Question) -> Reply:
        return super().ask(self._question(question))


class Failing(Changed):
    """Every so many questions it raises."""

    def __init__(self, system: System, every: int) -> None:
        super().__init__(system, lambda body, asked: None)
        self._every = every

    def ask(self, question: Question) -> Reply:
        if random.Random(question.text).randrange(self._every) == 0:  # noqa: S311 - nothing secret
            raise RuntimeError("the answerer broke down")
        return super().ask(question)


class FindingOtherwise(Retriever):
    """A retriever whose evidence is changed on its way out."""

    def __init__(self, bench: Bench, change: ChangeEvidence) -> None:
        self._inner = bench.retriever
        self._change = change

    def search(self, query: str, k: int, filters: Filters) -> SearchResult:
        return self._changed(self._inner.search(query, k, filters), query)

    def search_and_vector(self, query: str, k: int, filters: Filters) -> tuple[SearchResult, Vector]:
        result, vector = self._inner.search_and_vector(query, k, filters)
        return self._changed(result, query), vector

    def _changed(self, result: SearchResult, query: str) -> SearchResult:
        return replace(result, evidence=tuple(self._change(result.evidence, query)))


class Credulous(Grounder):
    """Says "supported" to whatever cites something."""

    def check(self, drafts: Sequence[DraftSentence], evidence: Sequence[Source] = ()) -> list[SentenceCheck]:
        found = super().check(drafts, evidence)
        return [
            check if check.verdict == "supported" else _believed(draft, check)
            for draft, check in zip(drafts, found, strict=True)
        ]


def _believed(draft: DraftSentence, check: SentenceCheck) -> SentenceCheck:
    spans = check.spans or tuple(CitedSpan(s.context, s.sentences[0], s.sentences[0]) for s in draft.cited[:1])
    return replace(check, verdict="supported", support=1.0, spans=spans, reasons=()) if spans else check


def shuffled(evidence: tuple[Evidence, ...], query: str) -> Sequence[Evidence]:
    found = list(evidence)
    random.Random(query).shuffle(found)  # noqa: S311 - nothing secret
    return found


def without_dates(question: Question) -> Question:
    text = question.text
    for mention in reversed(find_dates(text)):
        text = text[: mention.start] + text[mention.end :]
    return replace(question, text=" ".join(text.split()) or question.text)
