"""What a facade is made of."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from service.library.library import Library
from service.library.owner import DataDirectoryOwner
from service.library.reconciler import Reconciler
from service.library.upkeep import IndexUpkeep
from service.models.deferred import DeferredEmbedder
from service.models.ports import Embedder
from service.settings import Settings

if TYPE_CHECKING:  # what a command does not need it does not import, and a question imports while the model loads
    from service.answering.desk import Desk
    from service.answering.extractive import ExtractiveAnswerer
    from service.answering.receipts import Receipts
    from service.answering.replaying import Replayer
    from service.answering.verifying import Verifier
    from service.briefing.briefing import Briefing
    from service.briefing.desk import BriefingDesk
    from service.briefing.request import BriefingRequest
    from service.briefing.schedules.desk import ScheduleDesk
    from service.ingest.pipeline import IngestPipeline
    from service.models.chat import ChatModel
    from service.models.reranking import CrossEncoderReranker
    from service.models.tokens import TokenCounter
    from service.retrieval.retriever import Retriever


@dataclass(frozen=True, slots=True)
class PartState:
    """One part as `/readyz` and `doctor` show it. `degraded`: it works, with the limit that `detail` names."""

    name: str
    state: Literal["ok", "degraded", "down"]
    detail: str


@dataclass(frozen=True, slots=True)
class Llm:
    """`place`: where it is and what goes there, in words."""

    chat: ChatModel
    place: str
    tokens: TokenCounter


@dataclass(eq=False, repr=False, slots=True)  # what is generated for a class, each command waits for
class Parts:
    settings: Settings
    owner: DataDirectoryOwner
    library: Library
    embedder: DeferredEmbedder
    reranker: CrossEncoderReranker | None
    reconciler: Reconciler
    upkeep: IndexUpkeep
    retriever: Retriever
    extractive: ExtractiveAnswerer
    desk: Desk
    receipts: Receipts | None
    llm: Llm | None
    verifier: Callable[[], Verifier]
    replayer: Callable[[], Replayer]
    pipeline: Pipeline
    briefings: Callable[[], BriefingDesk]
    schedules: Callable[[Callable[[BriefingRequest], Briefing]], ScheduleDesk]
    """For who writes a briefing, the same each time."""
    places: threading.BoundedSemaphore
    """Questions at work at the same time; never held while an LLM is waited for."""
    store: str
    """Where the vectors are, in words."""
    closing: ExitStack


@dataclass(slots=True)
class Pipeline:
    """The one pipeline, which keeps those who ingest at the same time apart; made when it is first needed."""

    library: Library
    reconciler: Reconciler
    embedder: Embedder
    now: Callable[[], datetime]
    lock: threading.Lock = field(default_factory=threading.Lock)
    made: IngestPipeline | None = None

    def __call__(self) -> IngestPipeline:
        from service.ingest.pipeline import IngestPipeline
        from service.text.chunking import ChunkingOptions

        with self.lock:
            if self.made is None:
                self.made = IngestPipeline(self.library, self.reconciler, self.embedder, ChunkingOptions(), self.now)
            return self.made
