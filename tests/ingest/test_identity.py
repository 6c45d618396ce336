"""Which article is it?"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import InputRejected
from service.ingest.identity import Identities, TitleIds, canonical_url, path_id, url_id
from service.ingest.incoming import IncomingArticle, ReadingOptions
from service.ingest.readers import read_paths


def ids(*paths: Path | str) -> list[str | None]:
    items = read_paths([str(path) for path in paths], ReadingOptions())
    return [item.id for item in items if isinstance(item, IncomingArticle)]


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://News.Example/Ferry", "https://news.example/Ferry"),
        ("http://news.example/ferry/", "https://news.example/ferry"),
        ("https://news.example:443/ferry#comments", "https://news.example/ferry"),
        ("https://news.example:8443/ferry", "https://news.example:8443/ferry"),
        ("https://news.example/?utm_source=x&id=7&fbclid=y&UTM_Medium=z", "https://news.example?id=7"),
        ("https://news.example/a?b=2&a=1&a=0&c=", "https://news.example/a?a=0&a=1&b=2&c="),
        ("https://user:secret@news.example/a", "https://news.example/a"),
        ("https://news.example/a?q=ż%20ó", "https://news.example/a?q=%C5%BC+%C3%B3"),
    ],
)
def test_a_url_has_one_spelling(url: str, canonical: str) -> None:
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


def test_different_pages_stay_different() -> None:
    pages = ["https://a.example/1", "https://a.example/2", "https://b.example/1", "https://a.example/1?page=2"]
    assert len({url_id(page) for page in pages}) == 4


VISIBLE = st.text(st.characters(exclude_categories=["C", "Z"]), max_size=40)
"""What is left of a URL's characters once its field was checked."""


@given(path=VISIBLE, query=VISIBLE)
def test_spelling_a_url_twice_changes_nothing(path: str, query: str) -> None:
    try:
        once = canonical_url(f"https://news.example/{path}?{query}")
    except ValueError:
        return
    assert canonical_url(once) == once


def test_a_given_id_wins_over_the_url_and_the_url_over_the_path(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\nid: mine\nurl: https://news.example/a\n---\nText.", encoding="utf-8")
    (tmp_path / "b.md").write_text("---\nurl: https://news.example/a?utm_source=x\n---\nText.", encoding="utf-8")
    (tmp_path / "c.md").write_text("Text.", encoding="utf-8")
    assert ids(tmp_path) == ["mine", url_id("https://news.example/a"), path_id("c.md")]


def test_the_path_counts_from_the_folder_that_was_ingested(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in ("here", "elsewhere"):
        (tmp_path / folder / "sub").mkdir(parents=True)
        (tmp_path / folder / "sub" / "a.txt").write_text(f"Text in {folder}.", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "here")
    same = {*ids(tmp_path / "here"), *ids(tmp_path / "elsewhere"), *ids("."), *ids("../here/")}
    assert same == {path_id("sub/a.txt")}
    assert ids("sub/a.txt") == ids("sub") == [path_id("a.txt")]


def test_the_text_plays_no_part(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("Before.", encoding="utf-8")
    before = ids(file)
    file.write_text("After.", encoding="utf-8")
    assert ids(file) == before


def test_a_name_in_decomposed_letters_is_the_same_name() -> None:
    assert path_id("caf\u00e9.txt") == path_id("cafe\u0301.txt")


def test_a_line_added_on_top_of_a_jsonl_leaves_the_others_what_they_were(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    rows = [{"title": title, "text": "Text."} for title in ("One", "Two", "Two")]
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    before = ids(file)
    file.write_text("\n".join(map(json.dumps, [{"title": "Zero", "text": "Text."}, *rows])), encoding="utf-8")
    assert ids(file)[1:] == before
    assert len(set(before)) == 3


def test_the_same_title_in_two_files_is_two_articles() -> None:
    assert TitleIds("a.jsonl").next("Ferry") != TitleIds("b.jsonl").next("Ferry")


def test_an_article_without_id_url_and_file_is_known_by_its_title() -> None:
    def assign(titles: list[str]) -> list[str]:
        identities = Identities()
        return [identities.assign(IncomingArticle(title, "Text.", "posted"), title) for title in titles]

    assert assign(["One", "Two"]) == assign(["Two", "One"])[::-1]
    assert len(set(assign(["One", "One"]))) == 2


def test_the_same_id_twice_names_the_first_and_says_what_to_do() -> None:
    identities = Identities()
    identities.assign(IncomingArticle("a", "Text.", "news.jsonl", id="x", line=3), "a")
    with pytest.raises(InputRejected, match=r"is the same article as news\.jsonl:3 .*: give each an id of its own"):
        identities.assign(IncomingArticle("b", "Other.", "news.jsonl", id="x", line=9), "b")
