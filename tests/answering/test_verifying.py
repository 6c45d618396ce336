"""Texts verified over a small library, and against given sources."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import pytest

from service.answering.extractive import ExtractiveAnswerer
from service.answering.verifying import LibraryAccess, SourceCitation, Verification, Verifier
from service.errors import InputRejected
from service.grounding.grounder import Grounder
from service.grounding.sources import DraftSentence, SentenceCheck, Source
from service.types import Citation, Filters, Span

DAM = "The dam near Orsk burst on 5 April 2024. It flooded 4,500 houses, the mayor Igor Salin said. Nobody died."
BRIDGE = "The new bridge in Harlow cost 48 million crowns. It is 312 metres long."


class Turns:
    """Counts how often the library was used, and that it was given back."""

    def __init__(self) -> None:
        self.taken = 0
        self.inside = 0

    def __enter__(self) -> None:
        self.taken += 1
        self.inside += 1

    def __exit__(self, *_: object) -> None:
        self.inside -= 1


@pytest.fixture
def turns() -> Turns:
    return Turns()


@pytest.fixture
def verifier(newsroom: Any, turns: Turns) -> Verifier:
    extractive = ExtractiveAnswerer(newsroom.library, newsroom.retriever)
    carriers = partial(extractive.carriers, Filters())
    access = LibraryAccess(newsroom.retriever, extractive.context, carriers, extractive.is_empty, turns)
    return Verifier(Grounder(), access)


def verdicts(verification: Verification) -> list[str]:
    return [sentence.verdict for sentence in verification.sentences]


def test_true_sentences_are_supported_by_exact_quotes_of_one_or_two_sentences(
    newsroom: Any, verifier: Verifier
) -> None:
    newsroom.add(dam=DAM, bridge=BRIDGE)
    verification = verifier.verify("The dam near Orsk burst. The bridge in Harlow cost 48 million crowns.")
    assert verdicts(verification) == ["supported", "supported"]
    assert verification.groundedness == 1.0
    for sentence in verification.sentences:
        for citation in sentence.citations:
            assert isinstance(citation, Citation)
            article = newsroom.library.article(citation.article_id, citation.revision)
            citation.check(article)
    assert [sentence.citations[0].quote for sentence in verification.sentences][1] == BRIDGE.split(" It")[0]


def test_changed_figures_and_invented_events_are_not(newsroom: Any, verifier: Verifier) -> None:
    newsroom.add(dam=DAM, bridge=BRIDGE)
    text = "The bridge in Harlow cost 84 million crowns. Penguins opened the bridge in Harlow on skates."
    verification = verifier.verify(text)
    assert all(verdict in ("not_supported", "contradicted") for verdict in verdicts(verification))
    assert verification.groundedness == 0.0
    assert all(sentence.reasons for sentence in verification.sentences)


def test_what_is_not_supported_cites_nothing(newsroom: Any, verifier: Verifier) -> None:
    newsroom.add(dam=DAM)
    verification = verifier.verify("Penguins opened the bridge in Harlow on skates.")
    assert verification.sentences[0].citations == ()


def test_the_same_quote_has_one_number_in_the_order_of_the_text(newsroom: Any, verifier: Verifier) -> None:
    newsroom.add(dam=DAM, bridge=BRIDGE)
    text = f"{BRIDGE.split(' It')[0]} The dam near Orsk burst on 5 April 2024. {BRIDGE.split(' It')[0]}"
    firsts = [sentence.citations[0] for sentence in verifier.verify(text).sentences]
    assert [c.marker for c in firsts if isinstance(c, Citation)] == [1, 2, 1]


def test_copies_carry_the_quote(newsroom: Any, verifier: Verifier) -> None:
    newsroom.add(bridge=BRIDGE, wire={"text": BRIDGE, "source": "The Wire"})
    (sentence,) = verifier.verify("The new bridge in Harlow cost 48 million crowns.").sentences
    (citation,) = sentence.citations
    assert isinstance(citation, Citation)
    assert [carrier.source for carrier in citation.carriers] == ["The Wire"]


def test_the_library_is_used_a_few_sentences_at_a_time(newsroom: Any, verifier: Verifier, turns: Turns) -> None:
    """Else a long text would keep every question waiting."""
    newsroom.add(bridge=BRIDGE)
    verifier.verify("The bridge in Harlow cost 48 million crowns. " * 30)
    assert turns.taken > 2
    assert turns.inside == 0


def test_an_empty_library_supports_nothing(verifier: Verifier) -> None:
    assert verdicts(verifier.verify(BRIDGE)) == ["not_supported", "not_supported"]


def test_sources_need_no_library() -> None:
    verification = Verifier(Grounder()).verify("The bridge in Harlow cost 48 million crowns.", [DAM, BRIDGE])
    (sentence,) = verification.sentences
    assert sentence.verdict == "supported"
    assert sentence.citations == (SourceCitation(1, 0, 48, BRIDGE[:48]),)


def test_without_library_and_sources_there_is_nothing_to_check_against() -> None:
    with pytest.raises(InputRejected, match="give sources"):
        Verifier(Grounder()).verify(BRIDGE)


def test_a_source_of_thousands_of_sentences_is_searched_for_the_nearest() -> None:
    filler = [f"Lot {n} at the auction in Ghent went for {n + 7} francs." for n in range(3_000)]
    source = " ".join([*filler[:2_000], BRIDGE, *filler[2_000:]])
    verification = Verifier(Grounder()).verify(
        "The bridge in Harlow cost 48 million crowns. Lot 999 was a bust.", [source]
    )
    supported, _ = verification.sentences
    assert supported.verdict == "supported"
    (citation,) = supported.citations
    assert source[citation.start : citation.end] == citation.quote == BRIDGE[:48]


def test_a_text_of_too_many_sentences_is_refused() -> None:
    with pytest.raises(InputRejected, match=r"1,001 sentences to check, the limit is 1,000"):
        Verifier(Grounder()).verify("It rained. " * 1_001, ["It rained."])


def test_a_text_without_claims_is_grounded_in_nothing() -> None:
    verification = Verifier(Grounder()).verify("# Title\n\nWho?", ["Title"])
    assert (verification.sentences, verification.groundedness) == ((), 0.0)
    assert [(piece.why, piece.text) for piece in verification.unchecked] == [
        ("heading", "# Title"),
        ("question", "Who?"),
    ]


def test_a_citation_of_a_source_must_stand_in_it() -> None:
    with pytest.raises(ValueError, match="nothing at"):
        SourceCitation.of(["short"], 0, Span(3, 9))


class Seen(Grounder):
    """Takes note of what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.drafts: list[DraftSentence] = []

    def check(self, drafts: Sequence[DraftSentence], evidence: Sequence[Source] = ()) -> list[SentenceCheck]:
        self.drafts += drafts
        return super().check(drafts, evidence)


def test_a_sentence_is_checked_without_its_marks_and_markers() -> None:
    grounder = Seen()
    text = "- The **bridge** in [Harlow](https://a.example) cost 48 million [2] crowns."
    (sentence,) = Verifier(grounder).verify(text, [BRIDGE]).sentences
    assert [draft.text for draft in grounder.drafts] == ["The bridge in Harlow cost 48 million crowns."]
    assert sentence.text == text[2:]
    assert text[sentence.start : sentence.end] == sentence.text
