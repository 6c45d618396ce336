"""What an incoming article is to the library: new, changed, known, or the copy of another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from service.library.library import Library
from service.types import Article

Outcome = Literal["added", "updated", "metadata", "unchanged", "copy"]


@dataclass(frozen=True, slots=True)
class Decision:
    """`article` is what the library shall hold. `updated` is a new revision, `metadata` the same with other fields."""

    outcome: Outcome
    article: Article


def decide(library: Library, article: Article) -> Decision:
    """Compare with what is committed. A copy carries exactly the text of another article and gets no chunks.

    An article whose text is as it was stays what it was, original or copy, and keeps the moment it came in.
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
        return Decision("unchanged" if same_text == current else "metadata", same_text)
    original = library.original_with(article.revision)
    if original is not None:
        return Decision("copy", replace(article, duplicate_of=original))
    return Decision("added" if current is None else "updated", article)
