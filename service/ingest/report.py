"""What a run has done so far, and how it is told."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from service.ingest.duplicates import Outcome
from service.types import Article, IngestedArticle, IngestFailure, IngestReport


@dataclass(frozen=True, slots=True)
class IngestProgress:
    """Numbers that only grow. `done` articles are committed, `failed` are not; `current` is where the last one lies."""

    read: int
    done: int
    failed: int
    chunks_embedded: int
    current: str


class IngestInterrupted(KeyboardInterrupt):
    """Ctrl-C during an ingest. Everything in `report` is committed; nothing else of the run is in the library."""

    def __init__(self, report: IngestReport) -> None:
        super().__init__(f"interrupted: {len(report.articles)} articles are saved")
        self.report = report


class Tally:
    """Collects a run's outcomes, each counted when it is committed and not before."""

    def __init__(self, progress: Callable[[IngestProgress], None] | None) -> None:
        self._progress = progress
        self._counts: Counter[str] = Counter()
        self._failed: list[IngestFailure] = []
        self._articles: list[IngestedArticle] = []
        self._read = 0
        self._embedded = 0
        self._chunks_saved = 0
        self._current = ""
        self._telling = threading.Lock()

    def reading(self, where: str) -> None:
        self._read += 1
        self._current = where
        self._tell()

    def fail(self, where: str, error: str) -> None:
        self._failed.append(IngestFailure(where, error))

    def embedded(self, chunks: int) -> None:
        """The one method that another thread than the run's may call."""
        self._embedded += chunks
        self._tell()

    def saved(self, outcome: Outcome, article: Article, chunks: int) -> None:
        """`chunks`: how many the article now has. They were embedded in this run, unless the text was known."""
        name = {"metadata": "updated", "copy": "duplicates", "near copy": "duplicates"}.get(outcome, outcome)
        self._counts[name] += 1
        self._chunks_saved += chunks if outcome in ("added", "updated", "near copy") else 0
        self._articles.append(IngestedArticle(article.id, article.revision, article.title, chunks))

    def finish(self) -> IngestReport:
        self._tell()
        return self.report()

    def report(self) -> IngestReport:
        return IngestReport(
            added=self._counts["added"],
            updated=self._counts["updated"],
            unchanged=self._counts["unchanged"],
            duplicates=self._counts["duplicates"],
            failed=tuple(self._failed),
            articles=tuple(self._articles),
            chunks_embedded=self._chunks_saved,
        )

    def _tell(self) -> None:
        if self._progress is None:
            return
        with self._telling:  # two threads come here, and a progress bar is not made for that
            self._progress(
                IngestProgress(
                    read=self._read,
                    done=len(self._articles),
                    failed=len(self._failed),
                    chunks_embedded=self._embedded,
                    current=self._current,
                )
            )
