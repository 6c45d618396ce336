"""What each score says of one briefing."""

from __future__ import annotations

import pytest

from eval.harness.case_file import suite_case_of
from eval.harness.gold import Naming, gold_of
from eval.harness.observation import Observation
from eval.harness.runner import run_suite
from eval.harness.scoring import Judges, scored
from eval.harness.scripted import ContainmentJudge
from service.errors import InputRejected

TOPIC = {
    "form": "briefing",
    "id": "t-1",
    "topic": "The storm at the port",
    "articles": ["storm", "fire"],
    "nuggets": [
        {"id": "cranes", "forms": [["9", "nine"], ["cranes"]]},
        {"id": "reopening", "forms": [["four days"]]},
    ],
    "events": [{"date": "2025-03-04", "forms": [["port"]]}],
    "forbidden": ["eleven"],
}


@pytest.fixture
def briefing(world):
    def of(*texts, timeline=(), figures=()):
        citations = world.body(citations=[(1, "storm", "Nine cranes fell.")])["citations"]
        sentences = [{"text": text, "markers": [1]} for text in texts]
        return {
            "status": "written",
            "headline": "",
            "sections": [{"title": "What happened", "sentences": sentences}] if sentences else [],
            "timeline": [{"date": date, "text": text, "markers": [1]} for date, text in timeline],
            "figures": [{"what": what, "values": [{"value": v, "marker": 1}]} for what, v in figures],
            "citations": citations,
            "disagreements": [],
        }

    return of


@pytest.fixture
def scores(world):
    def of(body):
        case, system = suite_case_of(TOPIC), world.system()
        seen = Observation(case, gold_of(case, Naming(), system.text_of, own_words=True), body, (), system.text_of)
        return {name: score.value for name, score in scored(seen, Judges(ContainmentJudge()))[0].items()}

    return of


def test_a_nugget_needs_all_its_forms_in_one_line(scores, briefing):
    assert scores(briefing("Nine cranes fell."))["briefing_nugget_recall"] == 0.5
    assert scores(briefing("Nine fell.", "The cranes stood."))["briefing_nugget_recall"] == 0.0


def test_what_stands_in_the_table_of_figures_is_said(scores, briefing):
    assert scores(briefing(figures=[("cranes", "nine cranes")]))["briefing_nugget_recall"] == 0.5


def test_a_forbidden_value_in_a_sentence_is_found_and_another_event_may_have_it(scores, briefing):
    beside = briefing("Nine cranes fell.", timeline=[("2025-03-09", "Eleven fell.")], figures=[("cranes", "eleven")])
    assert scores(beside)["briefing_no_forbidden_value"] == 1.0
    assert scores(briefing("Eleven cranes fell."))["briefing_no_forbidden_value"] == 0.0


@pytest.mark.parametrize(
    ("date", "text", "value"),
    [
        pytest.param("2025-03-04", "A storm hit the port.", 1.0, id="right"),
        pytest.param("2025-03-05", "A storm hit the port.", 0.0, id="another_date"),
        pytest.param("2025-03-04", "A fire broke out.", 0.0, id="another_event"),
    ],
)
def test_an_event_has_to_stand_under_its_date(scores, briefing, date, text, value):
    assert scores(briefing("Nine cranes fell.", timeline=[(date, text)]))["briefing_events_dated"] == value


def test_each_article_of_the_topic_is_to_be_cited(scores, briefing):
    assert scores(briefing("Nine cranes fell."))["briefing_articles_cited"] == 0.5


def test_sentences_of_all_sections_are_judged_by_what_they_cite(scores, briefing):
    found = scores(briefing("Nine cranes fell.", "All is well."))
    assert (found["briefing_citation_recall"], found["briefing_span_exactness"]) == (0.5, 1.0)


def test_a_briefing_has_no_scores_of_questions(scores, briefing):
    assert [name for name in scores(briefing("Nine cranes fell.")) if not name.startswith("briefing_")] == ["completed"]


def test_a_topic_runs_beside_questions_and_its_crash_is_a_row(world, judges, briefing):
    system = world.system()
    system._replies[TOPIC["topic"]] = RuntimeError("no briefing")
    run = run_suite(world.opened([world.case(), suite_case_of(TOPIC)], system), judges)
    assert [r.crash for r in run.results] == [None, "RuntimeError: no briefing"]
    assert run.results[1].scores["briefing_nugget_recall"].value is None


def test_a_topic_without_nuggets_is_refused():
    with pytest.raises(InputRejected, match="a topic names nuggets and articles"):
        suite_case_of({**TOPIC, "nuggets": []})
