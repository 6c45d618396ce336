"""Search by words: FTS5 with bm25, over titles and texts, stemmed and without diacritics."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from service.library.ports import Hit
from service.library.rows import id_list

_SPARE = 64
"""Rows read beyond k, so that equal scores at the border are settled by chunk id and not by order of arrival."""

_MATCHING = "SELECT rowid AS number, -bm25(chunk_terms) AS score FROM chunk_terms WHERE chunk_terms MATCH ?"
_BEST = f"SELECT c.id, f.score FROM ({_MATCHING} ORDER BY score DESC, number LIMIT ?) f JOIN chunks c USING (number)"  # noqa: S608
_BEST_ALLOWED = (
    f"SELECT c.id, f.score FROM ({_MATCHING}) f JOIN chunks c USING (number) "  # noqa: S608
    "WHERE c.article_id IN (SELECT value FROM json_each(?)) ORDER BY f.score DESC, f.number LIMIT ?"
)
"""Without a limit to articles only the best rows are looked up among the chunks: most of a search's time otherwise."""


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
    expression, limit = " OR ".join(phrases), k + _SPARE
    if article_ids is None:
        rows = connection.execute(_BEST, (expression, limit))
    else:
        rows = connection.execute(_BEST_ALLOWED, (expression, id_list(article_ids), limit))
    hits = [Hit(chunk_id, float(score)) for chunk_id, score in rows]
    return sorted(hits, key=lambda hit: (-hit.score, hit.chunk_id))[:k]


def document_frequencies(connection: sqlite3.Connection, terms: Sequence[str]) -> dict[str, int]:
    """In how many chunks each term stands.

    Counted by matching, not read from the index's vocabulary: so each term is stemmed by the very tokenizer of the
    index, and one that it splits ("U.S.") counts as the phrase that a search would look for.
    """
    count = "SELECT count(*) FROM chunk_terms WHERE chunk_terms MATCH ?"
    return {term: int(connection.execute(count, (phrase(term),)).fetchone()[0]) for term in dict.fromkeys(terms)}
