"""Readers never wait for the writer, and see a change whole or not at all."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor


def test_reads_go_on_during_an_open_write_and_see_the_state_before_it(library, make_article):
    library.put([make_article("a", "Old.")])
    with library._connections.writing() as connection:
        connection.execute("UPDATE articles SET title = 'half done'")
        connection.execute("DELETE FROM chunks")
        with ThreadPoolExecutor(8) as threads:
            titles = list(threads.map(lambda _: library.article("a").title, range(32)))
            hits = list(threads.map(lambda _: len(library.lexical(["old"], 5)), range(32)))
        assert set(titles) == {"A title"}
        assert set(hits) == {1}
        connection.execute("UPDATE articles SET title = 'A title'")


def test_a_read_is_of_one_state_though_a_write_commits_in_its_middle(library, make_article):
    library.put([make_article("a", "Old.")])
    with library._connections.reading() as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (1,)
        library.put([make_article("b", "New.")])
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (1,)
    assert library.size().articles == 2


def test_many_threads_read_and_write_at_once(library, make_article):
    stop = threading.Event()

    def read() -> int:
        rounds = 0
        while not stop.is_set() or rounds == 0:
            page = library.articles(100)
            chunks = [chunk for article in page.articles for chunk in library.article_chunks(article.id)]
            library.sentence_vectors([chunk.id for chunk in chunks])
            library.lexical(["text", "edition"], 20)
            assert library.fingerprint().startswith("sha256:")
            rounds += 1
        return rounds

    def write(writer: int) -> None:
        for number in range(15):
            library.put([make_article(f"w{writer}", f"Text {number}.\n\nEdition of {writer}.")])
            library.put([make_article(f"w{writer}-{number}", f"Text {number} of {writer}.")])
            if number % 3 == 0:
                library.delete(f"w{writer}-{number}")

    with ThreadPoolExecutor(6) as threads:
        readers = [threads.submit(read) for _ in range(4)]
        for writing in [threads.submit(write, writer) for writer in range(2)]:
            writing.result()
        stop.set()
        assert all(reader.result() for reader in readers)
    assert library.size().articles == 2 * (1 + 10)
    assert library.check() == []


def test_a_fingerprint_read_during_a_write_is_not_kept_after_it(library, make_article):
    library.put([make_article("a", "Old.")])
    before = library.fingerprint()
    library._generation += 1  # as if another write had ended: the next read computes anew
    with library._connections.writing():
        assert library.fingerprint() == before
    library.put([make_article("a", "New.")])
    assert library.fingerprint() != before
