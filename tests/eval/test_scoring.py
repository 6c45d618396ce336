"""The judgements on one answer, each apart."""

from __future__ import annotations

import pytest

from eval.cases import Case
from eval.scoring import score, share
from service.types import Answer, AnswerSentence, Article, Citation, Span

TEXT = "The storm tore down 31 cranes. Repairs cost 48 million crowns."
STORM = Article("storm", "Storm", TEXT, TEXT, "storm.txt", "1", "2025-11-20T12:00:00Z")
OTHER = Article("other", "Other", TEXT, TEXT, "other.txt", "1", "2025-11-20T12:00:00Z")
CASE = Case("q", "How many cranes?", "count", True, (("31",),), ("storm",), ("48",))
UNANSWERABLE = Case("u", "How many boats?", "near_miss", False, (), (), ())
FIRST, SECOND = Span(0, 30), Span(31, 62)


def answered(*parts, article=STORM):
    """Sentences as (text, span) or a span whose text is its own."""
    texts = [(p.of(article.text), p) if isinstance(p, Span) else p for p in parts]
    citations = tuple(Citation.of(article, span, marker=n) for n, (_, span) in enumerate(texts, start=1))
    sentences = tuple(AnswerSentence(text, (n,), 1.0, "supported") for n, (text, _) in enumerate(texts, start=1))
    return Answer("ans_1", "?", "answered", None, None, sentences, citations, 0.9, "extractive")


REFUSAL = Answer(
    "ans_2", "?", "abstained", "not_in_articles", None,
    (AnswerSentence("The articles do not say.", (), 0.0, "not_supported"),), (), 0.1, "extractive",
)  # fmt: skip


def judged(case, answer, ids=None, articles=(STORM, OTHER)):
    return score(case, answer, {a.id: a for a in articles}, ids or {})


def test_the_right_figure_from_the_right_article_is_right():
    result = judged(CASE, answered(FIRST))
    assert (result.right, result.spans_exact, result.short, result.forbidden) == (True, True, True, False)


def test_the_right_figure_cited_to_the_wrong_article_is_wrong():
    assert not judged(CASE, answered(FIRST, article=OTHER)).right


def test_the_right_figure_outside_the_quotes_is_wrong():
    assert not judged(CASE, answered(("It took 31 boats.", SECOND))).right


def test_the_right_figure_in_the_quote_but_not_in_the_answer_is_wrong():
    assert not judged(CASE, answered(("The storm tore down", FIRST))).right


def test_another_figure_is_wrong():
    assert not judged(CASE, answered(SECOND)).right


def test_a_refusal_of_an_answerable_question_is_wrong():
    assert not judged(CASE, REFUSAL).right


def test_a_refusal_of_an_unanswerable_question_is_right_and_an_answer_is_wrong():
    assert judged(UNANSWERABLE, REFUSAL).right
    assert not judged(UNANSWERABLE, answered(FIRST)).right


def test_a_forbidden_value_is_flagged_though_the_answer_is_right():
    result = judged(CASE, answered(FIRST, SECOND))
    assert result.right
    assert result.forbidden


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(answered(FIRST, FIRST, FIRST, FIRST), id="four_sentences"),
        pytest.param(answered(("crane " * 81, FIRST)), id="81_words"),
    ],
)
def test_an_answer_that_is_too_long_is_flagged(answer):
    assert not judged(CASE, answer).short


def test_80_words_are_not_too_long():
    assert judged(CASE, answered(("crane " * 80, FIRST))).short


def test_a_quote_that_the_article_does_not_have_there_is_not_exact():
    changed = Article("storm", "Storm", TEXT.replace("31", "32"), TEXT, "storm.txt", "1", "2025-11-20T12:00:00Z")
    assert not judged(CASE, answered(FIRST), articles=(changed,)).spans_exact


def test_a_sentence_that_none_of_its_quotes_holds_is_not_exact():
    assert not judged(CASE, answered(("The storm tore down 31 big cranes.", FIRST))).spans_exact


def test_a_refusal_has_no_inexact_span():
    assert judged(CASE, REFUSAL).spans_exact


def test_the_cases_ids_are_translated_to_the_librarys():
    renamed = Article("lib-7", "Storm", TEXT, TEXT, "storm.txt", "1", "2025-11-20T12:00:00Z")
    answer = answered(FIRST, article=renamed)
    assert judged(CASE, answer, {"storm": "lib-7"}, (renamed,)).right
    assert not judged(CASE, answer, {"storm": "lib-8"}, (renamed,)).right


def test_share_of_nothing_is_all():
    assert share([]) == 1.0
    assert share([True, False, False, True]) == 0.5
