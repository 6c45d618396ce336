"""Questions that come at the same time are embedded together, and the same words only once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Generic, TypeVar

from service.models.ports import Vector

T = TypeVar("T")
_Waiting = tuple[str, "Future[Vector]"]

QUERIES_AT_ONCE = 32
CACHED_QUERIES = 1024
"""1.6 MB of vectors of 384 dimensions."""
_LONGEST_CACHED = 1000
"""Characters: a thousand whole articles as queries must not fill the memory."""


class QueryCollector(Generic[T]):
    """Whoever gets a turn of the model embeds what is waiting then, the others' queries too.

    `turn` hands out the model; `begin` takes it and 1 to 32 texts, starts on them, and returns the function that waits
    for the end and has a row for each. `cached` is how many queries are remembered by their exact text, the longest
    unused forgotten first; 0 for none. Vectors are read-only, because several callers may hold the same one.
    """

    def __init__(
        self,
        turn: Callable[[], AbstractContextManager[T]],
        begin: Callable[[T, Sequence[str]], Callable[[], Vector]],
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

    def vector(self, text: str, meanwhile: Callable[[], None] | None = None) -> Vector:
        """`meanwhile` is called once, while the model computes, but nobody else waits for it: who gets the turn of the
        model for others, too, calls it afterwards. What it raises is raised here, and nowhere else."""
        with self._lock:
            self._callers += 1
        try:
            return self._vector(text, _Once(meanwhile))
        finally:
            with self._lock:
                self._callers -= 1

    def _vector(self, text: str, beside: _Once) -> Vector:
        mine: Future[Vector] = Future()
        with self._lock:
            known = self._cache.get(text)
            leads = known is None and not self._led
            if known is None:
                self._waiting.append((text, mine))
                self._led = True
            else:
                self._cache.move_to_end(text)
        if leads:
            self._lead(beside)
        beside()
        if beside.error is not None:
            raise beside.error
        return mine.result() if known is None else known

    def _lead(self, beside: Callable[[], None]) -> None:
        """Embed what is waiting when the turn comes, and again while that is more than one pass takes."""
        leading = True
        while leading:
            taken: list[_Waiting] = []
            try:
                with self._turn() as model:
                    with self._lock:
                        taken, self._waiting = self._waiting[:QUERIES_AT_ONCE], self._waiting[QUERIES_AT_ONCE:]
                        leading = self._led = bool(self._waiting)
                    self._answer(taken, model, beside)
            except BaseException as error:
                with self._lock:
                    if leading:  # nobody else would come for those who wait
                        taken, self._waiting, self._led = taken + self._waiting, [], False
                for _, future in taken:
                    future.set_exception(error)
                return

    def _answer(self, taken: Sequence[_Waiting], model: T, beside: Callable[[], None]) -> None:
        texts = list(dict.fromkeys(text for text, _ in taken))
        finish = self._begin(model, texts)
        if self._callers == 1:
            beside()
        rows = finish()
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


class _Once:
    """Calls a function at most once, and keeps what it raised: others wait for the vectors that are being made."""

    def __init__(self, function: Callable[[], None] | None) -> None:
        self._function = function
        self.error: BaseException | None = None

    def __call__(self) -> None:
        function, self._function = self._function, None
        if function is not None:
            try:
                function()
            except BaseException as error:
                self.error = error
