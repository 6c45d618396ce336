"""`groundwire eval report, init, import`, and the suites that measure one property."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import pytest

TEXT = "A storm hit the port on 4 March 2025. Nine cranes of the port fell in the storm that night."
ARTICLES = [{"id": "storm", "title": "Storm", "text": TEXT}]
CASES = [
    {
        "id": "q-1", "question": "How many cranes fell in the storm?", "kind": "count", "answerable": True,
        "expected": [["9", "nine"]], "articles": ["storm"],
    },
    {
        "id": "q-2", "question": "How many cranes fell in the storm?", "kind": "count", "answerable": True,
        "expected": [["seventy"]], "articles": ["storm"], "draft": True,
    },
]  # fmt: skip


@pytest.fixture
def files(data_dir, tmp_path):
    for name, rows in (("cases.jsonl", CASES), ("articles.jsonl", ARTICLES)):
        (tmp_path / "work" / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return tmp_path / "work"


@pytest.fixture
def written(run, files):
    ran = run("eval", "run", "cases.jsonl", "--articles", "articles.jsonl", "--report", "page.html", "-o", "r.json")
    assert ran.code == 0, ran.err
    return ran


def test_a_run_writes_the_reports_it_is_asked_for(written, files):
    assert "written to page.html" in written.out
    assert "How many cranes fell in the storm?" in (files / "page.html").read_text(encoding="utf-8")


def test_a_run_says_that_cases_are_drafts(written):
    assert "cases.jsonl: drafts that nobody has checked: 1" in written.err


def test_a_report_is_written_beside_its_run(run, written, files):
    ran = run("eval", "report", "r.json")
    assert (ran.code, ran.out.strip()) == (0, "written to r.html")
    assert (files / "r.html").is_file()


def test_a_report_has_each_format_by_its_name(run, written, files):
    ran = run("eval", "report", "r.json", "-o", "r.md", "-o", "r.xml", "-o", "other.json")
    assert ran.code == 0
    assert (files / "r.md").read_text(encoding="utf-8").startswith("# cases: evaluation report")
    assert ElementTree.parse(files / "r.xml").getroot().get("failures") == "1"
    assert json.loads((files / "other.json").read_text(encoding="utf-8"))["suite"] == "cases"


def test_a_report_never_replaces_its_run(run, written, files):
    ran = run("eval", "report", "r.json", "-o", "./r.json")
    assert ran.code == 2
    assert "would replace its run" in ran.err
    assert json.loads((files / "r.json").read_text(encoding="utf-8"))["results"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("report", "cases.jsonl"), "no run"),
        (("report", "not-there.json"), "cannot be read"),
        (("report", "cases.jsonl", "-o", "x.pdf"), "a report is one of .html"),
        (("run", "seeds", "x.jsonl"), "takes no further files"),
        (("run", "groundedness"), "no data"),
        (("init", "--count", "0"), "1 at least"),
        (("import", "not-there.jsonl"), "cannot be read"),
    ],
)
def test_what_cannot_be_done_is_one_line(run, files, arguments, said):
    ran = run("eval", *arguments)
    assert ran.code in (1, 2)
    assert len(ran.error_lines) == 1
    assert said in ran.err


def test_init_drafts_from_the_library(run, files):
    assert run("ingest", "articles.jsonl").code == 0
    ran = run("eval", "init", "-o", "mine.jsonl")
    assert ran.code == 0
    assert "mine.jsonl: " in ran.out
    rows = [
        json.loads(line) for line in (files / "mine.jsonl").read_text(encoding="utf-8").splitlines() if line[:1] == "{"
    ]
    assert any(row["question"] == "How many cranes of the port fell in the storm that night?" for row in rows)
    assert run("eval", "run", "mine.jsonl").code == 0


def test_init_of_an_empty_library_says_what_to_do(run, data_dir):
    ran = run("eval", "init")
    assert ran.code != 0
    assert "ingest articles" in ran.err


def test_import_makes_cases_and_articles_that_a_run_takes(run, files):
    row = {"user_input": "How many cranes fell?", "reference": "Nine", "reference_contexts": [TEXT]}
    (files / "ragas.jsonl").write_text(json.dumps(row), encoding="utf-8")
    ran = run("eval", "import", "ragas.jsonl", "-o", "out")
    assert ran.code == 0
    ran = run("eval", "run", "out/ragas-cases.jsonl", "--articles", "out/ragas-articles.jsonl")
    assert ran.code == 0
    assert "1 cases on ragas-articles.jsonl" in ran.out


def test_a_measurement_prints_its_tables_and_is_written(run, files):
    row = {"claim": "Nine cranes fell.", "label": "supported", "sources": [TEXT]}
    (files / "claims.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    ran = run("eval", "run", "groundedness", "claims.jsonl", "--report", "g.md")
    assert ran.code == 0
    assert "claims.jsonl: 1 claims, 1 supported" in ran.out
    assert (files / "g.md").is_file()
    assert run("eval", "run", "groundedness", "claims.jsonl", "--json").json["suite"] == "groundedness"
