"""What is at hand for a question before a model is asked: what was found for it, and for each part of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from service.answering.candidates import Candidates
from service.answering.extractive import ExtractiveAnswerer, Gathered
from service.answering.parts import parts_of
from service.answering.reading import ReadQuestion, read_question
from service.answering.vouching import vouched
from service.grounding.context import ArticleContext
from service.types import Answer, Evidence, Question


@dataclass(frozen=True, slots=True)
class Findings:
    """`own`: the extractive answer. `parts`: of a question that is several, each in its own words; else none."""

    own: Answer
    whole: Gathered
    parts: tuple[tuple[str, Gathered], ...] = ()

    @property
    def read(self) -> ReadQuestion:
        return self.whole.candidates.question

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """What was found, best first; what only a part of the question finds comes behind."""
        found: dict[tuple[str, str], Evidence] = {}
        for gathered in (self.whole, *(of_part for _, of_part in self.parts)):
            for item in gathered.evidence:
                found.setdefault((item.chunk.id, item.article.id), item)
        return tuple(found.values())

    @property
    def contexts(self) -> Mapping[str, ArticleContext]:
        """By article id, those that have a sentence which may answer."""
        found = (self.whole, *(gathered for _, gathered in self.parts))
        return {c.context.article.id: c.context for gathered in found for c in gathered.candidates.fitting}


def find(extractive: ExtractiveAnswerer, question: Question) -> Findings:
    """Search for a question and for its parts, and answer it extractively. It blocks. Raises IndexUnavailable."""
    if extractive.is_empty():
        read = read_question(question.text, extractive.today(question), pinned=question.filters.as_of is not None)
        return Findings(extractive.answer(question), Gathered((), Candidates(read, (), tuple, 0.0)))
    whole = extractive.gather(question)
    parts = parts_of(question.text, extractive.today(question))
    asked = [(p.said, extractive.gather(replace(question, text=p.text))) for p in parts] if len(parts) > 1 else []
    return Findings(extractive.answer(question, whole), whole, tuple(asked))


@dataclass(frozen=True, slots=True)
class Weigher:
    """Confidence that a model's sentences answer, weighed by what they cite: articles' sentences, by id and index."""

    extractive: ExtractiveAnswerer
    findings: Findings

    @property
    def threshold(self) -> float:
        return self.extractive.threshold

    def confidence_in(self, cited: Collection[tuple[str, int]]) -> float:
        """That they answer the question, or a part of it."""
        found = (self.findings.whole, *(gathered for _, gathered in self.findings.parts))
        return max(self._in(gathered, cited) for gathered in found)

    def unanswered_parts(self, cited: Collection[tuple[str, int]]) -> list[str]:
        """The parts of the question that they do not answer with enough confidence, in its own words."""
        return [said for said, gathered in self.findings.parts if self._in(gathered, cited) < self.threshold]

    def _in(self, gathered: Gathered, cited: Collection[tuple[str, int]]) -> float:
        return vouched(self.extractive.confidence_in(gathered, cited))
