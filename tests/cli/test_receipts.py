"""`groundwire receipts`: what an answer was made of, and whether it still holds."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

QUESTION = "How many crowns did the new bridge in Harlow cost?"


@pytest.fixture
def receipt_id(run, articles) -> str:
    assert run("ingest", articles).code == 0
    return run("ask", QUESTION, "--json").json["receipt_id"]


def test_an_answer_names_its_receipt(run, receipt_id):
    assert ", receipt rcp_" in run("ask", QUESTION).out


def test_show_tells_what_the_answer_was_made_of(run, receipt_id):
    ran = run("receipts", "show", receipt_id)
    assert (ran.code, ran.err) == (0, "")
    assert f"receipt:   {receipt_id}" in ran.out
    assert f"question:  {QUESTION}" in ran.out
    assert "generator: extractive" in ran.out
    assert "bridge:0-" in ran.out
    assert "[+] The new bridge in Harlow cost 48 million crowns" in ran.out


def test_json_is_the_whole_receipt(run, receipt_id):
    body = run("receipts", "show", receipt_id, "--json").json
    assert (body["version"], body["id"]) == (1, receipt_id)
    assert body["answer"]["question"] == QUESTION
    assert all(evidence["text"] for evidence in body["evidence"])


def test_replay_says_that_nothing_differs_or_what_does(run, receipt_id):
    assert run("receipts", "replay", receipt_id).out.startswith("Nothing differs")
    Path("articles/bridge.md").write_text(
        "---\nid: bridge\ntitle: Bridge\n---\nIt cost 50 million.\n", encoding="utf-8"
    )
    run("ingest", "articles")
    ran = run("receipts", "replay", receipt_id)
    assert (ran.code, ran.err) == (0, "")
    assert "- citation [1] quotes an old text of its article, which has another by now" in ran.out.splitlines()
    body = run("receipts", "replay", receipt_id, "--json").json
    assert body["same"] is False
    assert json.dumps(body["differences"]).count("old text") == 1


@pytest.mark.parametrize("action", ["show", "replay"])
def test_no_such_receipt_is_one_line(run, receipt_id, action):
    ran = run("receipts", action, "rcp_0")
    assert (ran.code, ran.out) == (1, "")
    assert "no receipt with this id" in ran.err
