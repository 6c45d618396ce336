"""Any text checked sentence by sentence: against the library, or against given sources alone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

from service.answering.draft_text import ClaimedSentence, SetAside, read_draft
from service.answering.given_sources import GivenSources
from service.errors import InputRejected
from service.grounding.context import ArticleContext
from service.grounding.grounder import Grounder
from service.grounding.sources import CitedSpan, DraftSentence, SentenceCheck, Source
from service.retrieval.retriever import Retriever
from service.types import Article, Carrier, Citation, Evidence, Filters, Span, Verdict

MOST_SENTENCES = 1_000
"""Of one text: some twenty pages, half a minute."""
_CHUNKS = 8
"""Looked at for each sentence."""
_AT_ONCE = 8
"""Sentences that are checked before others get a turn."""
_LONGEST_QUERY = 1_000


@dataclass(frozen=True, slots=True)
class SourceCitation:
    """A place in one of the given sources. Made only by `SourceCitation.of`."""

    source_index: int
    start: int
    end: int
    quote: str

    @classmethod
    def of(cls, sources: Sequence[str], source_index: int, span: Span) -> SourceCitation:
        quote = span.of(sources[source_index])
        if not 0 < len(quote) == span.end - span.start:
            raise ValueError(f"source {source_index} has nothing at [{span.start}, {span.end})")
        return cls(source_index, span.start, span.end, quote)


@dataclass(frozen=True, slots=True)
class VerifiedSentence:
    """`text` is `[start, end)` of the text that was verified, marks and markers included.

    `citations`: what supports or contradicts it; none when nothing does. `reasons`: what is not supported, in plain
    words.
    """

    text: str
    start: int
    end: int
    verdict: Verdict
    support: float
    citations: tuple[Citation, ...] | tuple[SourceCitation, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Unchecked:
    """A piece of the text that claims nothing. `why`: heading, question, greeting, lead_in, reference, code."""

    text: str
    start: int
    end: int
    why: str


@dataclass(frozen=True, slots=True)
class Verification:
    sentences: tuple[VerifiedSentence, ...]
    unchecked: tuple[Unchecked, ...] = ()

    @property
    def groundedness(self) -> float:
        """Share of the sentences that are supported; 0 where there is none, since nothing was shown to be true."""
        if not self.sentences:
            return 0.0
        return sum(s.verdict == "supported" for s in self.sentences) / len(self.sentences)


@dataclass(frozen=True, slots=True)
class LibraryAccess:
    """What it takes to check against the library. `turn` is entered for each piece of the work."""

    retriever: Retriever
    context_of: Callable[[Article], ArticleContext]
    carriers_of: Callable[[str, str], Sequence[Carrier]]
    is_empty: Callable[[], bool]
    turn: AbstractContextManager[object] = field(default_factory=nullcontext)


class Verifier:
    """Safe to call from several threads. Without a library it can check against given sources only."""

    def __init__(
        self, grounder: Grounder, library: LibraryAccess | None = None, *, of_sources: Grounder | None = None
    ) -> None:
        """`of_sources` checks against given sources, whole texts in which a sentence may gather what it says."""
        self._grounder = grounder
        self._of_sources = of_sources or grounder
        self._library = library

    def verify(self, text: str, sources: Sequence[str] | None = None) -> Verification:
        """One result for each sentence that claims something, in order; the same input has the same result.

        `sources`: the text is checked against them alone. Raises InputRejected for a text of too many sentences, and
        IndexUnavailable and ModelUnavailable without `sources`.
        """
        draft = read_draft(text)
        if len(draft.sentences) > MOST_SENTENCES:
            raise InputRejected(
                f"text: has {len(draft.sentences):,} sentences to check, "
                f"the limit is {MOST_SENTENCES:,}: send it in parts"
            )
        if sources is not None:
            checked = self._against_sources(text, draft.sentences, sources)
        else:
            checked = self._against_library(text, draft.sentences)
        return Verification(checked, tuple(_unchecked(text, piece) for piece in draft.aside))

    def _against_sources(
        self, text: str, claims: Sequence[ClaimedSentence], sources: Sequence[str]
    ) -> tuple[VerifiedSentence, ...]:
        given = GivenSources(sources)
        drafts = [DraftSentence(claim.claim, given.nearest_to(claim.claim)) for claim in claims]
        checks = self._of_sources.check(drafts)

        def cited(check: SentenceCheck) -> tuple[SourceCitation, ...]:
            places = dict.fromkeys(place for span in _shown(check) for place in given.place_of(span))
            return tuple(SourceCitation.of(sources, place.source_index, place.span) for place in places)

        return tuple(_verified(text, claim, check, cited(check)) for claim, check in zip(claims, checks, strict=True))

    def _against_library(self, text: str, claims: Sequence[ClaimedSentence]) -> tuple[VerifiedSentence, ...]:
        library = self._library
        if library is None:
            raise InputRejected("no library is open to check against: give sources")
        citer = _Citer(library.carriers_of)
        verified: list[VerifiedSentence] = []
        before: tuple[Evidence, ...] = ()
        for first in range(0, len(claims), _AT_ONCE):
            some = claims[first : first + _AT_ONCE]
            with library.turn:
                drafts = []
                for claim in some:
                    found = self._found(library, claim.claim)
                    # What "they" and "the attack" are stands in what the sentence before was found in.
                    drafts.append(DraftSentence(claim.claim, _as_sources((*found, *before), library.context_of)))
                    before = found
                checks = self._grounder.check(drafts)
            for claim, check in zip(some, checks, strict=True):
                citations = tuple(citer.cite(span) for span in _shown(check))
                verified.append(_verified(text, claim, check, citations))
        return tuple(verified)

    @staticmethod
    def _found(library: LibraryAccess, claim: str) -> tuple[Evidence, ...]:
        if library.is_empty():
            return ()
        return library.retriever.search(claim[:_LONGEST_QUERY], _CHUNKS, Filters()).evidence


class _Citer:
    """Numbers the citations in the order of the text; the same span has the same number."""

    def __init__(self, carriers_of: Callable[[str, str], Sequence[Carrier]]) -> None:
        self._carriers_of = carriers_of
        self._known: dict[tuple[str, Span], Citation] = {}

    def cite(self, cited: CitedSpan) -> Citation:
        article, span = cited.context.article, cited.span
        key = (article.id, span)
        if key not in self._known:
            carriers = self._carriers_of(article.id, span.of(article.text))
            self._known[key] = Citation.of(article, span, marker=len(self._known) + 1, carriers=carriers)
        return self._known[key]


def _as_sources(evidence: Sequence[Evidence], context_of: Callable[[Article], ArticleContext]) -> tuple[Source, ...]:
    """One source an article, in the order of the evidence, with the sentences of its chunks."""
    spans: dict[str, set[Span]] = {}
    articles: dict[str, Article] = {}
    for item in evidence:
        if articles.setdefault(item.article.id, item.article) == item.article:  # else replaced between two searches
            spans.setdefault(item.article.id, set()).update(item.chunk.sentences)
    sources = []
    for article_id, article in articles.items():
        context = context_of(article)
        numbers = tuple(i for i, span in enumerate(context.spans) if span in spans[article_id])
        sources.append(Source(context, numbers))
    return tuple(sources)


def _shown(check: SentenceCheck) -> tuple[CitedSpan, ...]:
    """Each once. What merely lies nearest to an unsupported sentence says nothing on it."""
    return () if check.verdict == "not_supported" else tuple(dict.fromkeys(check.spans))


def _verified(
    text: str,
    claim: ClaimedSentence,
    check: SentenceCheck,
    citations: tuple[Citation, ...] | tuple[SourceCitation, ...],
) -> VerifiedSentence:
    return VerifiedSentence(
        text=claim.span.of(text),
        start=claim.span.start,
        end=claim.span.end,
        verdict=check.verdict,
        support=round(check.support, 4),
        citations=citations,
        reasons=check.reasons,
    )


def _unchecked(text: str, piece: SetAside) -> Unchecked:
    return Unchecked(piece.span.of(text), piece.span.start, piece.span.end, piece.why)
