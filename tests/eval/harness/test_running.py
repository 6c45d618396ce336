"""Where a run goes, and what a suite is asked of."""

from __future__ import annotations

import json

import pytest

from eval.harness.gold import Naming, gold_of
from eval.harness.runner import run_suite
from eval.harness.running import next_path
from eval.harness.suites import Suite, open_suite, suite_named
from service.errors import InputRejected
from service.settings import Settings


def test_the_next_run_is_numbered_after_the_last(tmp_path):
    assert next_path("seeds", tmp_path / "none").name == "seeds-001.json"
    for name in ("seeds-001.json", "seeds-007.json", "other-009.json", "seeds-x.json"):
        (tmp_path / name).touch()
    assert next_path("seeds", tmp_path).name == "seeds-008.json"


def test_an_interrupted_run_is_gone_on_with(tmp_path):
    for name in ("seeds-001.json", "seeds-002.json.partial"):
        (tmp_path / name).touch()
    assert next_path("seeds", tmp_path).name == "seeds-002.json"


def test_what_is_neither_suite_nor_file_is_refused():
    with pytest.raises(InputRejected, match="neither a suite"):
        suite_named("none.jsonl")


@pytest.fixture
def suite(tmp_path):
    article = {"id": "storm", "title": "Storm", "text": "A storm hit the port. Nine cranes fell."}
    case = {
        "id": "q-1",
        "question": "How many cranes fell?",
        "kind": "count",
        "answerable": True,
        "expected": [["nine"]],
        "articles": ["storm"],
    }
    for name, body in (("articles", article), ("cases", case)):
        (tmp_path / f"{name}.jsonl").write_text(json.dumps(body) + "\n", encoding="utf-8")
    return Suite("storm", (tmp_path / "cases.jsonl",), tmp_path / "articles.jsonl")


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path / "mine", embedding_model="hashing", llm_api_key="secret")


def test_a_suite_with_articles_leaves_the_users_library_alone(suite, settings, tmp_path):
    with open_suite(suite, settings) as opened:
        assert opened.system.text_of("storm").startswith("A storm")
        assert opened.own_words
    assert not (tmp_path / "mine").exists()


def test_a_throwaway_library_goes_to_nobody_elses_store(suite, settings):
    elsewhere = settings.model_copy(update={"chroma_url": "http://127.0.0.1:9"})
    with open_suite(suite, elsewhere) as opened:
        assert opened.corpus == "articles.jsonl"


def test_a_library_that_is_named_keeps_its_articles(suite, settings, tmp_path):
    for _ in range(2):
        with open_suite(suite, settings, data_dir=tmp_path / "kept") as opened:
            fingerprint = opened.corpus_fingerprint
    with open_suite(Suite("storm", suite.files), settings, data_dir=tmp_path / "kept") as opened:
        assert opened.corpus_fingerprint == fingerprint
        assert opened.corpus == "the library"


@pytest.fixture
def case_of_a_copy(tmp_path):
    """Two articles in the same words, and a case written for the second, which the library keeps as a copy."""
    text = "A storm hit the port on 4 March 2025. Nine cranes fell in the storm. The harbour reopened after four days."
    rows = [{"id": name, "title": "Storm", "text": text} for name in ("storm", "reposted")]
    case = {
        "id": "q-1",
        "question": "How many cranes fell in the storm?",
        "kind": "count",
        "answerable": True,
        "expected": [["nine"]],
        "articles": ["reposted"],
        "spans": [[{"article": "reposted", "text": "Nine cranes fell"}]],
    }
    (tmp_path / "articles.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (tmp_path / "cases.jsonl").write_text(json.dumps(case) + "\n", encoding="utf-8")
    return Suite("storm", (tmp_path / "cases.jsonl",), tmp_path / "articles.jsonl")


def test_a_case_that_names_a_copy_is_scored_by_its_original(case_of_a_copy, settings, judges):
    with open_suite(case_of_a_copy, settings, mode="extractive") as opened:
        (result,) = run_suite(opened, judges).results
    names = ("right", "cited_gold_article", "cited_gold_span", "recall_at_1", "ndcg_at_10", "span_recall_at_1")
    assert {name: result.scores[name].value for name in names} == dict.fromkeys(names, 1.0)


def test_words_that_a_copy_alone_has_are_looked_for_in_the_copy(case_of_a_copy):
    """No search finds them: the original does not say them once."""
    (case,) = case_of_a_copy.dataset().cases
    texts = {"storm": "Cranes fell. It was nine.", "reposted": "Nine cranes fell."}
    gold = gold_of(case, Naming(originals={"reposted": "storm"}), texts.__getitem__, own_words=True)
    assert (gold.articles, gold.spans[0][0].article_id) == (("storm",), "reposted")


def test_no_secret_and_no_path_is_among_the_settings_of_a_run(suite, settings, tmp_path):
    with open_suite(suite, settings) as opened:
        said = json.dumps(dict(opened.settings))
    assert "secret" not in said
    assert str(tmp_path) not in said


def test_the_day_is_the_suites_unless_another_is_asked_for(suite, settings):
    dated = Suite(suite.name, suite.files, suite.articles, as_of="2025-03-05")
    with open_suite(dated, settings) as opened:
        assert opened.as_of == "2025-03-05"
    with open_suite(dated, settings, as_of="2025-04-01") as opened:
        assert opened.as_of == "2025-04-01"
