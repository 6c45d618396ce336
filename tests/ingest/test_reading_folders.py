"""Walking folders: order, what is skipped, links."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.ingest.incoming import IncomingArticle, ReadingOptions
from service.ingest.readers import Item, read_paths
from service.types import IngestFailure


def read(*paths: Path | str) -> list[Item]:
    return list(read_paths([str(p) for p in paths], ReadingOptions()))


def origins(items: list[Item], folder: Path) -> list[str]:
    return [Path(item.origin).relative_to(folder).as_posix() for item in items]


def write(path: Path, text: str = "Something happened.") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_folders_are_read_by_name_and_depth_first(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/c/y.txt", "c.markdown", "a.txt"):
        write(tmp_path / name)
    assert origins(read(tmp_path), tmp_path) == ["a/c/y.txt", "a/z.md", "a.txt", "b.txt", "c.markdown"]


def test_hidden_and_unknown_files_are_passed_over_in_silence(tmp_path: Path) -> None:
    for name in (".hidden.txt", ".git/a.txt", "picture.png", "Makefile", "LOUD.TXT"):
        write(tmp_path / name)
    assert origins(read(tmp_path), tmp_path) == ["LOUD.TXT"]


def test_a_readme_is_no_article_unless_it_is_named(tmp_path: Path) -> None:
    for name in ("README.md", "License.txt", "readme-or-weep.txt"):
        write(tmp_path / name)
    assert origins(read(tmp_path), tmp_path) == ["readme-or-weep.txt"]
    assert origins(read(tmp_path / "README.md"), tmp_path) == ["README.md"]


def test_a_folder_with_nothing_to_read_is_a_failure(tmp_path: Path) -> None:
    write(tmp_path / "empty" / "deep" / "picture.png")
    (item,) = read(tmp_path / "empty")
    assert isinstance(item, IngestFailure)
    assert "is a folder with nothing to read" in item.error


def test_a_folder_named_like_a_file_is_read_as_a_folder(tmp_path: Path) -> None:
    write(tmp_path / "x.txt" / "a.txt")
    assert origins(read(tmp_path / "x.txt"), tmp_path) == ["x.txt/a.txt"]
    assert origins(read(tmp_path), tmp_path) == ["x.txt/a.txt"]


@pytest.mark.parametrize("explicit", [True, False])
def test_an_empty_folder_named_like_a_file_is_one_failure(tmp_path: Path, explicit: bool) -> None:
    (tmp_path / "x.txt").mkdir()
    write(tmp_path / "a.txt")
    items = read(tmp_path / "x.txt") if explicit else read(tmp_path)
    failures = [item for item in items if isinstance(item, IngestFailure)]
    assert [failure.origin for failure in failures] == [str(tmp_path / "x.txt")]
    assert len(items) == (1 if explicit else 2)


def test_a_link_back_up_is_one_failure_and_everything_is_read_once(tmp_path: Path) -> None:
    write(tmp_path / "sub" / "a.txt")
    (tmp_path / "sub" / "up").symlink_to("..")
    (tmp_path / "sub" / "here").symlink_to(".")
    items = read(tmp_path)
    assert origins(items, tmp_path) == ["sub/a.txt", "sub/here", "sub/up"]
    assert [isinstance(item, IngestFailure) for item in items] == [False, True, True]


def test_a_linked_folder_is_read_once_and_by_its_own_name_if_it_has_one(tmp_path: Path) -> None:
    write(tmp_path / "news" / "z" / "a.txt")
    (tmp_path / "news" / "alias").symlink_to("z")
    write(tmp_path / "outside" / "b.txt")
    (tmp_path / "news" / "more").symlink_to(tmp_path / "outside")
    assert origins(read(tmp_path / "news"), tmp_path / "news") == ["z/a.txt", "more/b.txt"]


def test_links_that_multiply_do_not_multiply_the_work(tmp_path: Path) -> None:
    write(tmp_path / "0" / "a.txt")
    for level in range(1, 30):  # 2^29 ways to one file
        (tmp_path / str(level)).mkdir()
        for name in ("left", "right"):
            (tmp_path / str(level) / name).symlink_to(tmp_path / str(level - 1))
    assert len(read(tmp_path / "29")) == 1


@pytest.mark.parametrize("again", [".", "sub"])
def test_a_folder_named_twice_is_read_once(tmp_path: Path, again: str) -> None:
    write(tmp_path / "sub" / "a.txt")
    assert len(read(tmp_path, tmp_path / again)) == 1


@pytest.mark.parametrize(
    "paths", [("a.txt", "a.txt"), (".", "a.txt"), ("a.txt", "."), ("a.txt", "sub/../a.txt")], ids=" then ".join
)
def test_a_file_named_twice_is_read_once_and_is_no_failure(tmp_path: Path, paths: tuple[str, ...]) -> None:
    write(tmp_path / "a.txt")
    (tmp_path / "sub").mkdir()
    assert [isinstance(item, IncomingArticle) for item in read(*(f"{tmp_path}/{path}" for path in paths))] == [True]


def test_one_bad_file_does_not_stop_the_folder(tmp_path: Path) -> None:
    write(tmp_path / "a.txt", "")
    write(tmp_path / "b.txt")
    write(tmp_path / "c.jsonl", "{")
    write(tmp_path / "d.txt")
    kinds = [isinstance(item, IncomingArticle) for item in read(tmp_path)]
    assert kinds == [False, True, False, True]


def test_a_deep_tree_does_not_exhaust_the_stack(tmp_path: Path) -> None:
    # Built and taken down step by step: the whole path is longer than the system takes in one call.
    start = Path.cwd()
    depth = 1_200
    try:
        os.chdir(tmp_path)
        for _ in range(depth):
            Path("d").mkdir()
            os.chdir("d")
        os.chdir(tmp_path)
        write(tmp_path / "a.txt")
        assert isinstance(read(tmp_path)[0], IncomingArticle)
    finally:
        os.chdir(tmp_path)
        deepest = 0
        while Path("d").is_dir():
            os.chdir("d")
            deepest += 1
        for _ in range(deepest):
            os.chdir("..")
            Path("d").rmdir()
        os.chdir(start)


def test_paths_are_shown_as_they_were_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "news" / "a.txt")
    for given in ("news", "./news/", "news//"):
        assert [item.origin for item in read(given)] == [os.path.join("news", "a.txt")]  # noqa: PTH118
    monkeypatch.chdir(tmp_path / "news")
    assert [item.origin for item in read(".")] == ["a.txt"]


def test_reading_is_lazy(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        write(tmp_path / name)
    items = read_paths([str(tmp_path)], ReadingOptions())
    assert isinstance(next(items), IncomingArticle)
    (tmp_path / "b.txt").write_text("Written after the first was read.", encoding="utf-8")
    second = next(items)
    assert isinstance(second, IncomingArticle)
    assert second.text == "Written after the first was read."
