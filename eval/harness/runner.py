"""Runs a suite case by case: a crash is a row, what is done survives a Ctrl-C, the same input gives the same file."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from time import perf_counter

from eval.harness.case_file import QuestionCase, SuiteCase
from eval.harness.catalogue import scorer_versions
from eval.harness.gold import Gold, Naming, gold_of
from eval.harness.judging_the_judge import checked
from eval.harness.llm_judge import LlmJudge
from eval.harness.observation import Observation
from eval.harness.run_file import CaseResult, Run, encoded, hash_of, write_run
from eval.harness.scoring import Judges, crashed, scored
from eval.harness.suites import OpenSuite
from eval.harness.system import Reply, System
from service.briefing.request import BriefingRequest
from service.errors import InputRejected
from service.types import Filters, Question
from service.version import installed_version

OnResult = Callable[[CaseResult], None]
PARTIAL = ".partial"
_TEXTS = 256
"""Articles whose text is remembered: every citation is read from its article, by several scores."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """`workers`: cases at work at the same time; with more than one, times say little. `limit`: the first so many."""

    workers: int = 1
    limit: int | None = None

    def __post_init__(self) -> None:
        if self.workers < 1 or (self.limit is not None and self.limit < 1):
            raise InputRejected("workers and limit are at least 1")


def run_suite(
    opened: OpenSuite,
    judges: Judges,
    path: Path | None = None,
    options: RunOptions | None = None,
    on_result: OnResult = lambda result: None,
) -> Run:
    """All cases, in their order. `path`: where the run is written; what was done before an interruption is kept there
    under a name that ends in `.partial`, and taken up again by the next run on the same input.

    `on_result` is told each result, the ones taken up first. Raises InputRejected for a case that does not fit the
    articles, or a partial file of another run.
    """
    options = options or RunOptions()
    begun, started_at = perf_counter(), datetime.now(UTC).isoformat(timespec="seconds")
    cases = opened.dataset.cases[: options.limit]
    text_of = lru_cache(maxsize=_TEXTS)(opened.system.text_of)
    naming = Naming(opened.ids, opened.originals)
    golds = {case.id: gold_of(case, naming, text_of, own_words=opened.own_words) for case in cases}
    run = _blank(opened, judges)
    journal = _Journal(path, run) if path is not None else None
    done = journal.results if journal is not None else {}
    for case in cases:
        if case.id in done:
            on_result(done[case.id])

    def measure(case: SuiteCase) -> CaseResult:
        return run_case(case, golds[case.id], opened.system, judges, text_of)

    results = dict(done)
    for result in _each(measure, [case for case in cases if case.id not in done], options.workers):
        results[result.id] = result
        if journal is not None:
            journal.add(result)
        on_result(result)
    of_judge = checked(judges.llm, options.workers) if judges.llm is not None else ()
    cost = judges.llm.cost if isinstance(judges.llm, LlmJudge) else run.judge_cost
    finished = replace(
        run,
        results=tuple(results[case.id] for case in cases),
        judge_cost=cost,
        judge_checked=of_judge,
        started_at=started_at,
        wall_seconds=round(perf_counter() - begun, 2),
    )
    if path is not None and journal is not None:
        write_run(finished, path)
        journal.discard()
    return finished


def run_case(
    case: SuiteCase, gold: Gold, system: System, judges: Judges, text_of: Callable[[str, str | None], str]
) -> CaseResult:
    """One case, asked and scored. Whatever is raised becomes a crash. `text_of`: the system's, remembered."""
    body = {**case.to_json(), **gold.to_json()}
    begun = perf_counter()
    reply: Reply | None = None
    try:
        reply = _asked(case, system)
        asked_ms = (perf_counter() - begun) * 1000
        seen = Observation(case, gold, reply.body, reply.evidence, text_of)
        scores, judgements = scored(seen, judges)
    except Exception as error:
        message = " ".join(str(error).split())
        return CaseResult(
            case.id,
            case.kind,
            case.form,
            body,
            reply.body if reply is not None else None,
            reply.evidence if reply is not None else (),
            crashed(case),
            crash=f"{type(error).__name__}: {message}",
            timings_ms={"asked": round((perf_counter() - begun) * 1000, 2)},
        )
    scored_ms = (perf_counter() - begun) * 1000 - asked_ms
    timings = {"asked": round(asked_ms, 2), "scored": round(scored_ms, 2)}
    return CaseResult(
        case.id, case.kind, case.form, body, reply.body, reply.evidence, scores, judgements, timings_ms=timings
    )


def question_of(case: QuestionCase) -> Question:
    return Question(case.case.question, Filters(as_of=case.case.as_of))


def _asked(case: SuiteCase, system: System) -> Reply:
    if isinstance(case, QuestionCase):
        return system.ask(question_of(case))
    return system.brief(BriefingRequest(case.topic, case.since, case.until, as_of=case.as_of))


def _each(measure: Callable[[SuiteCase], CaseResult], cases: Sequence[SuiteCase], workers: int) -> Iterator[CaseResult]:
    """One after the other, or in the order of the cases as several threads have them ready."""
    if workers == 1:
        yield from map(measure, cases)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="eval")
    try:
        yield from pool.map(measure, cases)
    finally:
        pool.shutdown(cancel_futures=True)


def _blank(opened: OpenSuite, judges: Judges) -> Run:
    return Run(
        suite=opened.dataset.name,
        dataset=opened.dataset.name,
        dataset_hash=opened.dataset.hash,
        corpus=opened.corpus,
        corpus_fingerprint=opened.corpus_fingerprint,
        groundwire=installed_version(),
        settings=opened.settings,
        settings_fingerprint=hash_of(opened.settings),
        scorers=scorer_versions(),
        as_of=opened.as_of,
        judge=judges.llm.identity if isinstance(judges.llm, LlmJudge) else None,
    )


class _Journal:
    """What is done, a line each, on disk as soon as it is done. The first line says of which run it is."""

    def __init__(self, path: Path, run: Run) -> None:
        self._path = path.with_name(path.name + PARTIAL)
        self._header = encoded(run.header())
        self._lock = threading.Lock()
        self.results: Mapping[str, CaseResult] = self._taken_up()

    def add(self, result: CaseResult) -> None:
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(encoded(result.to_json()) + "\n")

    def discard(self) -> None:
        self._path.unlink(missing_ok=True)

    def _taken_up(self) -> dict[str, CaseResult]:
        """Raises InputRejected for the partial file of another run."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        if not self._path.exists():
            self._path.write_text(self._header + "\n", encoding="utf-8")
            return {}
        header, *lines = self._path.read_text(encoding="utf-8").split("\n")
        if header != self._header:
            raise InputRejected(
                f"{self._path}: an interrupted run of other cases, articles, settings or scorers; "
                "remove it, or write this run to another file"
            )
        whole = [line for line in lines if _is_whole(line)]
        # Half a line, from a stop in the middle of a write, must not stand before the next whole one.
        new = self._path.with_name(f"{self._path.name}.new")
        new.write_text("".join(f"{line}\n" for line in (header, *whole)), encoding="utf-8")
        new.replace(self._path)
        return {result.id: result for result in (CaseResult.from_json(json.loads(line)) for line in whole)}


def _is_whole(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
