"""The state of each part, as `/readyz` and `doctor` show it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from service.errors import ChatUnavailable, GroundwireError, ModelUnavailable
from service.parts import Parts, PartState
from service.settings import HASHING, Settings

if TYPE_CHECKING:
    from service.models.chat import ChatModel

NO_LLM = "none: answers are extractive, and no text leaves this machine for an LLM"
_TRY_OUT_SECONDS = 15.0


class Readiness:
    """A service answers at once with what it knows; a command tries every part out first."""

    def __init__(self, parts: Parts, *, serving: bool) -> None:
        self._parts = parts
        self._serving = serving

    def states(self) -> list[PartState]:
        trouble = self._parts.desk.llm_trouble
        if not self._serving:
            trouble = self._try_out() or trouble
        return [
            self._library(),
            self._embedding_model(),
            *self._reranker(),
            self._vector_store(),
            *self._receipts(),
            self._llm(trouble),
        ]

    def _try_out(self) -> str | None:
        """Why the LLM cannot be used; `None` when it can, or there is none."""
        self._parts.embedder.start()
        self._parts.upkeep.attempt()
        self._parts.embedder.wait()
        if self._parts.reranker is not None:
            with suppress(ModelUnavailable):  # its state says so
                self._parts.reranker.warm()
        return None if self._parts.llm is None else _asked_for_a_word(self._parts.llm.chat, self._parts.settings)

    def _library(self) -> PartState:
        try:
            size = self._parts.library.size()
            problems = [] if self._serving else self._parts.library.check()
        except GroundwireError as error:
            return PartState("library", "down", str(error))
        if problems:
            return PartState("library", "down", f"{len(problems)} problems, the first: {problems[0]}")
        return PartState("library", "ok", f"{size.articles} articles, {size.copies} copies, {size.chunks} chunks")

    def _embedding_model(self) -> PartState:
        embedder = self._parts.embedder
        if embedder.failure is not None:
            return PartState("embedding model", "down", str(embedder.failure))
        if embedder.state != "ready":
            return PartState("embedding model", "down", f"{embedder.name} is being loaded; ask again in some seconds")
        if embedder.name == HASHING:
            return PartState("embedding model", "degraded", "hashing compares words, not meanings; it is for tests")
        if embedder.warning is not None:
            return PartState("embedding model", "degraded", f"{embedder.name}, {embedder.backend}; {embedder.warning}")
        return PartState("embedding model", "ok", f"{embedder.name}, {embedder.backend}")

    def _reranker(self) -> list[PartState]:
        """None without one: it is an extra, and the search goes on when it fails."""
        reranker = self._parts.reranker
        if reranker is None:
            return []
        if reranker.failure is not None:
            return [PartState("reranker", "degraded", f"searching without it: {reranker.failure}")]
        if reranker.state != "ready":
            return [PartState("reranker", "degraded", f"{reranker.name} is loaded at the first search, which waits")]
        return [PartState("reranker", "ok", reranker.name)]

    def _vector_store(self) -> PartState:
        upkeep = self._parts.upkeep
        where = self._parts.store
        if upkeep.failure is not None:
            return PartState("vector store", "down", upkeep.failure)
        if not upkeep.reached:
            return PartState("vector store", "down", f"{where} is being opened; ask again in some seconds")
        pending = self._parts.library.size().pending
        if pending:
            return PartState("vector store", "degraded", f"{where}, {pending} changes wait to be sent")
        return PartState("vector store", "ok", f"{where}, in step with the library")

    def _receipts(self) -> list[PartState]:
        """None while they are kept: an answer goes out without one when its file fails."""
        receipts = self._parts.receipts
        if receipts is None or receipts.failure is None:
            return []
        return [PartState("receipts", "degraded", f"answers go out without one: {receipts.failure}")]

    def _llm(self, trouble: str | None) -> PartState:
        llm = self._parts.llm
        if llm is None:
            return PartState("llm", "ok", NO_LLM)
        detail = f"{llm.chat.name} {llm.place}; tokens counted by {llm.tokens.source}"
        if trouble is not None:
            return PartState("llm", "degraded", f"{detail}; answers are extractive: {trouble}")
        return PartState("llm", "ok", detail)


def _asked_for_a_word(chat: ChatModel, settings: Settings) -> str | None:
    """It is told nothing of the library."""
    import asyncio

    from service.models.chat import ChatMessage, ChatRequest, Deadline

    request = ChatRequest([ChatMessage("user", "Reply with the word OK.")], settings.llm_max_answer_tokens)
    seconds = min(_TRY_OUT_SECONDS, settings.llm_timeout_seconds)
    try:
        asyncio.run(chat.complete(request, Deadline.in_seconds(seconds)))
    except ChatUnavailable as error:
        return str(error)
    return None
