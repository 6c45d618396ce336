"""How far an evaluation is, on a terminal."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from eval.harness.running import Watcher

if TYPE_CHECKING:
    from eval.harness.run_file import CaseResult
    from eval.harness.suites import OpenSuite
    from service.cli.console import Console


class EvalProgress(Watcher):
    """A bar on stderr with the time that is left, gone when it ends; where stderr is no terminal it only counts."""

    def __init__(self, console: Console) -> None:
        self._shows = console.shows_progress
        self._bar: Any = None
        self.done = 0

    def start(self, opened: OpenSuite, total: int) -> None:
        if self._shows:
            from tqdm import tqdm

            self._bar = tqdm(
                total=total, desc=f"eval {opened.dataset.name}", unit=" cases", leave=False, dynamic_ncols=True
            )

    def result(self, result: CaseResult) -> None:
        self.done += 1
        if self._bar is not None:
            self._bar.update()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
