"""Labelled sentences with what they are to be supported by, from the files that the support scorer is fitted on."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.cases import DATASETS
from eval.contexts import contexts_of
from eval.corpus import WORLD
from eval.perturbing import lies_of
from service.errors import InputRejected
from service.grounding.context import ArticleContext
from service.grounding.sources import Source
from service.text.sentence import SentenceReading
from service.text.sentences import sentence_spans
from service.types import Article, Span

_META = "(meta data)"
_TITLE = f"{_META} TITLE:"
_MOST_SENTENCES = 400


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence, whether its sources support all of it, and the group (an article) that no fold may divide."""

    text: str
    sources: tuple[Source, ...]
    supported: bool
    kind: str
    group: str


def read_rows(path: Path) -> list[Row]:
    """Rows of a file of JSON lines: `claim`, `label`, and `evidence` (one article's sentences) or `sources` (texts).

    Raises InputRejected naming the line that is neither.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            contexts = [_of_sentences(row["evidence"])] if "evidence" in row else [_of_text(t) for t in row["sources"]]
            rows.append(
                Row(row["claim"], tuple(map(whole, contexts)), row["label"] == "supported", row["label"], _group(row))
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputRejected(
                f"{path}:{number}: no claim with label and evidence ({error}); see eval/grounding_rows.py"
            ) from error
    return rows


def whole(context: ArticleContext) -> Source:
    """All sentences of an article, headings and captions too: some articles say half of what they know in those."""
    return Source(context, tuple(range(len(context.spans))))


def text_source(text: str) -> Source:
    """All sentences of a text of its own."""
    return whole(_of_text(text))


def _group(row: dict[str, Any]) -> str:
    said = row.get("evidence") or row["sources"]
    return hashlib.sha256(f"{said[0]}{said[-1]}".encode("utf-8", "replace")).hexdigest()[:12]


def _of_sentences(sentences: Sequence[str]) -> ArticleContext:
    """An article whose sentences are already apart; lines of meta data lose their names, headings their marks."""
    text, spans, title = "", [], ""
    for sentence in sentences:
        if sentence.startswith(_TITLE):
            title = sentence.removeprefix(_TITLE).strip()
        said = sentence.partition(":")[2].strip() if sentence.startswith(_META) else sentence.lstrip("# ").strip()
        if said:
            text += " " if text else ""
            spans.append(Span(len(text), len(text) + len(said)))
            text += said
    return ArticleContext(_article(text or ".", title), spans or [Span(0, 1)])


def _of_text(text: str) -> ArticleContext:
    text = text or "."
    return ArticleContext(_article(text, ""), sentence_spans(text)[:_MOST_SENTENCES] or [Span(0, len(text))])


def _article(text: str, title: str) -> Article:
    return Article(id="source", title=title, text=text, raw_text=text, origin="", cleaner="", ingested_at="2026-01-01")


def own_rows() -> list[Row]:
    """Our own sentences on the articles of `eval/datasets/world`, true and false."""
    contexts = contexts_of([WORLD / "articles.jsonl"])
    rows = []
    names = ["trust/world-true.jsonl", "trust/world-lies.jsonl"]
    for file in [*sorted((DATASETS / "grounding").glob("*.jsonl")), *(DATASETS / name for name in names)]:
        for line in file.read_text(encoding="utf-8").splitlines():
            case = json.loads(line)
            if case["kind"] != "wrong_citation":
                supported = case.get("supported", case["kind"] == "true")
                source = whole(contexts[case["article"]])
                rows.append(Row(case["text"], (source,), supported, case["kind"], case["article"]))
    return rows


def made_rows(rows: Sequence[Row], seed: int = 7, each: int = 2) -> Iterator[Row]:
    """Sentences of the rows' articles as they stand, and lies made from those and from the supported claims."""
    chance = random.Random(seed)  # noqa: S311 - nothing secret
    pool = [r for row in rows for r in _sentences(row.sources[0])]
    for row in rows:
        (source, *_), context = row.sources, row.sources[0].context
        elsewhere = chance.sample(pool, min(60, len(pool)))
        said = _sentences(source)
        for reading in chance.sample(said, min(each, len(said))):
            yield Row(reading.text, row.sources, True, "verbatim", row.group)
            for lie in lies_of(reading.text, context, elsewhere, chance):
                yield Row(lie.text, row.sources, False, f"made {lie.kind}", row.group)
        if row.supported:
            for lie in lies_of(row.text, context, elsewhere, chance):
                yield Row(lie.text, row.sources, False, f"made {lie.kind}, reworded", row.group)


def _sentences(source: Source) -> list[SentenceReading]:
    found = [source.context.reading(i) for i in source.sentences]
    return [r for r in found if 8 <= len(r.words) <= 40 and r.text.endswith(".") and '"' not in r.text]
