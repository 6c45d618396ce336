from __future__ import annotations

import pytest

from service.library.owner import DataDirectoryOwner


def states(ran) -> dict[str, str]:
    return {part["name"]: part["state"] for part in ran.json["parts"]}


def test_a_new_data_directory_is_in_order(run, data_dir):
    run("articles", "list")
    ran = run("doctor")
    assert (ran.code, ran.err) == (0, "")
    assert str(data_dir) in ran.out
    assert "down" not in ran.out.split()


def test_it_says_whether_text_leaves_the_machine(run):
    assert "no text leaves this machine" in run("doctor").out


def test_json_has_each_part(run, articles):
    run("ingest", articles)
    ran = run("doctor", "--json")
    assert ran.code == 0
    assert ran.json["ready"] is True
    assert {"groundwire", "data directory", "library", "embedding model", "vector store", "llm"} <= set(states(ran))


def test_a_busy_data_directory_is_a_problem_that_is_shown(run, data_dir):
    owner = DataDirectoryOwner.acquire(data_dir)
    try:
        ran = run("doctor", "--json")
    finally:
        owner.release()
    assert ran.code == 1
    assert states(ran)["library"] == "down"
    assert "in use by pid" in ran.out


def test_a_file_that_is_no_library_is_a_problem_that_is_shown(run, data_dir):
    data_dir.mkdir()
    (data_dir / "library.sqlite3").write_bytes(b"this is not a database, whatever its name says" * 100)
    ran = run("doctor", "--json")
    assert ran.code == 1
    assert states(ran)["library"] == "down"
    assert "Traceback" not in ran.err


def test_an_unknown_model_is_a_problem_that_is_shown(run, monkeypatch):
    monkeypatch.setenv("GROUNDWIRE_EMBEDDING_MODEL", "no-such-model-anywhere")
    ran = run("doctor", "--json")
    assert ran.code == 1
    assert states(ran)["embedding model"] == "down"


def test_repair_is_not_advised_where_it_cannot_help(run, monkeypatch, tmp_path):
    monkeypatch.setenv("GROUNDWIRE_EMBEDDING_MODEL", "no-such-model-anywhere")
    assert "--repair" not in run("doctor").out
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("GROUNDWIRE_DATA_DIR", str(tmp_path / "file"))
    assert "--repair" not in run("doctor").out


def test_a_damaged_vector_store_is_told_on_stdout_alone_with_what_to_do(start, run, data_dir, articles):
    run("ingest", articles)
    for file in (data_dir / "chroma").rglob("*.sqlite3"):
        file.write_bytes(b"this is not a database" * 100)
    process = start("doctor")  # libraries are made quiet in a process of its own only
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (1, "")
    assert "--repair" in out


@pytest.mark.parametrize("lost", ["chroma"])
def test_repair_fills_a_lost_vector_store_from_the_library(run, data_dir, articles, lost):
    import shutil

    run("ingest", articles)
    shutil.rmtree(data_dir / lost)
    ran = run("doctor", "--repair")
    assert ran.code == 0
    assert run("search", "bridge", "--json").json["results"][0]["article_id"] == "bridge"
