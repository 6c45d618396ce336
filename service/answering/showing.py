"""What a model is shown of the articles: numbered chunks, each fenced off and marked word by word as data.

Marking every word (Hines et al., "Defending Against Indirect Prompt Injection Attacks With Spotlighting", 2024) leaves
no doubt which words are an article's; the fence has a number that no article can know. What tells its reader what to
do, and for a dated question what is of another time, is not shown as something to be cited.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from service.answering.candidates import in_time
from service.answering.instructions import asserts_nothing, instructs
from service.answering.reading import ReadQuestion
from service.grounding.context import ArticleContext
from service.grounding.sources import Source
from service.text.characters import plain_characters
from service.types import Article, Evidence

_MARKS = "^¬¦ˆ¤"
_MOST_CHUNKS = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """A chunk under its number. `source`: those of its sentences that may be cited; `text`: all that is shown."""

    number: int
    evidence: Evidence
    source: Source
    text: str


@dataclass(frozen=True, slots=True)
class Fence:
    """How a prompt keeps words that are data from its own: a number that no text can know, a mark before every word."""

    boundary: str
    mark: str

    @classmethod
    def around(cls, everything: str) -> Fence:
        """Drawn anew, for this text; the mark is one that does not stand in it."""
        return cls(secrets.token_hex(6), next((m for m in _MARKS if m not in everything), _MARKS[0]))

    def marked(self, text: str) -> str:
        """The words with the mark for the space between them, and before the first."""
        return self.mark + self.mark.join(plain_characters(text).replace(self.mark, "").split())

    def fenced(self, number: int, text: str, facts: Sequence[tuple[str, str]] = ()) -> str:
        """A text under its number, behind what is known of it by name, all of it marked."""
        lines = [f"{name}: {self.marked(value)}" for name, value in facts]
        name = f"evidence-{self.boundary}"
        return "\n".join([f"<{name} number={number}>", *lines, self.marked(text), f"</{name}>"])


@dataclass(frozen=True, slots=True)
class Showing:
    """What one answer's model is shown. `boundary` and `mark` stand in no article and in no question."""

    chunks: tuple[Shown, ...]
    fence: Fence

    @property
    def boundary(self) -> str:
        return self.fence.boundary

    @property
    def mark(self) -> str:
        return self.fence.mark

    def sources(self, numbers: Sequence[int]) -> tuple[Source, ...]:
        """What these numbers name, each once; one that names nothing is passed over."""
        known = {chunk.number: chunk.source for chunk in self.chunks}
        return tuple(known[n] for n in dict.fromkeys(numbers) if n in known)

    def rendered(self, numbers: Sequence[int] | None = None) -> str:
        """These chunks, or all, as they stand in a prompt."""
        chosen = [c for c in self.chunks if numbers is None or c.number in numbers]
        return "\n\n".join(_rendered(chunk, self.fence) for chunk in chosen)


def showing(
    question: ReadQuestion,
    evidence: Sequence[Evidence],
    context_of: Callable[[Article], ArticleContext],
    count_tokens: Callable[[str], int],
    budget_tokens: int,
) -> Showing:
    """The chunks that may serve, best first, numbered from 1, as many as fit; the first one in any case."""
    usable = [u for item in evidence if (u := _usable(question, item, context_of(item.article))) is not None]
    everything = question.text + "".join(text + item.article.title for item, _, text in usable)
    fence = Fence.around(everything)
    chunks: list[Shown] = []
    spent = 0
    for item, source, text in usable[:_MOST_CHUNKS]:
        chunk = Shown(len(chunks) + 1, item, source, text)
        spent += count_tokens(_rendered(chunk, fence))
        if chunks and spent > budget_tokens:
            break
        chunks.append(chunk)
    return Showing(tuple(chunks), fence)


def _usable(question: ReadQuestion, item: Evidence, context: ArticleContext) -> tuple[Evidence, Source, str] | None:
    """What of a chunk may be shown and cited; None when nothing may be cited."""
    shown = [i for i in map(context.index_of, item.chunk.sentences) if not instructs(context.text(i))]
    cited = [i for i in shown if not asserts_nothing(context.text(i)) and may_serve(question, context, i)]
    if not cited:
        return None
    return item, Source(context, tuple(cited)), " ".join(context.text(i) for i in shown)


def may_serve(question: ReadQuestion, context: ArticleContext, i: int) -> bool:
    """Whether the time of a sentence allows it in an answer: what conflicts with the dates asked for never does."""
    return in_time(question, context, i, context.agreement(i, question.intervals)[0])


def _rendered(chunk: Shown, fence: Fence) -> str:
    article = chunk.evidence.article
    facts = [("title", article.title), ("source", article.source), ("published", article.published_at)]
    return fence.fenced(chunk.number, chunk.text, [(name, value) for name, value in facts if value])
