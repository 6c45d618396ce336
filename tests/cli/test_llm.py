"""Commands with an LLM behind them."""

from __future__ import annotations

import json
import signal
import time

import pytest

from eval.llm_replies import at_pace, revoked_key
from eval.llm_server import LlmServer

QUESTION = "How many crowns did the new bridge in Harlow cost?"
WRITTEN = "The new bridge in Harlow cost 48 million crowns."
STARTING_SECONDS = 60.0


@pytest.fixture
def llm(run, articles, llm_server: LlmServer, monkeypatch) -> LlmServer:
    assert run("ingest", articles).code == 0
    monkeypatch.setenv("GROUNDWIRE_LLM_MODEL", llm_server.model)
    monkeypatch.setenv("GROUNDWIRE_LLM_BASE_URL", llm_server.base_url)
    monkeypatch.setenv("GROUNDWIRE_LLM_API_KEY", "key-of-the-llm")
    monkeypatch.setenv("GROUNDWIRE_LLM_TIMEOUT_SECONDS", "5")
    llm_server.reply_with(json.dumps({"sentences": [{"text": WRITTEN, "markers": [1]}], "unanswered": None}))
    return llm_server


def test_its_prose_is_shown_with_the_articles_quote(run, llm):
    ran = run("ask", QUESTION)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"{WRITTEN} [1]\n")
    assert "“The new bridge in Harlow cost 48 million crowns, the mayor said.”" in ran.out
    assert "degraded" not in ran.out


def test_a_degraded_answer_says_why_and_is_done(run, llm):
    llm.reply_with(revoked_key())
    ran = run("ask", QUESTION)
    assert (ran.code, ran.err) == (0, "")
    assert "48 million crowns" in ran.out
    assert any(line.startswith("degraded: ") and "401" in line for line in ran.out.splitlines())
    assert "key-of-the-llm" not in ran.out


def test_mode_extractive_sends_nothing(run, llm):
    body = run("ask", QUESTION, "--mode", "extractive", "--json").json
    assert (body["generator"], llm.requests) == ("extractive", [])


def test_the_receipt_shows_what_the_model_said_and_replays_without_it(run, llm):
    receipt_id = run("ask", QUESTION, "--json").json["receipt_id"]
    shown = run("receipts", "show", receipt_id)
    assert f"model:     {llm.model}" in shown.out
    assert "prompts:   answer sha256:" in shown.out
    assert '"sentences"' in shown.out
    asked = len(llm.requests)
    assert run("receipts", "replay", receipt_id).out.startswith("Nothing differs")
    assert len(llm.requests) == asked


def test_doctor_tries_it_out_and_says_where_text_goes(run, llm):
    llm.reply_with("OK")
    ran = run("doctor")
    assert ran.code == 0
    assert f"{llm.model} at {llm.base_url.split('/')[2]}, on this machine" in ran.out
    assert all("bridge" not in request.prompt for request in llm.requests)
    llm.reply_with(revoked_key())
    ran = run("doctor", "--json")
    assert ran.code == 0  # degraded is not down
    part = next(part for part in ran.json["parts"] if part["name"] == "llm")
    assert part["state"] == "degraded"
    assert "401" in part["detail"]


def test_ctrl_c_ends_the_wait_and_the_models_call(start, llm):
    llm.reply_with(at_pace("never"))
    process = start("ask", QUESTION, GROUNDWIRE_LLM_TIMEOUT_SECONDS="60")
    deadline = time.monotonic() + STARTING_SECONDS
    while not llm.requests and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (process.returncode, out) == (130, "")
    assert err == "groundwire: stopped\n"
    assert llm.was_abandoned(within_seconds=5)
