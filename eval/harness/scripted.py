"""The fakes of the seams that ship: a system that replies as told, and a judge that reads words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval.harness.judging import Opinion
from eval.harness.run_file import EvidenceRow
from eval.harness.system import Reply
from service.briefing.request import BriefingRequest
from service.errors import NotFound
from service.types import Question


class ScriptedSystem:
    """Replies to a question or topic with the body scripted for it, else with `default`; an exception is raised.

    `articles`: their texts by id, in any revision. `evidence`: comes with every answer. `asked`: what it was asked.
    """

    def __init__(
        self,
        articles: Mapping[str, str],
        replies: Mapping[str, Mapping[str, Any] | BaseException],
        default: Mapping[str, Any],
        evidence: Sequence[EvidenceRow] = (),
    ) -> None:
        self._articles = articles
        self._replies = replies
        self._default = default
        self._evidence = tuple(evidence)
        self.asked: list[str] = []

    def ask(self, question: Question) -> Reply:
        return self._reply(question.text)

    def brief(self, request: BriefingRequest) -> Reply:
        return self._reply(request.topic)

    def text_of(self, article_id: str, revision: str | None = None) -> str:
        if article_id not in self._articles:
            raise NotFound(f"no article {article_id} is scripted")
        return self._articles[article_id]

    def _reply(self, text: str) -> Reply:
        self.asked.append(text)
        scripted = self._replies.get(text, self._default)
        if isinstance(scripted, BaseException):
            raise scripted
        return Reply(scripted, self._evidence)


class ContainmentJudge:
    """Supports a claim that stands word for word in the quotes, and no other. `asked`: what it was asked."""

    name = "containment"

    def __init__(self) -> None:
        self.asked: list[tuple[str, tuple[str, ...]]] = []

    def judge(self, claim: str, quotes: Sequence[str]) -> Opinion:
        self.asked.append((claim, tuple(quotes)))
        stands = claim.rstrip(".") in " ".join(quotes)
        return Opinion("supported" if stands else "not_supported", float(stands), "" if stands else "it is not there")
