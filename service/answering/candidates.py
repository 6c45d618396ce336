"""The sentences that may answer a question, weighed: every sentence of the retrieved chunks, less those that cannot."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Lock

from service.answering.features import Weighing, compared, disqualified, lacks_kind, term_weights, weigh
from service.answering.instructions import instructs
from service.answering.kinds import match_kind
from service.answering.matching import TermMatcher
from service.answering.reading import ReadQuestion, read_question
from service.grounding.context import ArticleContext
from service.library.filtering import fold_source
from service.library.library import Library
from service.models.ports import Vector
from service.retrieval.sources import named_sources
from service.text.intervals import Agreement
from service.text.names import same_name
from service.text.words import tokens
from service.types import Article, Evidence

_CONTEXTS_KEPT = 256


@dataclass(frozen=True, slots=True)
class Candidate:
    """Sentence `index` of an article. `dated_by`: another sentence that gives its date, to be cited too."""

    context: ArticleContext
    index: int
    weighing: Weighing
    dated_by: int | None
    undated: bool
    """The question names a time and nothing here says when this was."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """What was found. `wrong_time()`: sentences left out only because they are of another date, or of none."""

    question: ReadQuestion
    fitting: tuple[Candidate, ...]
    wrong_time: Callable[[], tuple[Candidate, ...]]
    best_similarity: float
    outlets: frozenset[str] = frozenset()
    """Sources, folded, that the question names and some of the evidence is from."""

    def of_outlets(self, candidate: Candidate) -> bool:
        return _source(candidate.context.article) in self.outlets


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence of the evidence before it is weighed."""

    context: ArticleContext
    index: int
    similarity: float
    chunk_similarity: float
    agreement: Agreement
    dated_by: int | None


class CandidateFinder:
    """Weighs the sentences of evidence. Safe to call from several threads; remembers recently read articles."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._contexts: dict[tuple[str, str], ArticleContext] = {}
        self._lock = Lock()

    def find(
        self, text: str, vector: Vector, evidence: Sequence[Evidence], today: date, *, pinned: bool = False
    ) -> Candidates:
        """Weigh every sentence of these chunks for a question; `vector` is the question's, shape (d,).

        `pinned`: the asker has set `today`.
        """
        contexts = {item.article.id: self.context(item.article) for item in evidence}
        question = read_question(_true_cased(text, list(contexts.values())), today, pinned=pinned)
        named = named_sources(text, self._library.sources())
        outlets = named.keys() & {_source(item.article) for item in evidence}
        question = _not_about(question, frozenset(word for outlet in outlets for word in named[outlet]))
        words = [word for term in question.terms for word in term.words]
        frequencies = self._library.document_frequencies(words)
        weights = term_weights(question.terms, frequencies, self._library.size().chunks)
        matcher = TermMatcher(question.terms)
        sentences = self._sentences(question, vector, evidence, contexts)
        in_time = [s for s in sentences if _in_time(question, s)]
        others = [s for s in sentences if not _in_time(question, s)]
        return Candidates(
            question,
            _weighed(question, matcher, weights, in_time),
            lambda: _weighed(question, matcher, weights, others),
            max((s.similarity for s in sentences), default=0.0),
            frozenset(outlets),
        )

    def _sentences(
        self,
        question: ReadQuestion,
        vector: Vector,
        evidence: Sequence[Evidence],
        contexts: Mapping[str, ArticleContext],
    ) -> list[_Sentence]:
        vectors = self._library.sentence_vectors([item.chunk.id for item in evidence])
        sentences = []
        for item in evidence:
            if item.chunk.id not in vectors:  # replaced in the library between the two reads
                continue
            context = contexts[item.article.id]
            for span, similarity in zip(item.chunk.sentences, vectors[item.chunk.id] @ vector, strict=True):
                index = context.index_of(span)
                if instructs(context.text(index)):
                    continue
                agreement, dated_by = context.agreement(index, question.intervals)
                sentences.append(_Sentence(context, index, float(similarity), item.dense, agreement, dated_by))
        return sentences

    def context(self, article: Article) -> ArticleContext:
        key = (article.id, article.revision)
        with self._lock:
            known = self._contexts.get(key)
        if known is not None and known.article == article:
            return known
        chunks = self._library.article_chunks(article.id)
        dates = self._library.article_dates(article.id) if chunks else None
        if not chunks and (holder := self._library.holder_of(article.revision)) is not None:
            # An exact copy has the chunks of another, but its own day of publication.
            chunks = self._library.article_chunks(holder.id)
        spans = [span for chunk in chunks for span in chunk.sentences]
        context = ArticleContext(article, spans, dates)
        with self._lock:
            while len(self._contexts) >= _CONTEXTS_KEPT:
                self._contexts.pop(next(iter(self._contexts)))
            self._contexts[key] = context
        return context


def _source(article: Article) -> str | None:
    return fold_source(article.source) if article.source is not None else None


def _not_about(question: ReadQuestion, outlets: frozenset[str]) -> ReadQuestion:
    """The question without the terms that name an outlet: its articles seldom name it themselves."""
    kept = [i for i, t in enumerate(question.terms) if not outlets.issuperset(t.name.parts if t.name else t.words)]
    if not kept or len(kept) == len(question.terms):
        return question
    counted = tuple(kept.index(i) for i in question.counted if i in kept)
    return replace(question, terms=tuple(question.terms[i] for i in kept), counted=counted)


def in_time(question: ReadQuestion, context: ArticleContext, i: int, agreement: Agreement) -> bool:
    """Whether a sentence that agrees so with the dates asked for may answer; of unknown time it does so in part."""
    if not question.dates or agreement == "compatible":
        return True
    if agreement != "unknown":
        return False
    return _vague(question) or context.published_within(i, question.intervals)


def _in_time(question: ReadQuestion, sentence: _Sentence) -> bool:
    return in_time(question, sentence.context, sentence.index, sentence.agreement)


def _weighed(
    question: ReadQuestion, matcher: TermMatcher, weights: Sequence[float], sentences: Sequence[_Sentence]
) -> tuple[Candidate, ...]:
    dated = bool(question.dates)
    candidates = []
    for s in sentences:
        kind = match_kind(question, s.context.reading(s.index), s.context, s.index)
        if lacks_kind(question, kind):
            continue
        weighing = weigh(
            question,
            matcher,
            weights,
            s.context,
            s.index,
            similarity=s.similarity,
            chunk_similarity=s.chunk_similarity,
            date_compatible=dated and s.agreement == "compatible",
            kind=kind,
        )
        if not disqualified(question, weighing):
            undated = dated and s.agreement == "unknown"
            candidates.append(Candidate(s.context, s.index, weighing, s.dated_by, undated))
    return _compared(candidates)


def _vague(question: ReadQuestion) -> bool:
    """Only a year was asked for: an article that states no date may still answer, in part."""
    return any(i.last - i.first >= timedelta(days=300) for i in question.intervals)


def _compared(candidates: Sequence[Candidate]) -> tuple[Candidate, ...]:
    weighings = compared([c.weighing for c in candidates])
    return tuple(
        Candidate(c.context, c.index, w, c.dated_by, c.undated) for c, w in zip(candidates, weighings, strict=True)
    )


def _true_cased(text: str, contexts: Sequence[ArticleContext]) -> str:
    """A question typed without capitals gets those of the names in the articles found for it."""
    if any(character.isupper() for character in text[1:]):
        return text
    known = {part for context in contexts for part in context.name_parts}
    pieces, end = [], 0
    for word in tokens(text):
        if word.lower in known or (len(word.lower) > 4 and any(same_name(word.lower, part) for part in known)):
            pieces += [text[end : word.start], word.text[:1].upper(), word.text[1:]]
            end = word.end
    return "".join([*pieces, text[end:]])
