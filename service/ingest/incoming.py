"""What a reader hands to the pipeline: one article as it came, before cleaning."""

from __future__ import annotations

from dataclasses import dataclass, replace

MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """Limits on what is read. `max_file_bytes` bounds one .txt or .md file, and one line of a .jsonl file.

    20 MB is some 3 million words: no article is that long, but a database dump with a .txt name is.
    """

    max_file_bytes: int = 20 * MEGABYTE


@dataclass(frozen=True, slots=True)
class IncomingArticle:
    """An article from outside. `title` is `None` when it is to be taken from the text.

    `id` is the one given, else what its reader derived from the URL or the path; `None` only when an article came
    without a file (see `service.ingest.identity`). `line` is its line in a .jsonl file, for messages. `markdown`: the
    text holds Markdown's marks, which the cleaner then removes.
    """

    title: str | None
    text: str
    origin: str
    id: str | None = None
    url: str | None = None
    source: str | None = None
    published_at: str | None = None
    language: str | None = None
    tags: tuple[str, ...] = ()
    line: int | None = None
    markdown: bool = False

    @property
    def where(self) -> str:
        """Where a person finds it: `path`, or `path:line`."""
        return self.origin if self.line is None else f"{self.origin}:{self.line}"

    def identified(self, derived_id: str) -> IncomingArticle:
        """With this id, unless it has one of its own."""
        return self if self.id else replace(self, id=derived_id)
