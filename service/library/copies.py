"""Which articles carry which text: exact copies and near copies.

A cluster is an original and the articles whose `duplicate_of` names it. Of each text in it exactly one article, the
holder, has the chunks; the others of that text are exact copies. A near copy has another text, so it holds its own.
Each function works inside the caller's transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from service.library.rows import id_list, lookup_key
from service.text.overlap import Wording, is_near_copy, says, wording
from service.types import Carrier

HOLDS_TEXT = "EXISTS (SELECT 1 FROM chunks WHERE chunks.article_id = a.id)"
TEXT = "(SELECT text FROM revisions r WHERE r.article_id = a.id AND r.revision = a.revision)"


@dataclass(frozen=True, slots=True)
class Holder:
    """An article that has chunks, and the original of its cluster: itself, unless it is a near copy."""

    id: str
    original: str


@dataclass(frozen=True, slots=True)
class Fellow:
    """Another article of a cluster. `same_text`: exactly, to the letter."""

    carrier: Carrier
    same_text: bool


def holder_of(connection: sqlite3.Connection, revision: str) -> Holder | None:
    """The article that has the chunks of this text."""
    row = connection.execute(
        "SELECT a.id, coalesce(a.duplicate_of, a.id) FROM articles a "  # noqa: S608 - constants only
        f"WHERE a.revision = ? AND {HOLDS_TEXT} ORDER BY a.number LIMIT 1",
        (lookup_key(revision),),
    ).fetchone()
    return None if row is None else Holder(*row)


def carriers(connection: sqlite3.Connection, article_id: str, passage: str | None) -> list[Carrier]:
    """The other articles with this one's text, oldest first; with a passage also near copies that say just that."""
    own = connection.execute(
        "SELECT revision, coalesce(duplicate_of, id) FROM articles WHERE id = ?", (lookup_key(article_id),)
    ).fetchone()
    if own is None:
        return []
    revision, original = own
    rows = connection.execute(
        f"SELECT a.id, a.source, a.url, CASE WHEN a.revision = ? OR ? THEN NULL ELSE {TEXT} END, a.revision = ? "  # noqa: S608
        "FROM articles a WHERE (a.id = ? OR a.duplicate_of = ?) AND a.id <> ? ORDER BY a.number",
        (revision, passage is None, revision, original, original, article_id),
    )
    return [
        Carrier(*carrier)
        for *carrier, other_text, same_text in rows
        if same_text or (passage is not None and other_text is not None and says(other_text, passage))
    ]


def holders_of_copies(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Each exact copy, oldest first, and the article that has its chunks."""
    return connection.execute(
        "SELECT a.id, h.id FROM articles a JOIN articles h ON h.revision = a.revision AND h.id <> a.id "  # noqa: S608
        f"WHERE a.duplicate_of IS NOT NULL AND NOT {HOLDS_TEXT} "
        "AND EXISTS (SELECT 1 FROM chunks WHERE article_id = h.id) ORDER BY a.number"
    ).fetchall()


def fellows(connection: sqlite3.Connection, article_ids: Iterable[str]) -> dict[str, list[Fellow]]:
    """The other articles of each one's cluster, oldest first; those that have none are left out."""
    rows = connection.execute(
        "SELECT own.id, a.id, a.source, a.url, a.revision = own.revision FROM articles own JOIN articles a "
        "ON (a.id = coalesce(own.duplicate_of, own.id) OR a.duplicate_of = coalesce(own.duplicate_of, own.id)) "
        "AND a.id <> own.id WHERE own.id IN (SELECT value FROM json_each(?)) ORDER BY a.number",
        (id_list(article_ids),),
    )
    found: dict[str, list[Fellow]] = {}
    for own_id, article_id, source, url, same_text in rows:
        found.setdefault(own_id, []).append(Fellow(Carrier(article_id, source, url), bool(same_text)))
    return found


def sources(connection: sqlite3.Connection) -> list[str]:
    """Each source there is, folded as filters fold it; found by leaps through the index, however many articles."""
    rows = connection.execute(
        "WITH RECURSIVE found (name) AS (SELECT min(source_folded) FROM articles UNION ALL "
        "SELECT (SELECT min(source_folded) FROM articles WHERE source_folded > name) FROM found WHERE name IS NOT NULL)"
        " SELECT name FROM found WHERE name IS NOT NULL"
    )
    return [str(name) for (name,) in rows]


def carried_by(
    connection: sqlite3.Connection, chunk_ids: Iterable[str], sources: Iterable[str]
) -> dict[str, list[str]]:
    """Of these chunks the ones whose text an article of these (folded) sources has: chunk id to article ids."""
    rows = connection.execute(
        "SELECT c.id, a.id FROM chunks c JOIN articles a ON a.revision = c.revision "
        "WHERE c.id IN (SELECT value FROM json_each(?)) AND a.source_folded IN (SELECT value FROM json_each(?)) "
        "ORDER BY a.number",
        (id_list(chunk_ids), id_list(sources)),
    )
    found: dict[str, list[str]] = {}
    for chunk_id, article_id in rows:
        found.setdefault(chunk_id, []).append(article_id)
    return found


# When an article leaves its text or the library.


def heir_of(connection: sqlite3.Connection, article_id: str) -> tuple[str, str] | None:
    """Id and title of the oldest exact copy of the article's text; `None` too when another one holds that text."""
    row: tuple[str, str] | None = connection.execute(
        "SELECT a.id, a.title FROM articles a JOIN articles own ON a.revision = own.revision AND a.id <> own.id "  # noqa: S608
        f"WHERE own.id = ? AND NOT {HOLDS_TEXT} AND EXISTS (SELECT 1 FROM chunks WHERE article_id = own.id) "
        "ORDER BY a.number LIMIT 1",
        (article_id,),
    ).fetchone()
    return row


def regroup(
    connection: sqlite3.Connection, article_id: str, heir_id: str | None, successor: tuple[str, str] | None
) -> None:
    """Give the copies of an original that changes or goes a new original each.

    `successor`: id and text of what this article becomes, or becomes a copy of. A copy stays with it if it is near it,
    else goes to the first of its former fellows that it is near, else is an original itself. The heir, which has the
    text that all of them are near, comes first; then the oldest.
    """
    orphans = connection.execute(
        f"SELECT a.id, {TEXT} FROM articles a WHERE a.duplicate_of = ? ORDER BY a.id IS NOT ?, a.number",  # noqa: S608
        (article_id, heir_id),
    ).fetchall()
    if not orphans:
        return
    originals = [] if successor is None else [(successor[0], successor[1], wording(successor[1]))]
    for orphan_id, text in orphans:
        original = _near_one(originals, text)
        if original is None:
            originals.append((orphan_id, text, wording(text)))
        adopted = original if original != orphan_id else None  # the successor may be one of them
        connection.execute("UPDATE articles SET duplicate_of = ? WHERE id = ?", (adopted, orphan_id))


def _near_one(originals: Sequence[tuple[str, str, Wording]], text: str) -> str | None:
    """The first with this text or a near one."""
    said = wording(text)
    return next((id_ for id_, other, its_said in originals if other == text or is_near_copy(its_said, said)), None)


def text_of(connection: sqlite3.Connection, article_id: str) -> str | None:
    row = connection.execute(f"SELECT {TEXT} FROM articles a WHERE a.id = ?", (article_id,)).fetchone()  # noqa: S608
    return None if row is None else str(row[0])


def problems(connection: sqlite3.Connection) -> Iterator[str]:
    """Articles that are marked as copies and are none."""
    rows = connection.execute(
        f"SELECT a.id, o.id, {HOLDS_TEXT}, o.duplicate_of IS NULL, {TEXT}, "  # noqa: S608 - constants only
        "(SELECT text FROM revisions r WHERE r.article_id = o.id AND r.revision = o.revision), "
        "EXISTS (SELECT 1 FROM articles h JOIN chunks ON chunks.article_id = h.id WHERE h.revision = a.revision "
        "AND coalesce(h.duplicate_of, h.id) = o.id) FROM articles a JOIN articles o ON o.id = a.duplicate_of"
    )
    for copy_id, original_id, holds, is_original, text, original_text, has_holder in rows:
        near = text == original_text or is_near_copy(wording(text), wording(original_text))
        if not is_original or not near or not has_holder or (holds and text == original_text):
            yield f"article {copy_id} is marked as a copy of {original_id} but is not: ingest it again"
