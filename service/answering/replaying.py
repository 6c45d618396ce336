"""A receipt gone through again: the evidence searched anew, each citation and verdict checked anew, no model asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from service.answering.citing import quotes
from service.errors import InputRejected
from service.grounding.context import ArticleContext
from service.grounding.grounder import Grounder
from service.grounding.sources import DraftSentence, Source
from service.library.library import Library
from service.retrieval.retriever import Retriever
from service.text.sentences import sentence_spans
from service.types import Article, Evidence, Filters, Verdict

EvidenceState = Literal["same", "changed", "gone", "not_found", "new"]
"""`changed`: its article has another text by now; `gone`: it was deleted; `not_found`: others come before it."""
CitationState = Literal["matches", "old_revision", "gone", "mismatch"]
"""`old_revision`: it matches the text that was cited, and the article has another by now."""
_LOOKED_FOR = 16
"""Chunks searched for where the receipt has none."""


@dataclass(frozen=True, slots=True)
class ReplayedEvidence:
    chunk_id: str
    article_id: str
    state: EvidenceState
    rank_then: int | None
    rank_now: int | None


@dataclass(frozen=True, slots=True)
class ReplayedCitation:
    marker: int
    article_id: str
    revision: str
    state: CitationState


@dataclass(frozen=True, slots=True)
class ReplayedSentence:
    text: str
    verdict_then: Verdict
    verdict_now: Verdict
    support_then: float
    support_now: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Replay:
    """`differences`: each in one plain line; none when all is as it was."""

    receipt_id: str
    corpus_then: str
    corpus_now: str
    evidence: tuple[ReplayedEvidence, ...]
    citations: tuple[ReplayedCitation, ...]
    sentences: tuple[ReplayedSentence, ...]
    differences: tuple[str, ...]


class Replayer:
    """Safe to call from several threads."""

    def __init__(
        self,
        library: Library,
        retriever: Retriever,
        grounder: Grounder,
        context_of: Callable[[Article], ArticleContext],
    ) -> None:
        self._library = library
        self._retriever = retriever
        self._grounder = grounder
        self._context_of = context_of

    def replay(self, receipt: Mapping[str, Any]) -> Replay:
        """Raises InputRejected for a receipt of a version that is not known, IndexUnavailable, ModelUnavailable."""
        if receipt.get("version") != 1:
            raise InputRejected(f"the receipt is of version {receipt.get('version')!r}, this release replays version 1")
        corpus_then, corpus_now = str(receipt["corpus_fingerprint"]), self._library.fingerprint()
        evidence = self._searched_again(receipt)
        citations = tuple(self._looked_up(citation) for citation in receipt["answer"]["citations"])
        sentences = tuple(self._checked_again(receipt))
        return Replay(
            receipt_id=str(receipt["id"]),
            corpus_then=corpus_then,
            corpus_now=corpus_now,
            evidence=evidence,
            citations=citations,
            sentences=sentences,
            differences=tuple(_differences(corpus_then != corpus_now, evidence, citations, sentences)),
        )

    def _searched_again(self, receipt: Mapping[str, Any]) -> tuple[ReplayedEvidence, ...]:
        then = receipt["evidence"]
        now: Sequence[Evidence] = ()
        if self._library.chunk_count():
            question = receipt["question"]
            k = len(then) or _LOOKED_FOR
            now = self._retriever.search(question["text"], k, _filters(question["filters"])).evidence
        ranks_now = {(item.chunk.id, item.article.id): rank for rank, item in enumerate(now, start=1)}
        ranks_then = {(item["chunk_id"], item["article_id"]): rank for rank, item in enumerate(then, start=1)}
        articles = self._library.articles_by_id({item["article_id"] for item in then})
        found = []
        for rank, item in enumerate(then, start=1):
            key = (item["chunk_id"], item["article_id"])
            article = articles.get(item["article_id"])
            state: EvidenceState = "same"
            if article is None:
                state = "gone"
            elif article.revision != item["revision"]:
                state = "changed"
            elif key not in ranks_now:
                state = "not_found"
            found.append(ReplayedEvidence(*key, state, rank, ranks_now.get(key)))
        new = (ReplayedEvidence(*key, "new", None, rank) for key, rank in ranks_now.items() if key not in ranks_then)
        return (*found, *new)

    def _looked_up(self, citation: Mapping[str, Any]) -> ReplayedCitation:
        article_id, revision = citation["article_id"], citation["revision"]
        cited = self._library.article(article_id, revision)
        state: CitationState = "matches"
        if cited is None:
            state = "gone"
        elif cited.text[citation["start"] : citation["end"]] != citation["quote"]:
            state = "mismatch"
        elif (current := self._library.article(article_id)) is None or current.revision != revision:
            state = "old_revision"
        return ReplayedCitation(citation["marker"], article_id, revision, state)

    def _checked_again(self, receipt: Mapping[str, Any]) -> list[ReplayedSentence]:
        answer = receipt["answer"]
        citations = {citation["marker"]: citation for citation in answer["citations"]}
        contexts: dict[tuple[str, str], ArticleContext | None] = {}
        replayed = []
        for sentence in answer["sentences"] if answer["status"] != "abstained" else ():
            cited = [citations[marker] for marker in sentence["markers"]]
            for citation in cited:
                key = (citation["article_id"], citation["revision"])
                if key not in contexts:
                    contexts[key] = self._context(*key)
            verdict, support, reasons = self._verdict(sentence["text"], cited, contexts)
            replayed.append(
                ReplayedSentence(
                    sentence["text"], sentence["verdict"], verdict, sentence["support"], round(support, 4), reasons
                )
            )
        return replayed

    def _verdict(
        self,
        text: str,
        cited: Sequence[Mapping[str, Any]],
        contexts: Mapping[tuple[str, str], ArticleContext | None],
    ) -> tuple[Verdict, float, tuple[str, ...]]:
        sources = []
        for citation in cited:
            context = contexts[citation["article_id"], citation["revision"]]
            if context is None:
                return "not_supported", 0.0, ("the cited article is no longer in the library",)
            quote = context.article.text[citation["start"] : citation["end"]]
            if quotes(text, quote):
                return "supported", 1.0, ()
            inside = (i for i, s in enumerate(context.spans) if s.start < citation["end"] and citation["start"] < s.end)
            sources.append(Source(context, tuple(inside)))
        (check,) = self._grounder.check([DraftSentence(text, tuple(sources))])
        return check.verdict, check.support, check.reasons

    def _context(self, article_id: str, revision: str) -> ArticleContext | None:
        """Of the revision that was cited, current or old; `None` when it is gone."""
        article = self._library.article(article_id, revision)
        if article is None:
            return None
        current = self._library.article(article_id)
        if current is not None and current.revision == revision:
            return self._context_of(current)
        return ArticleContext(article, sentence_spans(article.text, article.language or "en"))


def _filters(fields: Mapping[str, Any]) -> Filters:
    return Filters(
        published_from=fields["published_from"],
        published_to=fields["published_to"],
        include_undated=fields["include_undated"],
        sources=tuple(fields["sources"]),
        article_ids=tuple(fields["article_ids"]),
        as_of=fields["as_of"],
    )


def _differences(
    corpus_changed: bool,
    evidence: Sequence[ReplayedEvidence],
    citations: Sequence[ReplayedCitation],
    sentences: Sequence[ReplayedSentence],
) -> list[str]:
    lines = ["the library holds other articles or texts than then"] if corpus_changed else []
    words = {
        "changed": "has another text by now",
        "gone": "is no longer in the library",
        "not_found": "is no longer among the evidence",
        "new": "is among the evidence now",
    }
    for item in evidence:
        if item.state != "same":
            lines.append(f"evidence {item.chunk_id} of {item.article_id} {words[item.state]}")
    about = {
        "old_revision": "quotes an old text of its article, which has another by now",
        "gone": "cites an article that is no longer in the library",
        "mismatch": "does not stand in its article any more",
    }
    lines += [f"citation [{c.marker}] {about[c.state]}" for c in citations if c.state != "matches"]
    for number, sentence in enumerate(sentences, start=1):
        if sentence.verdict_then != sentence.verdict_now:
            lines.append(f"sentence {number} was {sentence.verdict_then} and is {sentence.verdict_now}")
    return lines
