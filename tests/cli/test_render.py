from __future__ import annotations

import pytest

from service.api.schemas import AnswerSchema, SearchSchema
from service.cli.console import Console
from service.cli.render import show_answer, show_results
from service.types import (
    Answer,
    AnswerSentence,
    Article,
    Carrier,
    Chunk,
    Citation,
    Disagreement,
    DisagreementValue,
    Evidence,
    SearchResult,
    Span,
)

TEXT = "The dam held.\nIts gates were opened at noon."


def article(**fields: str | None) -> Article:
    known = {"id": "dam", "title": "Dam holds", "text": TEXT, "raw_text": TEXT, "origin": "news/dam.md"}
    return Article(**known, cleaner="1", ingested_at="2025-01-01T00:00:00+00:00", **fields)


def answer(cited: Article, **fields: object) -> AnswerSchema:
    citation = Citation.of(cited, Span(0, len(TEXT)), marker=1, carriers=[Carrier("copy", "Evening Post", None)])
    sentence = AnswerSentence("The dam held.", (1,), 0.9, "supported")
    made = {"status": "answered", "abstention_reason": None, "unanswered": None} | fields
    return AnswerSchema.from_answer(
        Answer(
            "ans_1",
            "Did it hold?",
            sentences=(sentence,),
            citations=(citation,),
            confidence=0.914,
            generator="x",
            **made,
        )
    )


def shown(one: AnswerSchema, capsys: pytest.CaptureFixture[str]) -> list[str]:
    show_answer(one, Console())
    printed: list[str] = capsys.readouterr().out.splitlines()
    return printed


@pytest.fixture(autouse=True)
def _no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)


def test_an_answer_is_its_sentences_its_sources_and_its_confidence(capsys):
    lines = shown(answer(article(source="Gazette", published_at="2025-03-02")), capsys)
    assert lines == [
        "The dam held. [1]",
        "",
        "[1] Dam holds, Gazette, 2025-03-02 — “The dam held. Its gates were opened at noon.” (news/dam.md:0-44)",
        "    also in Evening Post",
        "",
        "confidence 0.91",
    ]


def test_an_unknown_date_and_source_are_said_and_not_invented(capsys):
    assert "Dam holds, source not stated, date not stated — " in shown(answer(article()), capsys)[2]


def test_a_partial_answer_says_what_is_open(capsys):
    lines = shown(answer(article(), status="partial", unanswered="the article gives no date"), capsys)
    assert "Left open: the article gives no date" in lines


def test_a_disagreement_is_shown_with_its_values(capsys):
    values = (DisagreementValue("12", 1, "2025-03-01"), DisagreementValue("15", 1, None))
    lines = shown(answer(article(), disagreements=(Disagreement("the injured", values),)), capsys)
    assert "The articles disagree about the injured: 12 [1] (2025-03-01); 15 [1]" in lines


def test_an_abstention_is_its_sentence_alone(capsys):
    sentence = AnswerSentence("The articles do not say who built it.", (), 0.0, "supported")
    abstained = Answer("ans_2", "Who?", "abstained", "not_in_articles", None, (sentence,), (), 0.1, "extractive")
    assert shown(AnswerSchema.from_answer(abstained), capsys) == ["The articles do not say who built it."]


def test_a_result_names_the_copies_that_say_the_same(capsys):
    found, span = article(source="Gazette"), Span(0, 13)
    chunk = Chunk(found.id, found.revision, 0, span.start, span.end, span.of(TEXT), (span,))
    evidence = Evidence(chunk, found, 0.5, 0.5, 0.5, (Carrier("copy", "Evening Post", None), Carrier("b", None, None)))
    show_results(SearchSchema.from_result(SearchResult((evidence,), 0), {}), Console())
    assert capsys.readouterr().out.splitlines()[1:] == [
        "   The dam held.",
        "   also in Evening Post",
        "   also in b",
        "",
    ]
