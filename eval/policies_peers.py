"""How four other systems decide which sentences of a draft are shown with a citation, written anew for comparison.

Each is what the named function does to a finished draft and its evidence, read in the public repositories; the prompts
and models around it are not part of it. None of the four ever holds a sentence back: what no citation can be had for
is shown without one. What had to be simplified is said at each.

trusted keys  PaperQA, `PQASession.populate_formatted_answers_and_bib_from_raw_answer` in `src/paperqa/types.py`
              (Future-House/paper-qa at 0075787): keys of contexts become references; a key that no context has is
              replaced by nothing; the sentence around it stays.
known numbers Onyx, `DynamicCitationProcessor._process_citation` in `backend/onyx/chat/citation_processor.py`
              (onyx-dot-app/onyx at 04dac85): a number that no document has is logged and skipped; the sentence stays.
similarity    RAGFlow, `Dealer.insert_citations` in `rag/nlp/search.py` (infiniflow/ragflow at 448fa1c) with
              `token_similarity` in `rag/nlp/query.py` (at 6591783): where the draft has no markers, each sentence gets
              the chunks that are nearest to it, if those are near enough; as long as no sentence of the whole answer
              gets any, the threshold falls from 0.63 by a fifth, down to 0.3.
fuzzy quote   kotaemon, `find_text` in `libs/kotaemon/kotaemon/indices/qa/utils.py` (Cinnamon/kotaemon at 127bc5c):
              a quote is found in a chunk when stretches of it of more than a fifth each reach over more than 35 %.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import pairwise
from typing import Protocol

import numpy as np

from service.models.ports import ChunkText, Embedder, Vector
from service.text.words import tokens
from service.types import Chunk, Span


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence that a model wrote. `markers`: numbers into the evidence, from 1; others name nothing."""

    text: str
    markers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Shipped:
    """What became of a draft: `text` as it is shown, None when it is held back; the chunks that it is shown to cite."""

    text: str | None
    cites: tuple[Chunk, ...] = ()


class Policy(Protocol):
    """Decides over one answer, sentence by sentence, in order."""

    @property
    def name(self) -> str: ...

    def ship(self, answer: Sequence[Draft], evidence: Sequence[Chunk]) -> list[Shipped]: ...


class TrustedKeys:
    """PaperQA: the model's keys are believed."""

    name = "trusted keys"
    _KEY = re.compile(r"\bpqac-[a-zA-Z0-9]{8}\b")

    def ship(self, answer: Sequence[Draft], evidence: Sequence[Chunk]) -> list[Shipped]:
        contexts = {self._key(chunk.id): chunk for chunk in evidence}
        return [self._formatted(self._raw(draft, evidence), contexts) for draft in answer]

    def _raw(self, draft: Draft, evidence: Sequence[Chunk]) -> str:
        names = [evidence[m - 1].id if 0 < m <= len(evidence) else f"nothing {m}" for m in draft.markers]
        return f"{draft.text} ({', '.join(map(self._key, names))})" if names else draft.text

    def _formatted(self, raw: str, contexts: Mapping[str, Chunk]) -> Shipped:
        keys = list(dict.fromkeys(self._KEY.findall(raw)))
        for key in keys:
            if key not in contexts:
                raw = raw.replace(key, "")
        return Shipped(raw, tuple(contexts[key] for key in keys if key in contexts))

    @staticmethod
    def _key(name: str) -> str:
        return "pqac-" + hashlib.sha256(name.encode("utf-8")).hexdigest()[:8]


class KnownNumbers:
    """Onyx: the model's numbers are believed, as far as a document has them."""

    name = "known numbers"
    _MARKER = re.compile(r"\[\d+(?:, ?\d+)*\]")

    def ship(self, answer: Sequence[Draft], evidence: Sequence[Chunk]) -> list[Shipped]:
        return [self._processed(draft, evidence) for draft in answer]

    def _processed(self, draft: Draft, evidence: Sequence[Chunk]) -> Shipped:
        raw = f"{draft.text} [{', '.join(map(str, draft.markers))}]" if draft.markers else draft.text
        numbers = [int(n) for marker in self._MARKER.findall(raw) for n in marker[1:-1].split(",")]
        known = [n for n in dict.fromkeys(numbers) if 0 < n <= len(evidence)]
        text = self._MARKER.sub("", raw).rstrip()
        return Shipped(" ".join([text, *(f"[[{n}]]" for n in known)]), tuple(evidence[n - 1] for n in known))


class FallingSimilarity:
    """RAGFlow: what the chunks are like is cited.

    Similarity is 0.9 of the cosine of the vectors and 0.1 of the share of words and pairs of words (0.4 and 0.6) that
    the chunk has too. Words weigh alike here: RAGFlow weighs them by its dictionary, which moves the whole by less than
    a tenth. The vectors are those of the embedder given, for sentences and chunks alike.
    """

    name = "similarity"
    _FIRST, _FALL, _LAST = 0.63, 0.8, 0.3
    _VECTORS, _WORDS = 0.9, 0.1
    _MOST = 4

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._vectors: dict[str, Vector] = {}

    def ship(self, answer: Sequence[Draft], evidence: Sequence[Chunk]) -> list[Shipped]:
        if not evidence:
            return [Shipped(draft.text) for draft in answer]
        likeness = [self._similarities(draft.text, evidence) for draft in answer]
        cites: dict[int, tuple[Chunk, ...]] = {}
        threshold = self._FIRST
        while threshold > self._LAST and not cites:
            for i, similarities in enumerate(likeness):
                best = float(similarities.max()) * 0.99
                if best >= threshold:
                    near = [chunk for chunk, one in zip(evidence, similarities, strict=True) if one > best]
                    cites[i] = tuple(near[: self._MOST])
            threshold *= self._FALL
        return [Shipped(draft.text, cites.get(i, ())) for i, draft in enumerate(answer)]

    def _similarities(self, text: str, evidence: Sequence[Chunk]) -> Vector:
        own = self._vector(text)
        cosines = np.array([float(own @ self._vector(chunk.text)) for chunk in evidence], dtype=np.float32)
        words = np.array([_shared_words(text, chunk.text) for chunk in evidence], dtype=np.float32)
        return self._VECTORS * cosines + self._WORDS * words

    def _vector(self, text: str) -> Vector:
        known = self._vectors.get(text)
        if known is None:
            (made,) = self._embedder.embed_chunks([ChunkText(text, (Span(0, len(text)),))])
            known = self._vectors[text] = made.chunk
        return known


def _shared_words(text: str, chunk: str) -> float:
    said, held = _weights(text), _weights(chunk)
    return sum(weight for term, weight in said.items() if term in held) / (sum(said.values()) or 1.0)


@cache
def _weights(text: str) -> Mapping[str, float]:
    """Words and pairs of neighbours, by what they count in all."""
    stems = [token.stem for token in tokens(text)]
    weights: dict[str, float] = {}
    for term, weight in [
        *((s, 0.4) for s in stems),
        *((f"{a} {b}", 0.6) for a, b in pairwise(stems)),
    ]:
        weights[term] = weights.get(term, 0.0) + weight
    return weights


class FuzzyQuote:
    """kotaemon: what can be found again, roughly, is marked as quoted.

    Its model hands quotes over beside the answer, and only those are looked for. Here the sentence itself is the quote:
    kotaemon's own answer would be shown whatever it says.
    """

    name = "fuzzy quote"
    _STRETCH, _WHOLE, _LEAST = 0.2, 0.35, 5

    def ship(self, answer: Sequence[Draft], evidence: Sequence[Chunk]) -> list[Shipped]:
        return [
            Shipped(draft.text, tuple(chunk for chunk in evidence if self.finds(draft.text, chunk.text)))
            for draft in answer
        ]

    def finds(self, quote: str, text: str) -> bool:
        """Whether the long stretches that both have in common reach over enough of the text, gaps included."""
        if len(quote) <= self._LEAST:
            return False
        matcher = SequenceMatcher(None, quote, text.replace("\n", " "), autojunk=False)
        long = [b for b in matcher.get_matching_blocks() if b.size > max(len(quote) * self._STRETCH, self._LEAST)]
        if not long:
            return False
        reach = max(b.b + b.size for b in long) - min(b.b for b in long)
        return reach > max(len(quote) * self._WHOLE, self._LEAST)
