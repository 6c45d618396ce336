"""Words: terms are never syntax, and are counted and found by the same tokenizer."""

from __future__ import annotations

from dataclasses import replace

import pytest


@pytest.fixture
def filled(library, make_article):
    texts = {
        "drones": "Russia launched about 430 drones at Kyiv.",
        "dam": "The dam near Zürich held. No drones flew.",
        "cyrillic": "Київ зазнав атаки.",
        "chinese": "俄罗斯 发射 导弹.",
        "near": "The U.S. envoy stood near the river and quoted AND, OR, NOT.",
    }
    library.put([make_article(name, text, title=f"About {name}") for name, text in texts.items()])
    return library


def found(library, *terms, k=10, article_ids=None):
    hits = library.lexical(terms, k, article_ids)
    chunks = library.chunks([hit.chunk_id for hit in hits])
    return [chunks[hit.chunk_id].article_id for hit in hits]


def test_any_term_matches_and_more_matches_rank_higher(filled):
    assert found(filled, "drone", "Kyiv") == ["drones", "dam"]
    hits = filled.lexical(["drone", "kyiv"], 10)
    assert hits[0].score > hits[1].score > 0


@pytest.mark.parametrize(
    "term",
    [
        '"',
        '""',
        "*",
        "drones*",
        "NEAR(",
        "NEAR(dam drones, 2)",
        "-drones",
        "^dam",
        "title:dam",
        "(",
        ")",
        "{a}: b",
        "'",
        ";",
        "dam AND drones",
        "AND",
        "OR",
        "NOT",
        "+",
        "\\",
        "\x00",
        "drones\x00",
        "\ud800",
        " ",
        "",
        "a" * 50_000,
        "--",
        "%_",
    ],
)
def test_fts5_syntax_is_only_a_term(filled, term):
    filled.lexical([term], 5)
    filled.document_frequencies([term])
    assert "drones" in found(filled, term, "kyiv")


def test_an_operator_word_is_looked_up_like_any_other(filled):
    assert found(filled, "NOT") == ["near"]
    assert found(filled, "quoted AND") == ["near"]


@pytest.mark.parametrize(
    ("term", "article"),
    [
        ("київ", "cyrillic"),
        ("КИЇВ", "cyrillic"),
        ("俄罗斯", "chinese"),
        ("zurich", "dam"),
        ("ZÜRICH", "dam"),
        ("U.S.", "near"),
    ],
)
def test_other_alphabets_cases_diacritics_and_abbreviations(filled, term, article):
    assert found(filled, term) == [article]


def test_titles_are_searched_too(filled):
    assert found(filled, "cyrillic") == ["cyrillic"]


def test_nothing_to_look_for_finds_nothing(filled):
    assert filled.lexical([], 5) == []
    assert filled.lexical(["drones"], 0) == []
    assert filled.lexical(["drones"], 5, []) == []


def test_a_limit_to_articles_holds_for_a_few_and_for_many(filled):
    assert found(filled, "drones", article_ids=["dam"]) == ["dam"]
    assert found(filled, "drones", article_ids=[f"x{i}" for i in range(40_000)] + ["dam"]) == ["dam"]


def test_equal_scores_are_ordered_by_chunk_id(library, make_article):
    library.put([make_article(f"a{i}", "Same words.") for i in range(20)])
    ids = [hit.chunk_id for hit in library.lexical(["words"], 10)]
    assert ids == sorted(library.all_chunk_ids())[:10]


def test_thousands_of_terms_are_no_syntax_error(filled):
    assert "drones" in found(filled, *(f"word{i}" for i in range(3_000)), "kyiv")


def test_document_frequencies_count_chunks_with_the_stem(filled):
    counts = filled.document_frequencies(["drone", "DRONES", "dams", "absent", "U.S.", "***"])
    assert counts == {"drone": 2, "DRONES": 2, "dams": 1, "absent": 0, "U.S.": 1, "***": 0}


def test_frequencies_follow_updates_and_deletions(filled, make_article):
    filled.put([make_article("dam", "The dam broke.", title="About dam")])
    assert filled.document_frequencies(["drones"]) == {"drones": 1}
    filled.delete("drones")
    assert filled.document_frequencies(["drones"]) == {"drones": 0}


def test_frequencies_follow_a_new_title(filled):
    assert filled.document_frequencies(["flood"]) == {"flood": 0}
    dam = filled.article("dam")
    filled.update_metadata(replace(dam, title="The flood"))
    assert filled.document_frequencies(["flood"]) == {"flood": 1}
