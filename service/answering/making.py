"""One generated answer in the making: drafted, checked, repaired once, chosen, cited, and told sentence by sentence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from service.answering.checking import Checked, Checker
from service.answering.drafting import Draft
from service.answering.events import OnEvent, SentenceVerified
from service.answering.findings import Weigher
from service.answering.shipping import Shipment, chosen, confidence
from service.answering.stages import Stages
from service.answering.supplementing import other_events
from service.answering.writing import Writer
from service.types import Answer

LOG = logging.getLogger("groundwire.answering")

NOTHING_READ = "no sentence could be read in the model's reply"
NOTHING_VERIFIED = "no sentence that the model wrote could be verified"
NO_ANSWER = "what the model wrote could be verified, but does not answer the question"


@dataclass(slots=True)
class Made:
    """What came of a draft. `confidence` is 0 and nothing is in the shipment when `failure` says why not."""

    shipment: Shipment
    draft: Draft | None = None
    checked: tuple[Checked, ...] = ()
    """Every sentence as it was judged last, in order; what became of it is in `refused`."""
    replaced: dict[int, Checked] = field(default_factory=dict)
    """By its place in `checked`: the sentence that was not supported, for which a repaired one stands there."""
    confidence: float = 0.0
    unknown_markers: int = 0
    failure: str | None = None
    left_out: tuple[str, ...] = ()
    """Days of events that the question fits too and that there was no room for."""

    @property
    def drafted(self) -> int:
        """Sentences of the draft, those included of which nothing could be read."""
        return len(self.draft.sentences) + self.draft.emptied if self.draft is not None else 0

    def told(self, answer: Answer) -> bool:
        """Whether the sentences of an answer are those that were told while it was made."""
        return bool(answer.sentences) and answer.sentences == tuple(self.shipment.sentences)

    @property
    def shipped(self) -> list[Checked]:
        return [item for item in self.checked if item.refused is None] if self.failure is None else []


@dataclass(frozen=True, slots=True)
class Making:
    writer: Writer
    checker: Checker
    weigher: Weigher
    shipment: Shipment
    stages: Stages
    tell: OnEvent

    async def made(self) -> Made:
        """Raises ChatUnavailable when there is no draft at all; what goes wrong later only leaves sentences out."""
        made = Made(self.shipment)
        with self.stages.during("generate"):
            made.draft = draft = await self.writer.draft()
        known = {chunk.number for chunk in self.writer.shown.chunks}
        made.unknown_markers = sum(marker not in known for s in draft.sentences for marker in s.markers)
        if draft.declined:
            return made
        if not draft.sentences:
            return replace(made, failure=NOTHING_READ)
        with self.stages.during("verify"):
            checked = await asyncio.to_thread(self.checker.check, draft.sentences)
        first_broken = next((i for i, item in enumerate(checked) if item.repairable), len(checked))
        told = await self._shipped(checked[:first_broken])
        if first_broken < len(checked):
            checked, made.replaced = await self._mended(checked)
        made.checked = tuple(chosen(checked, self._most))
        made.confidence = confidence(made.checked, self.weigher.confidence_in)
        if made.confidence < self.weigher.threshold:
            fits = any(item.refused is None for item in made.checked)
            return replace(made, failure=NO_ANSWER if fits else NOTHING_VERIFIED)
        await self._shipped(checked, told)
        made.left_out = await self._supplemented(made)
        return made

    @property
    def _most(self) -> int:
        return self.writer.question.max_sentences

    async def _shipped(self, checked: Sequence[Checked], told: int = 0) -> int:
        """Ship and tell what of these is chosen, if it answers; the first `told` have been. How many are now."""
        ready = chosen(checked, self._most)
        if confidence(ready, self.weigher.confidence_in) < self.weigher.threshold:
            return told
        with self.stages.during("verify"):
            items = [item for item in ready[told:] if item.refused is None]
            taken = await asyncio.to_thread(lambda: [self.shipment.take(item) for item in items])
        for sentence, citations in taken:
            self.tell(SentenceVerified(sentence, citations))
        return len(ready)

    async def _supplemented(self, made: Made) -> tuple[str, ...]:
        """Quote what the articles say of other events that the question fits, while there is room. The days of the
        rest, as ISO 8601 has them."""
        told = {place for item in made.shipped for place in item.cited}
        others = other_events(self.weigher.findings, told)
        room = max(0, self._most - len(self.shipment.sentences))
        taken = await asyncio.to_thread(lambda: [self.shipment.quote(quoted) for quoted in others[:room]])
        for sentence, citations in taken:
            self.tell(SentenceVerified(sentence, citations))
        return tuple(day for quoted in others[room:] if (day := quoted.event.iso()) is not None)

    async def _mended(self, checked: Sequence[Checked]) -> tuple[list[Checked], dict[int, Checked]]:
        """The same with what was not supported written anew and checked again, and what stood there before."""
        broken = [i for i, item in enumerate(checked) if item.repairable]
        try:
            with self.stages.during("generate"):
                anew = await self.writer.repaired([checked[i] for i in broken])
            repaired = {i: sentence for i, sentence in zip(broken, anew, strict=True) if sentence is not None}
            drafted = [repaired.get(i, item.drafted) for i, item in enumerate(checked)]
            with self.stages.during("verify"):
                again = await asyncio.to_thread(self.checker.check, drafted)
        except Exception as error:  # whatever it is, what has been told stands, and the rest is left out
            LOG.warning("no sentence was repaired: %s", type(error).__name__)
            return list(checked), {}
        mended = [again[i] if i >= broken[0] else item for i, item in enumerate(checked)]
        return mended, {i: checked[i] for i in repaired}
