"""Citations made by code, and sentences checked against what they cite."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from service.answering.citing import CarriersOf, Citer, quotes, sentences_cited
from service.answering.selecting import Selected
from service.types import AnswerSentence, Carrier, Citation

NO_CARRIERS = lambda article_id, quote: ()  # noqa: E731


@pytest.mark.parametrize(
    ("text", "quote", "holds"),
    [
        pytest.param("One fell.", "One fell.", True, id="word_for_word"),
        pytest.param("… fell late …", "One fell late at night.", True, id="cut_at_both_ends"),
        pytest.param("One fell …", "One fell late.", True, id="cut_at_the_end"),
        pytest.param("", "One fell.", False, id="empty"),
        pytest.param("Two fell.", "One fell.", False, id="another_figure"),
        pytest.param("one fell.", "One fell.", False, id="another_case"),
        pytest.param("One  fell.", "One fell.", False, id="another_space"),
        pytest.param("One fell. Two fell.", "One fell.", False, id="more_than_the_quote"),
        pytest.param("One … late.", "One fell late.", False, id="cut_inside"),
        pytest.param("… … One fell.", "One fell.", False, id="a_mark_too_many"),
        pytest.param("One fell.", "", False, id="an_empty_quote"),
        pytest.param("…  …", "One fell.", False, id="nothing_but_marks"),
        pytest.param("… ", "One fell.", False, id="a_mark_alone"),
    ],
)
def test_quotes_fails_closed(text, quote, holds):
    assert quotes(text, quote) is holds


def cited_sentences(
    selected: Sequence[Selected], carriers_of: CarriersOf
) -> tuple[list[AnswerSentence], list[Citation], int]:
    citer = Citer(carriers_of)
    sentences, dropped = sentences_cited(selected, citer)
    return sentences, citer.citations, dropped


class TestCitedSentences:
    @pytest.fixture
    def context(self, make_context):
        return make_context("A crane fell on 14 November 2025. Nobody was hurt. Two stood.")

    def selected(self, context, index, dated_by=None, text=None):
        return Selected(context, index, dated_by, text or context.text(index))

    def test_markers_count_in_reading_order(self, context):
        sentences, citations, dropped = cited_sentences(
            [self.selected(context, 2), self.selected(context, 0)], NO_CARRIERS
        )
        assert [s.markers for s in sentences] == [(1,), (2,)]
        assert [c.quote for c in citations] == ["Two stood.", "A crane fell on 14 November 2025."]
        assert dropped == 0

    def test_the_sentence_that_gives_the_date_is_cited_too(self, context):
        (sentence,), citations, _ = cited_sentences([self.selected(context, 1, dated_by=0)], NO_CARRIERS)
        assert sentence.markers == (1, 2)
        assert [c.quote for c in citations] == ["Nobody was hurt.", "A crane fell on 14 November 2025."]

    def test_one_span_has_one_marker_however_often_it_is_cited(self, context):
        chosen = [
            self.selected(context, 0),
            self.selected(context, 1, dated_by=0),
            self.selected(context, 0, dated_by=0),
        ]
        sentences, citations, _ = cited_sentences(chosen, NO_CARRIERS)
        assert [s.markers for s in sentences] == [(1,), (2, 1), (1,)]
        assert len(citations) == 2

    def test_the_same_words_in_another_article_are_cited_apart(self, context, make_context):
        other = make_context("A crane fell on 14 November 2025.", id="b")
        _, citations, _ = cited_sentences([self.selected(context, 0), self.selected(other, 0)], NO_CARRIERS)
        assert [(c.marker, c.article_id) for c in citations] == [(1, "a"), (2, "b")]

    def test_a_sentence_that_is_not_in_its_quote_is_dropped_and_counted(self, context):
        altered = self.selected(context, 0, text="A crane fell on 15 November 2025.")
        sentences, citations, dropped = cited_sentences([altered, self.selected(context, 1)], NO_CARRIERS)
        assert [s.text for s in sentences] == ["Nobody was hurt."]
        assert [c.marker for c in citations] == [1]
        assert dropped == 1

    def test_a_citation_names_where_it_is_from_and_who_carries_it(self, context):
        carrier = Carrier("copy", "Harbour Post", None)
        _, (citation,), _ = cited_sentences([self.selected(context, 1)], lambda article_id, quote: (carrier,))
        assert (citation.origin, citation.revision) == ("a.txt", context.article.revision)
        assert (citation.start, citation.end) == (34, 50)
        assert citation.carriers == (carrier,)
