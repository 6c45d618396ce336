"""Running a suite: crashes are rows, interruptions lose nothing, the same input gives the same file."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from eval.harness.run_file import dump_run, read_run
from eval.harness.runner import RunOptions, run_suite
from service.errors import InputRejected


@pytest.fixture
def cases(world):
    return [world.case("q-1"), world.case("q-2"), world.case("q-3"), world.unanswerable("q-4")]


@pytest.fixture
def suite(world, cases):
    """Opens the cases, or some of them, on an answerer that refuses the last and replies otherwise as told."""

    def open_(some=None, **replies):
        return world.opened(cases if some is None else some, world.system(q_4=world.refusal, **replies))

    return open_


def test_results_come_in_the_order_of_the_cases(judges, suite):
    run = run_suite(suite(), judges)
    assert [r.id for r in run.results] == ["q-1", "q-2", "q-3", "q-4"]
    assert [r.scores["right"].value for r in run.results] == [1.0] * 4


def test_a_result_holds_what_was_found_and_where_it_should_have_been(judges, suite, world):
    (result, *_) = run_suite(suite(), judges).results
    assert result.evidence == world.evidence
    assert result.case["gold_spans"] == [[{"article_id": "storm", "start": 38, "end": 49}]]


def test_a_crash_is_a_row_and_the_rest_goes_on(judges, suite):
    run = run_suite(suite(q_2=RuntimeError("line one\nline two")), judges)
    crashed = run.results[1]
    assert crashed.crash == "RuntimeError: line one line two"
    assert crashed.scores["completed"].value == 0.0
    assert all(score.value is None for name, score in crashed.scores.items() if name != "completed")
    assert run.results[2].crash is None


def test_two_runs_are_the_same_but_for_their_times(judges, suite):
    one, two = (run_suite(suite(), judges) for _ in range(2))
    assert dump_run(one.without_times()) == dump_run(two.without_times())


def test_several_at_once_find_the_same_in_the_same_order(judges, suite):
    serial = run_suite(suite(), judges)
    parallel = run_suite(suite(), judges, options=RunOptions(workers=3))
    assert dump_run(serial.without_times()) == dump_run(parallel.without_times())


@pytest.mark.parametrize("workers", [1, 2])
def test_an_interrupted_run_goes_on_where_it_stopped(judges, suite, tmp_path, workers):
    path, options = tmp_path / "run.json", RunOptions(workers=workers)
    with pytest.raises(KeyboardInterrupt):
        run_suite(suite(q_3=KeyboardInterrupt()), judges, path, options)
    assert not path.exists()
    again = suite()
    run_suite(again, judges, path, options)
    assert not any("q-1" in text or "q-2" in text for text in again.system.asked)
    whole = run_suite(suite(), judges, tmp_path / "whole.json")
    assert dump_run(read_run(path).without_times()) == dump_run(whole.without_times())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["run.json", "whole.json"]


def test_half_a_line_of_an_interrupted_run_is_asked_again(judges, suite, tmp_path):
    path = tmp_path / "run.json"
    with pytest.raises(KeyboardInterrupt):
        run_suite(suite(q_3=KeyboardInterrupt()), judges, path)
    partial = tmp_path / "run.json.partial"
    text = partial.read_text(encoding="utf-8")
    partial.write_text(text[: len(text) - 40], encoding="utf-8")
    again = suite()
    run_suite(again, judges, path)
    assert [text for text in again.system.asked if "q-2" in text]
    assert len(read_run(path).results) == 4


def test_the_rest_of_another_run_is_not_taken_up(judges, suite, cases, tmp_path):
    path = tmp_path / "run.json"
    with pytest.raises(KeyboardInterrupt):
        run_suite(suite(q_3=KeyboardInterrupt()), judges, path)
    with pytest.raises(InputRejected, match="an interrupted run of other cases"):
        run_suite(suite(cases[:2]), judges, path)


def test_each_result_is_told_once_also_those_of_an_interrupted_run(judges, suite, tmp_path):
    path, told = tmp_path / "run.json", []
    with pytest.raises(KeyboardInterrupt):
        run_suite(suite(q_3=KeyboardInterrupt()), judges, path)
    run_suite(suite(), judges, path, on_result=lambda result: told.append(result.id))
    assert told == ["q-1", "q-2", "q-3", "q-4"]


def test_an_article_is_loaded_once_whatever_cites_it(judges, suite):
    opened, loaded = suite(), []

    class Counting:
        ask, brief = opened.system.ask, opened.system.brief

        def text_of(self, article_id, revision=None):
            loaded.append((article_id, revision))
            return opened.system.text_of(article_id, revision)

    run_suite(replace(opened, system=Counting()), judges)
    assert ("storm", "r1") in loaded
    assert len(loaded) == len(set(loaded))


def test_a_limit_runs_the_first_cases(judges, suite):
    assert len(run_suite(suite(), judges, options=RunOptions(limit=2)).results) == 2


@pytest.mark.parametrize("options", [{"workers": 0}, {"limit": 0}])
def test_less_than_one_is_refused(options):
    with pytest.raises(InputRejected, match="at least 1"):
        RunOptions(**options)


@pytest.mark.parametrize(("text", "count"), [("Ten cranes", 0), ("ar", 2)])
def test_a_place_that_does_not_stand_once_in_its_article_is_refused_before_anything_is_asked(
    judges, suite, world, cases, text, count
):
    opened = suite([*cases, world.case("q-5", spans=[[{"article": "storm", "text": text}]])])
    with pytest.raises(InputRejected, match=f"case q-5: '{text}' stands {count} times in storm"):
        run_suite(opened, judges)
    assert opened.system.asked == []


def test_a_run_can_be_read_as_plain_json(judges, suite, tmp_path):
    run_suite(suite(), judges, tmp_path / "run.json")
    body = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))
    assert body["scorers"]["right"] == "2"
    assert body["results"][3]["scores"]["nugget_recall"] == {
        "value": None,
        "reason": "the articles do not answer this",
    }
