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
from service.grounding.disagreements import event_of
from service.text.sentence import SentenceReading
from service.text.words import PERSONAL

MAX_WORDS = 80
_LONG_SENTENCE = 60
_ALSO_ANSWERS = 0.6
"""A further sentence is given when its probability is at least this share of the best one's."""
_MET = 0.8
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
    question: ReadQuestion,
    ranked: Sequence[tuple[float, Candidate]],
    max_sentences: int,
    others: Sequence[Candidate] = (),
) -> tuple[list[Selected], Candidate]:
    """The sentences to ship, at most `max_sentences` and 80 words, and the best candidate. `ranked` is best first.

    `others`: of other events and other articles those that answer too, in the order in which they are to be given.
    """
    best_probability, best = ranked[0]
    chosen = _Chosen(max_sentences)
    if others:
        _give_all(question, [best, *others], max_sentences, chosen)
    else:
        chosen.add(best.context, best.index, best.dated_by, _trimmed(best))
    for index in _leans_on(question, best):
        chosen.add(best.context, index, None, before=0)
    for other in _of_other_dates(question, ranked):
        chosen.add(other.context, other.index, other.dated_by, _trimmed(other))
    for probability, other in ranked[1:4]:
        if probability >= _ALSO_ANSWERS * best_probability:
            chosen.add(other.context, other.index, other.dated_by, _trimmed(other))
    return chosen.sentences, best


def _give_all(question: ReadQuestion, answers: Sequence[Candidate], max_sentences: int, chosen: _Chosen) -> None:
    """One sentence for each event or article, cut shorter where there is no room for them whole."""
    given = answers[:max_sentences]
    words = sum(len(_trimmed(c).split()) for c in given)
    longest = _LONG_SENTENCE if words <= MAX_WORDS else MAX_WORDS // len(given)
    for candidate in answers:
        whole = len(candidate.context.text(candidate.index).split()) <= longest
        text = _trimmed(candidate) if whole or longest == _LONG_SENTENCE else _around_answer(candidate, longest)
        chosen.add(candidate.context, candidate.index, dated_by(question, candidate), text)


def _around_answer(candidate: Candidate, longest: int) -> str:
    """The clauses of a sentence around what answers, with its date where that is near, at most so many words."""
    reading = candidate.context.reading(candidate.index)
    text = reading.text
    clauses = _clauses(text)
    met = [m.position for m in candidate.weighing.matches if m.position is not None and m.degree >= _MET]
    places = [start for start, _ in candidate.weighing.kind.spans] or [reading.words[at].start for at in met] or [0]
    first = last = _clause_at(clauses, places[0])

    def fits(a: int, b: int) -> bool:
        return len(text[clauses[a][0] : clauses[b][1]].split()) <= longest

    for place in [*places[1:], *(mention.start for mention in reading.dates)]:
        k = _clause_at(clauses, place)
        if fits(min(first, k), max(last, k)):
            first, last = min(first, k), max(last, k)
    while first > 0 and fits(first - 1, last):
        first -= 1
    while last + 1 < len(clauses) and fits(first, last + 1):
        last += 1
    start, end = clauses[first][0], clauses[last][1]
    cut = text[start:end].strip()
    if len(cut.split()) > longest:
        cut = _window(cut, max(0, places[0] - start), longest)
    begins, ends = text.index(cut, start), text.index(cut, start) + len(cut)
    return ("… " if begins else "") + cut + (" …" if ends < len(text.rstrip()) else "")


def _clause_at(clauses: Sequence[tuple[int, int]], place: int) -> int:
    return next((k for k, (_, end) in enumerate(clauses) if place < end), len(clauses) - 1)


def _window(text: str, place: int, longest: int) -> str:
    """So many words of a text around a place."""
    words = [(m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    at = next((k for k, (_, end) in enumerate(words) if place < end), 0)
    first = max(0, min(at - longest // 2, len(words) - longest))
    return text[words[first][0] : words[min(first + longest, len(words)) - 1][1]]


def dated_by(question: ReadQuestion, candidate: Candidate) -> int | None:
    """The other sentence that says when this was, to be cited too where the reader has to tell events apart."""
    if candidate.dated_by is not None or question.dates:
        return candidate.dated_by
    return event_of(candidate.context, candidate.index).dated_by


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
    met = [m.position for m in candidate.weighing.matches if m.position is not None and m.degree >= _MET]
    wanted = [words[at].start for at in met]
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
    borders = [0, *(m.end() for m in re.finditer(r"[,;:—–]\s+(?!\d)", text)), len(text)]
    return list(pairwise(borders))
