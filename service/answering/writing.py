"""What a model is asked for one answer: a draft, the same once more in the right form, and single sentences anew."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from service.answering.asking import Asked, Asking, asked
from service.answering.checking import Checked
from service.answering.drafting import DRAFT_SCHEMA, Draft, DraftedSentence, draft_of_json, draft_of_text
from service.answering.replies import bare_reply
from service.answering.showing import Showing
from service.errors import ChatUnavailable
from service.types import Question

_SENTENCE_TOKENS = 160
_MOST_REPAIRS = 6
_REPAIRED_WITH = 3
"""Chunks that a repair is shown."""


@dataclass(frozen=True, slots=True)
class Writer:
    """Asks for one answer's sentences. Everything it returns is unchecked."""

    asking: Asking
    question: Question
    shown: Showing
    today: date
    reply_tokens: int

    async def draft(self) -> Draft:
        """The model's draft, in whatever form it came. Raises ChatUnavailable."""
        return await self.drafted(
            asked(
                "answer",
                question=self.question.text,
                evidence=self.shown.rendered(),
                boundary=self.shown.boundary,
                mark=self.shown.mark,
                max_sentences=self.question.max_sentences,
                as_of=self.today.isoformat(),
            )
        )

    async def drafted(self, request: Asked) -> Draft:
        """The same for a prompt of the caller's that asks for the same form."""
        reply = await self.asking.ask(request, self.reply_tokens, DRAFT_SCHEMA)
        text = self._unmarked(reply.text)
        if (draft := draft_of_json(text)) is not None:
            return draft
        plain = draft_of_text(text, complete=reply.complete)
        if not bare_reply(text) or (not reply.complete and plain.sentences):
            return plain  # there is nothing to put into form, or there would again be too much of it
        reformed = await self._reformed(bare_reply(text))
        # Told to leave out what is no answer, a model may leave out all; what has a marker is meant as one.
        if reformed is None or (reformed.declined and any(s.markers for s in plain.sentences)):
            return plain
        return reformed

    async def _reformed(self, text: str) -> Draft | None:
        """The same in the form asked for; None when the model does not manage that either."""
        try:
            reply = await self.asking.ask(
                asked("reformat", reply=text, boundary=self.shown.boundary), self.reply_tokens, DRAFT_SCHEMA
            )
        except ChatUnavailable:
            return None
        return draft_of_json(self._unmarked(reply.text))

    async def repaired(self, refused: Sequence[Checked]) -> list[DraftedSentence | None]:
        """Each of these sentences written anew, all at once; None where the model could not or had no time left."""
        tries = [self._repaired(item) for item in refused[:_MOST_REPAIRS]]
        return [*await asyncio.gather(*tries), *[None] * (len(refused) - len(tries))]

    async def _repaired(self, item: Checked) -> DraftedSentence | None:
        if not self.asking.in_time:
            return None
        numbers = self._evidence_for(item)
        try:
            reply = await self.asking.ask(
                asked(
                    "repair",
                    question=self.question.text,
                    sentence=item.drafted.text,
                    reasons="; ".join(item.check.reasons) or "the evidence does not say this",
                    evidence=self.shown.rendered(numbers),
                    boundary=self.shown.boundary,
                    mark=self.shown.mark,
                ),
                _SENTENCE_TOKENS,
            )
        except ChatUnavailable:
            return None
        text = self._unmarked(reply.text)
        draft = draft_of_json(text) or draft_of_text(text, complete=reply.complete)
        if not draft.sentences or draft.sentences[0].text == item.drafted.text:
            return None
        first = draft.sentences[0]
        return first if first.markers else DraftedSentence(first.text, item.drafted.markers)

    def _unmarked(self, reply: str) -> str:
        """The reply with plain spaces where the model copied the mark; no article and no question has it."""
        return reply.replace(self.shown.mark, " ")

    def _evidence_for(self, item: Checked) -> list[int]:
        """What the sentence cites, then what is nearest to it; the best of all when that is nothing."""
        places = {(article, i) for article, i in item.cited}
        near = [
            chunk.number
            for chunk in self.shown.chunks
            if any((chunk.evidence.article.id, i) in places for i in chunk.source.sentences)
        ]
        known = {chunk.number for chunk in self.shown.chunks}
        numbers = dict.fromkeys([*(n for n in item.drafted.markers if n in known), *near])
        return list(numbers)[:_REPAIRED_WITH] or sorted(known)[:_REPAIRED_WITH]
