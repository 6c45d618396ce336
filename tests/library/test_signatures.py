"""Signatures of near copies in the library: what `check` finds when they are damaged, and what putting refuses."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest

from service.errors import NotFound

TEXT = "\n\n".join(f"Paragraph {n} says that in harbour {n} the pier {n + 7} was closed at dawn." for n in range(6))
NEAR = TEXT + "\n\nOur own report."


@pytest.fixture
def put(library, make_article):
    def put(article_id, text, signature, **fields):
        library.put([replace(make_article(article_id, text, **fields), signature=signature)])

    return put


@pytest.fixture
def make_near(make_article):
    """A near copy: chunks of its own, and the original's id."""

    def make(article_id, text, original, signature=()):
        indexed = make_article(article_id, text)
        return replace(indexed, article=replace(indexed.article, duplicate_of=original), signature=signature)

    return make


def test_one_shared_hash_brings_near_texts_together_and_not_others(library, put):
    put("a", TEXT, (1, 2, 3))
    put("other", "Something else altogether. " * 10, (1, 2, 3))
    assert [holder.id for holder in library.near_holders((9, 2, 8), NEAR)] == ["a"]
    assert library.near_holders((7, 8, 9), NEAR) == []


def test_of_two_near_holders_the_older_comes_first_however_much_is_shared(library, put):
    put("older", TEXT, (1, 2, 3))
    put("newer", TEXT.replace("dawn", "noon", 1), (1, 9, 8))
    assert [holder.id for holder in library.near_holders((1, 9, 8), NEAR)] == ["older", "newer"]


def test_a_near_copy_keeps_its_chunks_and_points_to_the_original(library, put, make_near):
    put("a", TEXT, (1,))
    library.put([make_near("b", NEAR, "a", (1,))])
    assert library.article("b").duplicate_of == "a"
    assert library.article_chunks("b")
    assert library.check() == []


def test_a_near_copy_that_is_not_near_is_refused(library, put, make_near):
    put("a", TEXT, (1,))
    with pytest.raises(NotFound, match="ingest it again"):
        library.put([make_near("b", "Something else altogether. " * 10, "a")])


@pytest.mark.parametrize(
    ("damage", "finding"),
    [
        ("DELETE FROM signature_bands WHERE band = 2", "would not be found"),
        ("INSERT INTO signature_bands VALUES (5, 1)", "have gone"),
        ("UPDATE articles SET duplicate_of = 'a' WHERE id = 'z'", "is marked as a copy of a but is not"),
    ],
)
def test_damage_is_found(library, put, tmp_path, damage, finding):
    put("a", TEXT, (1, -2, 2))
    put("z", "Other text.", ())
    assert library.check() == []
    connection = sqlite3.connect(tmp_path / "library.sqlite3")
    connection.execute(damage)
    connection.commit()
    connection.close()
    (line,) = library.check()
    assert finding in line
