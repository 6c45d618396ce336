"""What mutations are made of: a library of the suite's articles, and real parts around it that can be wrapped."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from eval.harness.case_file import BriefingCase, Dataset, QuestionCase, SuiteCase
from eval.harness.run_file import Run
from eval.harness.runner import RunOptions, question_of, run_suite
from eval.harness.scoring import Judges
from eval.harness.suites import SUITES, OpenSuite, Suite, noon
from eval.harness.system import GroundwireSystem, Reply, System, corpus_fingerprint, evidence_row, shown
from service.answering.extractive import ExtractiveAnswerer
from service.answering.generative import GenerativeAnswerer, GenerativeOptions
from service.answering.receipts import answer_body
from service.briefing.request import BriefingRequest
from service.errors import InputRejected
from service.grounding.grounder import Grounder
from service.ingest.incoming import IncomingArticle, ReadingOptions
from service.ingest.readers import read_paths
from service.library.library import Library
from service.models.chat import ChatModel
from service.retrieval.retriever import Retriever
from service.settings import Settings
from service.types import Question
from service.wiring import LIBRARY_FILE, Groundwire, open_groundwire

SUITE: Suite = SUITES["seeds"]
Ingest = Callable[[Groundwire, Sequence[IncomingArticle]], None]


@dataclass(frozen=True, slots=True)
class Bench:
    """An open library. `ids`: of the cases' articles to the library's."""

    groundwire: Groundwire
    library: Library
    day: str
    ids: dict[str, str] = field(default_factory=dict)

    @property
    def system(self) -> System:
        return GroundwireSystem(self.groundwire, "extractive")

    @property
    def retriever(self) -> Retriever:
        return self.groundwire.retriever

    def answering(
        self, briefs: System, retriever: Retriever | None = None, threshold: float | None = None
    ) -> AnswererSystem:
        """The extractive answerer around another retriever, or with another threshold. Topics are for `briefs`."""
        answerer = ExtractiveAnswerer(
            self.library, retriever or self.retriever, threshold=threshold, now=lambda: noon(self.day)
        )
        return AnswererSystem(answerer, briefs)

    def writing(self, chat: ChatModel, grounder: Grounder) -> WriterSystem:
        """A model that writes, each sentence checked by this grounder."""
        answerer = ExtractiveAnswerer(self.library, self.retriever, now=lambda: noon(self.day))
        writer = GenerativeAnswerer(answerer, chat, grounder, GenerativeOptions())
        return WriterSystem(writer, AnswererSystem(answerer, self.system))

    def run(self, judges: Judges, cases: Sequence[SuiteCase], system: System | None = None, workers: int = 1) -> Run:
        opened = OpenSuite(
            dataset=Dataset(SUITE.name, tuple(cases)),
            system=system or self.system,
            as_of=self.day,
            corpus=SUITE.name,
            corpus_fingerprint=corpus_fingerprint(self.groundwire),
            settings={},
            ids=self.ids,
        )
        return run_suite(opened, judges, options=RunOptions(workers=workers))


class AnswererSystem:
    """An extractive answerer that was put together by hand."""

    def __init__(self, answerer: ExtractiveAnswerer, library: System) -> None:
        self._answerer = answerer
        self._library = library

    def ask(self, question: Question) -> Reply:
        gathered = self._answerer.gather(question)
        answer = self._answerer.answer(question, gathered)
        return Reply(
            shown(answer_body(answer)), tuple(evidence_row(n, e) for n, e in enumerate(gathered.evidence, start=1))
        )

    def brief(self, request: BriefingRequest) -> Reply:
        return self._library.brief(request)

    def text_of(self, article_id: str, revision: str | None = None) -> str:
        return self._library.text_of(article_id, revision)


class WriterSystem:
    """A writing answerer that was put together by hand. Its evidence is what the extractive one finds."""

    def __init__(self, writer: GenerativeAnswerer, finder: AnswererSystem) -> None:
        self._writer = writer
        self._finder = finder

    def ask(self, question: Question) -> Reply:
        answer = asyncio.run(self._writer.answer(question))
        return Reply(shown(answer_body(answer)), self._finder.ask(question).evidence)

    def brief(self, request: BriefingRequest) -> Reply:
        return self._finder.brief(request)

    def text_of(self, article_id: str, revision: str | None = None) -> str:
        return self._finder.text_of(article_id, revision)


class Remembering:
    """Replies as it did in a run, without asking again: what changes a reply costs no second one.

    A briefing has to be remembered anyway: a second one on the same topic tells what is new since the first.
    """

    def __init__(self, system: System, run: Run, cases: Sequence[SuiteCase]) -> None:
        self._system = system
        replies = {r.id: Reply(r.body, r.evidence) for r in run.results if r.body is not None}
        known = [case for case in cases if case.id in replies]
        self._answers = {question_of(case): replies[case.id] for case in known if isinstance(case, QuestionCase)}
        self._briefings = {case.topic: replies[case.id] for case in known if isinstance(case, BriefingCase)}
        self._texts: dict[tuple[str, str | None], str] = {}

    def ask(self, question: Question) -> Reply:
        return self._answers[question] if question in self._answers else self._system.ask(question)

    def brief(self, request: BriefingRequest) -> Reply:
        return self._briefings[request.topic]

    def text_of(self, article_id: str, revision: str | None = None) -> str:
        key = article_id, revision
        if key not in self._texts:
            self._texts[key] = self._system.text_of(article_id, revision)
        return self._texts[key]


@contextmanager
def open_bench(settings: Settings, ingest: Ingest | None = None, ids: dict[str, str] | None = None) -> Iterator[Bench]:
    """The suite's articles in a temporary library. `ingest`: how they are taken in; all at once without it."""
    day = SUITE.as_of
    assert day is not None
    with tempfile.TemporaryDirectory(prefix="groundwire-eval-") as folder:
        chosen = settings.model_copy(update={"data_dir": Path(folder), "chroma_url": None, "receipts_kept": 0})
        groundwire = open_groundwire(chosen, serving=False, now=lambda: noon(day))
        try:
            (ingest or at_once)(groundwire, suite_articles())
            library = Library(Path(folder) / LIBRARY_FILE)
            try:
                yield Bench(groundwire, library, day, ids or {})
            finally:
                library.close()
        finally:
            groundwire.close()


def suite_articles() -> list[IncomingArticle]:
    """The suite's articles as they are read, each with its id."""
    assert SUITE.articles is not None
    found = list(read_paths([os.fspath(path) for path in (SUITE.articles, *SUITE.planted)], ReadingOptions()))
    articles = [item for item in found if isinstance(item, IncomingArticle)]
    if len(articles) != len(found) or not all(article.id for article in articles):
        raise InputRejected("the suite's articles cannot be read, or one has no id; see eval/datasets/suites/seeds")
    return articles


def at_once(groundwire: Groundwire, articles: Sequence[IncomingArticle]) -> None:
    """Raises InputRejected when one is refused."""
    report = groundwire.ingest_articles(articles)
    if report.failed:
        raise InputRejected(f"{report.failed[0].origin}: {report.failed[0].error}")


def renamed(articles: Sequence[IncomingArticle], name: Callable[[str], str]) -> list[IncomingArticle]:
    return [replace(article, id=name(str(article.id))) for article in articles]
