"""What a run's report holds: which cases failed and why, what is measured, what could not be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.harness.catalogue import MEASURES
from eval.harness.comparison import compact
from eval.harness.run_file import EvidenceRow, Judge, JudgeCost, Score
from eval.reports.of_run import report_of
from eval.reports.report import Measured, Table
from eval.reports.shown_cases import faults_of, segments_of, shown_case
from eval.reports.words import measured_text


def table(report, title):
    return next(t for t in report.tables if t.title == title)


def test_failed_cases_come_first_and_the_rest_keep_their_order(make_run, make_result):
    report = report_of(make_run(make_result(1), make_result(2, right=0.0), make_result(3)))
    assert [case.id for case in report.cases] == ["case-2", "case-1", "case-3"]
    assert report.headline == "2 of 3 cases hold, 1 failed."


def test_a_crash_is_a_failed_case_with_its_error(make_run, make_crash, make_result):
    report = report_of(make_run(make_result(1), make_crash(2)))
    assert report.headline == "1 of 2 cases hold, 1 failed, 1 of them crashed."
    assert report.failed[0].faults == ("crashed: ValueError: no such thing",)
    assert report.failed[0].status == "crashed"


def test_a_case_of_a_baseline_has_no_answer_but_did_not_crash(make_run, make_result):
    report = report_of(compact(make_run(make_result(1), make_result(2, right=0.0))))
    assert [case.status for case in report.cases] == ["the answer was not kept"] * 2
    (fault, *_) = report.failed[0].faults
    assert fault == f"right is 0.00: {MEASURES['right'].about}"
    assert report.headline == "1 of 2 cases hold, 1 failed."


def test_a_mean_says_how_many_were_scored_unscored_and_crashed(make_run, make_result, make_crash):
    report = report_of(make_run(make_result(1), make_result(2, right=0.0), make_crash(3)))
    rows = {row[0]: row for row in table(report, "Scores").rows}
    assert rows["right"][1].value == 0.5
    assert rows["right"][2:5] == (2, 0, 1)
    assert rows["groundedness_llm"][1] == Measured(None)
    assert rows["groundedness_llm"][2:5] == (0, 2, 0)


def test_reasons_for_what_is_not_scored_are_counted_and_a_crash_is_none(make_run, make_result, make_crash):
    report = report_of(make_run(make_result(1), make_result(2), make_crash(3)))
    assert table(report, "Why not scored").rows == (("groundedness_llm", "no judge is set", 2),)


def test_a_kind_without_a_score_has_no_cell_for_it(make_run, make_result):
    other = make_result(2, kind="topic", form="briefing")
    other = replace(other, scores={"briefing_groundedness": Score(0.5)})
    rows = table(report_of(make_run(make_result(1), other)), "Scores by kind").rows
    assert [row[:2] for row in rows] == [("count", 1), ("topic", 1)]
    assert rows[0][2].value == 1.0
    assert rows[1][2] is None


def test_the_judge_and_its_cost_are_stated(make_run, make_result):
    run = make_run(
        make_result(1),
        judge=Judge("big-model", 2, "sha256:x"),
        judge_cost=JudgeCost(calls=5, cached=3, prompt_tokens=900, completion_tokens=100, cost_usd=0.02),
    )
    facts = dict(report_of(run).facts)
    assert facts["judge"] == "big-model, prompt 2, sha256:x"
    assert facts["judging"] == "5 calls, 3 from the cache, 0 failed, 1,000 tokens, 0.0200 USD"


def test_a_cost_that_is_not_known_is_said_to_be_unknown(make_run, make_result):
    rows = {row[0]: row[1] for row in table(report_of(make_run(make_result(1))), "Time and cost").rows}
    assert rows["cost_usd, in all"] == "unknown"
    assert rows["prompt_tokens, in all"].value == 120


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"case": {"answerable": False}}, "it answered what the articles do not answer"),
        ({"body": {"status": "abstained"}}, "it refused what the articles answer"),
        ({}, "the answer does not say all that is expected, missing: two"),
        ({"scores": {"right": Score(0.0)}}, "it cites none of the articles that rightly answer"),
        (
            {"scores": {"right": Score(0.0), "cited_gold_article": Score(1.0)}},
            "it says what is expected, but what it quotes does not",
        ),
    ],
    ids=["should refuse", "refused", "lacks a nugget", "other article", "quote lacks it"],
)
def test_a_wrong_answer_says_what_is_wrong_with_it(make_result, change, why):
    wrong = make_result(1, right=0.0)
    if "case" in change:
        change = {"case": {**wrong.case, **change["case"]}}
    assert list(faults_of(replace(wrong, **change))) == [f"right is 0.00: {why}"]


def test_a_score_that_decides_nothing_fails_no_case(make_result):
    assert list(faults_of(make_result(1, right=1.0))) == []  # span_recall_at_1 is 0


def test_the_quoted_and_the_needed_stretches_of_the_evidence_are_marked(make_result):
    (chunk,) = shown_case(make_result(1)).evidence
    assert [(s.text, s.markers, s.needed) for s in chunk.segments] == [
        ("A crane fell into the basin.", (), True),
        (" ", (), False),
        ("Two men were hurt by its cable.", (1,), False),
        (" The port stayed open all day.", (), False),
    ]


def test_marks_that_overlap_are_cut_where_each_begins_and_ends():
    row = EvidenceRow(1, "a", 10, 20, "0123456789", 1.0)
    cited = [
        {"article_id": "a", "marker": 1, "start": 5, "end": 14},
        {"article_id": "b", "marker": 2, "start": 10, "end": 20},
    ]
    segments = segments_of(row, cited, [("a", 12, 16)])
    assert [(s.text, s.markers, s.needed) for s in segments] == [
        ("01", (1,), False),
        ("23", (1,), True),
        ("45", (), True),
        ("6789", (), False),
    ]


def test_far_from_a_mark_the_evidence_is_left_out():
    text = "word " * 200 + "QUOTE" + " word" * 200
    row = EvidenceRow(1, "a", 0, len(text), text, 1.0)
    before, quote, after = segments_of(row, [{"article_id": "a", "marker": 1, "start": 1000, "end": 1005}], [])
    assert quote.text == "QUOTE"
    assert before.text.startswith("… ")
    assert before.text.endswith("word ")
    assert after.text.endswith(" …")
    assert len(before.text) + len(after.text) < 400


def test_an_abstention_has_no_verdicts(make_result):
    refused = make_result(1)
    refused = replace(refused, body={**refused.body, "status": "abstained"})
    assert shown_case(refused).said[0].verdicts == ()


def test_a_briefings_sentences_are_those_of_all_sections(make_result):
    case = make_result(1)
    sections = [{"title": t, "sentences": [{"text": t, "markers": []}]} for t in ("One.", "Two.")]
    shown = shown_case(replace(case, form="briefing", body={"status": "ready", "sections": sections}))
    assert [sentence.text for sentence in shown.said] == ["One.", "Two."]
    assert shown.said[0].verdicts == ("built-in says supported, 0.96: word for word",)


def test_too_few_answers_give_no_curve(make_run, make_result):
    few, enough = (report_of(make_run(*(make_result(n) for n in range(count)))) for count in (4, 5))
    assert "Risk against coverage" not in [plot.title for plot in few.plots]
    assert "Risk against coverage" in [plot.title for plot in enough.plots]


def test_a_row_has_as_many_cells_as_there_are_columns():
    with pytest.raises(ValueError, match="another number of cells"):
        Table("x", ("a", "b"), (("1",),))


@pytest.mark.parametrize(
    ("measured", "text"),
    [
        (Measured.share(9, 10), "90.0 % [59.6, 98.2] (9 of 10)"),
        (Measured.share(0, 0), "not scored"),
        (Measured(0.5), "50.0 %"),
        (Measured(1234.4, unit="milliseconds"), "1,234 ms"),
        (Measured(0.0123, unit="number"), "0.012"),
    ],
)
def test_values_are_written_with_interval_and_counts(measured, text):
    assert measured_text(measured) == text
