"""Receipts: what an answer was made of, as JSON that can be shown, kept and replayed.

`version` counts the shapes: fields are added to one, and a renamed or dropped field makes a new one.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from service.answering.trace import Trace, TracedCheck, TracedEvidence, TracedReply, TracedSpan
from service.errors import GroundwireError, NotFound
from service.library.library import Library
from service.library.receipts import ReceiptStore
from service.types import Answer

VERSION = 1
LOG = logging.getLogger("groundwire.receipts")


class Receipts:
    """Keeps a receipt of each answer. Safe to call from several threads.

    `about`: what else decided the answers, secrets left out: the settings, this software's version, the model of the
    vectors.
    """

    def __init__(
        self,
        store: ReceiptStore,
        library: Library,
        about: Callable[[], Mapping[str, Any]],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._library = library
        self._about = about
        self._now = now
        self.failure: str | None = None
        """Why the last receipt could not be kept; `None` when it was."""

    def prepare(self) -> None:
        """Do now, while a command waits for its model, what the first receipt would do; `keep` tells what fails."""
        with suppress(Exception):
            self._about()
            self._library.fingerprint()
            self._store.open()

    def keep(self, trace: Trace) -> Answer:
        """The answer with the id of its receipt. One that cannot be kept is logged, and the answer names none."""
        receipt_id = f"rcp_{uuid.uuid4().hex}"
        try:
            created_at = self._now().isoformat(timespec="milliseconds")
            named = trace.with_receipt(receipt_id)
            receipt = {"version": VERSION, "id": receipt_id, "created_at": created_at, **self._about()}
            receipt["corpus_fingerprint"] = self._library.fingerprint()
            self._store.put(receipt_id, created_at, _encoded(receipt | _traced(named)))
        except Exception as error:  # whatever it is, the answer is worth more
            # Of what was not expected the class alone: its message may quote the question.
            self.failure = str(error) if isinstance(error, GroundwireError) else type(error).__name__
            LOG.warning("no receipt was kept: %s", self.failure)
            return replace(trace.answer, receipt_id=None)
        self.failure = None
        return named.answer

    def read(self, receipt_id: str) -> dict[str, Any]:
        """The receipt as it was kept. Raises NotFound, LibraryUnusable."""
        body = self._store.get(receipt_id)
        if body is None:
            raise NotFound(
                "there is no receipt with this id, or no longer; GROUNDWIRE_RECEIPTS_KEPT says how many stay"
            )
        receipt: dict[str, Any] = json.loads(body)
        return receipt

    def close(self) -> None:
        self._store.close()


def answer_body(answer: Answer) -> dict[str, Any]:
    """The answer field by field as the public interface has it."""
    body = asdict(answer)
    body["answer"] = answer.text
    body["timings_ms"] = dict(answer.timings_ms)
    return body


def _traced(trace: Trace) -> dict[str, Any]:
    return {
        "question": asdict(trace.question),
        "mode": trace.mode,
        "evidence": [_evidence(item) for item in trace.evidence],
        "model": trace.model,
        "prompts": [{"name": name, "hash": digest} for name, digest in trace.prompts],
        "replies": [_reply(reply) for reply in trace.replies],
        "checks": [_check(check) for check in trace.checks],
        "answer": answer_body(trace.answer),
    }


def _span(span: TracedSpan) -> dict[str, Any]:
    return {
        "article_id": span.article_id,
        "revision": span.revision,
        "start": span.start,
        "end": span.end,
        "text": span.text,
    }


def _evidence(item: TracedEvidence) -> dict[str, Any]:
    return {"chunk_id": item.chunk_id, "number": item.number, "score": round(item.score, 4), **_span(item.span)}


def _reply(reply: TracedReply) -> dict[str, Any]:
    return asdict(reply)


def _check(check: TracedCheck) -> dict[str, Any]:
    body = asdict(check)
    body["spans"] = [_span(span) for span in check.spans]
    return body


def _encoded(receipt: Mapping[str, Any]) -> str:
    text = json.dumps(receipt, ensure_ascii=False, separators=(",", ":"))
    if text.isascii():
        return text
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:  # half a surrogate pair, which a model may well write: as JSON's own escape
        return json.dumps(receipt, separators=(",", ":"))
    return text
