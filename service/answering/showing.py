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
class Showing:
    """What one answer's model is shown. `boundary` and `mark` stand in no article and in no question."""

    chunks: tuple[Shown, ...]
    boundary: str
    mark: str

    def sources(self, numbers: Sequence[int]) -> tuple[Source, ...]:
        """What these numbers name, each once; one that names nothing is passed over."""
        known = {chunk.number: chunk.source for chunk in self.chunks}
        return tuple(known[n] for n in dict.fromkeys(numbers) if n in known)

    def rendered(self, numbers: Sequence[int] | None = None) -> str:
        """These chunks, or all, as they stand in a prompt."""
        chosen = [c for c in self.chunks if numbers is None or c.number in numbers]
        return "\n\n".join(_rendered(chunk, self.boundary, self.mark) for chunk in chosen)


def showing(
    question: ReadQuestion,
    evidence: Sequence[Evidence],
    context_of: Callable[[Article], ArticleContext],
    count_tokens: Callable[[str], int],
    budget_tokens: int,
) -> Showing:
    """The chunks that may serve, best first, numbered from 1, as many as fit; the first one in any case."""
    boundary = secrets.token_hex(6)
    usable = [u for item in evidence if (u := _usable(question, item, context_of(item.article))) is not None]
    everything = question.text + "".join(text + item.article.title for item, _, text in usable)
    mark = next((m for m in _MARKS if m not in everything), _MARKS[0])
    chunks: list[Shown] = []
    spent = 0
    for item, source, text in usable[:_MOST_CHUNKS]:
        chunk = Shown(len(chunks) + 1, item, source, text)
        spent += count_tokens(_rendered(chunk, boundary, mark))
        if chunks and spent > budget_tokens:
            break
        chunks.append(chunk)
    return Showing(tuple(chunks), boundary, mark)


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


def _rendered(chunk: Shown, boundary: str, mark: str) -> str:
    article = chunk.evidence.article
    facts = [("title", article.title), ("source", article.source), ("published", article.published_at)]
    lines = [f"{name}: {_marked(value, mark)}" for name, value in facts if value]
    return "\n".join(
        [f"<evidence-{boundary} number={chunk.number}>", *lines, _marked(chunk.text, mark), f"</evidence-{boundary}>"]
    )


def _marked(text: str, mark: str) -> str:
    """The words with the mark for the space between them, and before the first."""
    return mark + mark.join(plain_characters(text).replace(mark, "").split())
