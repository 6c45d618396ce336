"""Ambiguous cases: read whole or refused, scored by what an answer shows of whom."""

from __future__ import annotations

import json

import pytest

from eval.ramdocs import AmbiguousCase, Told, folded, library_for, main, read_ambiguous, says, table, tally
from service.errors import InputRejected
from service.types import Answer, AnswerSentence, Article, Citation, Disagreement, DisagreementValue, Span

TEXTS = {
    "case-1-1": ("Gullwing Air was a carrier based in Tampa, Florida.", "correct", "Tampa"),
    "case-1-2": ("Gullwing Air was a carrier based in Juneau, Alaska.", "misinfo", "Juneau"),
    "case-1-3": ("The weather over the gulf turned on Sunday, and ferries stayed in port.", "noise", "unknown"),
    "case-1-4": ("Gullwing Air was a carrier based in Lima, Peru.", "correct", "Lima"),
}
CASE = AmbiguousCase(
    "case-1",
    "Where was Gullwing Air based?",
    tuple(Told(i, text, kind, answer) for i, (text, kind, answer) in TEXTS.items()),
    ("tampa", "lima"),
)


def answer_citing(*article_ids: str, values: dict[str, str] | None = None) -> Answer:
    """One sentence for each article; `values` are given for more articles as a disagreement."""
    citations, sentences = [], []
    for article_id in (*article_ids, *(values or {})):
        text = TEXTS[article_id][0]
        article = Article(article_id, "", text, text, "a.txt", "1", "2025-11-20T12:00:00Z")
        marker = len(citations) + 1
        citations.append(Citation.of(article, Span(0, len(text)), marker=marker))
        if article_id in article_ids:
            sentences.append(AnswerSentence(text, (marker,), 1.0, "supported"))
    given = list((values or {}).values())
    first = len(article_ids) + 1
    dispute = Disagreement("where", tuple(DisagreementValue(v, first + k, None) for k, v in enumerate(given)))
    return Answer(
        id="ans_1",
        question="?",
        status="answered",
        abstention_reason=None,
        unanswered=None,
        sentences=tuple(sentences),
        citations=tuple(citations),
        confidence=0.9,
        generator="extractive",
        disagreements=(dispute,) if given else (),
    )


def line_of(**fields):
    documents = [{"text": t, "type": kind, "answer": answer} for t, kind, answer in TEXTS.values()]
    return json.dumps({"question": "Where?", "documents": documents, "gold_answers": ["Tampa", "the Lima"], **fields})


class TestTally:
    def test_an_answer_counts_when_it_is_quoted_from_an_article_that_gives_it(self):
        assert tally(CASE, answer_citing("case-1-1")).gold == (1, 2)
        assert tally(CASE, answer_citing("case-1-1", "case-1-4")).gold == (2, 2)

    def test_an_answer_counts_as_a_value_too(self):
        assert tally(CASE, answer_citing("case-1-1", values={"case-1-4": "Lima"})).gold == (2, 2)

    def test_an_answer_from_an_article_that_does_not_give_it_does_not_count(self):
        other = answer_citing("case-1-2", values={"case-1-2": "Tampa"})
        assert tally(CASE, other).gold == (0, 2)

    def test_noise_counts_when_it_is_cited(self):
        assert tally(CASE, answer_citing("case-1-1")).noise_left_out == (1, 1)
        assert tally(CASE, answer_citing("case-1-1", "case-1-3")).noise_left_out == (0, 1)

    def test_a_wrong_article_stands_beside_another_value_or_alone(self):
        assert tally(CASE, answer_citing("case-1-2")).misinfo_among_others == (0, 1)
        assert tally(CASE, answer_citing("case-1-2", "case-1-3")).misinfo_among_others == (0, 1)
        assert tally(CASE, answer_citing("case-1-1", "case-1-2")).misinfo_among_others == (1, 1)
        assert tally(CASE, answer_citing("case-1-1")).misinfo_among_others == (0, 0)

    def test_the_table_sums_all_cases_and_states_intervals(self):
        tallies = [tally(CASE, answer_citing("case-1-1")), tally(CASE, answer_citing("case-1-2", "case-1-3"))]
        rows = {line.split("  ")[0].strip(): line for line in table(tallies).splitlines()}
        assert "1 of 4" in rows["distinct gold answers shown"]
        assert "1 of 2" in rows["noise articles not cited"]
        assert "[" in rows["questions answered"]


@pytest.mark.parametrize(
    ("text", "answer", "said"),
    [
        ("It has 3,559 people.", "3,559 people", True),
        ("It is the home of Anthrax.", "the Anthrax", True),
        ("It has 13,559 people.", "3,559 people", False),
        ("footballers", "football", False),
    ],
)
def test_an_answer_is_said_in_whole_words(text, answer, said):
    assert says(text, answer) is said


def test_a_file_is_read_whole(tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_text(line_of() + "\n\n" + line_of() + "\n")
    first, second = read_ambiguous(path)
    assert first.gold == (folded("Tampa"), folded("Lima"))
    assert {told.kind for told in first.articles} == {"correct", "misinfo", "noise"}
    assert not {told.id for told in first.articles} & {told.id for told in second.articles}
    assert first.asked.filters.article_ids == tuple(told.id for told in first.articles)


@pytest.mark.parametrize(
    "line",
    [
        "{}",
        "not json",
        line_of(gold_answers="Tampa"),
        line_of(documents=[{"text": "a", "type": "rumour", "answer": "b"}]),
    ],
)
def test_a_broken_line_is_named(tmp_path, line):
    path = tmp_path / "cases.jsonl"
    path.write_text(line_of() + "\n" + line + "\n")
    with pytest.raises(InputRejected, match=r"cases.jsonl:2"):
        read_ambiguous(path)


def test_a_file_that_is_not_there_is_one_plain_line(tmp_path, capsys):
    assert main([str(tmp_path / "none.jsonl")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.timeout(300)
def test_each_question_is_asked_of_its_own_articles_and_both_answers_come_with_their_source():
    other = Told("case-2-1", "Gullwing Air was a carrier based in Oslo, Norway.", "correct", "Oslo")
    cases = [CASE, AmbiguousCase("case-2", CASE.question, (other,), ("oslo",))]
    with library_for(cases) as groundwire:
        first, second = [tally(case, groundwire.ask(case.asked, "extractive")) for case in cases]
    assert (first.gold, first.noise_left_out) == ((2, 2), (1, 1))
    assert second.gold == (1, 1)
