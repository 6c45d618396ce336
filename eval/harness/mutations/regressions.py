"""The planted regressions: what somebody might break, each as a system to be run in place of the real one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eval.harness.case_file import BriefingCase, QuestionCase, SuiteCase
from eval.harness.mutations.bench import Bench
from eval.harness.mutations.wrapped import (
    Asked,
    Body,
    Changed,
    Failing,
    FindingOtherwise,
    shuffled,
    without_dates,
)
from eval.harness.system import System
from eval.llm_replies import quoting
from service.models.chat import ChatRequest
from service.models.scripted_chat import ScriptedChatModel

Regression = Callable[[Bench, System, Sequence[SuiteCase]], System]
"""Made of the bench, the real system (which may remember), and the cases that will be asked."""

_DIGITS = re.compile(r"\d+")
_REFUSAL = "The articles do not say."


def _body(change: Callable[[Body], None]) -> Regression:
    return lambda bench, system, cases: Changed(system, lambda body, asked: change(body))


def _briefing(change: Callable[[Body], None]) -> Regression:
    return lambda bench, system, cases: Changed(system, lambda body, asked: change(body), topics=True)


def _found(change: Callable[..., Sequence[Any]]) -> Regression:
    return lambda bench, system, cases: bench.answering(system, FindingOtherwise(bench, change))


def _sentences(body: Body) -> list[Body]:
    """Of an answer, or of all sections of a briefing."""
    return [s for section in body.get("sections", [body]) for s in section["sentences"]]


def _markers_shifted(body: Body) -> None:
    """Each sentence cites what the next one should."""
    markers = [citation["marker"] for citation in body["citations"]]
    following = dict(zip(markers, [*markers[1:], markers[0]], strict=True))
    for sentence in _sentences(body):
        sentence["markers"] = [following[marker] for marker in sentence["markers"]]


def _offsets_shifted(body: Body) -> None:
    for citation in body["citations"]:
        citation["start"] += 1
        citation["end"] += 1


def _confidence_constant(body: Body) -> None:
    body["confidence"] = 0.5


def _disagreements_hidden(body: Body) -> None:
    body["disagreements"] = []


def _figures_changed(body: Body) -> None:
    for sentence in body["sentences"]:
        sentence["text"] = _DIGITS.sub(lambda match: str(int(match[0]) + 1), sentence["text"])


def _refused(body: Body) -> None:
    refusal = {"text": _REFUSAL, "markers": [], "support": 0.0, "verdict": "not_supported"}
    body |= {"status": "abstained", "abstention_reason": "not_in_articles", "answer": _REFUSAL}
    body |= {"sentences": [refusal], "citations": [], "disagreements": [], "unanswered": None}


def _cut_short(body: Body) -> None:
    for sentence in body["sentences"]:
        sentence["text"] = " ".join(sentence["text"].split()[:3]) + "."


def _everything_cited(body: Body) -> None:
    markers = [citation["marker"] for citation in body["citations"]]
    for sentence in body["sentences"]:
        sentence["markers"] = markers


def _emptied(body: Body) -> None:
    """The first sentence is left."""
    for section in body["sections"][1:]:
        section["sentences"] = []
    body["sections"][0]["sentences"] = body["sections"][0]["sentences"][:1]
    body |= {"timeline": [], "figures": []}


def _wrong_article(bench: Bench, system: System, cases: Sequence[SuiteCase]) -> System:
    """Every citation is of the beginning of an article that does not answer: exact, and beside the point."""
    pages = bench.groundwire.articles(1000, None).articles
    others = sorted(pages, key=lambda article: article.id)

    def change(body: Body, asked: str) -> None:
        cited = {citation["article_id"] for citation in body["citations"]}
        other = next(article for article in others if article.id not in cited)
        end = other.text.index(".") + 1
        for citation in body["citations"]:
            citation |= {"article_id": other.id, "revision": other.revision, "start": 0, "end": end}
            citation["quote"] = other.text[:end]

    return Changed(system, change)


def _said(forms: Callable[[QuestionCase], Sequence[str]]) -> Regression:
    """What a case forbids, or an instruction wants said, is said."""

    def made(bench: Bench, system: System, cases: Sequence[SuiteCase]) -> System:
        questions = [case for case in cases if isinstance(case, QuestionCase)]
        wanted = {case.case.question: found[0] for case in questions if (found := forms(case))}
        return Changed(system, _saying(wanted), abstentions=True)

    return made


def _said_in_briefings(bench: Bench, system: System, cases: Sequence[SuiteCase]) -> System:
    topics = [case for case in cases if isinstance(case, BriefingCase)]
    wanted = {case.topic: case.forbidden[0] for case in topics if case.forbidden}
    return Changed(system, _saying(wanted), topics=True)


def _saying(wanted: Mapping[str, str]) -> Callable[[Body, str], None]:
    def change(body: Body, asked: str) -> None:
        if asked in wanted and (sentences := _sentences(body)):
            sentences[0]["text"] += f" It was {wanted[asked]}."

    return change


REGRESSIONS: Mapping[str, Regression] = {
    "evidence shuffled": _found(shuffled),
    "ranking reversed": _found(lambda evidence, query: evidence[::-1]),
    "evidence emptied": _found(lambda evidence, query: ()),
    "first piece of evidence lost": _found(lambda evidence, query: evidence[1:]),
    "dates ignored": lambda bench, system, cases: Asked(system, without_dates),
    "abstention off": lambda bench, system, cases: bench.answering(system, threshold=0.0),
    "everything refused": _body(_refused),
    "confidence constant": _body(_confidence_constant),
    "markers shifted by one": _body(_markers_shifted),
    "offsets shifted by one": _body(_offsets_shifted),
    "everything cited everywhere": _body(_everything_cited),
    "wrong article cited": _wrong_article,
    "figures changed": _body(_figures_changed),
    "sentences cut short": _body(_cut_short),
    "disagreements hidden": _body(_disagreements_hidden),
    "forbidden value said": _said(lambda case: case.case.forbidden),
    "planted instruction obeyed": _said(lambda case: case.planted),
    "briefing emptied": _briefing(_emptied),
    "briefing's markers shifted by one": _briefing(_markers_shifted),
    "briefing's offsets shifted by one": _briefing(_offsets_shifted),
    "forbidden value said in briefings": _said_in_briefings,
    "one in five crashes": lambda bench, system, cases: Failing(system, 5),
}


def lying_model() -> ScriptedChatModel:
    """Quotes the evidence, every figure of it a little higher."""

    def lie(request: ChatRequest) -> str:
        messages = [{"role": message.role, "content": message.content} for message in request.messages]
        reply = json.loads(quoting({"messages": messages}))
        for sentence in reply["sentences"]:
            sentence["text"] = _DIGITS.sub(lambda match: str(int(match[0]) + 1), sentence["text"])
        return json.dumps(reply)

    return ScriptedChatModel(lie, name="liar")
