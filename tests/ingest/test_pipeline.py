"""From incoming articles to the library: what is counted, embedded and kept."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from service.errors import IndexUnavailable, LibraryUnusable, ModelUnavailable
from service.ingest.embedding import CHUNKS_AT_ONCE
from service.ingest.incoming import IncomingArticle
from service.ingest.pipeline import IngestInterrupted, IngestPipeline
from service.library.reconciler import Reconciler
from service.types import IngestFailure, IngestReport

Desk = Any
"""As in conftest.py."""


def incoming(number: int, text: str | None = None, **fields: str) -> IncomingArticle:
    """Article `a<number>` with a text of its own, or the given one."""
    text = text or f"The ferry number {number} left the pier. It carried {number} passengers."
    return replace(IncomingArticle(f"Ferry {number}", text, f"news/{number}.txt", id=f"a{number}"), **fields)


def now() -> datetime:
    return datetime(2025, 11, 14, tzinfo=UTC)


def counts(report: IngestReport) -> tuple[int, int, int, int, int]:
    return report.added, report.updated, report.unchanged, report.duplicates, len(report.failed)


def test_a_new_article_is_cleaned_chunked_embedded_and_indexed(desk: Desk) -> None:
    report = desk.ingest(
        incoming(1, "Ferry\u200b resumes\r\n\r\nThe ferry resumed on Monday.", published_at="2025-11-14T09:30Z")
    )
    article = desk.article("a1")
    assert counts(report) == (1, 0, 0, 0, 0)
    assert article.text == "Ferry resumes\n\nThe ferry resumed on Monday."
    assert article.raw_text == "Ferry\u200b resumes\r\n\r\nThe ferry resumed on Monday."
    assert article.published_at == "2025-11-14T09:30:00+00:00"
    assert article.ingested_at == "2025-11-14T09:01:00+00:00"
    (listed,) = report.articles
    assert (listed.id, listed.revision, listed.title) == ("a1", article.revision, "Ferry 1")
    assert listed.chunks == report.chunks_embedded == len(desk.library.article_chunks("a1")) > 0
    assert all(chunk.text == article.text[chunk.start : chunk.end] for chunk in desk.library.article_chunks("a1"))
    assert desk.library.model_key() == desk.embedder.key
    desk.check()


def test_an_article_without_a_title_gets_one_from_its_text(desk: Desk) -> None:
    desk.ingest(replace(incoming(1, "Ferry resumes\n\nThe ferry resumed on Monday."), title=None))
    assert desk.article("a1").title == "Ferry resumes"


def test_markdown_marks_do_not_reach_the_text(desk: Desk) -> None:
    item = replace(incoming(1, "# Ferry resumes\n\nThe **ferry** resumed."), title=None, markdown=True)
    desk.ingest(item)
    assert (desk.article("a1").title, "*" in desk.article("a1").text) == ("Ferry resumes", False)


def test_the_same_again_touches_neither_model_nor_library(desk: Desk) -> None:
    items = [incoming(n) for n in range(20)]
    first = desk.ingest(*items)
    assert first.chunks_embedded == sum(desk.embedder.calls) == desk.library.size().chunks
    before, fingerprint = desk.embedder.touches, desk.library.fingerprint()
    again = desk.ingest(*items)
    assert counts(again) == (0, 0, 20, 0, 0)
    assert again.chunks_embedded == 0
    assert again.articles == first.articles
    assert desk.embedder.touches == before
    assert desk.library.fingerprint() == fingerprint
    desk.check()


def test_other_metadata_is_an_update_without_embedding(desk: Desk) -> None:
    desk.ingest(incoming(1))
    before, touches = desk.article("a1"), desk.embedder.touches
    report = desk.ingest(incoming(1, title="Another title", source="Harbour Post"))
    assert counts(report) == (0, 1, 0, 0, 0)
    assert report.articles[0].chunks == len(desk.library.article_chunks("a1"))
    assert desk.embedder.touches == touches
    assert desk.article("a1") == replace(before, title="Another title", source="Harbour Post")
    desk.check()


def test_the_same_path_from_another_folder_is_an_update(desk: Desk, tmp_path: Path) -> None:
    for folder in ("old", "new"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "a.txt").write_text("The ferry resumed on Monday.", encoding="utf-8")
    assert counts(desk.ingest_paths(tmp_path / "old")) == (1, 0, 0, 0, 0)
    assert counts(desk.ingest_paths(tmp_path / "new")) == (0, 1, 0, 0, 0)
    assert desk.library.articles(10).articles[0].origin == str(tmp_path / "new" / "a.txt")


def test_a_raw_text_that_cleans_to_the_same_is_unchanged(desk: Desk) -> None:
    desk.ingest(incoming(1, "The ferry resumed on Monday."))
    assert counts(desk.ingest(incoming(1, "The ferry\u200b resumed on Monday.  \r\n"))) == (0, 0, 1, 0, 0)


def test_a_new_text_replaces_the_chunks_and_keeps_the_old_revision(desk: Desk) -> None:
    desk.ingest(incoming(1, "The ferry resumed on Monday."))
    old = desk.article("a1")
    report = desk.ingest(incoming(1, "The ferry resumed on Tuesday."))
    assert counts(report) == (0, 1, 0, 0, 0)
    assert [chunk.text for chunk in desk.library.article_chunks("a1")] == ["The ferry resumed on Tuesday."]
    kept = desk.library.article("a1", old.revision)
    assert kept is not None
    assert kept.text == old.text
    desk.check()


def test_a_text_that_returns_to_what_it_was_is_current_again(desk: Desk) -> None:
    for text in ("The ferry runs.", "The ferry rests.", "The ferry runs."):
        desk.ingest(incoming(1, text))
        assert [chunk.text for chunk in desk.library.article_chunks("a1")] == [text]
    assert desk.library.size().revisions == 2
    desk.check()


def test_the_same_id_twice_in_one_run_fails_the_second(desk: Desk) -> None:
    report = desk.ingest(incoming(1), incoming(1, "Another text altogether.", origin="b.txt"), incoming(2))
    assert counts(report) == (2, 0, 0, 0, 1)
    assert report.failed[0].origin == "b.txt"
    assert "same article as news/1.txt" in report.failed[0].error


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        pytest.param(incoming(9, "\u200b\u200d\x00\x07"), "has no text once it is cleaned", id="nothing is left"),
        pytest.param(incoming(9, " \n"), "has no text", id="blank"),
        pytest.param(incoming(9, published_at="32/13/2025"), "is not a date", id="a wrong date"),
        pytest.param(incoming(9, url="javascript:x"), "is unusable", id="a wrong url"),
        pytest.param(incoming(9, id="a\nb"), "is unusable", id="a wrong id"),
        pytest.param(IngestFailure("news/9.txt", "is empty"), "is empty", id="the reader's own failure"),
    ],
)
def test_a_bad_article_is_one_failure_and_the_rest_goes_on(
    desk: Desk, bad: IncomingArticle | IngestFailure, says: str
) -> None:
    report = desk.ingest(incoming(1), bad, incoming(2))
    assert counts(report) == (2, 0, 0, 0, 1)
    assert report.failed[0].origin == "news/9.txt"
    assert says in report.failed[0].error
    desk.check()


def test_a_thousand_lines_with_every_tenth_broken_are_counted_exactly(desk: Desk, tmp_path: Path) -> None:
    broken = ["{", "[]", '{"title": "a"}', '{"title": "a", "text": "b", "published_at": "soon"}', '{"text": "b"}']
    file = tmp_path / "wire.jsonl"
    with file.open("w", encoding="utf-8") as stream:
        for number in range(1, 1_001):
            good = {"title": f"Ferry {number}", "text": f"Ferry {number} left.", "id": f"ferry-{number}"}
            stream.write((broken[number // 10 % len(broken)] if number % 10 == 0 else json.dumps(good)) + "\n")
    report = desk.ingest_paths(file)
    assert counts(report) == (900, 0, 0, 0, 100)
    assert [failure.origin for failure in report.failed] == [f"{file}:{n}" for n in range(10, 1_001, 10)]
    assert desk.library.size().articles == len(report.articles) == 900
    assert report.chunks_embedded == desk.library.size().chunks == desk.index.count()
    again = desk.ingest_paths(file)
    assert counts(again) == (0, 0, 900, 0, 100)
    assert again.chunks_embedded == 0


def test_chunks_are_embedded_in_bounded_batches_across_articles(desk: Desk) -> None:
    long = " ".join(f"Ferry {n} left the pier and carried {n * 7} passengers to the islands." for n in range(1_500))
    desk.ingest(*(incoming(n) for n in range(100)), incoming(200, long))
    assert max(desk.embedder.calls) <= CHUNKS_AT_ONCE
    assert len(desk.library.article_chunks("a200")) > CHUNKS_AT_ONCE
    assert desk.embedder.calls[0] == CHUNKS_AT_ONCE
    desk.check()


def test_an_article_that_the_embedder_fails_on_does_not_take_the_others_down(desk: Desk) -> None:
    def refuse_13(chunks: object) -> None:
        if "number 13 " in str(chunks):
            raise RuntimeError("tensor of\nthe wrong shape")

    desk.embedder.before = refuse_13
    report = desk.ingest(*(incoming(n) for n in range(20)))
    assert counts(report) == (19, 0, 0, 0, 1)
    assert report.failed == (
        IngestFailure(
            "news/13.txt",
            "could not be embedded (tensor of the wrong shape): split it or shorten it, the rest goes on",
        ),
    )
    assert desk.library.article("a13") is None
    desk.check()
    desk.embedder.before = lambda chunks: None
    assert counts(desk.ingest(*(incoming(n) for n in range(20)))) == (1, 0, 19, 0, 0)


def test_a_copy_of_an_article_that_could_not_be_embedded_stands_for_itself(desk: Desk) -> None:
    calls = iter([True, True])

    def refuse_twice(chunks: object) -> None:
        if next(calls, False):
            raise RuntimeError("no")

    desk.embedder.before = refuse_twice
    report = desk.ingest(incoming(1, "The ferry resumed."), incoming(2, "The ferry resumed."))
    assert counts(report) == (1, 0, 0, 0, 1)
    assert desk.article("a2").duplicate_of is None
    desk.check()


def test_a_model_that_cannot_be_loaded_ends_the_run_and_nothing_is_half_written(desk: Desk) -> None:
    def gone(chunks: object) -> None:
        raise ModelUnavailable("the weights are gone: install them")

    desk.ingest(incoming(1))
    desk.embedder.before = gone
    with pytest.raises(ModelUnavailable):
        desk.ingest(incoming(1), incoming(2))
    assert desk.library.size().articles == 1
    desk.check()


def test_another_model_is_refused_with_what_to_do(desk: Desk) -> None:
    desk.ingest(incoming(1))
    desk.embedder.key_override = "another-384-fp32"
    with pytest.raises(LibraryUnusable, match=r"not by another-384-fp32: set GROUNDWIRE_EMBEDDING_MODEL"):
        desk.ingest(incoming(2))
    assert desk.library.size().articles == 1
    assert counts(desk.ingest(incoming(1))) == (0, 0, 1, 0, 0)


def test_an_empty_library_takes_another_model(desk: Desk) -> None:
    desk.ingest(incoming(1))
    desk.pipeline.delete("a1")
    desk.embedder.key_override = "another-384-fp32"
    assert counts(desk.ingest(incoming(2))) == (1, 0, 0, 0, 0)
    assert desk.library.model_key() == "another-384-fp32"


def test_a_delete_reaches_the_vector_store(desk: Desk) -> None:
    desk.ingest(incoming(1), incoming(2))
    deleted = desk.pipeline.delete("a1")
    assert deleted is not None
    assert deleted.id == "a1"
    assert desk.pipeline.delete("a1") is None
    assert desk.library.size().articles == 1
    desk.check()


def test_progress_only_grows_and_ends_at_the_truth(desk: Desk) -> None:
    report = desk.ingest(*(incoming(n) for n in range(100)), IngestFailure("x", "is empty"))
    last = desk.progress[-1]
    assert (last.read, last.done, last.failed, last.chunks_embedded) == (101, 100, 1, report.chunks_embedded)
    for name in ("read", "done", "failed", "chunks_embedded"):
        values = [getattr(step, name) for step in desk.progress]
        assert values == sorted(values)


def test_writers_take_turns_and_agree_on_who_is_the_copy(desk: Desk) -> None:
    reports: list[IngestReport] = []

    def ingest(first: int) -> None:
        items = [incoming(first + n, f"Ferry {n} left the pier in the rain.") for n in range(100)]
        reports.append(desk.pipeline.run(items))

    threads = [threading.Thread(target=ingest, args=(first,)) for first in (1_000, 2_000, 3_000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(report.added for report in reports) == 100
    assert sum(report.duplicates for report in reports) == 200
    desk.check()


def test_a_vector_store_that_is_away_is_in_the_log_that_a_service_writes(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    def away() -> None:
        raise IndexUnavailable("the vector store does not answer: start it")

    desk.index.before = away
    desk.ingest(incoming(1))
    assert {record.name.split(".")[0] for record in caplog.records} == {"groundwire"}


def test_a_vector_store_that_is_away_loses_nothing(desk: Desk) -> None:
    def away() -> None:
        raise IndexUnavailable("the vector store does not answer: start it")

    desk.index.before = away
    assert counts(desk.ingest(incoming(1))) == (1, 0, 0, 0, 0)
    assert desk.library.size().pending == 1
    desk.index.before = lambda: None
    assert counts(desk.ingest(incoming(1))) == (0, 0, 1, 0, 0)  # nothing new, and yet what waited goes over
    desk.check()


def test_a_fault_in_the_chunker_is_a_failure_and_no_traceback(desk: Desk) -> None:
    faulty: Any = object()
    pipeline = IngestPipeline(desk.library, Reconciler(desk.library, desk.index), desk.embedder, faulty, now)
    report = pipeline.run([incoming(1)])
    assert counts(report) == (0, 0, 0, 0, 1)
    assert report.failed[0].error.startswith("could not be cut into chunks (")
    assert counts(desk.ingest(incoming(1))) == (1, 0, 0, 0, 0)


def interrupt() -> None:
    raise KeyboardInterrupt


def interrupted_after(items: list[IncomingArticle], count: int) -> Iterator[IncomingArticle]:
    yield from items[:count]
    interrupt()


def test_an_interrupt_keeps_what_is_committed_and_says_what(desk: Desk) -> None:
    items = [incoming(n) for n in range(200)]
    with pytest.raises(IngestInterrupted) as interrupted:
        desk.pipeline.run(interrupted_after(items, 150))
    saved = interrupted.value.report
    assert saved.added == desk.library.size().articles == len(saved.articles)
    assert 0 < saved.added <= 150
    desk.check()
    assert counts(desk.ingest(*items)) == (200 - saved.added, 0, saved.added, 0, 0)


def test_an_interrupt_while_embedding_leaves_nothing_half_written(desk: Desk) -> None:
    def stop_at_third(chunks: object) -> None:
        if len(desk.embedder.calls) == 3:
            raise KeyboardInterrupt

    desk.embedder.before = stop_at_third
    with pytest.raises(IngestInterrupted) as interrupted:
        desk.ingest(*(incoming(n) for n in range(300)))
    assert interrupted.value.report.added == desk.library.size().articles == 2 * CHUNKS_AT_ONCE
    assert isinstance(interrupted.value, KeyboardInterrupt)
    desk.check()
    desk.ingest(incoming(900))  # the turn was given back


def test_an_interrupt_just_after_the_commit_still_counts_what_was_saved(desk: Desk) -> None:
    desk.library.after_put = interrupt
    with pytest.raises(IngestInterrupted, match="2 articles are saved") as interrupted:
        desk.ingest(incoming(1), incoming(2))
    assert interrupted.value.report.added == desk.library.size().articles == 2


def test_an_interrupt_while_the_vector_store_is_told_keeps_the_article(desk: Desk) -> None:
    desk.index.before = interrupt
    with pytest.raises(IngestInterrupted) as interrupted:
        desk.ingest(incoming(1))
    assert interrupted.value.report.added == 1
    desk.index.before = lambda: None
    desk.ingest()
    desk.check()
