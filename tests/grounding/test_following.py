"""What a model that reads text and claim together may decide, and what it may not."""

from __future__ import annotations

import pytest

from service.errors import ModelUnavailable
from service.grounding.following import MOST, Following
from service.grounding.grounder import Grounder
from service.grounding.sources import DraftSentence, Source
from service.models.entailment import Pairing

RAID = "The raid of 8 May destroyed two bridges near Harlow. Officials said no civilian was left in the town by then."


class Says:
    """Gives every pair the same odds, and keeps what it was asked."""

    def __init__(self, odds: float) -> None:
        self.odds = odds
        self.asked: list[Pairing] = []

    def log_odds(self, pairs):
        self.asked += pairs
        return [self.odds] * len(pairs)


class Gone:
    def log_odds(self, pairs):
        raise ModelUnavailable("no model")


@pytest.fixture
def check(make_context):
    context = make_context(RAID)

    def check(sentence, entailment):
        source = Source(context, tuple(range(len(context.spans))))
        return Grounder(entailment=entailment).check([DraftSentence(sentence, (source,))])[0]

    return check


REWORDED = "All residents had been brought out of Harlow before the raid, officials said."


def test_a_sure_model_saves_a_sentence_in_other_words(check):
    assert check(REWORDED, Says(MOST)).verdict == "supported"
    assert check(REWORDED, Says(-MOST)).verdict != "supported"


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("The raid of 8 May destroyed three bridges near Harlow.", id="figure"),
        pytest.param("The raid of 9 May destroyed two bridges near Harlow.", id="date"),
        pytest.param("The raid of 8 May destroyed two bridges near Oslo.", id="name"),
    ],
)
def test_no_model_saves_a_wrong_fact(check, sentence):
    assert check(sentence, Says(MOST)).verdict != "supported"


def test_no_model_is_asked_about_what_stands_word_for_word(check):
    model = Says(-MOST)
    assert check("The raid of 8 May destroyed two bridges near Harlow.", model).verdict == "supported"
    assert model.asked == []


def test_without_the_model_the_words_decide(check, make_context):
    assert check(REWORDED, Gone()) == check(REWORDED, None)


def test_the_model_is_asked_once_about_the_same(check, make_context):
    model = Says(0.0)
    context = make_context(RAID)
    source = Source(context, tuple(range(len(context.spans))))
    weighings = [w for c in Grounder().candidates(REWORDED, [source]) for one in c if (w := one.weighing) is not None]
    following = Following(model)
    assert following.odds(weighings) == following.odds(weighings)
    assert len(model.asked) == len(set(model.asked))
