"""One article a line: every line stands for itself."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from service.ingest.incoming import IncomingArticle, ReadingOptions
from service.ingest.readers import Item, read_paths
from service.types import IngestFailure


def read(file: Path, limit: int = 1_000_000) -> list[Item]:
    return list(read_paths([str(file)], ReadingOptions(max_file_bytes=limit)))


def lines(file: Path, *content: object) -> Path:
    text = "".join((line if isinstance(line, str) else json.dumps(line)) + "\n" for line in content)
    file.write_text(text, encoding="utf-8", newline="")
    return file


GOOD = {"title": "Ferry resumes", "text": "The ferry resumed on Monday."}


def test_every_field_of_an_article_arrives(tmp_path: Path) -> None:
    given = {
        "id": "ferry-1",
        "title": " Ferry\nresumes ",
        "text": "The ferry resumed on Monday.",
        "url": "https://news.example/ferry",
        "source": "Harbour Post",
        "published_at": "2025-11-14 09:30:00Z",
        "language": "pt_BR",
        "tags": ["ferry", "harbour", "ferry", " "],
        "markdown": True,
        "unknown": {"is": "ignored"},
    }
    (article,) = read(lines(tmp_path / "a.jsonl", given))
    assert article == IncomingArticle(
        title="Ferry resumes",
        text="The ferry resumed on Monday.",
        origin=str(tmp_path / "a.jsonl"),
        id="ferry-1",
        url="https://news.example/ferry",
        source="Harbour Post",
        published_at="2025-11-14T09:30:00+00:00",
        language="pt-BR",
        tags=("ferry", "harbour"),
        line=1,
        markdown=True,
    )


def test_null_and_blank_optional_fields_are_absent(tmp_path: Path) -> None:
    nothing = {"id": None, "url": "", "source": " ", "published_at": "", "language": None, "tags": None}
    (article,) = read(lines(tmp_path / "a.jsonl", GOOD | nothing))
    assert isinstance(article, IncomingArticle)
    assert (article.url, article.source, article.published_at, article.language, article.tags) == (None,) * 4 + ((),)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        pytest.param("{", "is not JSON", id="cut off"),
        pytest.param('{"title": "a", "text": "b"} {}', "is not JSON", id="two objects"),
        pytest.param("[" * 100_000, "nested too deep", id="nested too deep"),
        pytest.param('{"id": ' + "9" * 5_000 + "}", "number is too long", id="endless number"),
        pytest.param("[]", "is a list, not an article", id="a list"),
        pytest.param('"text"', "is a string, not an article", id="a string"),
        pytest.param("null", "is null, not an article", id="null"),
        pytest.param({"title": "a"}, "has no text", id="no text"),
        pytest.param({"title": "a", "text": " \n"}, "has no text", id="blank text"),
        pytest.param({"title": "a", "text": None}, "has no text", id="null text"),
        pytest.param({"title": "a", "text": 5}, "text is a number", id="text is a number"),
        pytest.param({"text": "a"}, "has no title", id="no title"),
        pytest.param({"title": ["a"], "text": "a"}, "title is a list", id="title is a list"),
        pytest.param(GOOD | {"title": "a" * 1_001}, "title has 1,001 characters", id="title without end"),
        pytest.param(GOOD | {"id": 7}, "id is a number", id="id is a number"),
        pytest.param(GOOD | {"id": ""}, "id '' is unusable", id="id is empty"),
        pytest.param(GOOD | {"id": "a\x07b"}, "id 'a\\x07b' is unusable", id="id rings the bell"),
        pytest.param(GOOD | {"id": "a" * 201}, "is unusable", id="id is too long"),
        pytest.param(GOOD | {"url": "javascript:alert(1)"}, "url 'javascript:alert(1)'", id="url runs code"),
        pytest.param(GOOD | {"url": "news.example/a"}, "is unusable", id="url without scheme"),
        pytest.param(GOOD | {"url": "http://[::1/a"}, "is unusable", id="url with half an address"),
        pytest.param(GOOD | {"url": "http://a.example:99999/"}, "is unusable", id="url with an impossible port"),
        pytest.param(GOOD | {"published_at": "32/13/2025"}, "published_at '32/13/2025' is not a date", id="no date"),
        pytest.param(GOOD | {"published_at": "yesterday"}, "is not a date: write 2025-11-14", id="a word"),
        pytest.param(GOOD | {"published_at": 1763078400}, "published_at is a number", id="a number"),
        pytest.param(GOOD | {"published_at": "0000-01-01"}, "is not a date", id="year 0"),
        pytest.param(GOOD | {"published_at": "0001-01-01"}, "is in the year 1", id="a filler year"),
        pytest.param(GOOD | {"published_at": "2025-02-29"}, "is not a date", id="no such day"),
        pytest.param(GOOD | {"language": "Portuguese (Brazil)"}, "is not a language tag", id="language in words"),
        pytest.param(GOOD | {"tags": "war"}, "tags is not a list of strings", id="tags is a string"),
        pytest.param(GOOD | {"tags": ["war", 5]}, "tags is not a list of strings", id="a tag is a number"),
        pytest.param(GOOD | {"tags": [str(i) for i in range(101)]}, "has 101 tags", id="too many tags"),
        pytest.param(GOOD | {"markdown": "yes"}, "markdown is a string: write true or false", id="flag is a word"),
        pytest.param(GOOD | {"source": {"name": "a"}}, "source is an object", id="source is an object"),
    ],
)
def test_a_bad_line_is_a_failure_with_its_number_and_the_rest_goes_on(tmp_path: Path, line: object, says: str) -> None:
    file = lines(tmp_path / "a.jsonl", GOOD, line, GOOD | {"title": "Another"})
    first, failure, last = read(file)
    assert isinstance(first, IncomingArticle)
    assert isinstance(failure, IngestFailure)
    assert failure.origin == f"{file}:2"
    assert says in failure.error
    assert failure.error.isprintable()
    assert len(failure.error) < 250
    assert isinstance(last, IncomingArticle)
    assert last.where == f"{file}:3"


def test_blank_lines_count_but_are_nothing(tmp_path: Path) -> None:
    file = tmp_path / "a.ndjson"
    file.write_bytes(b"\n \r\n" + json.dumps(GOOD).encode() + b"\r\n\n{\n")
    article, failure = read(file)
    assert isinstance(article, IncomingArticle)
    assert article.line == 3
    assert failure.origin == f"{file}:5"


@pytest.mark.parametrize("content", [b"", b"\n\n \n"])
def test_a_file_without_a_line_is_one_failure(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(content)
    (failure,) = read(file)
    assert isinstance(failure, IngestFailure)
    assert "is empty" in failure.error


def test_a_binary_file_is_one_failure_not_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b"\x00\n" * 5_000)
    (failure,) = read(file)
    assert isinstance(failure, IngestFailure)
    assert "is binary data" in failure.error


def test_invalid_utf8_spoils_its_own_line_only(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    file.write_bytes(b'{"title": "caf\xe9", "text": "a"}\n' + json.dumps(GOOD).encode())
    failure, article = read(file)
    assert isinstance(failure, IngestFailure)
    assert "is not UTF-8 at byte 14" in failure.error
    assert isinstance(article, IncomingArticle)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_byte_order_mark_is_obeyed(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.jsonl"
    rows = [json.dumps(GOOD | {"title": title}, ensure_ascii=False) for title in ("Łódź", "Gdańsk")]
    file.write_text("\n".join(rows), encoding=encoding)
    assert [item.title for item in read(file) if isinstance(item, IncomingArticle)] == ["Łódź", "Gdańsk"]


def test_line_separators_inside_a_string_do_not_cut_the_line(tmp_path: Path) -> None:
    text = "One.\u2028Two.\u0085Three."
    file = tmp_path / "a.jsonl"
    file.write_text(json.dumps(GOOD | {"text": text}, ensure_ascii=False), encoding="utf-8")
    (article,) = read(file)
    assert isinstance(article, IncomingArticle)
    assert article.text == text


def test_half_a_surrogate_pair_becomes_the_replacement_character(tmp_path: Path) -> None:
    (article,) = read(lines(tmp_path / "a.jsonl", '{"title": "a\\ud83d", "text": "cut \\ud83d off \\ud83d\\ude00"}'))
    assert isinstance(article, IncomingArticle)
    assert (article.title, article.text) == ("a", "cut \ufffd off \U0001f600")


def test_a_line_over_the_limit_is_passed_over(tmp_path: Path) -> None:
    file = lines(tmp_path / "a.jsonl", GOOD, GOOD | {"text": "a" * 5_000}, GOOD | {"title": "Another"})
    _, failure, article = read(file, limit=1_000)
    assert isinstance(failure, IngestFailure)
    assert "the limit for one article is" in failure.error
    assert isinstance(article, IncomingArticle)
    assert article.line == 3


def test_a_long_file_is_never_held_in_memory(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl"
    row = json.dumps(GOOD | {"text": "a" * 100_000}) + "\n"
    with file.open("w", encoding="utf-8") as stream:
        stream.writelines(row for _ in range(100))
    tracemalloc.start()
    try:
        count = sum(1 for _ in read_paths([str(file)], ReadingOptions()))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 100
    assert peak < 3_000_000  # the file has 10 MB
