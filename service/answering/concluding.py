"""From what a model's draft came to, to the answer: its sentences, the articles' own instead, or an abstention."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from service.answering.abstaining import abstention_sentence, further_events, left_open, when_unknown
from service.answering.checking import Checked
from service.answering.extractive import new_answer_id
from service.answering.findings import Weigher
from service.answering.instructions import instructs
from service.answering.making import Made
from service.answering.plain_text import has_markup, plain_prose
from service.answering.reading import ReadQuestion
from service.answering.shipping import carried_over
from service.answering.vouching import declined
from service.text.words import is_stop_word, tokens
from service.types import Answer, AnswerSentence, Article, Question

DECLINED = "the model found no answer in the articles"
_LONGEST_UNANSWERED = 200


def concluded(question: Question, weigher: Weigher, made: Made, model: str) -> Answer:
    """The answer that the model's draft, or its lack, comes to."""
    own = weigher.findings.own
    if made.failure is not None:
        return fallen_back(own, made.failure, made)
    if made.draft is not None and made.draft.declined:
        if own.status != "abstained" and declined(own.confidence) >= weigher.threshold:
            return fallen_back(own, DECLINED, made)
        return _abstained(own, model)
    return _written(question, weigher, made, model)


def fallen_back(own: Answer, reason: str, made: Made | None = None) -> Answer:
    """The extractive answer in the place of the model's."""
    said = f"{reason.rstrip('.')}; the answer is in the articles' own words" if own.citations else reason
    dropped = own.dropped_sentences + (made.drafted if made is not None else 0)
    unknown = made.unknown_markers if made is not None else 0
    return replace(
        own,
        degraded=True,
        degraded_reason=said,
        dropped_sentences=dropped,
        unknown_markers=own.unknown_markers + unknown,
    )


def _abstained(own: Answer, model: str) -> Answer:
    if own.status == "abstained":
        return replace(own, generator=model)
    return Answer(
        id=new_answer_id(),
        question=own.question,
        status="abstained",
        abstention_reason="not_in_articles",
        unanswered=None,
        sentences=(AnswerSentence(abstention_sentence("not_in_articles"), (), 0.0, "not_supported"),),
        citations=(),
        confidence=round(declined(own.confidence), 4),
        generator=model,
    )


def _written(question: Question, weigher: Weigher, made: Made, model: str) -> Answer:
    findings, citer = weigher.findings, made.shipment.citer
    disagreements = carried_over(findings.own, citer, findings.contexts)
    unanswered = list(_left_open(weigher, made))
    return Answer(
        id=new_answer_id(),
        question=question.text,
        status="partial" if unanswered else "answered",
        abstention_reason=None,
        unanswered="; ".join(unanswered) or None,
        sentences=tuple(made.shipment.sentences),
        citations=tuple(citer.citations),
        confidence=round(made.confidence, 4),
        generator=model,
        disagreements=disagreements,
        dropped_sentences=made.drafted - len(made.shipped),
        unknown_markers=made.unknown_markers,
    )


def _left_open(weigher: Weigher, made: Made) -> Iterator[str]:
    """What the answer leaves open, each in plain words."""
    cited = {place for item in made.shipped for place in item.cited}
    parts = weigher.unanswered_parts(cited)
    if parts:
        yield left_open(parts)
    elif (said := _said_open(made, weigher.findings.read)) is not None:
        yield left_open([said])
    if made.left_out:
        yield further_events(made.left_out)
    if (undated := _undated(weigher.findings.read, made.shipped)) is not None:
        yield when_unknown(undated)


def _undated(question: ReadQuestion, shipped: Sequence[Checked]) -> Article | None:
    """An article that a sentence rests on though nothing says that it is of the time asked for."""
    for item in shipped if question.dates else ():
        places = [(span.context, i) for span in item.check.spans for i in range(span.first, span.last + 1)]
        if all(context.agreement(i, question.intervals)[0] != "compatible" for context, i in places):
            return places[0][0].article
    return None


def _said_open(made: Made, question: ReadQuestion) -> str | None:
    """What the model says it leaves open, if that is nothing but words of the question: more would be a claim."""
    said = made.draft.unanswered if made.draft is not None else None
    plain = " ".join(plain_prose(said).split()).rstrip(".") if said else ""
    if not plain or len(plain) > _LONGEST_UNANSWERED or has_markup(plain) or instructs(plain):
        return None
    asked = {word.stem for word in question.words}
    words = [word for word in tokens(plain) if not is_stop_word(word.lower)]
    return plain if words and all(word.stem in asked for word in words) else None
