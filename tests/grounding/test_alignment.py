"""Which word of a sentence carries which word of a claim."""

from __future__ import annotations

import pytest

from service.grounding.alignment import align, content_words
from service.text.sentence import read_sentence


def carried(claim, said, word):
    claim, said = read_sentence(claim), read_sentence(said)
    at = next(i for i, w in enumerate(content_words(claim)) if w.lower == word)
    return align(claim, said)[at]


@pytest.mark.parametrize("said", ["One slain, others killed.", "One killed, others slain.", "One slaying, one murder."])
def test_of_words_that_carry_it_as_well_the_first_counts(said):
    found = carried("Nine were dead.", said, "dead")
    words = [w.lower for w in read_sentence(said).words]
    same = [i for i, w in enumerate(words) if carried("Nine were dead.", w, "dead").degree == found.degree > 0]
    assert found.position == min(same)


@pytest.mark.parametrize(
    ("claim", "said", "degree"),
    [("Sixty-three people came.", "There were 63 people.", 1.0), ("Sixty people came.", "There were 63 people.", 0.0)],
)
def test_a_figure_in_words_is_carried_by_its_value(claim, said, degree):
    assert carried(claim, said, "sixty").degree == degree
