"""`groundwire eval`: a run is written, two are compared, and a gate fails with the exit code that says so."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from eval.harness.run_file import dump_run, read_run

ARTICLES = [
    {"id": "storm", "title": "Storm", "text": "A storm hit the port on 4 March 2025. Nine cranes fell in the storm."},
    {"id": "fire", "title": "Fire", "text": "A fire broke out in the mill of the town. Two silos burned down there."},
]
CASES = [
    {
        "id": f"q-{i}",
        "question": f"How many cranes fell in the storm? ({i})",
        "kind": "count",
        "answerable": True,
        "expected": [["9", "nine"]],
        "articles": ["storm"],
        "spans": [[{"article": "storm", "text": "Nine cranes"}]],
    }
    for i in range(12)
]


@pytest.fixture
def files(data_dir, tmp_path):
    """The cases and the articles, in the working directory."""
    for name, rows in (("cases.jsonl", CASES), ("articles.jsonl", ARTICLES)):
        (tmp_path / "work" / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path / "work"


@pytest.fixture
def evaluated(run, files):
    def command(*options):
        return run("eval", "run", "cases.jsonl", "--articles", "articles.jsonl", *options)

    return command


def test_a_run_prints_its_scores_and_is_written(evaluated, files):
    ran = evaluated()
    assert ran.code == 0
    assert "12 cases on articles.jsonl" in ran.out
    assert "written to eval-runs" in ran.out
    assert len(read_run(files / "eval-runs" / "cases-001.json").results) == 12


def test_the_next_run_has_the_next_number_and_is_the_same(evaluated, files):
    evaluated()
    evaluated("--as-of", "2026-01-15")
    evaluated("--as-of", "2026-01-15", "--workers", "2")
    one, two = (read_run(files / "eval-runs" / f"cases-00{n}.json") for n in (2, 3))
    assert dump_run(one.without_times()) == dump_run(two.without_times())


def test_a_run_as_json_names_its_file(evaluated):
    body = evaluated("--json", "-o", "one.json").json
    assert body["file"] == "one.json"
    assert {m["name"]: m["scored"] for m in body["metrics"] if m["kind"] is None}["completed"] == 12


def test_without_articles_a_file_is_asked_of_the_library(run, files):
    assert run("ingest", "articles.jsonl").code == 0
    ran = run("eval", "run", "cases.jsonl", "--limit", "2")
    assert ran.code == 0
    assert "2 cases on the library" in ran.out


def test_a_case_that_crashed_is_named_and_the_code_says_so(evaluated, files):
    with (files / "cases.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps({**CASES[0], "id": "q-x", "as_of": "no date"}) + "\n")
    ran = evaluated()
    assert ran.code == 3
    assert "crashed: q-x: " in ran.out


def test_two_runs_of_the_same_cases_compare(evaluated, run):
    evaluated("-o", "one.json")
    evaluated("-o", "two.json")
    ran = run("eval", "compare", "one.json", "two.json", "--by-kind")
    assert ran.code == 0
    assert "12 cases in both" in ran.out
    assert run("eval", "compare", "one.json", "two.json", "--json").json["cases"] == 12


def test_runs_of_other_cases_are_not_compared(evaluated, run, files):
    evaluated("-o", "one.json")
    (files / "cases.jsonl").write_text(json.dumps(CASES[0]) + "\n", encoding="utf-8")
    evaluated("-o", "two.json")
    ran = run("eval", "compare", "one.json", "two.json")
    assert ran.code == 2
    assert "other cases" in ran.err
    assert len(ran.error_lines) == 1


def test_a_gate_passes_on_its_own_run_and_fails_on_a_worse_one(evaluated, run, files):
    evaluated("-o", "one.json")
    assert run("eval", "gate", "--baseline", "base.json", "--write", "--run", "one.json").code == 0
    passed = run("eval", "gate", "--baseline", "base.json", "--run", "one.json")
    assert (passed.code, passed.err) == (0, "")
    assert "not worse than the baseline" in passed.out
    body = json.loads((files / "one.json").read_text(encoding="utf-8"))
    for result in body["results"]:
        result["scores"]["recall_at_5"]["value"] = 0.0
    (files / "worse.json").write_text(json.dumps(body), encoding="utf-8")
    failed = run("eval", "gate", "--baseline", "base.json", "--run", "worse.json")
    assert failed.code == 1
    assert "worse: recall_at_5" in failed.out
    assert run("eval", "gate", "--baseline", "base.json", "--run", "worse.json", "--json").json["passed"] is False


@pytest.fixture
def gated(evaluated, run):
    """The gate, with a baseline that was made of a file of one's own cases."""
    evaluated("-o", "one.json", "--as-of", "2026-01-15", "--mode", "extractive")
    assert run("eval", "gate", "--baseline", "base.json", "--write", "--run", "one.json").code == 0

    def command(*options):
        return run("eval", "gate", "--baseline", "base.json", "--articles", "articles.jsonl", *options)

    return command


def test_the_cases_of_ones_own_are_run_again_by_the_gate(gated):
    ran = gated("--suite", "cases.jsonl")
    assert (ran.code, ran.err) == (0, "")
    assert "not worse than the baseline" in ran.out


def test_a_gate_without_the_file_of_ones_own_cases_asks_for_it(gated):
    ran = gated()
    assert ran.code == 2
    assert ran.error_lines == [
        "groundwire: the baseline is of the cases 'cases'; name their file with --suite, or a --run"
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        pytest.param(["run", "nosuch"], "neither a suite (seeds, groundedness, ", id="no_suite"),
        pytest.param(["run", "cases.jsonl", "--articles", "none"], "none: not there", id="no_articles"),
        pytest.param(["run", "cases.jsonl", "--as-of", "soon"], "no date", id="no_date"),
        pytest.param(["run", "articles.jsonl"], "articles.jsonl:1:", id="no_cases"),
        pytest.param(["run", "cases.jsonl", "--workers", "0"], "at least 1", id="no_workers"),
        pytest.param(["compare", "cases.jsonl", "cases.jsonl"], "no run", id="no_run"),
        pytest.param(["gate", "--baseline", "none.json"], "cannot be read", id="no_baseline"),
        pytest.param(["gate"], "--baseline", id="no_baseline_named"),
    ],
)
def test_wrong_usage_is_one_plain_line(run, files, arguments, said):
    ran = run("eval", *arguments)
    assert ran.code == 2
    assert said in ran.err
    assert len(ran.error_lines) == 1


def test_an_article_that_the_library_does_not_have_is_named(run, files):
    other = {"id": "fire", "title": "Fire", "text": "A fire broke out in the mill."}
    (files / "other.jsonl").write_text(json.dumps(other) + "\n", encoding="utf-8")
    run("ingest", "other.jsonl")
    assert "names the article 'storm'" in run("eval", "run", "cases.jsonl").err


def test_of_an_empty_library_nothing_is_asked(run, files):
    ran = run("eval", "run", "cases.jsonl")
    assert (ran.code, len(ran.error_lines)) == (2, 1)
    assert "the library is empty; ingest articles, or name some with --articles" in ran.err


def test_what_has_to_be_named_is_said_and_no_more(run):
    assert "required: SUITE_OR_FILE; see" in run("eval", "run").err


def test_ctrl_c_keeps_what_is_done_and_the_same_command_goes_on(files):
    rows = [
        {**CASES[0], "id": f"q-{i:04}", "question": f"How many cranes fell in the storm? ({i})"} for i in range(300)
    ]
    (files / "cases.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    command = [sys.executable, "-m", "service.cli", "eval", "run", "cases.jsonl", "--articles", "articles.jsonl"]
    command += ["-o", "run.json", "--as-of", "2026-01-15"]
    process = subprocess.Popen(command, cwd=files, env=os.environ, stderr=subprocess.PIPE, text=True)
    partial = files / "run.json.partial"
    until = time.monotonic() + 60
    while time.monotonic() < until and not (partial.exists() and len(partial.read_bytes().splitlines()) > 5):
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "cases are done and kept in run.json.partial" in said
    done = len(partial.read_bytes().splitlines()) - 1
    assert 0 < done < 300
    finished = subprocess.run(command, cwd=files, env=os.environ, capture_output=True, text=True, timeout=110)
    assert finished.returncode == 0, finished.stderr
    assert len(read_run(files / "run.json").results) == 300
    assert not partial.exists()


def test_a_judge_that_the_settings_name_is_asked_once_and_its_cost_shown(evaluated, monkeypatch, llm_server):
    llm_server.reply_with(json.dumps({"reason": "It says so.", "verdict": "supported"}))
    monkeypatch.setenv("GROUNDWIRE_JUDGE_MODEL", "judge")
    monkeypatch.setenv("GROUNDWIRE_LLM_BASE_URL", llm_server.base_url)
    monkeypatch.setenv("GROUNDWIRE_CONFIDENCE_THRESHOLD", "0")
    monkeypatch.setenv("GROUNDWIRE_CACHE_DIR", "cache")
    ran = evaluated("-o", "one.json")
    asked = len(llm_server.requests)
    assert asked > 0
    assert f"judge judge, prompt version 1: {asked} calls, 0 known from before" in ran.out
    assert f"judge judge, prompt version 1: 0 calls, {asked} known from before" in evaluated("-o", "two.json").out
    assert len(llm_server.requests) == asked
    assert evaluated("-o", "three.json", "--no-judge", "--json").json["judge"] is None
