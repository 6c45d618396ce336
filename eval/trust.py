"""How many lies ship, and how many true sentences are dropped: `python -m eval.trust [--articles PATH] [--show]`.

Each sentence is checked as an answer's sentence is: it cites the chunks that hold its spans, and the chunks that are
retrieved for it are the evidence. A lie ships when the verdict is "supported"; one that is true but wrongly cited only
when what ships cites none of the sentences that say it. Without files: lies made from the seeds (see eval/lies.py),
those written by hand, and true sentences in other words. Shares come with 95 % intervals (Wilson, 1927).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from eval.contexts import contexts_of
from eval.corpus import SEEDS, library_of
from eval.intervals import wilson
from eval.lies import COUNT, SEED, generate
from eval.trust_cases import TRUST, Kind, Quoted, TrustCase, read_trust_cases
from service.errors import GroundwireError
from service.grounding.context import ArticleContext
from service.grounding.sources import DraftSentence, SentenceCheck, Source
from service.text.chunking import chunk_article
from service.types import Chunk, Filters

EVIDENCE = 12
"""Chunks retrieved for a sentence."""
BARS: tuple[tuple[str, frozenset[Kind], float], ...] = (
    ("figure, date, name, place", frozenset(("figure", "date", "name", "place")), 0.02),
    ("swap, negation, merge", frozenset(("swap", "negation", "merge")), 0.10),
)
TRUE_DROPPED = 0.08

Retrieve = Callable[[str], Sequence[Chunk]]


class Checker(Protocol):
    """What service.grounding.grounder.Grounder does."""

    def check(self, drafts: Sequence[DraftSentence], evidence: Sequence[Source] = ()) -> list[SentenceCheck]: ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case and what the check of it found."""

    case: TrustCase
    check: SentenceCheck

    @property
    def shipped(self) -> bool:
        return self.check.verdict == "supported" and not self.saved

    @property
    def saved(self) -> bool:
        """Whether what was true but wrongly cited now cites a sentence that says it."""
        return self.check.verdict == "supported" and any(
            context.article.id == right.article and right.quote in (context.text(i) for i in range(first, last + 1))
            for right in self.case.true_spans
            for context, first, last in ((s.context, s.first, s.last) for s in self.check.spans)
        )

    @property
    def wrong(self) -> bool:
        return self.shipped != (self.case.kind == "true")


def run(
    checker: Checker, cases: Iterable[TrustCase], contexts: Mapping[str, ArticleContext], retrieve: Retrieve
) -> list[Outcome]:
    """Check every case by itself. Raises InputRejected for a span that its article does not hold."""
    chunks = {name: chunk_article(context.article) for name, context in contexts.items()}
    outcomes = []
    for case in cases:
        cited = sources_of([chunk_holding(chunks[span.article], contexts, span) for span in case.spans], contexts)
        evidence = sources_of(retrieve(case.text), contexts)
        checks = checker.check([DraftSentence(case.text, cited)], evidence)
        outcomes.append(Outcome(case, checks[0]))
    return outcomes


def chunk_holding(chunks: Sequence[Chunk], contexts: Mapping[str, ArticleContext], span: Quoted) -> Chunk:
    """The first of an article's chunks that has the span. Raises InputRejected when the article does not."""
    sentence = contexts[span.article].spans[span.sentence(contexts)]
    return next(chunk for chunk in chunks if sentence in chunk.sentences)


def sources_of(chunks: Iterable[Chunk], contexts: Mapping[str, ArticleContext]) -> tuple[Source, ...]:
    """One source an article, in the order in which they come, with the sentences of all its chunks."""
    found: dict[str, set[int]] = {}
    for chunk in chunks:
        context = contexts[chunk.article_id]
        found.setdefault(chunk.article_id, set()).update(context.index_of(s) for s in chunk.sentences)
    return tuple(Source(contexts[name], tuple(sorted(sentences))) for name, sentences in found.items())


def table(outcomes: Sequence[Outcome]) -> str:
    """Shares by kind as lines of text, then those that have a bar."""
    lies = [o for o in outcomes if o.case.kind != "true"]
    true = [o for o in outcomes if o.case.kind == "true"]
    lines = []
    for kind in dict.fromkeys(o.case.kind for o in lies):
        lines.append(_row(f"  {kind} shipped", [o.shipped for o in lies if o.case.kind == kind]))
    if lies:
        lines.append(_row("lies shipped", [o.shipped for o in lies]))
    for name, kinds, bar in BARS:
        if flags := [o.shipped for o in lies if o.case.kind in kinds]:
            lines.append(_row(f"{name} shipped", flags) + f"  (bar {bar:.0%})")
    if saved := [o.saved for o in lies if o.case.kind == "wrong_citation"]:
        lines.append(_row("wrong citations put right", saved))
    if true:
        lines.append(_row("true dropped", [not o.shipped for o in true]) + f"  (bar {TRUE_DROPPED:.0%})")
        lines.append(_row("true re-cited", [o.shipped and o.check.recited for o in true]))
    return "\n".join(lines)


def _row(name: str, flags: Sequence[bool]) -> str:
    low, high = wilson(sum(flags), len(flags))
    return f"{name:<34}{sum(flags):>4} of {len(flags):<4}{sum(flags) / len(flags):>7.1%}  [{low:.1%}, {high:.1%}]"


def wrong_lines(outcomes: Iterable[Outcome]) -> str:
    """Each case that went wrong, with what it says and what the check found."""
    return "\n".join(
        f"- {o.case.id} {'shipped' if o.shipped else 'dropped'} as {o.check.verdict}, {o.check.support:.2f}: "
        f"{o.case.text}\n    {o.case.truth or ' / '.join(s.quote for s in o.case.spans)}"
        + "".join(f"\n    because {reason}" for reason in o.check.reasons)
        for o in outcomes
        if o.wrong
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.trust", description=__doc__)
    parser.add_argument("--articles", type=Path, action="append", help="a folder or file (default: the seeds)")
    parser.add_argument("--lies", type=Path, action="append", help="lies, as eval/trust_cases.py describes them")
    parser.add_argument("--true", type=Path, action="append", help="true sentences, in the same form")
    parser.add_argument("--made", type=int, metavar="N", help=f"lies to make (default: {COUNT}, or 0 with files)")
    parser.add_argument("--seed", type=int, default=SEED, help="of the lies that are made")
    parser.add_argument("--lexical", action="store_true", help="check without the embedding model")
    parser.add_argument("--cited-only", action="store_true", help="check against what is cited alone")
    parser.add_argument("--show", action="store_true", help="print each case that went wrong")
    args = parser.parse_args(argv)
    paths = args.articles or [SEEDS]
    try:
        contexts = contexts_of(paths)
        sets = sets_for(args, contexts)
        with library_of(*paths) as groundwire:

            def retrieve(text: str) -> list[Chunk]:
                if args.cited_only:
                    return []
                return [e.chunk for e in groundwire.retriever.search(text, EVIDENCE, Filters()).evidence]

            checker = grounder_for(lexical=args.lexical)
            for name, cases in sets.items():
                outcomes = run(checker, cases, contexts, retrieve)
                print(f"{name}\n{table(outcomes)}")
                if args.show:
                    print(wrong_lines(outcomes))
    except (GroundwireError, OSError) as error:
        print(f"eval.trust: {error}", file=sys.stderr)
        return 1
    return 0


def sets_for(args: argparse.Namespace, contexts: Mapping[str, ArticleContext]) -> dict[str, list[TrustCase]]:
    """The cases to run, by what they are called."""
    own = args.articles is None
    files: list[Path] = [*(args.lies or []), *(args.true or [])]
    made = args.made if args.made is not None else 0 if files else COUNT
    if not files and own:
        files = [TRUST / "lies.jsonl", TRUST / "true.jsonl"]
    sets = {f"{made} lies made, seed {args.seed}": generate(contexts, made, args.seed)} if made else {}
    return sets | {str(file): read_trust_cases(file) for file in files}


def grounder_for(*, lexical: bool) -> Checker:
    from service.grounding.grounder import Grounder
    from service.models.choosing import ChosenEmbedder
    from service.settings import load_settings

    if lexical:
        return Grounder()
    settings = load_settings()
    return Grounder(ChosenEmbedder(settings.embedding_model, caches=(settings.cache_dir,)))


if __name__ == "__main__":
    sys.exit(main())
