"""What is decided but not yet committed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from service.ingest.duplicates import Decision
from service.ingest.embedding import CHUNKS_AT_ONCE
from service.library.copies import Holder
from service.library.signatures import Signature
from service.text.dating import ArticleDates
from service.text.overlap import is_near_copy, wording
from service.types import Chunk

MAX_CHARACTERS = 1_000_000
"""Bounds the memory of a batch of copies, which have no chunks to count."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article to be put into the library; `where` it came from, for a failure's line."""

    decision: Decision
    chunks: Sequence[Chunk]
    where: str
    dates: ArticleDates = field(default_factory=ArticleDates)


class Batch:
    """Entries in the order in which they came. The first of them are being embedded, the others gather."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.entries: list[Entry] = []
        self._replaced: set[str] = set()
        self._texts: set[str] = set()
        self._in_band: defaultdict[int, list[int]] = defaultdict(list)
        self._launched = 0
        self._chunks = 0
        self._characters = 0
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        article = entry.decision.article
        if entry.decision.replaces:
            self._replaced.add(article.id)
        if entry.chunks:
            self._texts.add(article.revision)
        for band in entry.decision.signature:
            self._in_band[band].append(len(self.entries))
        self.entries.append(entry)
        self._chunks += len(entry.chunks)
        self._characters += len(article.raw_text)

    @property
    def full(self) -> bool:
        """Whether enough has gathered to be embedded and committed at once."""
        return self._chunks >= CHUNKS_AT_ONCE or self._characters >= MAX_CHARACTERS

    def launch(self) -> list[Entry]:
        """What has gathered, which from now on is being embedded."""
        gathered = self.entries[self._launched :]
        self._launched = len(self.entries)
        self._chunks = self._characters = 0
        return gathered

    def land(self, count: int) -> Batch:
        """The batch without its first entries, which are no longer undecided."""
        left = Batch(self.entries[count : self._launched])
        left.launch()
        for entry in self.entries[self._launched :]:
            left.add(entry)
        return left

    def unsettles(self, decision: Decision) -> bool:
        """Could this decision be another one once the batch is committed?

        It could when the batch brings an article with the same text, or changes one that this decision rests on.
        """
        return decision.article.revision in self._texts or not self._replaced.isdisjoint(decision.depends_on)

    def near(self, signature: Signature, text: str) -> Iterator[Holder]:
        """The entries that the text is a near copy of, in order."""
        places = sorted({place for band in signature for place in self._in_band.get(band, ())})
        said = wording(text) if places else None
        for article in (self.entries[place].decision.article for place in places):
            if said is not None and is_near_copy(said, wording(article.text)):
                yield Holder(article.id, article.duplicate_of or article.id)
