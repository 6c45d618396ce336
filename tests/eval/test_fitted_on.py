"""What took part in a fit is scored by fits without it, or not at all; anything else by the weights that ship."""

from __future__ import annotations

import json

import numpy as np
import pytest

from eval.fitted_on import fitted_on, key_of, note_fitted
from eval.grounding_rows import read_rows
from eval.measurements import groundedness, unseen_answers
from eval.measurements.options import MeasureOptions, Steps
from eval.ramdocs import read_ambiguous
from eval.suites import measured
from service.answering.confidence import fitted_model
from service.answering.further import fitted_further


@pytest.fixture(autouse=True)
def toy_model(monkeypatch):
    monkeypatch.setenv("GROUNDWIRE_EMBEDDING_MODEL", "hashing")


def claims(count):
    """Of each kind, every one with an article of its own."""
    for number in range(count):
        evidence = [f"The harbour crane {number} fell at dawn.", "The port stayed open."]
        yield {"claim": f"The harbour crane {number} fell.", "label": "supported", "evidence": evidence}
        evidence = [f"The mill {number} burned down.", "Nobody was hurt."]
        yield {"claim": f"Nine men sued the mill {number}.", "label": "not_supported", "evidence": evidence}


def questions(count):
    """Each with an article that answers and one on something else."""
    for number in range(count):
        documents = [
            {"text": f"Gullwing {number} was a carrier based in Tampa.", "type": "correct", "answer": "Tampa"},
            {"text": f"Ferry {number} stayed in port on Sunday.", "type": "noise", "answer": "unknown"},
        ]
        question = f"Where was Gullwing {number} based?"
        yield {"question": question, "documents": documents, "gold_answers": ["Tampa"]}


@pytest.fixture
def written(tmp_path):
    def write(rows):
        path = tmp_path / "rows.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


@pytest.fixture
def known(monkeypatch):
    """These keys are of rows that took part in the fits."""

    def be(keys):
        monkeypatch.setattr(groundedness, "fitted_on", lambda fit: frozenset(keys))
        monkeypatch.setattr(unseen_answers, "fitted_on", lambda fit: frozenset(keys))

    return be


def fact(report, name):
    return dict(report.facts)[name]


def test_what_is_noted_of_one_fit_replaces_that_and_leaves_the_other(tmp_path):
    path = tmp_path / "fitted.json"
    note_fitted("support", ["a", "b"], path)
    note_fitted("answers", ["c"], path)
    note_fitted("support", ["d", "d"], path)
    assert (fitted_on("support", path), fitted_on("answers", path)) == ({"d"}, {"c"})


def test_the_weights_that_ship_say_what_they_were_fitted_on():
    assert len(fitted_on("support")) > 300
    assert len(fitted_on("answers")) == 250


def test_a_key_is_of_all_texts_and_of_where_they_are_parted():
    assert len({key_of("ab", "c"), key_of("a", "bc"), key_of("ab"), key_of("abc")}) == 4


def test_claims_of_the_fit_are_scored_by_folds_and_the_report_says_so(written, known, monkeypatch):
    path = written(claims(30))
    known({row.group for row in read_rows(path)})
    report = measured("groundedness", MeasureOptions((path,)))
    assert "60 claims, 60 of which took part in the fit and are scored by folds" in fact(report, "data")
    assert "by fits that have not seen them" in report.headline
    assert ["by the weights that ship" in table.title for table in report.tables[:2]] == [False, True]
    # Every one the other way round: had the weights that ship been asked, nothing would change.
    monkeypatch.setattr(groundedness, "unseen", lambda found: (np.zeros(60), np.array([False, True] * 30)))
    other = measured("groundedness", MeasureOptions((path,)))
    assert other.headline.startswith("rows.jsonl: 0 of 60 claims")
    assert other.tables[0].rows[0][1].value == 0.0
    assert other.tables[1].rows == report.tables[1].rows
    assert len(other.failed) == 60


def test_no_row_is_judged_by_weights_that_its_article_took_part_in(written, monkeypatch):
    path = written(claims(30))
    found = groundedness.examples(read_rows(path), groundedness.Grounder(), None)
    tested = []

    class Watching:
        def __init__(self, learned):
            self._learned = {example.row.group for example in learned}

        def of(self, example):
            if example.row.group not in self._learned:
                tested.append(example.row.group)
            return 0.5

    monkeypatch.setattr("eval.fit_grounding.fit", lambda train, masses, names, strength: Watching(train))
    groundedness.unseen(found)
    assert sorted(tested) == sorted(example.row.group for example in found)


def test_too_few_claims_of_the_fit_are_not_scored_and_counted(written, known):
    path = written(claims(3))
    rows = read_rows(path)
    known({rows[0].group})
    report = measured("groundedness", MeasureOptions((path,)))
    assert "5 claims; 1 more are not scored" in fact(report, "data")
    assert "of 5 claims" in report.headline
    known({row.group for row in rows})
    empty = measured("groundedness", MeasureOptions((path,)))
    assert [row[1].value for row in empty.tables[0].rows] == [None] * 5


def test_other_claims_are_scored_by_the_weights_that_ship(written):
    report = measured("groundedness", MeasureOptions((written(claims(2)),)))
    assert "none of which took part in the fit" in fact(report, "data")
    assert "by fits" not in report.headline


def test_questions_of_the_fit_are_answered_by_folds(written, known, monkeypatch):
    path = written(questions(26))
    cases = read_ambiguous(path)
    known({case.key for case in cases[:25]})
    folds = [(fitted_model(), fitted_further(), cases[:10]), (fitted_model(), fitted_further(), cases[10:25])]
    monkeypatch.setattr(unseen_answers, "_models", lambda seen, examples: folds)
    found = unseen_answers.answered(cases, Steps())
    assert [one.case.id for one in found] == [case.id for case in cases]
    assert [one.by_folds for one in found] == [True] * 25 + [False]
    report = measured("disagreement", MeasureOptions((path,)))
    assert "26 questions, 25 of which took part in the fit and are answered by folds" in fact(report, "data")
    assert "by fits that have not seen the questions" in report.headline


def test_no_question_is_answered_by_weights_that_it_took_part_in(written, monkeypatch):
    cases = read_ambiguous(written(questions(25)))
    learned = []
    monkeypatch.setattr(unseen_answers, "development_examples", list)
    monkeypatch.setattr(unseen_answers, "unseen_log_odds", lambda data: [None] * len(data))
    monkeypatch.setattr(unseen_answers, "platt", lambda outcomes: (1.0, 0.0))
    monkeypatch.setattr(unseen_answers, "fit", lambda data: learned.append(data) or fitted_model().weights)
    monkeypatch.setattr(unseen_answers, "further_rows", lambda cases, data, log_odds: (cases, data, []))
    monkeypatch.setattr(unseen_answers, "further_model", lambda cases, data: [case.id for case in cases])
    tested = []
    for _, of_further, fold in unseen_answers._models(cases, [case.id for case in cases]):
        ids = [case.id for case in fold]
        assert learned[-1] == of_further
        assert not {*ids} & {*of_further}
        tested += ids
    assert sorted(tested) == sorted(case.id for case in cases)


def test_too_few_questions_of_the_fit_are_not_scored_and_counted(written, known):
    path = written(questions(3))
    known({read_ambiguous(path)[0].key})
    report = measured("disagreement", MeasureOptions((path,)))
    assert "2 questions; 1 more are not scored" in fact(report, "data")
    assert report.tables[0].rows[0][1].of == 2
