"""Search by words: FTS5 with bm25, over titles and texts, stemmed and without diacritics."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from service.library.ports import Hit
from service.library.rows import id_list


def phrase(term: str) -> str:
    """The term as an FTS5 string, in which nothing is syntax. NUL would end the expression, so it goes."""
    storable = term.encode("utf-8", "ignore").decode("utf-8").replace("\x00", " ")
    return '"' + storable.replace('"', '""') + '"'


def search(
    connection: sqlite3.Connection, terms: Sequence[str], k: int, article_ids: Sequence[str] | None
) -> list[Hit]:
    """Chunks with any of the terms, best first, ties by chunk id; scores are bm25 with higher better."""
    phrases = dict.fromkeys(phrase(term) for term in terms)
    if not phrases or k <= 0 or (article_ids is not None and not article_ids):
        return []
    limit = "" if article_ids is None else "AND c.article_id IN (SELECT value FROM json_each(?)) "
    rows = connection.execute(
        "SELECT c.id, -bm25(chunk_terms) AS score FROM chunk_terms JOIN chunks c ON c.number = chunk_terms.rowid "  # noqa: S608
        f"WHERE chunk_terms MATCH ? {limit}ORDER BY score DESC, c.id LIMIT ?",
        (" OR ".join(phrases), *([] if article_ids is None else [id_list(article_ids)]), k),
    )
    return [Hit(chunk_id, float(score)) for chunk_id, score in rows]


def document_frequencies(connection: sqlite3.Connection, terms: Sequence[str]) -> dict[str, int]:
    """In how many chunks each term stands.

    Counted by matching, not read from the index's vocabulary: so each term is stemmed by the very tokenizer of the
    index, and one that it splits ("U.S.") counts as the phrase that a search would look for.
    """
    count = "SELECT count(*) FROM chunk_terms WHERE chunk_terms MATCH ?"
    return {term: int(connection.execute(count, (phrase(term),)).fetchone()[0]) for term in dict.fromkeys(terms)}
