"""Near copies: articles with chunks of their own that point to the story they repeat."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.ingest.embedding import CHUNKS_AT_ONCE
from service.ingest.incoming import IncomingArticle
from service.ingest.near_copies import signature_of
from service.models.ports import ChunkText
from service.text.overlap import is_near_copy, wording
from service.types import IngestReport

Desk = Any
"""As in conftest.py."""


def story(seed: int, sentences: int = 12) -> str:
    """A text of invented words, nothing like that of another seed."""
    rng = random.Random(seed)
    syllables = ["ka", "lo", "mi", "ren", "tus", "vor", "shi", "bel", "dan", "gor", "pel", "zu"]
    words = ["".join(rng.choices(syllables, k=3)) for _ in range(sentences * 10)]
    lines = [words[i * 10 : i * 10 + 10] for i in range(sentences)]
    return " ".join(" ".join(line).capitalize() + f" {rng.randint(10, 99)}." for line in lines)


STORY, OTHER = story(1), story(2)
WITH_CREDIT = STORY + " Reporting by our own staff in the north; editing by the night desk."
WITH_DATELINE = "Bremen, Harbour Post. " + STORY
CUT = ". ".join(STORY.split(". ")[:8]) + "."
# Near the story, but not near each other: one lacks its end, the other its beginning.
HEAD = ". ".join(STORY.split(". ")[:6]) + "."
TAIL = ". ".join(STORY.split(". ")[6:])


def article(article_id: str, text: str) -> IncomingArticle:
    return IncomingArticle(f"Title of {article_id}", text, f"{article_id}.txt", id=article_id)


def counts(report: IngestReport) -> tuple[int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.duplicates


def copies(desk: Desk) -> dict[str, str | None]:
    return {found.id: found.duplicate_of for found in desk.library.articles(100).articles}


def holds_chunks(desk: Desk, article_id: str) -> bool:
    return bool(desk.library.article_chunks(article_id))


@pytest.mark.parametrize("one_run", [True, False])
@pytest.mark.parametrize("other", [WITH_CREDIT, WITH_DATELINE, CUT], ids=["credit", "dateline", "cut"])
def test_a_near_copy_is_a_copy_with_chunks_in_one_run_as_in_two(desk: Desk, one_run: bool, other: str) -> None:
    if one_run:
        report = desk.ingest(article("a", STORY), article("b", other), article("c", OTHER))
        assert counts(report) == (2, 0, 0, 1)
        assert len(desk.embedder.calls) == 1, "a near copy in the batch is no reason to commit it"
    else:
        desk.ingest(article("a", STORY))
        report = desk.ingest(article("b", other), article("c", OTHER))
        assert counts(report) == (1, 0, 0, 1)
    assert copies(desk) == {"a": None, "b": "a", "c": None}
    by_id = {listed.id: listed.chunks for listed in report.articles}
    assert by_id["b"] == len(desk.library.article_chunks("b")) > 0
    assert report.chunks_embedded == sum(by_id.values())
    desk.check()


def test_what_comes_again_is_unchanged_and_not_embedded(desk: Desk) -> None:
    everything = [article("a", STORY), article("b", WITH_CREDIT), article("c", WITH_CREDIT)]
    desk.ingest(*everything)
    embedded = sum(desk.embedder.calls)
    assert counts(desk.ingest(*everything)) == (0, 0, 3, 0)
    assert sum(desk.embedder.calls) == embedded


def test_an_exact_copy_of_a_near_copy_points_to_the_same_original(desk: Desk) -> None:
    desk.ingest(article("a", STORY), article("b", WITH_CREDIT))
    desk.ingest(article("c", WITH_CREDIT))
    assert copies(desk) == {"a": None, "b": "a", "c": "a"}
    assert not holds_chunks(desk, "c")
    desk.pipeline.delete("b")
    assert copies(desk) == {"a": None, "c": "a"}
    assert holds_chunks(desk, "c")
    desk.check()


def test_a_copy_is_never_the_copy_of_a_copy(desk: Desk) -> None:
    desk.ingest(article("head", HEAD), article("whole", STORY), article("tail", TAIL))
    assert copies(desk) == {"head": None, "whole": "head", "tail": None}
    desk.check()


@pytest.mark.parametrize("how", ["update", "delete"])
def test_without_the_original_the_oldest_near_copy_stands_for_the_others_near_it(desk: Desk, how: str) -> None:
    desk.ingest(article("a", STORY), article("b", HEAD), article("c", TAIL), article("d", CUT))
    assert copies(desk) == {"a": None, "b": "a", "c": "a", "d": "a"}
    embedded = sum(desk.embedder.calls)
    if how == "update":
        desk.ingest(article("a", OTHER))
    else:
        desk.pipeline.delete("a")
        assert sum(desk.embedder.calls) == embedded
    assert {i: o for i, o in copies(desk).items() if i != "a"} == {"b": None, "c": None, "d": "b"}
    desk.check()


def test_an_exact_copy_inherits_before_an_older_near_copy(desk: Desk) -> None:
    desk.ingest(article("a", STORY), article("near", WITH_CREDIT))
    desk.ingest(article("exact", STORY))
    desk.pipeline.delete("a")
    assert copies(desk) == {"near": "exact", "exact": None}
    assert holds_chunks(desk, "exact")
    desk.check()


def test_a_corrected_original_keeps_its_copies(desk: Desk) -> None:
    desk.ingest(article("a", STORY), article("exact", STORY), article("near", WITH_CREDIT))
    corrected = STORY.replace(STORY.split()[10], "99.")
    assert counts(desk.ingest(article("a", corrected))) == (0, 1, 0, 0)
    assert copies(desk) == {"a": None, "exact": "a", "near": "a"}
    assert holds_chunks(desk, "exact"), "the uncorrected text must still be found"
    desk.check()


def test_an_original_that_takes_the_text_of_its_copy_is_the_copy_of_that(desk: Desk) -> None:
    desk.ingest(article("a", STORY), article("b", WITH_CREDIT), article("c", CUT))
    desk.ingest(article("a", WITH_CREDIT))
    assert copies(desk) == {"a": "b", "b": None, "c": "b"}
    assert not holds_chunks(desk, "a")
    desk.check()


def test_an_update_makes_and_unmakes_a_near_copy(desk: Desk) -> None:
    desk.ingest(article("a", STORY), article("b", OTHER))
    assert counts(desk.ingest(article("b", CUT))) == (0, 0, 0, 1)
    assert copies(desk) == {"a": None, "b": "a"}
    assert counts(desk.ingest(article("b", OTHER))) == (0, 1, 0, 0)
    assert copies(desk) == {"a": None, "b": None}
    desk.check()


def test_carriers_of_a_sentence_are_those_that_say_it(desk: Desk) -> None:
    last_figure = STORY.split()[-1]
    corrected = STORY.removesuffix(last_figure) + "7."
    desk.ingest(article("a", STORY), article("exact", STORY), article("near", corrected), article("cut", CUT))
    first, last = STORY.split(". ")[0] + ".", STORY.split(". ")[-1]
    assert [c.article_id for c in desk.library.carriers("a", first)] == ["exact", "near", "cut"]
    assert [c.article_id for c in desk.library.carriers("a", last)] == ["exact"]
    assert [c.article_id for c in desk.library.carriers("near", first)] == ["a", "exact", "cut"]
    assert [c.article_id for c in desk.library.carriers("a")] == ["exact"]


def test_near_copies_of_an_article_that_cannot_be_embedded_do_without_it(desk: Desk) -> None:
    opening = WITH_DATELINE.split(". ")[0]

    def stumble(chunks: Sequence[ChunkText]) -> None:
        if any(opening in chunk.text for chunk in chunks):
            raise RuntimeError("broken")

    desk.embedder.before = stumble
    report = desk.ingest(article("bad", WITH_DATELINE), article("b", STORY), article("c", WITH_CREDIT))
    assert [failure.origin for failure in report.failed] == ["bad.txt"]
    assert counts(report) == (1, 0, 0, 1)
    assert copies(desk) == {"b": None, "c": "b"}
    desk.check()


def test_copies_of_an_article_that_fails_in_an_earlier_batch_stand_for_themselves(desk: Desk) -> None:
    opening = WITH_DATELINE.split(". ")[0]

    def stumble(chunks: Sequence[ChunkText]) -> None:
        if any(opening in chunk.text for chunk in chunks):
            raise RuntimeError("broken")

    desk.embedder.before = stumble
    fillers = [article(f"filler-{n}", story(100 + n, 3)) for n in range(CHUNKS_AT_ONCE)]
    report = desk.ingest(article("bad", WITH_DATELINE), *fillers, article("b", STORY), article("c", WITH_CREDIT))
    assert [failure.origin for failure in report.failed] == ["bad.txt"]
    assert counts(report) == (CHUNKS_AT_ONCE + 1, 0, 0, 1)
    assert (copies(desk)["b"], copies(desk)["c"]) == (None, "b")
    desk.check()


def test_asking_does_not_load_what_only_ingest_needs() -> None:
    loaded = "import service.wiring, sys; print('dateparser' in sys.modules, 'scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_signatures_of_near_texts_meet_and_of_others_do_not() -> None:
    for other in (WITH_CREDIT, WITH_DATELINE, CUT):
        assert set(signature_of(STORY)) & set(signature_of(other))
    assert not set(signature_of(STORY)) & set(signature_of(OTHER))
    assert signature_of("Too short to have copies.") == ()


def test_a_signature_is_the_same_in_every_process() -> None:
    code = f"from service.ingest.near_copies import signature_of; print(signature_of({STORY!r})[0])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert int(done.stdout) == signature_of(STORY)[0]


TEXTS = [STORY, WITH_CREDIT, CUT, HEAD, TAIL, OTHER, OTHER + " Editing by the night desk.", "Short.", "Short. Or not."]
CHANGES = st.one_of(
    st.dictionaries(st.sampled_from("abcde"), st.sampled_from(TEXTS), min_size=1), st.sampled_from("abcde")
)


@settings(max_examples=25, deadline=None)
@given(changes=st.lists(CHANGES, min_size=1, max_size=6))
def test_whatever_the_history_copies_and_signatures_hold(
    tmp_path_factory: pytest.TempPathFactory, open_desk: Any, changes: list[dict[str, str] | str]
) -> None:
    truth: dict[str, str] = {}
    with open_desk(tmp_path_factory.mktemp("desk")) as desk, open_desk(tmp_path_factory.mktemp("desk")) as one_by_one:
        for change in changes:
            if isinstance(change, str):
                desk.pipeline.delete(change)
                one_by_one.pipeline.delete(change)
                truth.pop(change, None)
            else:
                desk.ingest(*(article(name, text) for name, text in change.items()))
                for name, text in change.items():
                    one_by_one.ingest(article(name, text))
                truth.update(change)
            held = {found.id: found for found in desk.library.articles(100).articles}
            assert {name: found.text for name, found in held.items()} == truth
            assert copies(desk) == copies(one_by_one), "the borders of batches decide nothing"
            for copy, original in ((a, held[a.duplicate_of]) for a in held.values() if a.duplicate_of):
                assert original.duplicate_of is None
                assert copy.text == original.text or is_near_copy(wording(copy.text), wording(original.text))
            for _, found in itertools.groupby(sorted(held.values(), key=lambda a: a.text), key=lambda a: a.text):
                assert sum(holds_chunks(desk, a.id) for a in found) == 1
            for name, text in truth.items():
                kept = {holder.id for holder in desk.library.near_holders(signature_of(text), text)}
                assert (name in kept) == (holds_chunks(desk, name) and bool(signature_of(text)))
            desk.check()


def test_metadata_of_a_near_copy_can_change(desk: Desk) -> None:
    desk.ingest(article("a", STORY), article("b", CUT))
    assert counts(desk.ingest(replace(article("b", CUT), source="Harbour Post"))) == (0, 1, 0, 0)
    assert copies(desk) == {"a": None, "b": "a"}
    desk.check()
