from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.token_estimate import main, row, texts_in
from service.models.tokens import Count, TokenCounter


def test_the_texts_of_json_lines_are_their_long_readable_strings(tmp_path: Path) -> None:
    file = tmp_path / "cases.jsonl"
    lines = [
        {"id": "short", "text": "The bridge was closed on Tuesday."},
        {"all": [{"more": "It stayed closed all week."}]},
    ]
    file.write_text("\n".join(json.dumps(line) for line in [*lines, {"noise": "a\x01 control character in it"}]))
    assert list(texts_in(file)) == ["The bridge was closed on Tuesday.", "It stayed closed all week."]


def test_a_row_counts_what_is_below_and_how_far() -> None:
    line = row("whole", ["one two three four five", "six"], lambda text: 20 if "one" in text else 3)
    assert " 2 texts, 1 below, lowest 0.35," in line
    assert line.endswith("0.43")


def unavailable() -> Count:
    raise OSError("no network")


def test_without_the_vocabulary_it_says_what_to_set(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)], TokenCounter(load=unavailable)) == 1
    assert "TIKTOKEN_CACHE_DIR" in capsys.readouterr().err


def test_the_table_is_of_the_files_that_are_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "article.md"
    file.write_text("The bridge was closed on Tuesday. It stayed closed all week.")
    assert main([str(file)], TokenCounter(load=lambda: lambda text: len(text.split()))) == 0
    shown = capsys.readouterr().out
    assert "whole            1 texts, 0 below" in shown
    assert "sentences        2 texts, 0 below" in shown
