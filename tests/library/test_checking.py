"""`check` finds what was changed behind the library's back."""

from __future__ import annotations

import sqlite3

import pytest


@pytest.fixture
def tampered(library, make_article, tmp_path):
    """Runs a statement on the file as another program would, and returns what the check says then."""
    library.put([make_article("a", "Rain fell.\n\nWind rose."), make_article("b", "Snow came.")])
    library.put([make_article("c", "Snow came.", duplicate_of="b")])
    assert library.check() == []

    def tamper(*statements: str) -> list[str]:
        raw = sqlite3.connect(tmp_path / "library.sqlite3")
        for statement in statements:
            raw.execute(statement)
        raw.commit()
        raw.close()
        return library.check()

    return tamper


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        pytest.param("UPDATE revisions SET text = text || '!' WHERE article_id = 'b'", "is not the one", id="text"),
        pytest.param("UPDATE chunks SET start = start + 1, end = end + 1 WHERE ordinal = 1", "chk_", id="offset"),
        pytest.param("UPDATE chunks SET revision = 'sha256:0'", "current revision", id="revision"),
        pytest.param("UPDATE chunks SET sentences = x'00'", "damaged", id="sentences"),
        pytest.param("DELETE FROM vectors", "lacks vectors", id="vectors"),
        pytest.param("UPDATE vectors SET sentences = substr(sentences, 3)", "chk_", id="vector-size"),
        pytest.param("DELETE FROM revisions", "points to a missing row", id="foreign-key"),
        pytest.param("UPDATE articles SET duplicate_of = 'a' WHERE id = 'c'", "marked as a copy", id="copy"),
    ],
)
def test_tampering_is_found_in_plain_lines(tampered, statement, finding):
    problems = tampered(statement)
    assert any(finding in problem for problem in problems)
    assert not any("\n" in problem for problem in problems)


def test_words_that_left_the_index_are_found_and_come_back(tampered, library):
    problems = tampered("DROP TRIGGER chunk_terms_update", "UPDATE chunks SET title = 'Other' WHERE article_id = 'b'")
    assert any("lexical index" in problem for problem in problems)
    library.rebuild_lexical_index()
    assert library.check() == []
    assert len(library.lexical(["other"], 5)) == 1


def test_thousands_of_findings_are_cut_short(library, make_article, tmp_path):
    library.put([make_article(f"a{i}", f"Text {i}.") for i in range(50)])
    raw = sqlite3.connect(tmp_path / "library.sqlite3")
    raw.execute("UPDATE revisions SET text = text || '!'")
    raw.commit()
    raw.close()
    problems = library.check()
    assert any("more like" in problem for problem in problems)
    assert len(problems) < 60
