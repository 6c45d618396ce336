"""Datasets in the forms of RAGAS and BEIR, and what becomes of them."""

from __future__ import annotations

import csv
import json

import pytest

from eval.cases import read_cases
from eval.claims import read_claims
from eval.importing_cases import import_beir, import_ragas, write_lines
from service.errors import InputRejected

CONTEXT = "The lock in Odense holds 12 ships and was opened on 14 November 2025."
OTHER = "Herring was scarce that year."
NEW = {"user_input": "How many ships?", "reference": "Twelve", "reference_contexts": [CONTEXT], "response": "12"}
OLD = {"question": "How many ships?", "ground_truth": "12 ships", "contexts": [OTHER, CONTEXT], "answer": "x"}


@pytest.fixture
def rows(tmp_path):
    def write(*rows, name="rows.jsonl"):
        path = tmp_path / name
        path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("row", [NEW, OLD], ids=["user_input and reference", "question and ground_truth"])
def test_a_row_of_either_version_is_a_case_with_its_context_as_an_article(rows, row):
    found = import_ragas(rows(row))
    (case,) = found.cases
    texts = {article["id"]: article["text"] for article in found.articles}
    assert case["question"] == "How many ships?"
    assert [texts[name] for name in case["articles"]] == [CONTEXT]
    assert case["draft"] is True


def test_of_retrieved_contexts_only_those_with_the_answer_are_right(rows):
    found = import_ragas(rows(OLD))
    assert len(found.articles) == 2
    assert len(found.cases[0]["articles"]) == 1


def test_a_short_reference_is_what_is_expected(rows):
    assert import_ragas(rows(NEW)).cases[0]["expected"] == [["Twelve"]]


def test_of_a_long_reference_the_figures_dates_and_names_are(rows):
    long = {**NEW, "reference": "As the report has it, the lock in Odense held 12 ships on 14 November 2025."}
    assert import_ragas(rows(long)).cases[0]["expected"] == [["Odense"], ["12"], ["14 November 2025"]]


def test_retrieved_contexts_are_articles_beside_those_of_the_reference(rows):
    found = import_ragas(rows({**NEW, "retrieved_contexts": [OTHER, CONTEXT]}))
    texts = {article["id"]: article["text"] for article in found.articles}
    assert sorted(texts.values()) == sorted([CONTEXT, OTHER])
    assert [texts[name] for name in found.cases[0]["articles"]] == [CONTEXT]


@pytest.mark.parametrize(
    "said",
    [
        "The context does not say.",
        "I don't know",
        "I don’t know.",
        "This cannot be answered from the text.",
        "The number of ships cannot be determined from the passage.",
        "The provided articles do not mention a mayor.",
        "There is no information on this in the context.",
        "It does not say.",
        "No answer.",
    ],
)
def test_a_reference_that_refuses_is_an_unanswerable_case(rows, said):
    (case,) = import_ragas(rows({**NEW, "reference": said})).cases
    assert case["answerable"] is False
    assert case["expected"] == case["articles"] == []


@pytest.mark.parametrize(
    "said",
    [
        "The mayor said that residents do not know whom to call.",
        "The treaty does not mention fishing rights.",
        "The cause of the fire cannot be determined, the coroner ruled.",
        "The ministry gave no information to the families.",
        "No answer came from the harbour master.",
        "The context does not say when, but the lock held 12 ships.",
    ],
)
def test_a_reference_that_answers_by_a_denial_is_an_answer(rows, said):
    (case,) = import_ragas(rows({**NEW, "reference": said})).cases
    assert case["answerable"] is True


def test_a_row_without_reference_is_left_out_and_counted(rows):
    found = import_ragas(rows(NEW, {"user_input": "x"}, {"reference": "y"}))
    assert len(found.cases) == 1
    assert [line.split(":")[0] for line in found.left_out] == ["row 2", "row 3"]


def test_csv_has_lists_as_python_writes_them(tmp_path):
    path = tmp_path / "rows.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, ["question", "ground_truth", "contexts"])
        writer.writeheader()
        writer.writerow({"question": "Q?", "ground_truth": "12", "contexts": str([CONTEXT, "two\nlines"])})
    found = import_ragas(path)
    assert [article["text"] for article in found.articles] == [CONTEXT, "two\nlines"]


def test_a_json_list_is_read_like_lines(tmp_path):
    path = tmp_path / "rows.json"
    path.write_text(json.dumps([NEW, OLD]), encoding="utf-8")
    assert len(import_ragas(path).cases) == 2


def test_imported_cases_are_read_by_a_run(rows, tmp_path):
    refused = {**NEW, "reference": "I do not know"}
    write_lines(import_ragas(rows(NEW, OLD, refused)).cases, tmp_path / "out" / "cases.jsonl")
    assert [case.answerable for case in read_cases(tmp_path / "out" / "cases.jsonl")] == [True, True, False]


@pytest.mark.parametrize("text", ["", "nothing", "[1]", '{"user_input": "x"}'])
def test_a_file_without_such_rows_is_refused(tmp_path, text):
    path = tmp_path / "x.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputRejected, match=r"x\.jsonl"):
        import_ragas(path)


@pytest.fixture
def beir(tmp_path):
    folder = tmp_path / "set"
    (folder / "qrels").mkdir(parents=True)
    corpus = [{"_id": "d1", "title": "Port", "text": CONTEXT}, {"_id": "d2", "title": "", "text": OTHER}]
    queries = [{"_id": "q1", "text": "ships in the lock"}, {"_id": "q2", "text": "never judged"}]
    (folder / "corpus.jsonl").write_text("\n".join(map(json.dumps, corpus)), encoding="utf-8")
    (folder / "queries.jsonl").write_text("\n".join(map(json.dumps, queries)), encoding="utf-8")
    qrels = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\nq9\td1\t1\n"
    (folder / "qrels" / "test.tsv").write_text(qrels, encoding="utf-8")
    return folder


def test_beir_becomes_queries_with_their_articles_among_all_others(beir, tmp_path):
    found = import_beir(beir)
    path = tmp_path / "claims.jsonl"
    write_lines(found.cases, path)
    wanted, articles = read_claims(path)
    (query,) = wanted
    texts = {article.id: article.text for article in articles}
    assert query.query == "ships in the lock"
    assert [texts[name] for name in query.articles] == [f"Port\n\n{CONTEXT}"]
    assert set(texts.values()) == {f"Port\n\n{CONTEXT}", OTHER}


def test_a_judgement_of_what_is_not_there_is_counted(beir):
    assert import_beir(beir).left_out == ("query q9: it or article d1 is not there",)


def test_another_split_that_is_not_there_is_refused(beir):
    with pytest.raises(InputRejected, match=r"dev\.tsv"):
        import_beir(beir, "dev")


def test_a_broken_judgement_names_its_line(beir):
    (beir / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1 d1 1\n", encoding="utf-8")
    with pytest.raises(InputRejected, match=r"test\.tsv:2"):
        import_beir(beir)


def test_a_file_that_is_there_is_not_written_over(tmp_path):
    (tmp_path / "x.jsonl").write_text("mine", encoding="utf-8")
    with pytest.raises(InputRejected, match="there already"):
        write_lines([{}], tmp_path / "x.jsonl")
