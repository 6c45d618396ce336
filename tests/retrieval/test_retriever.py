"""From a query to evidence."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from service.errors import IndexUnavailable
from service.library.memory import InMemoryVectorIndex
from service.library.ports import Hit, Vector
from service.models.hashing import HashingEmbedder
from service.types import Filters

# "telegram" and "television" share their beginning, which only the vectors know of, and no stem.
SCREENS = "Every television in the harbour hall went dark."
APPLES = "The orchard lost two hundred trees."


class SpyingIndex(InMemoryVectorIndex):
    """Remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[tuple[Vector, int, Sequence[str] | None]] = []

    def query(self, vector: Vector, k: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        self.asked.append((vector, k, article_ids))
        return super().query(vector, k, article_ids)


class LyingIndex(InMemoryVectorIndex):
    """Returns what it was told to, whatever is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.lies: list[Hit] = []

    def query(self, vector: Vector, k: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        return self.lies


class HoardingIndex(InMemoryVectorIndex):
    """Never lets go of a chunk, as a store that has not yet been told."""

    def delete(self, chunk_ids: Sequence[str]) -> None:
        pass


class DownIndex(InMemoryVectorIndex):
    def query(self, vector: Vector, k: int, article_ids: Sequence[str] | None = None) -> list[Hit]:
        raise IndexUnavailable("the vector store does not answer")


def test_a_chunk_that_only_the_index_returns_is_found(open_shelf):
    shelf = open_shelf(LyingIndex())
    shelf.add(apples=APPLES, screens=SCREENS)
    (told,) = shelf.library.article_chunks("apples")
    shelf.index.lies = [Hit(told.id, 0.9)]
    (only,) = shelf.retriever.search("zeppelins", 5, Filters()).evidence
    assert (only.article.id, only.dense, only.lexical) == ("apples", 0.9, 0.0)


def test_with_an_empty_index_what_only_the_vectors_know_is_not_found(shelf):
    shelf.add(apples=APPLES, screens=SCREENS)
    assert shelf.found("telegram")[0] == "screens"
    shelf.index.reset()
    assert shelf.found("telegram") == []


def test_the_index_is_asked_once_with_the_vector_of_the_query_and_what_is_allowed(open_shelf):
    shelf = open_shelf(SpyingIndex())
    shelf.add(apples=APPLES, screens=SCREENS)
    shelf.found("dark halls", k=3, article_ids=("screens",))
    ((vector, k, allowed),) = shelf.index.asked
    np.testing.assert_array_equal(vector, HashingEmbedder().embed_query("dark halls"))
    assert k >= 3
    assert list(allowed) == ["screens"]


def test_a_rare_word_is_found_by_the_lexical_half_alone(shelf):
    shelf.add(apples=APPLES, screens=SCREENS)
    shelf.index.reset()
    (only,) = shelf.retriever.search("orchards", 5, Filters()).evidence
    assert only.article.id == "apples"
    assert only.lexical == 1.0
    assert only.dense > 0, "the library keeps the vectors, so the cosine is known all the same"


def test_a_store_that_does_not_answer_is_said_and_not_hidden(open_shelf):
    shelf = open_shelf(DownIndex())
    shelf.add(apples=APPLES)
    with pytest.raises(IndexUnavailable):
        shelf.found("orchard")


def test_k_limits_the_evidence_and_it_comes_best_first(shelf):
    shelf.add(**{f"a{n}": f"The orchard lost {n} trees." for n in range(6)})
    evidence = shelf.retriever.search("orchard trees", 4, Filters()).evidence
    assert len(evidence) == 4
    assert [e.score for e in evidence] == sorted((e.score for e in evidence), reverse=True)


def test_the_same_query_gives_the_same_order_twice(shelf):
    shelf.add(**{f"a{n}": f"The orchard lost {n} trees." for n in range(6)})
    assert shelf.found("orchard trees") == shelf.found("orchard trees")


def test_a_stale_chunk_of_a_replaced_article_is_not_returned(open_shelf):
    shelf = open_shelf(HoardingIndex())
    shelf.add(report="The harbour crane fell at dawn.")
    shelf.add(report="The orchard lost two hundred trees.")
    assert shelf.index.count() == 2
    (only,) = shelf.retriever.search("harbour crane", 5, Filters()).evidence
    assert only.chunk.text == "The orchard lost two hundred trees."
    assert only.article.revision == only.chunk.revision


def test_a_stale_chunk_does_not_take_the_place_of_a_current_one(open_shelf):
    shelf = open_shelf(HoardingIndex())
    shelf.add(report="The harbour crane fell at dawn.")
    shelf.add(report="Nothing of note.", other="A crane was seen.")
    assert shelf.found("harbour crane fell at dawn", k=1) == ["other"]


def test_a_chunk_of_a_deleted_article_is_not_returned(open_shelf):
    shelf = open_shelf(HoardingIndex())
    shelf.add(report="The harbour crane fell at dawn.")
    shelf.pipeline.delete("report")
    assert shelf.found("harbour crane") == []


@pytest.mark.parametrize(
    "query",
    [
        '"', "*", "crane*", "NEAR(crane harbour)", "crane AND NOT harbour", "-crane", "text:crane", "^crane", "(crane",
        "crane) OR (", "''; DROP TABLE chunks; --", "\x00crane", "crane\ud800", "журавль", "起重机", "🏗️", "", " ", "?!",
    ],
)  # fmt: skip
def test_the_syntax_of_the_index_in_a_query_is_harmless(shelf, query):
    shelf.add(crane="The harbour crane fell at dawn.")
    shelf.retriever.search(query, 5, Filters())
    assert shelf.found("crane") == ["crane"]


def test_a_query_of_stop_words_alone_still_finds(shelf):
    shelf.add(band="The Who were here.")
    shelf.index.reset()
    assert shelf.found("The Who") == ["band"]


def test_words_that_stand_together_in_the_query_count_more_where_they_do_in_the_text(shelf):
    shelf.add(
        apart="A house stood there. White it was, and big, until it fell.",
        together="A white house stood there. It was big, until it fell.",
    )
    assert shelf.found("white house")[0] == "together"


class TestFilters:
    @pytest.fixture
    def dated(self, shelf):
        text = "The harbour crane fell in the {} storm."
        shelf.add(
            early={"text": text.format("first"), "published_at": "2025-11-08", "source": "Harbour Post"},
            late={"text": text.format("second"), "published_at": "2025-11-14T21:00:00+02:00", "source": "Wire"},
            undated={"text": text.format("third"), "source": "Wire"},
        )
        return shelf

    @pytest.mark.parametrize(
        ("filters", "expected", "excluded"),
        [
            pytest.param({}, {"early", "late", "undated"}, 0, id="none"),
            pytest.param({"article_ids": ("late", "unknown")}, {"late"}, 0, id="article_ids"),
            pytest.param({"article_ids": ("unknown",)}, set(), 0, id="nothing_allowed_is_not_everything"),
            pytest.param({"sources": ("wire",)}, {"late", "undated"}, 0, id="sources"),
            pytest.param({"published_from": "2025-11-09"}, {"late"}, 1, id="from"),
            pytest.param({"published_to": "2025-11-08"}, {"early"}, 1, id="to_is_inclusive"),
            pytest.param({"published_from": "2025-11-14", "published_to": "2025-11-14"}, {"late"}, 1, id="one_day"),
            pytest.param({"published_from": "2026-01-01"}, set(), 1, id="all_filtered_out_still_counts_the_undated"),
            pytest.param(
                {"published_from": "2025-11-09", "include_undated": True}, {"late", "undated"}, 0, id="with_undated"
            ),
            pytest.param({"as_of": "2025-11-10"}, {"early"}, 0, id="as_of"),
        ],
    )
    def test_filters(self, dated, filters, expected, excluded):
        result = dated.retriever.search("harbour crane", 10, Filters(**filters))
        assert {e.article.id for e in result.evidence} == expected
        assert result.excluded_undated == excluded

    def test_a_filter_holds_for_the_lexical_half_too(self, dated):
        dated.index.reset()
        assert dated.found("harbour crane", sources=("Harbour Post",)) == ["early"]


def test_with_the_evidence_comes_the_vector_that_found_it(shelf):
    shelf.add(halls="The dark halls were empty.")
    result, vector = shelf.retriever.search_and_vector("dark halls", 5, Filters())
    assert result == shelf.retriever.search("dark halls", 5, Filters())
    np.testing.assert_array_equal(vector, HashingEmbedder().embed_query("dark halls"))
    nothing, same = shelf.retriever.search_and_vector("dark halls", 5, Filters(sources=("Nobody",)))
    assert nothing.evidence == ()
    np.testing.assert_array_equal(same, vector)
