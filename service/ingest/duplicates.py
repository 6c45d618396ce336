"""What an incoming article is to the library: new, changed, known, or the copy of another, exact or near."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from service.ingest.near_copies import signature_of
from service.library.copies import Holder
from service.library.library import Library
from service.library.signatures import Signature
from service.types import Article

Outcome = Literal["added", "updated", "metadata", "unchanged", "copy", "near copy"]


@dataclass(frozen=True, slots=True)
class Decision:
    """`article` is what the library shall hold. `updated` is a new revision, `metadata` the same with other fields.

    Only an exact `copy` gets no chunks. `depends_on`: the articles in the library that this decision rests on; once
    one of them has changed, it may be another.
    """

    outcome: Outcome
    article: Article
    replaces: bool
    signature: Signature = ()
    depends_on: frozenset[str] = frozenset()


class Newcomers(Protocol):
    """Articles that are decided but not yet in the library."""

    def near(self, signature: Signature, text: str) -> Iterable[Holder]:
        """Those that the text is a near copy of, in the order in which they came."""


def decide(library: Library, article: Article, newcomers: Newcomers) -> Decision:
    """Compare with what is committed, and with what is about to be.

    An article whose text is as it was stays what it was, original or copy, and keeps the moment it came in. A copy is
    never the copy of a copy: what is near one and not near its original stands for itself.
    """
    current = library.article(article.id)
    if current is not None and current.revision == article.revision:
        same_text = replace(
            article,
            raw_text=current.raw_text,
            cleaner=current.cleaner,
            ingested_at=current.ingested_at,
            duplicate_of=current.duplicate_of,
        )
        original = frozenset([current.duplicate_of]) if current.duplicate_of else frozenset[str]()
        return Decision("unchanged" if same_text == current else "metadata", same_text, True, depends_on=original)
    replaces = current is not None
    holder = library.holder_of(article.revision)
    if holder is not None:
        original_id = holder.original if holder.original != article.id else holder.id
        copy = replace(article, duplicate_of=original_id)
        return Decision("copy", copy, replaces, depends_on=frozenset([holder.id, holder.original]))

    signature = signature_of(article.text)
    near = []
    if signature:
        near = [*library.near_holders(signature, article.text), *newcomers.near(signature, article.text)]
    depends_on = frozenset(i for found in near for i in (found.id, found.original))
    originals = [found.id for found in near if found.id == found.original and found.id != article.id]
    if originals:
        return Decision("near copy", replace(article, duplicate_of=originals[0]), replaces, signature, depends_on)
    return Decision("updated" if replaces else "added", article, replaces, signature, depends_on)
