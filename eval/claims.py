"""Queries with the articles that hold what they say: from files of claims, and from our own questions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eval.cases import DATASETS, read_cases
from eval.corpus import SEEDS, WORLD
from service.errors import InputRejected

OWN_CASES = ("seeds.jsonl", "seeds-reworded.jsonl", "world/questions.jsonl", "world/heldout.jsonl", "dates.jsonl")
OWN_ARTICLES = (SEEDS, WORLD / "articles.jsonl", DATASETS / "dates-articles.jsonl")
_TITLE = "(meta data) TITLE:"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A query and the ids of the articles that ought to be found for it."""

    query: str
    articles: frozenset[str]


@dataclass(frozen=True, slots=True)
class ClaimArticle:
    """An article as JSON lines have it."""

    id: str
    title: str
    text: str


def own_questions() -> list[Wanted]:
    """The answerable questions of our datasets; their articles are OWN_ARTICLES."""
    cases = [case for name in OWN_CASES for case in read_cases(DATASETS / name)]
    return [Wanted(case.question, frozenset(case.articles)) for case in cases if case.answerable]


def read_claims(path: Path, limit: int | None = None) -> tuple[list[Wanted], list[ClaimArticle]]:
    """Queries and articles of a file of JSON lines; each query once, a text that comes twice is one article.

    A row has a `claim` with its `evidence` (the sentences of one article) or its `sources` (texts, used when they are
    labelled to support it), or a `question` with `documents` (`text`, and `type` correct for those wanted). Raises
    InputRejected naming the line that is none of these.
    """
    wanted: dict[str, Wanted] = {}
    articles: dict[str, ClaimArticle] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[:limit], start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            query = row["claim"] if "claim" in row else row["question"]
            texts = list(_texts(row))
        except (KeyError, TypeError, ValueError) as error:
            raise InputRejected(
                f"{path}:{number}: not a claim with its articles ({error}); see eval/claims.py"
            ) from error
        right = {article.id for article, is_wanted in texts if is_wanted}
        articles |= {article.id: article for article, _ in texts}
        if right:
            wanted.setdefault(query, Wanted(query, frozenset(right)))
    return list(wanted.values()), list(articles.values())


def _texts(row: dict[str, object]) -> Iterator[tuple[ClaimArticle, bool]]:
    """The articles of a row and whether the query wants them."""
    if isinstance(sentences := row.get("evidence"), list):
        title = next((s.removeprefix(_TITLE).strip() for s in sentences if s.startswith(_TITLE)), "")
        yield _article(" ".join(sentences), title), True
    elif isinstance(sources := row.get("sources"), list):
        for text in sources:
            yield _article(text), row.get("label") == "supported"
    elif isinstance(documents := row.get("documents"), list):
        for document in documents:
            yield _article(document["text"]), document["type"] == "correct"
    else:
        raise TypeError("no evidence, sources or documents")


def _article(text: str, title: str = "") -> ClaimArticle:
    name = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
    return ClaimArticle(name, title or name, text)
