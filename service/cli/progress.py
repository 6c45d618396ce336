"""How far an ingest is, on a terminal."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from service.cli.console import Console
    from service.ingest.report import IngestProgress


class Progress:
    """A bar on stderr that disappears when it ends; nothing at all where stderr is not a terminal.

    How many articles will come is not known before they were read (one .jsonl may hold any number), so it counts up.
    """

    def __init__(self, console: Console) -> None:
        self._bar: Any = None
        if console.shows_progress:
            from tqdm import tqdm

            self._bar = tqdm(desc="ingest", unit=" articles", leave=False, dynamic_ncols=True)

    def report(self, progress: IngestProgress) -> None:
        if self._bar is not None:
            self._bar.update(progress.done - self._bar.n)
            self._bar.set_postfix(read=progress.read, chunks=progress.chunks_embedded, failed=progress.failed)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
