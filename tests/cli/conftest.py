from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).parents[2]
DEADLINE_SECONDS = 60.0


@dataclass(frozen=True)
class Ran:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error_lines(self) -> list[str]:
        return self.err.splitlines()


Run = Callable[..., Ran]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data directory of its own, the toy model, and a working directory without a `.env`."""
    for name in [name for name in os.environ if name.startswith("GROUNDWIRE_")]:
        monkeypatch.delenv(name)
    folder = tmp_path / "data"
    monkeypatch.setenv("GROUNDWIRE_DATA_DIR", str(folder))
    monkeypatch.setenv("GROUNDWIRE_EMBEDDING_MODEL", "hashing")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return folder


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], data_dir: Path) -> Run:
    """One command in this process."""
    from service.cli import main

    def command(*arguments: str) -> Ran:
        capsys.readouterr()
        code = main(arguments)
        printed = capsys.readouterr()
        return Ran(code, printed.out, printed.err)

    return command


@pytest.fixture
def start(data_dir: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """A command in a process of its own, whose streams are pipes."""
    started: list[subprocess.Popen[str]] = []

    def command(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "service.cli", *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="surrogateescape",
            env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environment},
        )
        started.append(process)
        return process

    yield command
    for process in started:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=DEADLINE_SECONDS)


@pytest.fixture
def articles(data_dir: Path) -> str:
    """A folder with three articles, named relative to the working directory."""
    folder = Path("articles")
    folder.mkdir()
    (folder / "bridge.md").write_text(
        "---\nid: bridge\ntitle: Bridge opens in Harlow\nsource: Harlow Gazette\npublished_at: 2025-03-02\n---\n"
        "The new bridge in Harlow cost 48 million crowns, the mayor said. It is 312 metres long.\n",
        encoding="utf-8",
    )
    (folder / "strike.txt").write_text(
        "Tram drivers in Ostrava stopped work on Monday.\n\nThe union asks for nine percent more pay.\n",
        encoding="utf-8",
    )
    lines = [{"id": "bees", "title": "Bees return", "text": "Beekeepers counted 4,200 hives in Vaud, a third more."}]
    (folder / "more.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return str(folder)
