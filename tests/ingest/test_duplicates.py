"""Copies: one text, many carriers, one set of chunks."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.ingest.incoming import IncomingArticle
from service.types import IngestReport

Desk = Any
"""As in conftest.py."""

ONE, TWO, THREE = "The ferry resumed on Monday.", "The pier was closed again.", "A new ship was ordered."


def article(article_id: str, text: str) -> IncomingArticle:
    return IncomingArticle(f"Title of {article_id}", text, f"{article_id}.txt", id=article_id)


def counts(report: IngestReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.duplicates


def copies(desk: Desk) -> dict[str, str | None]:
    return {found.id: found.duplicate_of for found in desk.library.articles(100).articles}


def chunk_texts(desk: Desk, article_id: str) -> list[str]:
    return [chunk.text for chunk in desk.library.article_chunks(article_id)]


@pytest.mark.parametrize("one_run", [True, False])
def test_a_copy_is_an_article_without_chunks_and_is_not_embedded(desk: Desk, one_run: bool) -> None:
    first, second = article("a", ONE), article("b", ONE + "\u200b")
    if one_run:
        assert counts(desk.ingest(first, second)) == (1, 0, 0, 1)
    else:
        assert counts(desk.ingest(first)) == (1, 0, 0, 0)
        touches = desk.embedder.touches
        assert counts(desk.ingest(second)) == (0, 0, 0, 1)
        assert desk.embedder.touches == touches
    assert copies(desk) == {"a": None, "b": "a"}
    assert desk.library.size().chunks == sum(desk.embedder.calls) == 1
    desk.check()


def test_a_copy_that_comes_again_is_unchanged(desk: Desk) -> None:
    desk.ingest(article("a", ONE), article("b", ONE))
    report = desk.ingest(article("a", ONE), article("b", ONE))
    assert counts(report) == (0, 0, 2, 0)
    assert [listed.chunks for listed in report.articles] == [1, 0]


def test_a_copys_metadata_can_change(desk: Desk) -> None:
    desk.ingest(article("a", ONE), article("b", ONE))
    assert counts(desk.ingest(replace(article("b", ONE), source="Harbour Post"))) == (0, 1, 0, 0)
    assert desk.article("b").duplicate_of == "a"
    assert [carrier.source for carrier in desk.library.carriers("a")] == ["Harbour Post"]


def test_a_copy_whose_text_changes_stands_for_itself(desk: Desk) -> None:
    desk.ingest(article("a", ONE), article("b", ONE))
    assert counts(desk.ingest(article("b", TWO))) == (0, 1, 0, 0)
    assert copies(desk) == {"a": None, "b": None}
    assert chunk_texts(desk, "b") == [TWO]
    desk.check()


def test_an_original_whose_text_becomes_anothers_is_its_copy(desk: Desk) -> None:
    desk.ingest(article("a", ONE), article("b", TWO))
    assert counts(desk.ingest(article("b", ONE))) == (0, 0, 0, 1)
    assert copies(desk) == {"a": None, "b": "a"}
    assert chunk_texts(desk, "b") == []
    desk.check()


@pytest.mark.parametrize("how", ["update", "delete"])
def test_when_the_original_leaves_the_oldest_copy_takes_over_without_embedding(desk: Desk, how: str) -> None:
    desk.ingest(article("a", ONE), article("b", ONE), article("c", ONE))
    embedded = sum(desk.embedder.calls)
    if how == "update":
        desk.ingest(article("a", TWO))
        assert sum(desk.embedder.calls) == embedded + 1
    else:
        desk.pipeline.delete("a")
        assert sum(desk.embedder.calls) == embedded
    assert desk.article("b").duplicate_of is None
    assert desk.article("c").duplicate_of == "b"
    assert chunk_texts(desk, "b") == [ONE]
    desk.check()


def test_original_and_copy_may_change_in_one_run(desk: Desk) -> None:
    desk.ingest(article("a", ONE), article("b", ONE), article("c", ONE))
    assert counts(desk.ingest(article("a", TWO), article("b", THREE))) == (0, 2, 0, 0)
    assert copies(desk) == {"a": None, "b": None, "c": None}
    assert [chunk_texts(desk, name) for name in "abc"] == [[TWO], [THREE], [ONE]]
    desk.check()


def test_a_newcomer_does_not_copy_a_text_that_is_just_leaving(desk: Desk) -> None:
    desk.ingest(article("a", ONE))
    assert counts(desk.ingest(article("a", TWO), article("n", ONE))) == (1, 1, 0, 0)
    assert copies(desk) == {"a": None, "n": None}
    desk.check()


def test_two_articles_may_swap_their_texts_in_one_run(desk: Desk) -> None:
    desk.ingest(article("a", ONE), article("b", TWO))
    desk.ingest(article("a", TWO), article("b", ONE))
    assert [chunk_texts(desk, name) for name in "ab"] == [[TWO], [ONE]]
    assert copies(desk) == {"a": None, "b": None}
    desk.check()


@settings(max_examples=25, deadline=None)
@given(
    runs=st.lists(
        st.dictionaries(st.sampled_from("abcd"), st.sampled_from([ONE, TWO, THREE]), min_size=1), min_size=1, max_size=5
    )
)
def test_whatever_the_history_every_text_has_exactly_one_original(
    tmp_path_factory: pytest.TempPathFactory, open_desk: Any, runs: list[dict[str, str]]
) -> None:
    truth: dict[str, str] = {}
    with open_desk(tmp_path_factory.mktemp("desk")) as desk:
        for run in runs:
            desk.ingest(*(article(name, text) for name, text in run.items()))
            truth.update(run)
            held = {found.id: found for found in desk.library.articles(100).articles}
            assert {name: found.text for name, found in held.items()} == truth
            for text, found in itertools.groupby(sorted(held.values(), key=lambda a: a.text), key=lambda a: a.text):
                group = list(found)
                originals = [a.id for a in group if a.duplicate_of is None]
                assert len(originals) == 1
                assert all(a.duplicate_of in (None, originals[0]) for a in group)
                assert chunk_texts(desk, originals[0]) == [text]
            desk.check()
