"""YAML front matter of Markdown files."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.ingest.incoming import IncomingArticle, ReadingOptions
from service.ingest.readers import Item, read_paths
from service.types import IngestFailure


def read(folder: Path, content: str) -> Item:
    file = folder / "a.md"
    file.write_text(content, encoding="utf-8", newline="")
    (item,) = read_paths([str(file)], ReadingOptions())
    return item


def article(folder: Path, content: str) -> IncomingArticle:
    item = read(folder, content)
    assert isinstance(item, IncomingArticle), item
    return item


def test_front_matter_gives_the_fields_and_the_rest_is_the_text(tmp_path: Path) -> None:
    got = article(
        tmp_path,
        "---\nid: ferry-1\ntitle: 'Ferry: service resumes'\nsource: Harbour Post\nurl: https://news.example/ferry\n"
        "published_at: 2025-11-14\nlanguage: en\ntags: [ferry, harbour]\nauthor: ignored\n---\n\nThe ferry resumed.\n",
    )
    assert (got.id, got.title, got.source) == ("ferry-1", "Ferry: service resumes", "Harbour Post")
    assert (got.url, got.published_at, got.language) == ("https://news.example/ferry", "2025-11-14", "en")
    assert got.tags == ("ferry", "harbour")
    assert got.text == "\nThe ferry resumed.\n"


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        ("2025-11-14", "2025-11-14"),
        ("'2025-11-14'", "2025-11-14"),
        ("20251114", "2025-11-14"),
        ("2025-11-14T09:30", "2025-11-14T09:30:00"),
        ("2025-11-14 09:30:00", "2025-11-14T09:30:00"),
        ("2025-11-14T09:30:00Z", "2025-11-14T09:30:00+00:00"),
        ("2025-11-14t09:30:00z", "2025-11-14T09:30:00+00:00"),
        ("2025-11-14T09:30:00.5+02:00", "2025-11-14T09:30:00.500000+02:00"),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_a_date_is_normalised(tmp_path: Path, value: str, stored: str | None) -> None:
    assert article(tmp_path, f"---\npublished_at: {value}\n---\nText.").published_at == stored


@pytest.mark.parametrize("value", ["2025-13-45", "2025", "2025-11", "yesterday", "12:30", "[2025]", "9999-12-31"])
def test_an_absurd_date_is_a_failure_that_shows_the_format(tmp_path: Path, value: str) -> None:
    item = read(tmp_path, f"---\npublished_at: {value}\n---\nText.")
    assert isinstance(item, IngestFailure)
    assert "published_at" in item.error


@pytest.mark.parametrize("value", ["007", "No", "12:30", "1e3", "0x10", "2025-11-14"])
def test_yaml_does_not_guess_what_an_id_means(tmp_path: Path, value: str) -> None:
    got = article(tmp_path, f"---\nid: {value}\ntitle: {value}\n---\nText.")
    assert (got.id, got.title) == (value, value)


def test_tags_may_be_one_string_with_commas(tmp_path: Path) -> None:
    assert article(tmp_path, "---\ntags: ferry, , harbour\n---\nText.").tags == ("ferry", "harbour")


@pytest.mark.parametrize(
    ("matter", "says"),
    [
        pytest.param("title: Ferry: service resumes", "on line 2", id="a colon in the value"),
        pytest.param("id: a\ntitle: 'Ferry", "broken on line", id="an open quote"),
        pytest.param("id: a\n\ttitle: b", "on line 3", id="a tab"),
        pytest.param("id: a\ntitle: b\x07", "on line 3 (character U+0007", id="a bell"),
        pytest.param("- a\n- b", "it has no fields", id="a list"),
        pytest.param("just words", "it has no fields", id="words"),
        pytest.param("? [a]\n: b", "broken on line", id="a list as a name"),
        pytest.param("a: *b", "on line 2", id="an unknown anchor"),
        pytest.param("a: " + "[" * 5_000, "broken on line", id="nested too deep"),
        pytest.param("title: [a, b]", "title is a list", id="a title that is a list"),
    ],
)
def test_broken_front_matter_is_a_failure_naming_the_line(tmp_path: Path, matter: str, says: str) -> None:
    item = read(tmp_path, f"---\n{matter}\n---\nText.")
    assert isinstance(item, IngestFailure)
    assert says in item.error
    assert item.error.isprintable()


def test_front_matter_that_never_ends_is_a_failure(tmp_path: Path) -> None:
    item = read(tmp_path, "---\ntitle: a\n\nText.")
    assert isinstance(item, IngestFailure)
    assert "begins on line 1 and never ends" in item.error


def test_a_book_between_two_rules_is_refused_before_it_is_parsed(tmp_path: Path) -> None:
    item = read(tmp_path, "---\n" + "a word or two\n" * 4_000 + "---\nText.")
    assert isinstance(item, IngestFailure)
    assert "front matter has 56,000 characters" in item.error


def test_front_matter_without_a_text_is_a_failure(tmp_path: Path) -> None:
    item = read(tmp_path, "---\ntitle: a\n---\n\n")
    assert isinstance(item, IngestFailure)
    assert "has no text" in item.error


def test_tags_of_yaml_that_name_python_objects_build_nothing(tmp_path: Path) -> None:
    assert article(tmp_path, "---\nx: !!python/object/apply:os.getcwd []\n---\nText.").title is None


def test_an_alias_bomb_is_a_short_failure(tmp_path: Path) -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n" for i in range(1, 60)) + "title: *a59\n"
    item = read(tmp_path, f"---\n{bomb}---\nText.")
    assert isinstance(item, IngestFailure)
    assert len(item.error) < 200


@pytest.mark.parametrize("content", ["Text.\n---\ntitle: a\n---\n", "# Heading\n\nText.", "\n---\na: b\n---\n"])
def test_only_a_first_line_of_dashes_begins_front_matter(tmp_path: Path, content: str) -> None:
    assert article(tmp_path, content).text == content


def test_windows_line_ends_and_a_byte_order_mark_are_fine(tmp_path: Path) -> None:
    assert article(tmp_path, "\ufeff---\r\ntitle: a\r\n---\r\nText.\r\n").title == "a"
