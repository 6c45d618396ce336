"""Paths to incoming articles, one at a time: files, folders, .jsonl of any length; what is unusable becomes a line."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from service.errors import InputRejected
from service.ingest.fields import incoming_article
from service.ingest.files import FoundFile, read_text, refusal
from service.ingest.folders import FolderWalk
from service.ingest.identity import path_id, url_id
from service.ingest.incoming import IncomingArticle, ReadingOptions
from service.ingest.jsonl import read_jsonl
from service.ingest.markdown import split_front_matter
from service.ingest.shown import printable
from service.types import IngestFailure

Item = IncomingArticle | IngestFailure
Reader = Callable[[FoundFile, ReadingOptions], Iterator[Item]]

_URL = re.compile(r"[a-z][a-z0-9+.-]+:/{1,2}\S", re.IGNORECASE)


def read_paths(paths: Sequence[str], options: ReadingOptions) -> Iterator[Item]:
    """The articles at these paths in order, folders by name; never raises for what it finds there.

    Every article has an id: its own, or one from its URL or path. Lazy: holds one file, or one line of a .jsonl.
    """
    walk = FolderWalk(frozenset(READERS))
    for path in paths:
        try:
            yield from _read_path(path, walk, options)
        except InputRejected as rejected:
            yield IngestFailure(printable(path) or "''", str(rejected))


def _read_path(path: str, walk: FolderWalk, options: ReadingOptions) -> Iterator[Item]:
    if not path.strip():
        raise InputRejected("is an empty path: name a file or a folder")
    if _URL.match(path):
        raise InputRejected("is a URL, and URLs are not read: save the page as .txt or .md and ingest that file")
    if os.path.isdir(path):  # noqa: PTH112  # Path.is_dir raises where this is false
        yield from _read_folder(Path(path), walk, options)
        return
    file = FoundFile(Path(path), origin=printable(str(Path(path))), place=printable(Path(path).name))
    try:
        file.path.stat()
    except (OSError, ValueError) as error:
        raise refusal(error) from error
    reader = READERS.get(file.path.suffix.lower())
    if reader is None:
        raise InputRejected(f"is of a kind that is not read: name it {', '.join(READERS)}, if it is text")
    if not walk.first_time(file.path):
        return  # `ingest news news/a.txt`: it is in this run already, which is no reason to complain
    yield from _guarded(reader, file, options)


def _read_folder(folder: Path, walk: FolderWalk, options: ReadingOptions) -> Iterator[Item]:
    if walk.has_seen(folder):
        return  # named twice, or inside a folder named before: its files are already in this run
    empty = True
    for found in walk.files(folder):
        empty = False
        if isinstance(found, IngestFailure):
            yield found
        elif walk.first_time(found.path):
            yield from _guarded(READERS[found.path.suffix.lower()], found, options)
    if empty:
        raise InputRejected(f"is a folder with nothing to read: put files into it that end in {', '.join(READERS)}")


def _guarded(reader: Reader, file: FoundFile, options: ReadingOptions) -> Iterator[Item]:
    try:
        yield from reader(file, options)
    except InputRejected as rejected:
        yield IngestFailure(file.origin, str(rejected))


def _read_plain(file: FoundFile, options: ReadingOptions) -> Iterator[Item]:
    text = read_text(file.path, options.max_file_bytes)
    yield incoming_article({"text": text, "id": path_id(file.place)}, file.origin)


def _read_markdown(file: FoundFile, options: ReadingOptions) -> Iterator[Item]:
    fields, text = split_front_matter(read_text(file.path, options.max_file_bytes))
    article = incoming_article({**fields, "text": text, "markdown": True}, file.origin)
    yield article.identified(url_id(article.url) if article.url else path_id(file.place))


READERS: dict[str, Reader] = {
    ".txt": _read_plain,
    ".md": _read_markdown,
    ".markdown": _read_markdown,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
}
