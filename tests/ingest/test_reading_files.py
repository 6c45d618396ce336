"""What a reader makes of one file, good or bad."""

from __future__ import annotations

import codecs
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.ingest.files import read_text, refusal
from service.ingest.incoming import IncomingArticle, ReadingOptions
from service.ingest.readers import READERS, Item, read_paths
from service.types import IngestFailure


def read(*paths: Path | str, limit: int = 1_000_000) -> list[Item]:
    return list(read_paths([str(p) for p in paths], ReadingOptions(max_file_bytes=limit)))


def only_failure(items: list[Item]) -> IngestFailure:
    assert len(items) == 1
    assert isinstance(items[0], IngestFailure)
    assert "\n" not in items[0].error
    return items[0]


def only_article(items: list[Item]) -> IncomingArticle:
    assert len(items) == 1
    assert isinstance(items[0], IncomingArticle), items[0]
    return items[0]


def test_plain_text_is_kept_whole_and_knows_its_origin(tmp_path: Path) -> None:
    file = tmp_path / "harbour.txt"
    file.write_text("Harbour reopens\n\nThe harbour reopened on Monday.\n", encoding="utf-8")
    article = only_article(read(file))
    assert article.text == "Harbour reopens\n\nThe harbour reopened on Monday.\n"
    assert article.title is None
    assert article.origin == str(file)
    assert article.id is not None
    assert article.id.startswith("art_")


@pytest.mark.parametrize(
    ("mark", "encoding"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
    ],
)
def test_a_byte_order_mark_is_obeyed_and_dropped(tmp_path: Path, mark: bytes, encoding: str) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(mark + "Żółw reached the coast.".encode(encoding))
    assert only_article(read(file)).text == "Żółw reached the coast."


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param(b"", "is empty", id="no bytes"),
        pytest.param(b" \n\t\r\n", "is empty", id="only blanks"),
        pytest.param(codecs.BOM_UTF8, "has no text", id="only a byte order mark"),
        pytest.param("\u00a0\u2003\n".encode(), "has no text", id="only Unicode blanks"),
        pytest.param(b"\x00\x01\x02\x03" * 64, "is binary data", id="mostly control bytes"),
        pytest.param(b"some words\x00\x00\x00\x00\x00", "is binary data", id="padded with NUL"),
        pytest.param("UTF-16 without its mark".encode("utf-16-le"), "is binary data", id="UTF-16 without a mark"),
        pytest.param(b"%PDF-1.7\nwords words words", "is a PDF", id="PDF"),
        pytest.param(b"PK\x03\x04 words", "is a zip archive", id="zip"),
        pytest.param(b"\x89PNG\r\n\x1a\n", "is a PNG image", id="PNG"),
        pytest.param(b"{\\rtf1 words}", "rich text", id="RTF"),
        pytest.param(b"caf\xe9 opens", "is not UTF-8 at byte 3 (0xe9)", id="Latin-1"),
        pytest.param(codecs.BOM_UTF8 + b"ab\xff", "is not UTF-8 at byte 5 (0xff)", id="bad byte after a mark"),
        pytest.param(b"cut off \xe2\x82", "is not UTF-8 at byte 8", id="cut inside a character"),
        pytest.param(codecs.BOM_UTF16_LE + b"a\x00b", "is not UTF-16 at byte 4", id="half a UTF-16 unit"),
    ],
)
@pytest.mark.parametrize("suffix", [".txt", ".md"])
def test_a_file_that_is_not_text_is_one_failure(tmp_path: Path, content: bytes, says: str, suffix: str) -> None:
    file = tmp_path / f"a{suffix}"
    file.write_bytes(content)
    failure = only_failure(read(file))
    assert failure.origin == str(file)
    assert says in failure.error
    assert ":" in failure.error  # what to do


def test_a_stray_nul_in_prose_is_left_to_the_cleaner(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_bytes(b"The ferry left on time\x00 and came back late in the evening.")
    assert "\x00" in only_article(read(file)).text


def test_a_file_over_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "dump.txt"
    with file.open("wb") as stream:
        stream.truncate(50_000_000)  # sparse: reading it would find NULs, and say so
    failure = only_failure(read(file, limit=20_000_000))
    assert "has 50.0 MB, the limit for one article is 20.0 MB" in failure.error


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("explicit", [True, False])
def test_a_pipe_with_a_text_name_never_blocks(tmp_path: Path, explicit: bool) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    failure = only_failure(read(pipe if explicit else tmp_path))
    assert failure.origin == str(pipe)
    assert "is a pipe" in failure.error


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no such sockets here")
def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the whole path may be too long for a socket
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("s.txt")
        assert "is a pipe, socket or device" in only_failure(read("s.txt")).error


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("missing.txt", "does not exist"),
        ("missing", "does not exist"),
        ("", "is an empty path"),
        ("  ", "is an empty path"),
        ("a\x00b.txt", "is not a possible path"),
        ("\ud800.txt", "is not a possible path"),
        ("x" * 300 + ".txt", "too long a name"),
        ("https://news.example/a", "is a URL"),
        ("HTTP://news.example", "is a URL"),
        ("ftp://news.example/a.txt", "is a URL"),
        ("file:///a.txt", "is a URL"),
    ],
)
def test_a_path_that_leads_nowhere_is_one_failure_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, says: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("good.txt").write_text("Something happened.", encoding="utf-8")
    failure, article = read(path, "good.txt")
    assert isinstance(failure, IngestFailure)
    assert says in failure.error
    assert failure.origin.isprintable()
    assert failure.origin
    assert isinstance(article, IncomingArticle)


def test_another_kind_of_file_is_refused_when_it_is_named(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("a,b", encoding="utf-8")
    assert ".txt, .md, .markdown, .jsonl, .ndjson" in only_failure(read(file)).error


def test_a_link_to_itself_is_refused(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    assert "leads back to itself" in only_failure(read(tmp_path / "loop.txt")).error


def test_a_broken_link_is_refused(tmp_path: Path) -> None:
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    assert "does not exist" in only_failure(read(tmp_path)).error


@pytest.fixture
def bound_by_rights() -> Iterator[None]:
    """An administrator may read everything, so for the time of the test this process is nobody."""
    if os.name != "posix":
        pytest.skip("rights work otherwise here")
    user = os.geteuid()
    if user == 0:
        os.seteuid(65_534)
    yield
    os.seteuid(user)


@pytest.mark.usefixtures("bound_by_rights")
@pytest.mark.parametrize("named", ["secret.txt", "secret", "."])
def test_without_the_right_to_read_there_is_one_failure(named: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        secrets = Path(folder, "secret")
        secrets.mkdir()
        file = Path(folder, "secret.txt")
        file.write_text("Something happened.", encoding="utf-8")
        secrets.chmod(0)
        file.chmod(0)
        try:
            failures = read(Path(folder, named))
        finally:
            secrets.chmod(0o700)
    assert len(failures) == (2 if named == "." else 1)
    assert all(isinstance(item, IngestFailure) and "may not be read" in item.error for item in failures)


def test_a_refused_permission_says_what_to_do() -> None:
    assert str(refusal(PermissionError(13, "Permission denied"))) == (
        "may not be read: give this user the right to read it"
    )


def test_an_unknown_system_error_is_one_line() -> None:
    assert str(refusal(OSError(5, "Input/output error"))) == (
        "cannot be read (Input/output error): copy it elsewhere and try again"
    )


def test_a_file_that_grows_past_the_limit_while_it_is_read_is_refused() -> None:
    path = Path("/proc/self/limits")  # says it has 0 bytes, and has more
    if not path.exists():
        pytest.skip("no /proc here")
    with pytest.raises(Exception, match="the limit for one article"):
        read_text(path, 16)


def test_a_file_name_cannot_break_the_line_of_its_failure(tmp_path: Path) -> None:
    file = tmp_path / "two\nlines\x1b[31m.txt"
    file.write_bytes(b"")
    failure = only_failure(read(file))
    assert failure.origin.endswith("two\\nlines\\x1b[31m.txt")


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX only")
def test_a_file_name_that_is_not_unicode_can_be_stored(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9.txt"
    try:
        Path(os.fsdecode(name)).write_text("Something happened.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system wants Unicode names")
    article = only_article(read(tmp_path))
    assert article.origin.encode("utf-8").endswith(b"caf\\udce9.txt")


@given(content=st.binary(max_size=300), suffix=st.sampled_from(sorted(READERS)))
def test_any_bytes_give_items_and_never_raise(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, suffix: str
) -> None:
    file = tmp_path_factory.getbasetemp() / f"any{suffix}"
    file.write_bytes(content)
    items = read(file, limit=200)
    assert items
    assert all(isinstance(item, IncomingArticle) or (item.error and item.error.isprintable()) for item in items)


@given(
    start=st.sampled_from(["---\n", "---\ntitle: ", "---\ntags: [", '{"title": "a", "text": ', '{"title": "a", ', "["]),
    rest=st.text(max_size=80),
    end=st.sampled_from(["\n---\ntext", "}", '"}', "\n"]),
    suffix=st.sampled_from(sorted(READERS)),
)
def test_almost_right_files_give_items_and_never_raise(
    tmp_path_factory: pytest.TempPathFactory, start: str, rest: str, end: str, suffix: str
) -> None:
    file = tmp_path_factory.getbasetemp() / f"almost{suffix}"
    file.write_text(start + rest + end, encoding="utf-8", newline="")
    assert read(file)
