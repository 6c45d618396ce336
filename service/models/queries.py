"""Questions that come at the same time are embedded together, and the same words only once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Generic, TypeVar

from service.models.ports import Vector

T = TypeVar("T")
_Waiting = tuple[str, "Future[Vector]"]

_END = object()
QUERIES_AT_ONCE = 32
CACHED_QUERIES = 1024
"""1.6 MB of vectors of 384 dimensions."""
_LONGEST_CACHED = 1000
"""Characters: a thousand whole articles as queries must not fill the memory."""


@dataclass(frozen=True, slots=True)
class Pass:
    """What has begun: whether it is at its end, and the function that waits for that and has a row for each text."""

    ready: Callable[[], bool]
    finish: Callable[[], Vector]


class QueryCollector(Generic[T]):
    """Whoever gets a turn of the model embeds what is waiting then, the others' queries too.

    `turn` hands out the model; `begin` takes it and 1 to 32 texts, and starts on them. `cached` is how many queries are
    remembered by their exact text, the longest unused forgotten first; 0 for none. Vectors are read-only, because
    several callers may hold the same one.
    """

    def __init__(
        self,
        turn: Callable[[], AbstractContextManager[T]],
        begin: Callable[[T, Sequence[str]], Pass],
        *,
        cached: int = CACHED_QUERIES,
    ) -> None:
        self._turn = turn
        self._begin = begin
        self._cached = cached
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []
        self._led = False
        """Whether somebody is getting a turn for all who wait now; the others only wait for their vectors."""
        self._callers = 0
        self._cache: OrderedDict[str, Vector] = OrderedDict()

    def vector(self, text: str, meanwhile: Iterator[object] | None = None) -> Vector:
        """Steps of `meanwhile` are taken while the model computes, but nobody else waits for them: who computes for
        others, too, takes none. What they raise is raised here, and nowhere else."""
        with self._lock:
            self._callers += 1
        try:
            return self._vector(text, _Steps(meanwhile))
        finally:
            with self._lock:
                self._callers -= 1

    def _vector(self, text: str, steps: _Steps) -> Vector:
        mine: Future[Vector] = Future()
        with self._lock:
            known = self._cache.get(text)
            leads = known is None and not self._led
            if known is None:
                self._waiting.append((text, mine))
                self._led = True
            else:
                self._cache.move_to_end(text)
        if known is not None:
            return known
        if leads:
            self._lead(steps)
        else:
            steps.until(mine.done)
        if steps.error is not None:
            raise steps.error
        return mine.result()

    def _lead(self, steps: _Steps) -> None:
        """Embed what is waiting when the turn comes, and again while that is more than one pass takes."""
        leading = True
        while leading:
            taken: list[_Waiting] = []
            try:
                with self._turn() as model:
                    with self._lock:
                        taken, self._waiting = self._waiting[:QUERIES_AT_ONCE], self._waiting[QUERIES_AT_ONCE:]
                        leading = self._led = bool(self._waiting)
                    self._answer(taken, model, steps)
            except BaseException as error:
                with self._lock:
                    if leading:  # nobody else would come for those who wait
                        taken, self._waiting, self._led = taken + self._waiting, [], False
                for _, future in taken:
                    future.set_exception(error)
                return

    def _answer(self, taken: Sequence[_Waiting], model: T, steps: _Steps) -> None:
        texts = list(dict.fromkeys(text for text, _ in taken))
        running = self._begin(model, texts)
        steps.until(lambda: self._callers > 1 or running.ready())
        rows = running.finish()
        rows.flags.writeable = False
        vectors = dict(zip(texts, rows, strict=True))
        self._remember(vectors)
        for text, future in taken:
            future.set_result(vectors[text])

    def _remember(self, vectors: dict[str, Vector]) -> None:
        with self._lock:
            for text, vector in vectors.items():
                if len(text) <= _LONGEST_CACHED:
                    self._cache[text] = vector
            while len(self._cache) > self._cached:
                self._cache.popitem(last=False)


class _Steps:
    """Work in steps; what one raised ends it, and is kept: others wait for the vectors that are being made."""

    def __init__(self, steps: Iterator[object] | None) -> None:
        self._left = iter(()) if steps is None else steps
        self.error: BaseException | None = None

    def until(self, done: Callable[[], bool]) -> None:
        try:
            while not done() and next(self._left, _END) is not _END:
                pass
        except BaseException as error:
            self.error = error
