"""Which sentences make the answer: the best one, what it leans on, and others that answer as well."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.answering.candidates import Candidate
from service.answering.expected import Expected
from service.answering.reading import ReadQuestion
from service.grounding.context import ArticleContext
from service.text.sentence import SentenceReading
from service.text.words import PERSONAL

MAX_WORDS = 80
_LONG_SENTENCE = 60
_ALSO_ANSWERS = 0.6
"""A further sentence is given when its probability is at least this share of the best one's."""
_LOOK_BACK = 3
_LEANING_WORDS = 5


@dataclass(frozen=True, slots=True)
class Selected:
    """A sentence to ship. `text` is the sentence, or of a very long one the part that answers."""

    context: ArticleContext
    index: int
    dated_by: int | None
    text: str


def select(
    question: ReadQuestion, ranked: Sequence[tuple[float, Candidate]], max_sentences: int
) -> tuple[list[Selected], Candidate]:
    """The sentences to ship, at most `max_sentences` and 80 words, and the best candidate. `ranked` is best first."""
    best_probability, best = ranked[0]
    chosen = _Chosen(max_sentences)
    chosen.add(best.context, best.index, best.dated_by, _trimmed(best))
    for index in _leans_on(question, best):
        chosen.add(best.context, index, None, before=0)
    for other in _of_other_dates(question, ranked):
        chosen.add(other.context, other.index, other.dated_by, _trimmed(other))
    for probability, other in ranked[1:4]:
        if probability >= _ALSO_ANSWERS * best_probability:
            chosen.add(other.context, other.index, other.dated_by, _trimmed(other))
    return chosen.sentences, best


def _of_other_dates(question: ReadQuestion, ranked: Sequence[tuple[float, Candidate]]) -> list[Candidate]:
    """For a question that names several dates ("on the 8th or on the 14th"), the best sentence of each further one."""
    found: list[Candidate] = []
    best = ranked[0][1]
    for mention in question.dates if len({m.start for m in question.dates}) > 1 else ():
        if best.context.agreement(best.index, [mention.interval])[0] == "compatible":
            continue
        of_date = (c for _, c in ranked if c.context.agreement(c.index, [mention.interval])[0] == "compatible")
        found.extend(c for c in [next(of_date, None)] if c is not None and c not in found)
    return found


class _Chosen:
    def __init__(self, max_sentences: int) -> None:
        self.sentences: list[Selected] = []
        self._max_sentences = max_sentences

    def add(
        self,
        context: ArticleContext,
        index: int,
        dated_by: int | None,
        text: str | None = None,
        before: int | None = None,
    ) -> None:
        """Take a sentence if there is room and it is not there yet."""
        shipped = text or context.text(index)
        words = sum(len(s.text.split()) for s in self.sentences) + len(shipped.split())
        if len(self.sentences) >= self._max_sentences or (self.sentences and words > MAX_WORDS):
            return
        if any(s.text == shipped for s in self.sentences):
            return
        position = len(self.sentences) if before is None else before
        self.sentences.insert(position, Selected(context, index, dated_by, shipped))


def _leans_on(question: ReadQuestion, best: Candidate) -> list[int]:
    """Sentences of the same article without which the best one says too little, in the order of their worth."""
    context, i = best.context, best.index
    reading = context.reading(i)
    found = []
    before = context.previous(i)
    if before is not None and _leans_back(reading):
        found.append(before)
    if question.expected is Expected.PERSON and best.weighing.kind.degree < 1 and not _names_person(context, i):
        earlier = context.previous(i)
        for _ in range(_LOOK_BACK):
            if earlier is None or _names_person(context, earlier):
                break
            earlier = context.previous(earlier)
        if earlier is not None and _names_person(context, earlier):
            found.insert(0, earlier)
    anchor = context.anchor
    if question.expected is Expected.DATE and not reading.dates and anchor and anchor.sentence is not None:
        found.append(anchor.sentence)
    return [j for j in dict.fromkeys(found) if j != i]


def _leans_back(reading: SentenceReading) -> bool:
    """ "They downed 30", "In his post he ...": who or what is meant stands in the sentence before."""
    if reading.opens_with_pronoun:
        return True
    named_at = min((name.first for name in reading.names if not name.initial), default=_LEANING_WORDS)
    return any(word.lower in PERSONAL for word in reading.words[: min(_LEANING_WORDS, named_at)])


def _names_person(context: ArticleContext, i: int) -> bool:
    return any(context.kind_of(name) == "person" for name in context.reading(i).names)


def _trimmed(candidate: Candidate) -> str:
    """The sentence, or of one with more than 60 words the run of clauses around what answers, marked with `…`."""
    text = candidate.context.text(candidate.index)
    if len(text.split()) <= _LONG_SENTENCE:
        return text
    words = candidate.context.reading(candidate.index).words
    wanted = [words[m.position].start for m in candidate.weighing.matches if m.position is not None and m.degree >= 0.8]
    wanted += [start for start, _ in candidate.weighing.kind.spans]
    clauses = _clauses(text)
    first = next((k for k, (_, end) in enumerate(clauses) if wanted and min(wanted) < end), 0)
    last = first
    while last + 1 < len(clauses) and len(text[clauses[first][0] : clauses[last + 1][1]].split()) <= _LONG_SENTENCE:
        last += 1
    start, end = clauses[first][0], clauses[last][1]
    cut = text[start:end].strip()
    if len(cut.split()) > _LONG_SENTENCE:
        cut = " ".join(cut.split(" ")[:_LONG_SENTENCE])
    return ("… " if start else "") + cut + (" …" if start + len(cut) < len(text.rstrip()) else "")


def _clauses(text: str) -> list[tuple[int, int]]:
    borders = [0, *(m.end() for m in re.finditer(r"[,;:—–]\s+", text)), len(text)]
    return list(pairwise(borders))
