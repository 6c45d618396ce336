"""The only way of articles into the library and the vector store, and out of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from service.ingest.ahead import EmbeddingAhead
from service.ingest.incoming import IncomingArticle
from service.ingest.passing_on import PassingOn, pass_on
from service.ingest.report import IngestInterrupted, IngestProgress, Tally
from service.ingest.run import IngestRun, Parts
from service.ingest.turn import WritersTurn
from service.library.library import Library
from service.library.reconciler import Reconciler
from service.models.ports import Embedder
from service.text.chunking import ChunkingOptions
from service.types import Article, IngestFailure, IngestReport

__all__ = ["IngestInterrupted", "IngestPipeline", "IngestProgress"]


class IngestPipeline:
    """Clean, compare, chunk, embed, commit, pass on.

    Several threads may call it: they take turns at batch borders, where nothing is decided but not yet committed, so
    that what one decided (this text is a copy of that article) still holds when it commits. The embedder is not
    touched, not even for its key, before there is a chunk to embed.
    """

    def __init__(
        self,
        library: Library,
        index_reconciler: Reconciler,
        embedder: Embedder,
        chunking: ChunkingOptions,
        clock: Callable[[], datetime],
    ) -> None:
        self._parts = Parts(library, embedder, chunking, clock)
        self._reconciler = index_reconciler
        self._turn = WritersTurn()

    def run(
        self,
        incoming: Iterable[IncomingArticle | IngestFailure],
        progress: Callable[[IngestProgress], None] | None = None,
    ) -> IngestReport:
        """Take all that comes; what cannot be taken is listed in the report, and the rest goes on.

        An article is counted once the library has committed it. A vector store that does not answer is no failure: its
        changes wait in the library (`LibrarySize.pending`). Raises IngestInterrupted, with the report so far, on
        Ctrl-C; LibraryUnusable when the library's vectors are another model's; LibraryError and ModelUnavailable.
        """
        tally = Tally(progress)
        with (
            PassingOn(self._reconciler) as passing_on,
            EmbeddingAhead(self._parts.embedder, tally.embedded) as ahead,
        ):
            run = IngestRun(self._parts, tally, self._turn, ahead, passing_on.request)
            try:
                for item in incoming:
                    run.take(item)
                run.finish()
                passing_on.finish()
                return tally.finish()
            except KeyboardInterrupt as interrupt:
                raise IngestInterrupted(tally.report()) from interrupt
            finally:
                run.abandon()

    def delete(self, article_id: str) -> Article | None:
        """Remove the article from the library and the vector store. Returns it as it was, `None` for an unknown id."""
        with self._turn:
            deleted = self._parts.library.delete(article_id)
        pass_on(self._reconciler)
        return deleted
