"""Articles to a running service, a batch at a time: what comes out is what an ingest in this process would report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from service.api.schemas import FailureSchema, IngestedArticleSchema, IngestSchema
from service.cli.problems import TooLarge
from service.cli.progress import Progress
from service.errors import InputRejected
from service.ingest.identity import Identities
from service.ingest.incoming import IncomingArticle
from service.ingest.report import IngestInterrupted, IngestProgress
from service.types import IngestedArticle, IngestFailure, IngestReport

Post = Callable[[Sequence[Mapping[str, Any]]], IngestSchema]

BATCH_ARTICLES = 32
"""Small enough that Ctrl-C and the progress bar are not far behind, large enough that round trips do not count."""
BATCH_CHARACTERS = 1_000_000


def send_articles(incoming: Iterable[IncomingArticle | IngestFailure], post: Post, progress: Progress) -> IngestSchema:
    """Raises IngestInterrupted, with what the service has confirmed, on Ctrl-C; and whatever `post` raises."""
    sending = _Sending(post, progress)
    try:
        for item in incoming:
            sending.take(item)
        sending.flush()
    except KeyboardInterrupt as interrupt:
        raise IngestInterrupted(sending.interrupted()) from interrupt
    return sending.report()


class _Sending:
    def __init__(self, post: Post, progress: Progress) -> None:
        self._post = post
        self._progress = progress
        self._identities = Identities()
        self._batch: list[IncomingArticle] = []
        self._read = 0
        self._order: dict[str, int] = {}
        self._counts = dict.fromkeys(("added", "updated", "unchanged", "duplicates"), 0)
        self._failed: list[FailureSchema] = []
        self._articles: list[IngestedArticleSchema] = []

    def take(self, item: IncomingArticle | IngestFailure) -> None:
        self._read += 1
        self._order.setdefault(item.origin if isinstance(item, IngestFailure) else item.where, self._read)
        if isinstance(item, IngestFailure):
            self._fail(item.origin, item.error)
            return
        try:
            # Here, because the service sees one batch at a time: an id in two of them would be an update to it.
            self._identities.assign(item, item.title or "")
        except InputRejected as rejected:
            self._fail(item.where, str(rejected))
            return
        self._batch.append(item)
        if len(self._batch) >= BATCH_ARTICLES or sum(len(one.text) for one in self._batch) >= BATCH_CHARACTERS:
            self.flush()

    def flush(self) -> None:
        batch, self._batch = self._batch, []
        self._send(batch)

    def _send(self, batch: Sequence[IncomingArticle]) -> None:
        if not batch:
            return
        try:
            done = self._post([_fields(article) for article in batch])
        except TooLarge as rejected:
            if len(batch) == 1:
                self._fail(batch[0].where, str(rejected))
                return
            middle = len(batch) // 2
            self._send(batch[:middle])
            self._send(batch[middle:])
            return
        self._add(done)

    def _add(self, done: IngestSchema) -> None:
        for name in self._counts:
            self._counts[name] += getattr(done, name)
        self._failed += done.failed
        self._articles += done.articles
        last = self._articles[-1].title if self._articles else ""
        self._progress.report(
            IngestProgress(
                read=self._read,
                done=len(self._articles),
                failed=len(self._failed),
                chunks_embedded=sum(article.chunks for article in self._articles),
                current=last,
            )
        )

    def _fail(self, where: str, error: str) -> None:
        self._failed.append(FailureSchema(origin=where, error=error))

    def report(self) -> IngestSchema:
        """Failures in the order in which their articles were read, not in that of the replies."""
        failed = sorted(self._failed, key=lambda failure: self._order.get(failure.origin, self._read))
        return IngestSchema(**self._counts, failed=failed, articles=self._articles)

    def interrupted(self) -> IngestReport:
        return IngestReport(
            **self._counts,
            failed=tuple(IngestFailure(one.origin, one.error) for one in self._failed),
            articles=tuple(IngestedArticle(one.id, one.revision, one.title, one.chunks) for one in self._articles),
        )


def _fields(article: IncomingArticle) -> dict[str, Any]:
    fields = {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "origin": article.origin,
        "line": article.line,
        "url": article.url,
        "source": article.source,
        "published_at": article.published_at,
        "language": article.language,
        "tags": list(article.tags),
        "markdown": article.markdown or None,
    }
    return {name: value for name, value in fields.items() if value is not None}
