"""What is measured, as one seam: whatever answers, briefs and shows its articles can be measured, also wrapped."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any, Protocol

from eval.harness.run_file import EvidenceRow, hash_of
from service.answering.events import AnswerEvent, AnswerReady, EvidenceFound
from service.answering.receipts import answer_body
from service.briefing.body import briefing_body
from service.briefing.request import BriefingRequest
from service.settings import Settings
from service.types import Article, Evidence, Question
from service.wiring import Groundwire

_DRAWN = frozenset(("id", "receipt_id", "created_at"))
"""Fields of a body that chance or a clock decides, and nothing else."""
_OF_THE_LAST = frozenset(("since", "since_created_at"))
_DECIDING = ("embedding_", "reranker_", "llm_", "confidence_")
_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Reply:
    """The body of the public interface without what chance decides, and the chunks it was made from, best first."""

    body: Mapping[str, Any]
    evidence: tuple[EvidenceRow, ...] = ()


class System(Protocol):
    """Raises anything: a crash is a result too. Safe to call from several threads."""

    def ask(self, question: Question) -> Reply: ...

    def brief(self, request: BriefingRequest) -> Reply: ...

    def text_of(self, article_id: str, revision: str | None = None) -> str:
        """What offsets index. Raises NotFound."""


class GroundwireSystem:
    """An open library. `mode`: auto, extractive or llm."""

    def __init__(self, groundwire: Groundwire, mode: str = "auto") -> None:
        self._groundwire = groundwire
        self._mode = mode

    def ask(self, question: Question) -> Reply:
        evidence: list[Evidence] = []
        bodies: list[dict[str, Any]] = []

        def note(event: AnswerEvent) -> None:
            if isinstance(event, EvidenceFound):
                evidence.extend(event.evidence)
            elif isinstance(event, AnswerReady):
                bodies.append(answer_body(event.answer))

        asyncio.run(self._groundwire.answer(question, self._mode, note))
        return Reply(shown(bodies[-1]), tuple(evidence_row(rank, item) for rank, item in enumerate(evidence, start=1)))

    def brief(self, request: BriefingRequest) -> Reply:
        """Kept in the library, as any briefing, and compared with the last one of its topic there."""
        body = briefing_body(self._groundwire.brief(replace(request, mode=self._mode)))
        body["changes"] = {name: value for name, value in body["changes"].items() if name not in _OF_THE_LAST}
        return Reply(shown(body))

    def text_of(self, article_id: str, revision: str | None = None) -> str:
        return self._groundwire.article(article_id, revision).text


def shown(body: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON has it, without what chance decides and without where the files of the articles lie."""
    plain: dict[str, Any] = json.loads(json.dumps({name: body[name] for name in body if name not in _DRAWN}))
    for listed in (*plain.get("citations", ()), *plain.get("articles", ())):
        if "://" not in listed["origin"]:
            listed["origin"] = PurePath(listed["origin"]).name
    return plain


def evidence_row(rank: int, item: Evidence) -> EvidenceRow:
    chunk = item.chunk
    score = round(item.score, 4)
    return EvidenceRow(rank, item.article.id, chunk.start, chunk.end, chunk.text, score, item.article.title)


def all_articles(groundwire: Groundwire) -> Iterator[Article]:
    cursor: str | None = None
    while True:
        page = groundwire.articles(_PAGE, cursor)
        yield from page.articles
        cursor = page.next_cursor
        if cursor is None:
            return


def corpus_fingerprint(groundwire: Groundwire) -> str:
    """Over all articles' ids and revisions, in whatever order they came."""
    return hash_of(sorted((article.id, article.revision) for article in all_articles(groundwire)))


def deciding(settings: Settings) -> dict[str, Any]:
    """The settings that may decide an answer: no secret, and nothing of this machine."""
    body = settings.model_dump(mode="json", exclude={"llm_api_key"})
    return {name: value for name, value in body.items() if name.startswith(_DECIDING)}
