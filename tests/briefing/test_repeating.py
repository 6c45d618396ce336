"""What another sentence says already, and what only looks like it."""

from __future__ import annotations

import pytest

from service.briefing.repeating import says_again
from service.text.sentence import read_sentence

SAID = "The storm sank 12 boats in the harbour of Tarvik on Monday, the coast guard said."


@pytest.mark.parametrize(
    "again",
    [
        SAID,
        "The storm sank 12 boats in the harbour of Tarvik.",
        "In the harbour of Tarvik the storm sank 12 boats on Monday, said the coast guard.",
    ],
)
def test_the_same_in_like_words_is_said_again(again) -> None:
    assert says_again(read_sentence(again), read_sentence(SAID), 0.9)


@pytest.mark.parametrize(
    "other",
    [
        "The storm sank 15 boats in the harbour of Tarvik on Monday, the coast guard said.",
        "The storm sank 12 boats in the harbour of Holm on Monday, the coast guard said.",
        "The storm spared 12 boats in the harbour of Tarvik on Monday, the coast guard said.",
        "The storm sank no boats in the harbour of Tarvik on Monday, the coast guard said.",
        "Divers raised 12 boats in the harbour of Tarvik on Monday.",
        "The coast guard said repairs would begin in Tarvik.",
    ],
    ids=["figure", "name", "verb", "denial", "deed", "matter"],
)
def test_one_word_makes_another_claim_however_alike_the_vectors_are(other) -> None:
    assert not says_again(read_sentence(other), read_sentence(SAID), 0.99)


def test_a_longer_sentence_says_more() -> None:
    assert not says_again(read_sentence(SAID), read_sentence("The storm sank 12 boats."), 0.95)
