"""Citation policies side by side: `python -m eval.policies [--articles PATH --lies FILE --true FILE] [--json]`.

The same drafts, with the same markers, over the same evidence, go through what four other systems do with a draft
(eval/policies_peers.py) and through ours. A draft is a planted lie or a true sentence (eval/trust_cases.py) that cites
the chunks which hold its spans; the evidence is those chunks and the ones that are retrieved for it. Printed is how
many lies are shown with a citation, by kind, how many true sentences are not, and how many lies are shown at all, with
95 % intervals (Wilson, 1927). What is true but wrongly cited is a lie here unless what it ends up citing says it.

"in company": each sentence stands in an answer with two true ones about the same article, because a threshold that
falls for the whole answer falls less far there. "unknown markers": the same sentences citing what is not there.

Two things favour ours: it was developed with lies of these kinds in view, and the true sentences are worded unlike the
articles on purpose, which a fuzzy match of the wording cannot bridge.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from eval.contexts import contexts_of
from eval.corpus import SEEDS, library_of
from eval.intervals import wilson
from eval.lies import COUNT, SEED, generate
from eval.policies_peers import Draft, FallingSimilarity, FuzzyQuote, KnownNumbers, Policy, Shipped, TrustedKeys
from eval.trust import EVIDENCE, Checker, Retrieve, chunk_holding, grounder_for, sources_of
from eval.trust_cases import TRUST, TrustCase, read_trust_cases
from service.errors import GroundwireError
from service.grounding.context import ArticleContext
from service.grounding.sources import CitedSpan, DraftSentence
from service.models.choosing import ChosenEmbedder
from service.settings import load_settings
from service.text.chunking import chunk_article
from service.types import Chunk, Filters

COMPANY = 2
UNKNOWN = 99
"""A number that no evidence has."""


class Verified:
    """Ours: each sentence is checked against what it cites, then against all evidence, and else held back."""

    name = "groundwire"

    def __init__(self, checker: Checker, contexts: Mapping[str, ArticleContext]) -> None:
        self._checker = checker
        self._contexts = contexts

    def ship(self, answer: Sequence[Draft], evidence: Sequence[Chunk]) -> list[Shipped]:
        drafts = [
            DraftSentence(
                draft.text,
                sources_of([evidence[m - 1] for m in draft.markers if 0 < m <= len(evidence)], self._contexts),
            )
            for draft in answer
        ]
        checks = self._checker.check(drafts, sources_of(evidence, self._contexts))
        return [
            Shipped(check.text, tuple(c for c in evidence if any(_holds(c, span) for span in check.spans)))
            if check.verdict == "supported"
            else Shipped(None)
            for check in checks
        ]


def _holds(chunk: Chunk, span: CitedSpan) -> bool:
    return chunk.article_id == span.context.article.id and any(
        span.context.spans[i] in chunk.sentences for i in range(span.first, span.last + 1)
    )


@dataclass(frozen=True, slots=True)
class Trial:
    """A case as a draft, with the evidence it is written from and, for company, two true ones of the same article."""

    case: TrustCase
    draft: Draft
    evidence: tuple[Chunk, ...]
    company: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a policy did with a case. `cited`: it was shown with a citation; `shown`: at all."""

    policy: str
    case: TrustCase
    shown: bool
    cited: bool

    @property
    def kind(self) -> str:
        return self.case.kind


def trials_of(
    cases: Sequence[TrustCase], contexts: Mapping[str, ArticleContext], retrieve: Retrieve
) -> Iterator[Trial]:
    """Every case as a draft, in order. Raises InputRejected for a span that its article does not hold."""
    chunks = {name: chunk_article(context.article) for name, context in contexts.items()}
    held = {case.id: [chunk_holding(chunks[s.article], contexts, s) for s in case.spans] for case in cases}
    for case in cases:
        true = [other for other in cases if other.kind == "true" and other.article == case.article and other != case]
        company = true[:COMPANY]
        wanted = [*held[case.id], *(chunk for other in company for chunk in held[other.id])]
        evidence = tuple({chunk.id: chunk for chunk in [*wanted, *retrieve(case.text)]}.values())
        numbers = {chunk.id: number for number, chunk in enumerate(evidence, start=1)}
        drafts = [Draft(c.text, tuple(dict.fromkeys(numbers[h.id] for h in held[c.id]))) for c in [case, *company]]
        yield Trial(case, drafts[0], evidence, tuple(drafts[1:]))


def judge(policy: Policy, trials: Sequence[Trial], *, name: str | None = None, company: bool = False) -> list[Outcome]:
    """Each trial an answer by itself, or with its company after it."""
    outcomes = []
    for trial in trials:
        answer = [trial.draft, *trial.company] if company else [trial.draft]
        shipped = policy.ship(answer, trial.evidence)[0]
        wrong = trial.case.kind != "wrong_citation" or (
            bool(shipped.cites) and not _cites_what_says_it(trial.case, shipped.cites)
        )
        shown = shipped.text is not None and wrong
        outcomes.append(Outcome(name or policy.name, trial.case, shown, shown and bool(shipped.cites)))
    return outcomes


def _cites_what_says_it(case: TrustCase, cites: Sequence[Chunk]) -> bool:
    """Whether what is true but was wrongly cited ends up with a chunk that holds one of the sentences that say it."""
    return any(chunk.article_id == s.article and s.quote in chunk.text for s in case.true_spans for chunk in cites)


def without_markers(trials: Sequence[Trial]) -> list[Trial]:
    """The same, every draft citing a number that no evidence has."""
    return [replace(trial, draft=replace(trial.draft, markers=(UNKNOWN,))) for trial in trials]


@dataclass(frozen=True, slots=True)
class Line:
    """A share of a policy's outcomes of some kind."""

    policy: str
    what: str
    hits: int
    of: int

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.hits, self.of)

    def as_row(self) -> dict[str, object]:
        low, high = self.interval
        share = round(self.hits / self.of, 6) if self.of else None
        row: dict[str, object] = {"policy": self.policy, "what": self.what, "hits": self.hits, "of": self.of}
        return row | {"share": share, "low": round(low, 6), "high": round(high, 6)}


LIES = "lies shown with a citation"
DROPPED = "true sentences not shown with one"
SHOWN = "lies shown at all"
TOTALS = (LIES, DROPPED, SHOWN)


def lines_of(outcomes: Sequence[Outcome]) -> list[Line]:
    """Policy by policy: lies with a citation by kind and in all, true sentences without one, lies shown at all."""
    lines = []
    for policy in dict.fromkeys(o.policy for o in outcomes):
        own = [o for o in outcomes if o.policy == policy]
        lies, true = [o for o in own if o.kind != "true"], [o for o in own if o.kind == "true"]
        for kind in dict.fromkeys(o.kind for o in lies):
            flags = [o.cited for o in lies if o.kind == kind]
            lines.append(Line(policy, kind, sum(flags), len(flags)))
        lines.append(Line(policy, LIES, sum(o.cited for o in lies), len(lies)))
        lines.append(Line(policy, DROPPED, sum(not o.cited for o in true), len(true)))
        lines.append(Line(policy, SHOWN, sum(o.shown for o in lies), len(lies)))
    return lines


@dataclass(frozen=True, slots=True)
class Comparison:
    """All lines, for the drafts as they are and for those whose markers name nothing."""

    lines: tuple[Line, ...]
    unknown: tuple[Line, ...]


@contextmanager
def library_search(paths: Sequence[Path]) -> Iterator[Retrieve]:
    """Retrieves chunks of these articles, as an answer's evidence is."""
    with library_of(*paths) as groundwire:

        def retrieve(text: str) -> list[Chunk]:
            return [e.chunk for e in groundwire.retriever.search(text, EVIDENCE, Filters()).evidence]

        yield retrieve


Each = Callable[[str, Sequence[Policy]], Iterable[Policy]]


def compare(
    cases: Sequence[TrustCase], articles: Sequence[Path], each: Each = lambda what, policies: policies
) -> Comparison:
    """All policies over all cases; `each` is given them with what they are, and hands them on.

    Raises InputRejected, ModelUnavailable.
    """
    settings = load_settings()
    embedder = ChosenEmbedder(settings.embedding_model, caches=(settings.cache_dir,))
    contexts = contexts_of(articles)
    with library_search(articles) as retrieve:
        trials = list(trials_of(cases, contexts, retrieve))
    policies: list[Policy] = [TrustedKeys(), KnownNumbers(), FallingSimilarity(embedder), FuzzyQuote()]
    policies.append(Verified(grounder_for(lexical=False), contexts))
    outcomes, unknown = [], []
    for policy in each("policies", policies):
        outcomes += judge(policy, trials)
        unknown += judge(policy, without_markers(trials))
        if isinstance(policy, FallingSimilarity):
            outcomes += judge(policy, trials, name=f"{policy.name}, in company", company=True)
    return Comparison(tuple(lines_of(outcomes)), tuple(lines_of(unknown)))


def own_cases(contexts: Mapping[str, ArticleContext], made: int = COUNT, seed: int = SEED) -> list[TrustCase]:
    """The planted lies of the seeds: made ones, those written by hand, and the true sentences."""
    written = [case for name in ("lies.jsonl", "true.jsonl") for case in read_trust_cases(TRUST / name)]
    return [*(generate(contexts, made, seed) if made else []), *written]


def table(lines: Sequence[Line], whats: Sequence[str] | None = None) -> str:
    """A row a kind, a column a policy; below them the three totals with their intervals."""
    policies = list(dict.fromkeys(line.policy for line in lines))
    by_key = {(line.policy, line.what): line for line in lines}
    kinds = [what for what in dict.fromkeys(line.what for line in lines) if what not in TOTALS]
    rows = [f"{'':<16}{'of':>5}  " + "".join(f"{policy:>25}" for policy in policies)]
    for kind in kinds if whats is None else []:
        cells = [by_key[policy, kind] for policy in policies]
        rows.append(f"{kind:<16}{cells[0].of:>5}  " + "".join(f"{_share(cell):>25}" for cell in cells))
    for what in TOTALS if whats is None else whats:
        rows.append(what)
        for policy in policies:
            line = by_key[policy, what]
            low, high = line.interval
            rows.append(f"  {policy:<26}{line.hits:>4} of {line.of:<5}{_share(line):>7}  [{low:.1%}, {high:.1%}]")
    return "\n".join(rows)


def _share(line: Line) -> str:
    return f"{line.hits / line.of:.1%}" if line.of else "-"


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.policies", description=__doc__)
    parser.add_argument("--articles", type=Path, action="append", help="a folder or file (default: the seeds)")
    parser.add_argument("--lies", type=Path, action="append", help="lies, as eval/trust_cases.py describes them")
    parser.add_argument("--true", type=Path, action="append", help="true sentences, in the same form")
    parser.add_argument("--made", type=int, metavar="N", help=f"lies to make (default: {COUNT}, or 0 with files)")
    parser.add_argument("--seed", type=int, default=SEED, help="of the lies that are made")
    parser.add_argument("--json", action="store_true", help="print the lines as JSON")
    args = parser.parse_args(argv)
    articles = args.articles or [SEEDS]
    try:
        found = compare(cases_for(articles, [*(args.lies or []), *(args.true or [])], args.made, args.seed), articles)
    except (GroundwireError, OSError) as error:
        print(f"eval.policies: {error}", file=sys.stderr)
        return 1
    if args.json:
        sets = {"as drafted": found.lines, "unknown markers": found.unknown}
        print(json.dumps({name: [line.as_row() for line in lines] for name, lines in sets.items()}, indent=1))
    else:
        print(table(found.lines))
        print(f"\nunknown markers\n{table(found.unknown, TOTALS)}")
    return 0


def cases_for(
    articles: Sequence[Path], files: Sequence[Path], made: int | None = None, seed: int = SEED
) -> list[TrustCase]:
    """Of these files, and as many made ones; of the seeds without files, ours. Raises InputRejected."""
    contexts = contexts_of(articles)
    if not files and list(articles) == [SEEDS]:
        return own_cases(contexts, COUNT if made is None else made, seed)
    count = made if made is not None else 0 if files else COUNT
    return [*(generate(contexts, count, seed) if count else []), *(c for f in files for c in read_trust_cases(f))]


if __name__ == "__main__":
    sys.exit(main())
