"""A suite from its name to its run: settings, judges, where the run is written."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path

from eval.harness.judging import BuiltInJudge
from eval.harness.llm_judge import LlmJudge
from eval.harness.run_file import CaseResult, Run
from eval.harness.runner import PARTIAL, RunOptions, run_suite
from eval.harness.scoring import Judges
from eval.harness.suites import OpenSuite, Suite, open_suite
from service.settings import Settings
from service.wiring import open_judge, open_verifier

RUNS = Path("eval-runs")
_NUMBERED = re.compile(r"-(\d{3,})\.json(?:\.partial)?$")


@dataclass(frozen=True, slots=True)
class Request:
    """`path` None: the run is not kept. `articles`, `data_dir`, `mode`, `as_of`: as open_suite has them."""

    suite: Suite
    path: Path | None = None
    articles: Path | None = None
    data_dir: Path | None = None
    mode: str = "auto"
    as_of: str | None = None
    llm_judge: bool = True
    options: RunOptions = field(default_factory=RunOptions)


class Watcher:
    """Told how many cases there will be, then each result. This one says nothing."""

    def start(self, opened: OpenSuite, total: int) -> None: ...

    def result(self, result: CaseResult) -> None: ...


def run(request: Request, settings: Settings, watcher: Watcher | None = None) -> Run:
    """Raises InputRejected, LibraryBusy, ModelUnavailable and so on: what concerns no single case."""
    watcher = watcher or Watcher()
    judges = judges_of(settings, llm=request.llm_judge)
    with open_suite(
        request.suite,
        settings,
        articles=request.articles,
        data_dir=request.data_dir,
        mode=request.mode,
        as_of=request.as_of,
    ) as opened:
        watcher.start(opened, len(opened.dataset.cases[: request.options.limit]))
        return run_suite(opened, judges, request.path, request.options, watcher.result)


def judges_of(settings: Settings, *, llm: bool) -> Judges:
    """`llm`: also ask the model that the settings name as the judge, if they name one."""
    chat = open_judge(settings) if llm else None
    cache = settings.cache_dir / "judge"
    judge = None if chat is None else LlmJudge(chat, cache, timeout_seconds=settings.llm_timeout_seconds)
    return Judges(BuiltInJudge(open_verifier(settings)), judge)


def next_path(suite: str, folder: Path = RUNS) -> Path:
    """Where the next run of a suite goes: the one that was interrupted last, else a file with the next number."""
    found = sorted(
        (int(match[1]), file.name)
        for file in (folder.glob(f"{suite}-*") if folder.is_dir() else ())
        if (match := _NUMBERED.search(file.name)) is not None
    )
    last = found[-1] if found else (0, "")
    number = last[0] if last[1].endswith(PARTIAL) else last[0] + 1
    return folder / f"{suite}-{number:03}.json"
