"""What all systems are given: articles for groundwire, the chunks cut from them for the peers, and queries."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.bench.peers.ports import ARTICLES_FILE, CHUNKS_FILE
from eval.cases import DATASETS, read_cases
from eval.corpus import SEEDS, WORLD
from service.errors import InputRejected
from service.ingest.incoming import IncomingArticle, ReadingOptions
from service.ingest.readers import read_paths
from service.text.chunking import chunk_article
from service.text.clean import clean
from service.text.sentences import sentence_spans
from service.types import Article, IngestFailure

_SYNTHETIC_CHARACTERS = 890
"""Just below what one chunk holds (900): about 145 words."""
_QUESTIONS = ("seeds.jsonl", "seeds-reworded.jsonl", "world/questions.jsonl", "world/heldout.jsonl")


@dataclass(frozen=True, slots=True)
class Workload:
    """`gold` holds, for each query, the ids of the articles that rightly answer; `None` where nobody knows."""

    name: str
    folder: Path
    chunks: int
    queries: tuple[str, ...]
    gold: tuple[frozenset[str], ...] | None

    @property
    def queries_file(self) -> Path:
        return self.folder / "queries.jsonl"


def synthetic(chunks: int) -> list[Article]:
    """So many articles of one chunk, dealt from the sentences of the shipped articles: always the same ones."""
    deck = [span.of(a.text) for a in shipped() for span in sentence_spans(a.text, "en")]
    deck = [sentence for sentence in deck if 30 <= len(sentence) <= 400]
    dealer = random.Random(20_251_114)  # noqa: S311  # repeatable, not secret
    articles, dealt = [], list[str]()
    for number in range(chunks):
        text = ""
        while True:
            if not dealt:
                dealt = dealer.sample(deck, len(deck))
            if len(text) + 1 + len(dealt[-1]) > _SYNTHETIC_CHARACTERS:
                break
            text = f"{text} {dealt.pop()}".strip()
        articles.append(_article(f"item-{number:05}", f"Wire item {number}", text))
    return articles


def shipped() -> list[Article]:
    """The seeds and the articles of `eval/datasets/world`."""
    return articles_at(SEEDS, only="0*.md") + articles_at(WORLD / "articles.jsonl")


def articles_at(path: Path, only: str | None = None) -> list[Article]:
    """The articles of a file or folder, cleaned. Of several with one text the first. Raises InputRejected."""
    paths = sorted(path.glob(only)) if only else [path]
    found: dict[str, Article] = {}
    for number, item in enumerate(read_paths([os.fspath(each) for each in paths], ReadingOptions())):
        if isinstance(item, IngestFailure):
            raise InputRejected(f"{item.origin}: {item.error}")
        article = _of_incoming(item, number)
        found.setdefault(article.revision, article)
    return list(found.values())


def _of_incoming(item: IncomingArticle, number: int) -> Article:
    text = clean(item.text, markdown=item.markdown)
    if not text.strip():
        raise InputRejected(f"{item.where}: has no text once it is cleaned: write the article into it, or remove it")
    return _article(item.id or f"article-{number}", item.title or text[:60], text)


def _article(article_id: str, title: str, text: str) -> Article:
    return Article(article_id, title, text, raw_text=text, origin="bench", cleaner="bench", ingested_at="2026-01-01")


def wice(path: Path) -> tuple[list[Article], list[str], list[frozenset[str]]]:
    """Articles, claims and the article of each claim, from WiCE's rows: `id`, `claim`, `evidence` (its sentences)."""
    articles: dict[str, Article] = {}
    claims: dict[str, frozenset[str]] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
                given, claim = _article(row["id"], row["id"], clean("\n".join(row["evidence"]))), str(row["claim"])
            except (ValueError, KeyError, TypeError) as error:
                raise InputRejected(
                    f"{path}:{number}: is no row of WiCE ({error!r}); write id, claim, evidence"
                ) from None
            article = articles.setdefault(given.revision, given)
            claims[claim] = claims.get(claim, frozenset()) | {article.id}
    return list(articles.values()), list(claims), list(claims.values())


def answered_questions() -> tuple[list[str], list[frozenset[str]]]:
    """Every shipped question that an article answers, and these articles."""
    cases = [case for name in _QUESTIONS for case in read_cases(DATASETS / name) if case.answerable]
    return [case.question for case in cases], [frozenset(case.articles) for case in cases]


def shipped_questions() -> list[str]:
    """Every shipped question, whether an article answers it or not."""
    return [case.question for name in _QUESTIONS for case in read_cases(DATASETS / name)]


def queries_for(articles: Sequence[Article], count: int) -> list[str]:
    """Unique queries where nobody knows the answers: sentences of articles spread over the corpus, cut at 15 words."""
    found: dict[str, None] = {}
    step = max(1, len(articles) // max(1, count))
    for article in [*articles[::step], *articles]:
        for span in sentence_spans(article.text, "en")[:3]:
            if len(found) < count:
                found[" ".join(span.of(article.text).split()[:15])] = None
    return list(found)


def write_workload(
    name: str, folder: Path, articles: Iterable[Article], queries: Sequence[str], gold: Sequence[frozenset[str]] | None
) -> Workload:
    """Cut the articles into chunks and write all files. Raises InputRejected when there is nothing to measure."""
    folder.mkdir(parents=True, exist_ok=True)
    chunks = 0
    with (
        (folder / ARTICLES_FILE).open("w", encoding="utf-8") as whole,
        (folder / CHUNKS_FILE).open("w", encoding="utf-8") as cut,
    ):
        for article in articles:
            whole.write(_line({"id": article.id, "title": article.title, "text": article.text}))
            for chunk in chunk_article(article):
                cut.write(_line({"id": f"{article.id}#{chunk.ordinal}", "text": chunk.text}))
                chunks += 1
    if not chunks or not queries:
        raise InputRejected(
            f"{name}: {chunks} chunks and {len(queries)} queries are nothing to measure; name a larger file"
        )
    workload = Workload(name, folder, chunks, tuple(queries), None if gold is None else tuple(gold))
    workload.queries_file.write_text("".join(_line({"query": query}) for query in queries), encoding="utf-8")
    return workload


def _line(row: Mapping[str, str]) -> str:
    return json.dumps(row, ensure_ascii=True) + "\n"
