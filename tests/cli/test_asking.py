from __future__ import annotations

import pytest

QUESTION = "How many crowns did the new bridge in Harlow cost?"


@pytest.fixture(autouse=True)
def _filled(run, articles):
    assert run("ingest", articles).code == 0


def test_an_answer_names_its_source(run):
    ran = run("ask", QUESTION)
    assert (ran.code, ran.err) == (0, "")
    assert "48 million crowns" in ran.out
    assert "[1] Bridge opens in Harlow, Harlow Gazette, 2025-03-02 — “" in ran.out
    assert "(articles/bridge.md:" in ran.out


def test_words_without_quotes_are_one_question(run):
    assert run("ask", *QUESTION.split(), "--json").json["question"] == QUESTION


def test_json_quotes_are_exact(run):
    body = run("ask", QUESTION, "--json").json
    for citation in body["citations"]:
        text = run("articles", "show", citation["article_id"], "--revision", citation["revision"], "--json").json[
            "text"
        ]
        assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert body["citations"]
    assert body["receipt_id"].startswith("rcp_")


def test_an_abstention_is_a_sentence_and_exit_code_0(run):
    ran = run("ask", "Who won the chess championship in Reykjavik?")
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out.splitlines()) == 1
    assert "[1]" not in ran.out


def test_an_empty_library_is_an_abstention(run, monkeypatch, tmp_path):
    monkeypatch.setenv("GROUNDWIRE_DATA_DIR", str(tmp_path / "other"))
    ran = run("ask", QUESTION, "--json")
    assert ran.code == 0
    assert (ran.json["status"], ran.json["abstention_reason"]) == ("abstained", "empty_library")


@pytest.mark.parametrize(
    "question", ['"', "* NEAR(bridge, 3)", "bridge -cost AND", "Сколько стоил мост?", "橋はいくらですか", "\x00\x1b"]
)
def test_no_question_is_an_unexpected_error(run, question):
    ran = run("ask", question)
    assert ran.code in (0, 2)
    assert "unexpected" not in ran.err


def test_filters_reach_the_search(run):
    body = run(
        "search", "bridge", "--from", "2025-03-01", "--to", "2025-03-02", "--source", "Harlow Gazette", "--json"
    ).json
    assert {result["article_id"] for result in body["results"]} == {"bridge"}
    assert run("search", "bridge", "--to", "2025-03-01", "--json").json["results"] == []


def test_undated_articles_left_out_are_counted(run):
    ran = run("search", "tram drivers", "--from", "2025-01-01")
    assert ran.code == 0
    assert "2 articles without a stated date left out; --include-undated keeps them" in ran.out
    kept = run("search", "tram drivers", "--from", "2025-01-01", "--include-undated", "--json").json
    assert kept["excluded_undated"] == 0
    assert len(kept["results"]) == 3


def test_search_shows_where_each_result_stands(run):
    ran = run("search", "union pay", "-k", "1")
    assert ran.code == 0
    assert ran.out.startswith("1. ")
    assert "(articles/strike.txt:0-" in ran.out
