from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _filled(run, articles):
    assert run("ingest", articles).code == 0


def test_a_list_has_one_line_an_article(run):
    ran = run("articles", "list")
    assert (ran.code, ran.err) == (0, "")
    assert len(ran.out.splitlines()) == 3
    assert "bridge  Bridge opens in Harlow, Harlow Gazette, 2025-03-02\n" in ran.out
    assert "date not stated" in ran.out


def test_a_limited_list_goes_on_at_its_cursor(run):
    first = run("articles", "list", "--limit", "2", "--json").json
    rest = run("articles", "list", "--cursor", first["next_cursor"], "--json").json
    assert len(first["articles"]) == 2
    assert len(rest["articles"]) == 1
    assert rest["next_cursor"] is None
    assert [*first["articles"], *rest["articles"]] == run("articles", "list", "--json").json["articles"]


def test_show_prints_the_whole_text(run):
    ran = run("articles", "show", "bridge")
    assert ran.code == 0
    assert ran.out.startswith("Bridge opens in Harlow\n")
    assert "published: 2025-03-02\n" in ran.out
    assert "312 metres" in ran.out


def test_an_old_revision_can_still_be_shown(run, articles):
    old = run("articles", "show", "bridge", "--json").json
    file = Path(articles) / "bridge.md"
    file.write_text(file.read_text(encoding="utf-8").replace("48 million", "51 million"), encoding="utf-8")
    assert run("ingest", articles, "--json").json["updated"] == 1
    assert "51 million" in run("articles", "show", "bridge", "--json").json["text"]
    assert run("articles", "show", "bridge", "--revision", old["revision"], "--json").json["text"] == old["text"]


@pytest.mark.parametrize(
    "action", [["show", "no-such"], ["delete", "no-such"], ["show", "bridge", "--revision", "sha256:0"]]
)
def test_what_does_not_exist_is_one_line_and_exit_code_1(run, action):
    ran = run("articles", *action)
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.error_lines) == 1


def test_a_deleted_article_is_gone(run):
    ran = run("articles", "delete", "bridge")
    assert (ran.code, ran.out) == (0, "deleted bridge: Bridge opens in Harlow\n")
    assert run("articles", "show", "bridge").code == 1
    assert "bridge" not in {result["article_id"] for result in run("search", "bridge", "--json").json["results"]}
