"""What one question, or one part of it, comes to: sentences to ship, values that differ, and what stays open."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.answering.abstaining import further_events, when_unknown
from service.answering.alternatives import alternatives, asks_attribute, speaks_to
from service.answering.candidates import Candidate
from service.answering.reading import ReadQuestion
from service.answering.selecting import Selected, select
from service.grounding.disagreements import Value, event_of

_HARDLY = 0.25


@dataclass(frozen=True, slots=True)
class Reply:
    """`confidence` that the first sentence answers. `disputes`: what it is about, and values that differ.

    `unanswered`: what stays open though there is an answer, each in plain words. Without sentences there is none.
    """

    confidence: float
    selected: tuple[Selected, ...] = ()
    disputes: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    unanswered: tuple[str, ...] = ()

    @property
    def given(self) -> bool:
        return bool(self.selected)


def reply_of(
    question: ReadQuestion,
    ranked: Sequence[tuple[float, Candidate]],
    further: Sequence[Candidate],
    confidence: float,
    max_sentences: int,
) -> Reply:
    """`ranked`: probability and candidate, best first, of which the best is good enough for an answer.

    `further`: the best sentence of each other article that answers as well.
    """
    best = ranked[0][1]
    # What is hardly probable is never given for itself, and looking at all of it takes longer than the rest.
    ranked = [ranked[0], *((p, c) for p, c in ranked[1:] if p < _HARDLY or speaks_to(question, c, best))]
    found = alternatives(question, ranked, further)
    selected, best = select(question, ranked, max_sentences, [*found.events, *found.articles])
    shown = {(s.context.article.id, s.index) for s in selected}
    left_out = [*found.events, *(() if asks_attribute(question) else found.articles)]
    left_out = [c for c in left_out if (c.context.article.id, c.index) not in shown]
    unanswered = [when_unknown(best.context.article)] if best.undated else []
    if left_out:
        unanswered.append(further_events([_named(c) for c in left_out]))
    about = question.text.strip().rstrip("?").strip()
    return Reply(confidence, tuple(selected), tuple((about, d) for d in found.disputes), tuple(unanswered))


def _is_given(sentence: Selected, given: list[Selected]) -> bool:
    """Whether a sentence is among these, of two cuts of one the longer one being kept."""
    for k, other in enumerate(given):
        if (other.context.article.id, other.index) == (sentence.context.article.id, sentence.index):
            if len(sentence.text) > len(other.text):
                given[k] = sentence
            return True
    return False


def _named(candidate: Candidate) -> str:
    """An event by its day, else by the title of the article that tells of it."""
    event = event_of(candidate.context, candidate.index)
    if (day := event.iso()) is not None:
        return f"that of {day}"
    none = "no single day" if event.intervals else "no day"
    return f'that of "{candidate.context.article.title}", which gives {none}'


def together(replies: Sequence[Reply], max_sentences: int) -> Reply:
    """One reply to several questions: in turn the best sentence of each, then the next ones, while there is room."""
    given = [reply for reply in replies if reply.given]
    selected: list[Selected] = []
    for turn in range(max(len(reply.selected) for reply in given)):
        for reply in given:
            for sentence in reply.selected[turn : turn + 1]:
                if not _is_given(sentence, selected) and len(selected) < max(max_sentences, len(given)):
                    selected.append(sentence)
    return Reply(
        min(reply.confidence for reply in given),
        tuple(selected),
        tuple(dispute for reply in given for dispute in reply.disputes),
        tuple(dict.fromkeys(left for reply in given for left in reply.unanswered)),
    )
