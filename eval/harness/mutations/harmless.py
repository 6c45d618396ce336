"""Changes that make nothing worse: the gate may fail for none of them."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from eval.harness.case_file import SuiteCase
from eval.harness.mutations.bench import Ingest, at_once, open_bench, renamed, suite_articles
from eval.harness.run_file import Run
from eval.harness.scoring import Judges
from service.ingest.incoming import IncomingArticle
from service.settings import Settings
from service.wiring import Groundwire


@dataclass(frozen=True, slots=True)
class Setup:
    settings: Settings
    judges: Judges
    cases: Sequence[SuiteCase]


Harmless = Callable[[Setup], Run]


def _cases(seed: int, workers: int = 1) -> Harmless:
    def run(setup: Setup) -> Run:
        cases = list(setup.cases)
        random.Random(seed).shuffle(cases)  # noqa: S311 - nothing secret
        with open_bench(setup.settings) as bench:
            return bench.run(setup.judges, cases, workers=workers)

    return run


def _library(ingest: Ingest, name: Callable[[str], str] = lambda article: article) -> Harmless:
    def run(setup: Setup) -> Run:
        names = [str(article.id) for article in suite_articles()]
        with open_bench(setup.settings, ingest, {article: name(article) for article in names}) as bench:
            return bench.run(setup.judges, setup.cases)

    return run


def _in_order(seed: int) -> Ingest:
    def ingest(groundwire: Groundwire, articles: Sequence[IncomingArticle]) -> None:
        mixed = list(articles)
        random.Random(seed).shuffle(mixed)  # noqa: S311 - nothing secret
        at_once(groundwire, mixed)

    return ingest


def _renamed(name: Callable[[str], str]) -> Harmless:
    return _library(lambda groundwire, articles: at_once(groundwire, renamed(articles, name)), name)


def _in_batches(size: int) -> Ingest:
    def ingest(groundwire: Groundwire, articles: Sequence[IncomingArticle]) -> None:
        for first in range(0, len(articles), size):
            at_once(groundwire, articles[first : first + size])

    return ingest


def _again(groundwire: Groundwire, articles: Sequence[IncomingArticle]) -> None:
    at_once(groundwire, articles)
    at_once(groundwire, articles[:1])


def _deleted_and_again(groundwire: Groundwire, articles: Sequence[IncomingArticle]) -> None:
    at_once(groundwire, articles)
    groundwire.delete_article(str(articles[2].id))
    at_once(groundwire, articles[2:3])


def _updated_and_back(groundwire: Groundwire, articles: Sequence[IncomingArticle]) -> None:
    at_once(groundwire, [replace(articles[1], text="Nothing is known yet. More will follow."), *articles[2:]])
    at_once(groundwire, articles)


def _tagged(groundwire: Groundwire, articles: Sequence[IncomingArticle]) -> None:
    at_once(groundwire, [replace(article, tags=("war", "energy")) for article in articles])


def _with_line_ends(groundwire: Groundwire, articles: Sequence[IncomingArticle]) -> None:
    at_once(groundwire, [replace(article, text=article.text.replace("\n", "\r\n")) for article in articles])


def _with_a_stranger(groundwire: Groundwire, articles: Sequence[IncomingArticle]) -> None:
    text = "The tulips of the nursery opened early this spring. Visitors admired the beds and took pictures."
    at_once(groundwire, [*articles, IncomingArticle(title="Tulips Open", text=text, origin="tulips.txt", id="tulips")])


HARMLESS: Mapping[str, Harmless] = {
    **{f"cases in another order, {seed}": _cases(seed) for seed in range(1, 5)},
    "two cases at once": _cases(5, workers=2),
    "three cases at once": _cases(6, workers=3),
    **{f"articles in another order, {seed}": _library(_in_order(seed)) for seed in range(1, 5)},
    "ids with a prefix": _renamed(lambda article: f"x-{article}"),
    "ids backwards": _renamed(lambda article: article[::-1]),
    "ids in capitals": _renamed(str.upper),
    "articles one by one": _library(_in_batches(1)),
    "articles three by three": _library(_in_batches(3)),
    "one article taken in again": _library(_again),
    "one article deleted and taken in again": _library(_deleted_and_again),
    "one article updated and changed back": _library(_updated_and_back),
    "articles with tags": _library(_tagged),
    "other line ends": _library(_with_line_ends),
    "an article on something else": _library(_with_a_stranger),
}
