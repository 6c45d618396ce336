"""Sections in a model's prose, of which nothing ships that was not checked against the articles it cites.

The same prompts' rules, checks and single repair as for answers. Where the model fails, or nothing that it writes
holds, the section is the articles' own sentences.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from service.answering.asking import Asking, asked, told_in
from service.answering.checking import Checked, Checker
from service.answering.citing import Citer
from service.answering.drafting import Draft
from service.answering.generative import GenerativeOptions
from service.answering.leaks import Leaks
from service.answering.making import Made
from service.answering.reading import read_question
from service.answering.shipping import Shipment, chosen
from service.answering.showing import Showing, showing
from service.answering.trace import TracedCheck, TracedReply
from service.answering.tracing import traced_checks
from service.answering.writing import Writer
from service.briefing.statements import Statement
from service.errors import ChatUnavailable
from service.grounding.grounder import Grounder
from service.library.library import Library
from service.models.chat import ChatModel, Deadline
from service.types import Evidence, Question, Usage

LOG = logging.getLogger("groundwire.briefing")
NOTHING_VERIFIED = "no sentence that the model wrote could be verified"
NOT_FINISHED = "what the model wrote could not be worked on"
_PROMPT = "briefing_section"
_WORDS_A_SENTENCE = 22
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class SectionAsked:
    """A section to write: from these sentences' chunks, in at most so many words."""

    title: str
    statements: tuple[Statement, ...]
    max_words: int

    @property
    def max_sentences(self) -> int:
        return max(_FEWEST, self.max_words // _WORDS_A_SENTENCE)


@dataclass(slots=True)
class SectionWritten:
    """What came of it: the sentences that may ship, none where `failure` says why."""

    shipped: list[Checked] = field(default_factory=list)
    checks: tuple[TracedCheck, ...] = ()
    unknown_markers: int = 0
    dropped: int = 0
    failure: str | None = None


@dataclass(frozen=True, slots=True)
class SectionsWritten:
    """By title. `numbers`: under which number the model was shown a chunk, by its id; the same for every section."""

    sections: Mapping[str, SectionWritten]
    numbers: Mapping[str, int]
    replies: tuple[TracedReply, ...]
    usage: Usage
    model: str

    @property
    def failure(self) -> str | None:
        return next((s.failure for s in self.sections.values() if s.failure is not None), None)


class SectionWriter:
    """Safe to use for several briefings at a time; `written` blocks and needs a thread without an event loop."""

    def __init__(
        self,
        library: Library,
        chat: ChatModel,
        grounder: Grounder,
        options: GenerativeOptions,
        count_tokens: Callable[[str], int],
    ) -> None:
        self._library = library
        self._chat = chat
        self._grounder = grounder
        self._options = options
        self._count_tokens = count_tokens

    def written(self, topic: str, today: date, sections: Sequence[SectionAsked]) -> SectionsWritten:
        """All sections, within one deadline. Never raises for what the model does."""
        asking = Asking(self._chat, Deadline.in_seconds(self._options.timeout_seconds))
        numbers: dict[str, int] = {}
        found = asyncio.run(self._all(topic, today, sections, asking, numbers))
        return SectionsWritten(found, numbers, tuple(asking.replies), asking.usage, self._chat.name)

    async def _all(
        self, topic: str, today: date, sections: Sequence[SectionAsked], asking: Asking, numbers: dict[str, int]
    ) -> dict[str, SectionWritten]:
        done = await asyncio.gather(*(self._section(topic, today, section, asking, numbers) for section in sections))
        return {section.title: written for section, written in zip(sections, done, strict=True)}

    async def _section(
        self, topic: str, today: date, section: SectionAsked, asking: Asking, numbers: dict[str, int]
    ) -> SectionWritten:
        try:
            return await self._made(topic, today, section, asking, numbers)
        except ChatUnavailable as error:
            return SectionWritten(failure=str(error))
        except Exception as error:
            LOG.warning("a section could not be worked on: %s", type(error).__name__, exc_info=True)
            return SectionWritten(failure=NOT_FINISHED)

    async def _made(
        self, topic: str, today: date, section: SectionAsked, asking: Asking, numbers: dict[str, int]
    ) -> SectionWritten:
        read = read_question(topic, today)
        contexts = {s.one.article.id: s.context for s in section.statements}
        evidence = await asyncio.to_thread(self._evidence, section.statements)
        shown = showing(read, evidence, lambda a: contexts[a.id], self._count_tokens, self._options.evidence_tokens)
        if not shown.chunks:
            return SectionWritten(failure=NOTHING_VERIFIED)
        numbers.update({chunk.evidence.chunk.id: chunk.number for chunk in shown.chunks})
        question = Question(topic, max_sentences=section.max_sentences)
        writer = Writer(asking, question, shown, today, self._options.reply_tokens)
        checker = Checker(self._grounder, read, shown, Leaks(told_in(_PROMPT, "reformat", "repair"), [shown.boundary]))
        draft = await writer.drafted(
            asked(
                _PROMPT,
                topic=topic,
                title=section.title,
                evidence=shown.rendered(),
                boundary=shown.boundary,
                mark=shown.mark,
                max_sentences=section.max_sentences,
                as_of=today.isoformat(),
            )
        )
        checked = await asyncio.to_thread(checker.check, draft.sentences) if draft.sentences else []
        checked, replaced = await _mended(checked, writer, checker)
        kept = _within(chosen(checked, section.max_sentences), section.max_words)
        return _section_of(kept, replaced, draft, shown)

    def _evidence(self, statements: Sequence[Statement]) -> list[Evidence]:
        """The chunks that these sentences stand in, each once."""
        found: dict[str, Evidence] = {}
        for statement in statements:
            article = statement.one.article
            chunks = self._library.article_chunks(article.id)
            if not chunks and (holder := self._library.holder_of(article.revision)) is not None:
                chunks = self._library.article_chunks(holder.id)
            span = statement.context.spans[statement.index]
            chunk = next((c for c in chunks if c.revision == article.revision and span in c.sentences), None)
            if chunk is not None:
                near = max(0.0, min(1.0, statement.relevance))
                found.setdefault(chunk.id, Evidence(chunk, article, near, near, 0.0))
        return list(found.values())


async def _mended(checked: list[Checked], writer: Writer, checker: Checker) -> tuple[list[Checked], dict[int, Checked]]:
    """The same with what was not supported written anew, once, and checked again; and what stood there before."""
    broken = [i for i, item in enumerate(checked) if item.repairable]
    if not broken:
        return checked, {}
    try:
        anew = await writer.repaired([checked[i] for i in broken])
        repaired = {i: sentence for i, sentence in zip(broken, anew, strict=True) if sentence is not None}
        drafted = [repaired.get(i, item.drafted) for i, item in enumerate(checked)]
        again = await asyncio.to_thread(checker.check, drafted)
    except Exception as error:  # whatever it is, what is supported stands, and the rest is left out
        LOG.warning("no sentence was repaired: %s", type(error).__name__)
        return checked, {}
    mended = [again[i] if i in repaired else item for i, item in enumerate(checked)]
    return mended, {i: checked[i] for i in repaired}


def _within(checked: Sequence[Checked], max_words: int) -> list[Checked]:
    """The same with all refused that go beyond the number of words."""
    kept: list[Checked] = []
    words = 0
    for item in checked:
        refused = item.refused
        length = len(item.drafted.text.split())
        if refused is None and words + length > max_words:
            refused = "it is beyond the number of words asked for"
        words += length if refused is None else 0
        kept.append(Checked(item.drafted, item.check, refused))
    return kept


def _section_of(
    checked: Sequence[Checked], replaced: Mapping[int, Checked], draft: Draft, shown: Showing
) -> SectionWritten:
    known = {chunk.number for chunk in shown.chunks}
    made = Made(Shipment(Citer(lambda article_id, quote: ())), draft, tuple(checked), dict(replaced))
    shipped = [item for item in checked if item.refused is None]
    return SectionWritten(
        shipped=shipped,
        checks=traced_checks(made),
        unknown_markers=sum(marker not in known for s in draft.sentences for marker in s.markers),
        dropped=made.drafted - len(shipped),
        failure=None if shipped else NOTHING_VERIFIED,
    )
