"""One article a line: read as a stream, every line on its own."""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from typing import BinaryIO

from service.errors import InputRejected
from service.ingest.fields import incoming_article, kind_of
from service.ingest.files import FoundFile, decoded, demand_text, encoding_of, opened, too_large
from service.ingest.identity import TitleIds, url_id
from service.ingest.incoming import IncomingArticle, ReadingOptions
from service.types import IngestFailure

_EXAMPLE = '{"title": "…", "text": "…"}'
_SNIFFED_BYTES = 65_536


def read_jsonl(file: FoundFile, options: ReadingOptions) -> Iterator[IncomingArticle | IngestFailure]:
    """The articles in order; a line that is not one is a failure at `file:line`. Blank lines are nothing.

    Raises InputRejected for a file that cannot be read, is not text, or holds no line at all.
    """
    titles = TitleIds(file.place)
    empty = True
    with opened(file.path) as stream:
        for number, line in enumerate(_lines(stream, options.max_file_bytes), start=1):
            if isinstance(line, bytes) and not line.strip():
                continue
            empty = False
            try:
                yield _article(line, file, number, titles)
            except InputRejected as rejected:
                yield IngestFailure(f"{file.origin}:{number}", str(rejected))
    if empty:
        raise InputRejected(f"is empty: write one article a line, {_EXAMPLE}")


def _article(line: bytes | InputRejected, file: FoundFile, number: int, titles: TitleIds) -> IncomingArticle:
    if isinstance(line, InputRejected):
        raise line
    fields = _parsed(decoded(line, "utf-8"))
    if not isinstance(fields, dict):
        raise InputRejected(f"is {kind_of(fields)}, not an article: write {_EXAMPLE}")
    for name in ("title", "text"):
        value = fields.get(name)
        if value is None or (isinstance(value, str) and not value.strip()):
            raise InputRejected(f'has no {name}: add "{name}", or remove the line')
    article = incoming_article(fields, file.origin, line=number)
    return article.identified(url_id(article.url) if article.url else titles.next(article.title or ""))


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        problem = f"{error.msg[0].lower()}{error.msg[1:]} at character {error.pos + 1}"
    except (ValueError, RecursionError):
        problem = "a number is too long, or brackets are nested too deep"
    raise InputRejected(f"is not JSON ({problem}): write one article a line, {_EXAMPLE}")


def _lines(stream: BinaryIO, max_bytes: int) -> Iterator[bytes | InputRejected]:
    """The lines as UTF-8, at most `max_bytes` long; one that is longer is passed over and comes as its refusal."""
    start = stream.read(_SNIFFED_BYTES)
    encoding = encoding_of(start)
    demand_text(start, encoding)
    stream.seek(0)
    source = stream if encoding == "utf-8" else _Recoded(stream, encoding)
    while line := source.readline(max_bytes + 1):
        if len(line) <= max_bytes or line.endswith(b"\n"):
            yield line
            continue
        size = len(line)
        while rest := source.readline(_SNIFFED_BYTES):
            size += len(rest)
            if rest.endswith(b"\n"):
                break
        yield too_large(size, max_bytes)


class _Recoded:
    """The lines of a UTF-16 or UTF-32 stream, as UTF-8."""

    def __init__(self, stream: BinaryIO, encoding: str) -> None:
        self._stream = stream
        self._name = encoding.upper()
        self._decoder = codecs.getincrementaldecoder(encoding)()
        self._held = b""

    def readline(self, size: int) -> bytes:
        while b"\n" not in self._held and len(self._held) < size:
            data = self._stream.read(_SNIFFED_BYTES)
            try:
                self._held += self._decoder.decode(data, final=not data).encode("utf-8")
            except UnicodeDecodeError as error:
                raise InputRejected(f"is not {self._name} all through: save it as UTF-8 and try again") from error
            if not data:
                break
        end = self._held.find(b"\n", 0, size) + 1 or size
        line, self._held = self._held[:end], self._held[end:]
        return line
