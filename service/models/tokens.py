"""How many tokens a text is: by tiktoken where its vocabulary can be had, else an estimate that errs upwards."""

from __future__ import annotations

import os
import re
import tempfile
import threading
import time
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from hashlib import sha1
from pathlib import Path

ENCODING = "o200k_base"
ESTIMATE = "estimate"
LOADING_SECONDS = 20.0
"""tiktoken downloads 4 MB without a time limit of its own."""

_URL = f"https://openaipublic.blob.core.windows.net/encodings/{ENCODING}.tiktoken"
_CACHES = ("TIKTOKEN_CACHE_DIR", "DATA_GYM_CACHE_DIR")  # as tiktoken reads them, in this order
_TOKENS_A_MESSAGE = 8
"""For the role and the fences around a message, which templates write in three to seven tokens."""

_LAST_LATIN = "\u024f"

Count = Callable[[str], int]
_PIECES = re.compile(
    r"(?P<capitals>[A-Z]{2,}(?![a-z]))|(?P<name>[A-Z][a-z]*)|(?P<word>[a-z]+)|(?P<digits>[0-9]+)"
    r"|(?P<spaces>\s{2,}|\s(?![A-Za-z]))|(?P<space> )|(?P<other>[^\x00-\x7f]+)|(?P<mark>.)",
    re.DOTALL,
)


class TokenCounter:
    """Counts at once, without waiting: with the estimate until the vocabulary is there, which `start` begins to load.

    `download`: whether it may be fetched; without, it is used only where tiktoken has kept it before. One that comes
    later than `seconds` is not used, so that a process does not change its counting in mid-life.
    """

    def __init__(
        self,
        *,
        download: bool = True,
        seconds: float = LOADING_SECONDS,
        load: Callable[[], Count] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`load` is for tests: it returns what counts, or raises anything."""
        self._load = load or (lambda: _tiktoken(download=download))
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._exact: Count | None = None

    def start(self) -> None:
        """Begin to load the vocabulary, in a thread that nobody waits for. Starting twice is harmless."""
        with self._lock:
            if self._thread is None:
                until = self._clock() + self._seconds
                self._thread = threading.Thread(target=self._run, args=(until,), name="load-vocabulary", daemon=True)
                self._thread.start()

    def wait(self, seconds: float) -> None:
        """Until the vocabulary is there or cannot be had, at most so long."""
        self.start()
        if self._thread is not None:
            self._thread.join(seconds)

    @property
    def source(self) -> str:
        """What counts now: "tiktoken o200k_base" or "estimate"."""
        return ESTIMATE if self._exact is None else f"tiktoken {ENCODING}"

    def count(self, text: str) -> int:
        """Tokens of a text; never waits, never fails."""
        self.start()
        exact = self._exact
        return estimate(text) if exact is None else exact(text)

    def _run(self, until: float) -> None:
        try:
            exact = self._load()
        except Exception:  # no network, a full disk, a broken file: whatever it is, the estimate serves
            return
        if self._clock() <= until:
            self._exact = exact


def estimate(text: str) -> int:
    """At least as many tokens as the vocabularies o200k_base and cl100k_base make of ordinary text.

    It follows how they split a text: a word with the space before it, three digits, each run of spaces, each mark.
    Words of up to five letters are mostly one token, then one more for every four; names are rarer in the vocabularies
    and cost more, those glued to a mark one more again, capitals most. Beyond ASCII no token is shorter than a byte: a
    Latin letter and a mark count all their bytes, for they break the word they stand in; another letter one less. Two
    more for what a short text has no average for.

    `python -m eval.token_estimate` measures it. Over 73,927 sentences of web articles and encyclopedias it is below
    o200k_base for one, in Hebrew, by 5 %; over 63,065 excerpts with a mark for each space for 16, by 11 % at most; 1.5
    times it in all. For the articles in `seeds/` and the documentation it is never below, and 1.4 times the count.
    """
    tokens, glued = 2, False
    for piece in _PIECES.finditer(text):
        kind, length = piece.lastgroup, piece.end() - piece.start()
        if kind == "word":
            tokens += 1 + max(0, -(-(length - 5) // 4))
        elif kind == "name":
            tokens += 1 + max(0, -(-(length - 3) // 3)) + glued
        elif kind == "capitals":
            tokens += -(-length // 2)
        elif kind == "digits":
            tokens += -(-length // 3)
        elif kind == "other":
            tokens += sum(map(_beyond_ascii, piece[0]))
        elif kind != "space":
            tokens += 1
        glued = kind in ("mark", "other")
    return tokens


@lru_cache(maxsize=4096)
def _beyond_ascii(character: str) -> int:
    size = len(character.encode("utf-8", "replace"))
    is_letter = unicodedata.category(character) in ("Ll", "Lu", "Lo")
    return size - 1 if is_letter and character > _LAST_LATIN else size


def _tiktoken(*, download: bool) -> Count:
    if not download and not _kept().is_file():
        raise FileNotFoundError(_kept())
    import tiktoken

    encoding = tiktoken.get_encoding(ENCODING)
    # Not `encode`: that refuses a text with "<|endoftext|>" in it.
    return lambda text: len(encoding.encode_ordinary(text))


def _kept() -> Path:
    """Where tiktoken keeps the vocabulary."""
    folder = next((os.environ[name] for name in _CACHES if name in os.environ), None)
    return Path(folder or Path(tempfile.gettempdir(), "data-gym-cache"), sha1(_URL.encode()).hexdigest())  # noqa: S324
