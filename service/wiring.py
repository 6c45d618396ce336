"""The only place that picks adapters: it puts the parts together and opens them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from service.errors import ModelUnavailable
from service.facade import Groundwire as Groundwire
from service.library.chroma import ChromaVectorIndex
from service.library.deferred import DeferredVectorIndex
from service.library.library import Library
from service.library.owner import DataDirectoryOwner
from service.library.ports import VectorIndex
from service.library.reconciler import Reconciler
from service.library.upkeep import IndexUpkeep
from service.models.deferred import DeferredEmbedder
from service.models.ports import Embedder
from service.parts import Llm, Parts, Pipeline
from service.parts import PartState as PartState
from service.settings import HASHING, Settings
from service.types import Filters
from service.version import installed_version

if TYPE_CHECKING:  # what a command does not need it does not import, and a question imports while the model loads
    from service.answering.extractive import ExtractiveAnswerer
    from service.answering.generative import GenerativeAnswerer, GenerativeOptions
    from service.answering.receipts import Receipts
    from service.answering.replaying import Replayer
    from service.answering.verifying import Verifier
    from service.briefing.briefing import Briefing
    from service.briefing.desk import BriefingDesk
    from service.briefing.request import BriefingRequest
    from service.briefing.schedules.desk import ScheduleDesk
    from service.briefing.writing import SectionWriter
    from service.grounding.grounder import Grounder
    from service.grounding.support import Use
    from service.models.chat import ChatModel
    from service.models.reranking import CrossEncoderReranker
    from service.retrieval.retriever import Retriever

LIBRARY_FILE = "library.sqlite3"
RECEIPTS_FILE = "receipts.sqlite3"
CHROMA_FOLDER = "chroma"
CACHE_FOLDER = "cache"
CLOSING_SECONDS = 5.0
_AT_ONCE = 2
"""Questions at work at the same time; more wait. Most of the work is Python's, of which one thread runs at a time, and
a dozen threads that hand it to each other get less done than two. One that waits for an LLM is not at work."""
_PROMPT_TOKENS = 2_100
"""What stands in a prompt beside the evidence: the instructions and the longest question."""
_LEAST_EVIDENCE_TOKENS = 500


def open_groundwire(
    settings: Settings,
    *,
    serving: bool,
    asking: bool = False,
    chat: ChatModel | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Groundwire:
    """Own the data directory and open what is in it; models and vector store follow when they are needed.

    With `serving` both are started at once, in the background. `asking` announces a question: the model for it is
    started. `chat` writes in place of the LLM that the settings name. `now`: when articles are taken in and questions
    asked. Raises LibraryBusy, LibraryUnusable.
    """
    with ExitStack() as closing:
        # A refusal must come within 2 s, and starting Python and importing all this takes some of them.
        owner = DataDirectoryOwner.acquire(settings.data_dir, timeout_seconds=0.5)
        closing.callback(owner.release)
        library = Library(settings.data_dir / LIBRARY_FILE)
        closing.callback(library.close)
        embedder = _embedder(settings, partial(_require_same_model, library), asked_soon=serving or asking)
        if asking and library.size().chunks:
            embedder.import_library()
        if serving or (asking and library.size().chunks):
            embedder.start()  # the slowest goes first
        from service.answering.desk import Desk
        from service.answering.extractive import ExtractiveAnswerer
        from service.retrieval.retriever import Retriever

        index = DeferredVectorIndex(_index_opener(settings, library, embedder, closing, serving=serving))
        closing.callback(index.close)
        reconciler = Reconciler(library, index)
        upkeep = IndexUpkeep(library, index, reconciler)
        closing.callback(upkeep.stop, CLOSING_SECONDS)
        reranker = _reranker(settings)
        retriever = Retriever(library, index, embedder, reranker)
        extractive = ExtractiveAnswerer(library, retriever, threshold=settings.confidence_threshold, now=now)
        places = threading.BoundedSemaphore(_AT_ONCE)
        receipts = _receipts(settings, library, embedder, closing)
        llm = _given_llm(chat) if chat is not None else _llm(settings, serving=serving)
        generative = None if llm is None else cache(partial(_generative, settings, extractive, embedder, places, llm))
        parts = Parts(
            settings=settings,
            owner=owner,
            library=library,
            embedder=embedder,
            reranker=reranker,
            reconciler=reconciler,
            upkeep=upkeep,
            retriever=retriever,
            extractive=extractive,
            desk=Desk(extractive, places, receipts, generative),
            receipts=receipts,
            llm=llm,
            verifier=cache(partial(_verifier, library, retriever, extractive, embedder, places)),
            replayer=cache(partial(_replayer, library, retriever, extractive, embedder)),
            pipeline=Pipeline(library, reconciler, embedder, now),
            briefings=cache(lambda: _briefings(parts, partial(_grounder, embedder), now)),
            schedules=cache(lambda write: _schedules(parts, write, now)),
            places=places,
            store=f"Chroma at {settings.chroma_url}" if settings.chroma_url else "local Chroma",
            closing=closing.pop_all(),
        )
    if serving:
        upkeep.start()
        if generative is not None:
            threading.Thread(target=generative, name="load-llm-answerer", daemon=True).start()
    groundwire = Groundwire(parts, serving=serving)
    if serving:
        groundwire.schedules.start()
    return groundwire


def _llm(settings: Settings, *, serving: bool) -> Llm | None:
    """The LLM that the settings name. A service loads what it takes at once, in the background."""
    if settings.llm_model is None:
        return None
    from service.models.openai_chat import OpenAiChatModel
    from service.models.tokens import TokenCounter

    chat = OpenAiChatModel(
        settings.llm_model,
        settings.llm_base_url,
        settings.llm_api_key.get_secret_value() if settings.llm_api_key else None,
        usd_per_million_prompt_tokens=settings.llm_usd_per_million_prompt_tokens,
        usd_per_million_completion_tokens=settings.llm_usd_per_million_completion_tokens,
    )
    # Who asks an LLM of their own machine did not choose to ask the network for anything.
    tokens = TokenCounter(download=serving and not chat.is_local)
    if serving:
        tokens.start()
        threading.Thread(target=chat.warm, name="load-llm-client", daemon=True).start()
    place = f"at {chat.host}, on this machine" if chat.is_local else f"at {chat.host}: questions and evidence go there"
    return Llm(chat, place, tokens)


def open_judge(settings: Settings) -> ChatModel | None:
    """The model that judges in evaluations, asked where the LLM is; None when GROUNDWIRE_JUDGE_MODEL names none.

    The LLM's prices are taken for it only where it is the same model.
    """
    if settings.judge_model is None:
        return None
    from service.models.openai_chat import OpenAiChatModel

    same = settings.judge_model == settings.llm_model
    return OpenAiChatModel(
        settings.judge_model,
        settings.llm_base_url,
        settings.llm_api_key.get_secret_value() if settings.llm_api_key else None,
        usd_per_million_prompt_tokens=settings.llm_usd_per_million_prompt_tokens if same else None,
        usd_per_million_completion_tokens=settings.llm_usd_per_million_completion_tokens if same else None,
    )


def _given_llm(chat: ChatModel) -> Llm:
    from service.models.tokens import TokenCounter

    return Llm(chat, "in this process", TokenCounter(download=False))


def _receipts(settings: Settings, library: Library, embedder: DeferredEmbedder, closing: ExitStack) -> Receipts | None:
    if settings.receipts_kept == 0:
        return None
    from service.answering.receipts import Receipts
    from service.library.receipts import ReceiptStore

    store = ReceiptStore(settings.data_dir / RECEIPTS_FILE, settings.receipts_kept)
    closing.callback(store.close)
    return Receipts(store, library, partial(_circumstances, settings, embedder))


def _circumstances(settings: Settings, embedder: DeferredEmbedder) -> Mapping[str, Any]:
    """What decides an answer beside the question and the library. No secret, and no path of this machine."""
    return {
        "groundwire": installed_version(),
        "settings": {
            name: getattr(settings, name)
            for name in (
                "embedding_model",
                "embedding_backend",
                "embedding_precision",
                "reranker_model",
                "llm_model",
                "llm_base_url",
                "llm_timeout_seconds",
                "llm_context_tokens",
                "llm_max_answer_tokens",
                "confidence_threshold",
            )
        },
    }


def _generating(settings: Settings) -> GenerativeOptions:
    from service.answering.generative import GenerativeOptions

    reply_tokens = min(settings.llm_max_answer_tokens, settings.llm_context_tokens // 4)
    return GenerativeOptions(
        timeout_seconds=settings.llm_timeout_seconds,
        evidence_tokens=max(_LEAST_EVIDENCE_TOKENS, settings.llm_context_tokens - reply_tokens - _PROMPT_TOKENS),
        reply_tokens=reply_tokens,
    )


def _generative(
    settings: Settings,
    extractive: ExtractiveAnswerer,
    embedder: DeferredEmbedder,
    places: threading.BoundedSemaphore,
    llm: Llm,
) -> GenerativeAnswerer:
    from service.answering.generative import GenerativeAnswerer

    options = _generating(settings)
    return GenerativeAnswerer(
        extractive, llm.chat, _grounder(embedder), options, count_tokens=llm.tokens.count, turn=places
    )


def _verifier(
    library: Library,
    retriever: Retriever,
    extractive: ExtractiveAnswerer,
    embedder: Embedder,
    places: threading.BoundedSemaphore,
) -> Verifier:
    from service.answering.verifying import LibraryAccess, Verifier

    carriers = partial(extractive.carriers, Filters())
    access = LibraryAccess(retriever, extractive.context, carriers, extractive.is_empty, places)
    return Verifier(_grounder(embedder), access, of_sources=_grounder(embedder, "texts"))


def _replayer(library: Library, retriever: Retriever, extractive: ExtractiveAnswerer, embedder: Embedder) -> Replayer:
    from service.answering.replaying import Replayer

    return Replayer(library, retriever, _grounder(embedder), extractive.context)


def _briefings(parts: Parts, grounder: Callable[[], Grounder], now: Callable[[], datetime]) -> BriefingDesk:
    from service.briefing.desk import BriefingDesk
    from service.briefing.gathering import Gatherer
    from service.briefing.store import BriefingStore

    writer = None if parts.llm is None else cache(partial(_section_writer, parts, parts.llm, grounder))
    desk = BriefingDesk(
        parts.library,
        Gatherer(parts.library, parts.retriever, parts.embedder),
        BriefingStore(parts.settings.data_dir),
        # A lock of its own: a briefing of a thousand articles must not take the place of a question.
        threading.Lock(),
        parts.receipts,
        writer,
        now,
    )
    parts.closing.callback(desk.close)
    return desk


def _schedules(parts: Parts, write: Callable[[BriefingRequest], Briefing], now: Callable[[], datetime]) -> ScheduleDesk:
    from service.scheduling import open_schedules

    return open_schedules(parts, write, now)


def _section_writer(parts: Parts, llm: Llm, grounder: Callable[[], Grounder]) -> SectionWriter:
    from service.briefing.writing import SectionWriter

    return SectionWriter(parts.library, llm.chat, grounder(), _generating(parts.settings), llm.tokens.count)


def open_verifier(settings: Settings) -> Verifier:
    """Checks texts against given sources, without a library and its data directory."""
    from service.answering.verifying import Verifier

    return Verifier(open_grounder(settings, "texts"))


def open_grounder(settings: Settings, use: Use = "drafts") -> Grounder:
    """Checks sentences against sources that are given, with no library."""
    return _grounder(_embedder(settings, lambda embedder: None, asked_soon=False), use)


def _grounder(embedder: Embedder, use: Use = "drafts") -> Grounder:
    """Without meanings where there are none: hashed words are alike by chance."""
    from service.grounding.grounder import Grounder
    from service.grounding.support import SupportModel

    return Grounder(None if embedder.name == HASHING else embedder, SupportModel.load(use))


def _embedder(settings: Settings, require: Callable[[Embedder], None], *, asked_soon: bool) -> DeferredEmbedder:
    """Makes it, which is cheap. Preparing it loads the model, unless `require` raises."""
    if settings.embedding_model == HASHING:
        from service.models.hashing import HashingEmbedder

        hashing = HashingEmbedder()
        return DeferredEmbedder(hashing, lambda: require(hashing))
    from service.models.choosing import ChosenEmbedder

    embedder = ChosenEmbedder(
        settings.embedding_model,
        backend=settings.embedding_backend,
        precision=None if settings.embedding_precision == "auto" else settings.embedding_precision,
        caches=(settings.cache_dir, settings.data_dir / CACHE_FOLDER),
    )

    def prepare() -> None:
        require(embedder)
        if asked_soon:
            embedder.warm()
        else:
            embedder.prepare()

    return DeferredEmbedder(embedder, prepare)


def _reranker(settings: Settings) -> CrossEncoderReranker | None:
    if settings.reranker_model is None:
        return None
    from service.models.reranking import CrossEncoderReranker

    return CrossEncoderReranker(settings.reranker_model)


def _require_same_model(library: Library, embedder: Embedder) -> None:
    """Raises ModelUnavailable."""
    stored = library.model_key()
    if stored is not None and stored != embedder.key and library.size().chunks:
        raise ModelUnavailable(
            f"the library's vectors are from {stored}, GROUNDWIRE_EMBEDDING_MODEL={embedder.name} makes "
            f"{embedder.key}: set the model back, or ingest the articles into another GROUNDWIRE_DATA_DIR"
        )


def _index_opener(
    settings: Settings, library: Library, embedder: DeferredEmbedder, closing: ExitStack, *, serving: bool
) -> Callable[[], VectorIndex]:
    """How the vector store is opened; its collection bears the model's key, known from the library or the model."""
    folder = settings.data_dir / CHROMA_FOLDER

    def key() -> str:
        stored = library.model_key() if library.size().chunks else None
        return stored or embedder.key

    if settings.chroma_url is not None:
        url = settings.chroma_url
        return lambda: ChromaVectorIndex.over_http(url, key())
    if not serving:
        return lambda: ChromaVectorIndex.embedded(folder, key())
    from service.library.chroma_server import ChromaServer

    server = ChromaServer(folder)
    closing.callback(server.stop)

    def over_own_server() -> VectorIndex:
        server.start()  # while the model, which knows the key, is still being loaded
        return ChromaVectorIndex.over_http(server.start, key())

    return over_own_server
