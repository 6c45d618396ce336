"""How far a measurement is, on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from eval.measurements.options import Steps
from service.cli.console import Console

T = TypeVar("T")


class Bars(Steps):
    """A bar on stderr with the time that is left, for each part; none where stderr is no terminal."""

    def __init__(self, console: Console) -> None:
        self._shows = console.shows_progress

    def over(self, what: str, items: Sequence[T]) -> Iterator[T]:
        if not self._shows:
            yield from items
            return
        from tqdm import tqdm

        yield from tqdm(items, desc=what, leave=False, dynamic_ncols=True)
