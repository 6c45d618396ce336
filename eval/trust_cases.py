"""Sentences that articles support or not, read from JSON lines: lies by kind, and true sentences in other words.

A row: `id`, `kind` (one of KINDS), `text`, `article` (the id of the one that it cites), `spans` (`article` and `quote`,
whole sentences: what a lie distorts, what supports a true sentence), and for a lie `truth`, what is right. A lie of the
kind wrong_citation is true, but not of `spans`, which it cites: its `true_spans` are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from eval.cases import DATASETS, cases_in
from service.errors import InputRejected
from service.grounding.context import ArticleContext
from service.text.words import is_stop_word, tokens

TRUST = DATASETS / "trust"
Kind = Literal[
    "figure", "date", "place", "name", "actor", "swap", "negation", "merge", "invented", "wrong_citation",
    "attribution", "subtle", "true",
]  # fmt: skip
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A whole sentence of an article."""

    article: str
    quote: str

    def sentence(self, contexts: Mapping[str, ArticleContext]) -> int:
        """Its index. Raises InputRejected when the article has no such sentence."""
        context = contexts.get(self.article)
        for i in range(len(context.spans) if context is not None else 0):
            if context is not None and context.text(i) == self.quote:
                return i
        raise InputRejected(f"article {self.article} has no sentence {self.quote!r}; is it of this set of articles?")


@dataclass(frozen=True, slots=True)
class TrustCase:
    """One sentence somebody might write, with what it cites and whether that is so."""

    id: str
    kind: Kind
    text: str
    article: str
    spans: tuple[Quoted, ...]
    truth: str = ""
    true_spans: tuple[Quoted, ...] = ()

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise InputRejected(f"case {self.id}: {self.kind!r} is none of {', '.join(KINDS)}")
        if not self.text or self.article not in {span.article for span in self.spans}:
            raise InputRejected(f"case {self.id}: it has a text, and a span of the article that it cites")
        if (self.kind == "true") == bool(self.truth):
            raise InputRejected(f"case {self.id}: a lie, and only one, says what is the truth")
        if (self.kind == "wrong_citation") != bool(self.true_spans):
            raise InputRejected(f"case {self.id}: a wrong citation, and only one, names the right one")

    @property
    def overlap(self) -> float:
        return overlap(self.text, (span.quote for span in self.spans))

    def as_row(self) -> dict[str, object]:
        row: dict[str, object] = {"id": self.id, "kind": self.kind, "text": self.text, "article": self.article}
        row["spans"] = [{"article": s.article, "quote": s.quote} for s in self.spans]
        if self.truth:
            row["truth"] = self.truth
        if self.true_spans:
            row["true_spans"] = [{"article": s.article, "quote": s.quote} for s in self.true_spans]
        return row


def overlap(text: str, quotes: Iterable[str]) -> float:
    """Of a text's different stems, names and figures among them and stop words not, the share that the quotes hold."""
    said = _content(text)
    held = {stem for quote in quotes for stem in _content(quote)}
    return len(said & held) / len(said) if said else 1.0


def _content(text: str) -> set[str]:
    return {token.stem for token in tokens(text) if not is_stop_word(token.lower)}


def read_trust_cases(path: Path) -> list[TrustCase]:
    """All cases of a file. Raises InputRejected naming the line that is broken, or an id that comes twice."""
    return cases_in(path, _case, "see eval/trust_cases.py")


def write_trust_cases(path: Path, cases: Iterable[TrustCase]) -> None:
    lines = (json.dumps(case.as_row(), ensure_ascii=False) + "\n" for case in cases)
    path.write_text("".join(lines), encoding="utf-8")


def _case(row: dict[str, object]) -> TrustCase:
    kind = str(row["kind"])
    return TrustCase(
        id=str(row["id"]),
        kind=next((known for known in KINDS if known == kind), kind),  # type: ignore[arg-type]  # checked there
        text=str(row["text"]),
        article=str(row["article"]),
        spans=_quoted(row["spans"]),
        truth=str(row.get("truth", "")),
        true_spans=_quoted(row.get("true_spans", [])),
    )


def _quoted(spans: object) -> tuple[Quoted, ...]:
    if not isinstance(spans, list):
        raise TypeError(f"{spans!r} is no list of spans")
    return tuple(Quoted(str(span["article"]), str(span["quote"])) for span in spans)
