"""What an answer and a citation cannot be."""

from __future__ import annotations

import pytest

from service.errors import CitationMismatch
from service.types import Answer, AnswerSentence, Article, Citation, Disagreement, DisagreementValue, Span

ARTICLE = Article("a", "T", "One fell. Two stood.", "One fell. Two stood.", "a.txt", "1", "2025-11-20T12:00:00Z")
CITED = Citation.of(ARTICLE, Span(0, 9), marker=1)
SAID = AnswerSentence("One fell.", (1,), 1.0, "supported")
REFUSED = AnswerSentence("The articles do not say.", (), 0.0, "not_supported")


def answer(**fields):
    known = {
        "id": "ans_1",
        "question": "?",
        "status": "answered",
        "abstention_reason": None,
        "unanswered": None,
        "sentences": (SAID,),
        "citations": (CITED,),
        "confidence": 0.9,
        "generator": "extractive",
    }
    return Answer(**{**known, **fields})


class TestCitation:
    def test_it_quotes_what_stands_there(self):
        assert (CITED.quote, CITED.revision) == ("One fell.", ARTICLE.revision)

    @pytest.mark.parametrize(
        "span",
        [
            pytest.param(Span(10, 21), id="one_too_long"),
            pytest.param(Span(20, 25), id="behind_the_end"),
            pytest.param(Span(400, 500), id="far_outside"),
            pytest.param(Span(4, 4), id="empty"),
        ],
    )
    def test_a_span_outside_the_text_is_a_mismatch(self, span):
        with pytest.raises(CitationMismatch):
            Citation.of(ARTICLE, span, marker=1)

    def test_another_revision_of_the_article_is_a_mismatch(self):
        newer = Article("a", "T", "One fell. Two stood. Three swayed.", "", "a.txt", "1", "2025-11-20T12:00:00Z")
        with pytest.raises(CitationMismatch):
            CITED.check(newer)

    def test_another_article_of_the_same_text_is_a_mismatch(self):
        with pytest.raises(CitationMismatch):
            CITED.check(Article("b", "T", ARTICLE.text, "", "b.txt", "1", "2025-11-20T12:00:00Z"))

    @pytest.mark.parametrize(("start", "end"), [(-1, 3), (4, 3)])
    def test_a_span_is_never_negative_or_backwards(self, start, end):
        with pytest.raises(ValueError):
            Span(start, end)


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"citations": ()}, id="a_marker_without_its_citation"),
        pytest.param(
            {"sentences": (SAID,), "citations": (CITED, Citation.of(ARTICLE, Span(10, 20), marker=2))}, id="unused"
        ),
        pytest.param(
            {"sentences": (AnswerSentence("One fell.", (), 1.0, "supported"),), "citations": ()}, id="uncited"
        ),
        pytest.param({"status": "abstained"}, id="an_abstention_without_a_reason"),
        pytest.param({"abstention_reason": "off_topic"}, id="an_answer_with_a_reason_to_abstain"),
        pytest.param({"status": "abstained", "abstention_reason": "off_topic"}, id="an_abstention_with_citations"),
        pytest.param(
            {"status": "abstained", "abstention_reason": "off_topic", "sentences": (REFUSED, REFUSED), "citations": ()},
            id="an_abstention_of_two_sentences",
        ),
        pytest.param(
            {"disagreements": (Disagreement("cranes", (DisagreementValue("two", 7, None),)),)},
            id="a_disagreement_with_an_unknown_marker",
        ),
    ],
)
def test_an_answer_that_lies_cannot_be_made(fields):
    with pytest.raises(ValueError, match="ans_1"):
        answer(**fields)


def test_an_answer_reads_as_its_sentences_with_their_markers():
    assert answer().text == "One fell. [1]"


def test_an_abstention_reads_without_markers():
    refusal = answer(status="abstained", abstention_reason="off_topic", sentences=(REFUSED,), citations=())
    assert refusal.text == "The articles do not say."
