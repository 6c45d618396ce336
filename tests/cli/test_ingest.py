from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.library.owner import DataDirectoryOwner

COUNTS = ("added", "updated", "unchanged", "duplicates")


def test_a_folder_goes_in_and_the_report_is_one_line(run, articles):
    ran = run("ingest", articles)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out == "3 added, 0 updated, 0 unchanged, 0 duplicates, 0 failed\n"


def test_again_is_unchanged(run, articles):
    run("ingest", articles)
    ran = run("ingest", articles, "--json")
    assert ran.code == 0
    assert [ran.json[name] for name in COUNTS] == [0, 0, 3, 0]


def test_json_is_the_public_shape(run, articles):
    body = run("ingest", articles, "--json").json
    assert set(body) == {*COUNTS, "failed", "articles"}
    assert {"bridge", "bees"} < {article["id"] for article in body["articles"]}
    assert all(set(article) == {"id", "revision", "title", "chunks"} for article in body["articles"])


def test_a_bad_file_is_listed_and_the_rest_goes_in(run, articles):
    (Path(articles) / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    ran = run("ingest", articles, "nowhere", "--json")
    assert ran.code == 3
    assert ran.json["added"] == 3
    assert [failure["origin"] for failure in ran.json["failed"]] == ["articles/picture.txt", "nowhere"]
    assert len(ran.error_lines) == 2
    assert all(line.startswith("groundwire: ") for line in ran.error_lines)


@pytest.mark.parametrize("path", ["nowhere", "https://example.org/news", "", "empty"])
def test_nothing_taken_at_all_is_a_failure(run, path):
    Path("empty").mkdir()
    ran = run("ingest", path)
    assert ran.code == 1
    assert len(ran.error_lines) == 1
    assert "Traceback" not in ran.err


def test_broken_lines_are_named_by_their_number(run):
    good = json.dumps({"title": "Good", "text": "Snow fell in Bern on Tuesday."})
    Path("news.jsonl").write_text(f'{good}\n{{"title": "No text"}}\nnot json\n', encoding="utf-8")
    ran = run("ingest", "news.jsonl", "--json")
    assert ran.code == 3
    assert [failure["origin"] for failure in ran.json["failed"]] == ["news.jsonl:2", "news.jsonl:3"]


def test_a_file_name_that_is_not_utf8_does_not_stop_the_rest(run, articles):
    try:
        (Path(articles) / "caf\udce9.txt").write_text("The café in Lyon closed.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    ran = run("ingest", articles, "--json")
    assert ran.json["added"] >= 3
    assert "Traceback" not in ran.err


def test_a_second_command_is_refused_and_told_who_is_at_work(run, data_dir, articles):
    owner = DataDirectoryOwner.acquire(data_dir)
    try:
        ran = run("ingest", articles)
    finally:
        owner.release()
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.error_lines) == 1
    assert "is in use by another groundwire command" in ran.err
    assert run("ingest", articles).code == 0


def test_a_data_directory_that_cannot_be_written_is_named(run, monkeypatch, articles):
    Path("file").write_text("not a folder", encoding="utf-8")
    monkeypatch.setenv("GROUNDWIRE_DATA_DIR", str(Path("file").absolute() / "data"))
    ran = run("ingest", articles)
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.error_lines) == 1
    assert "GROUNDWIRE_DATA_DIR" in ran.err


def test_an_unknown_model_is_named(run, monkeypatch, articles):
    monkeypatch.setenv("GROUNDWIRE_EMBEDDING_MODEL", "no-such-model-anywhere")
    ran = run("ingest", articles)
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.error_lines) == 1
    assert "no-such-model-anywhere" in ran.err
