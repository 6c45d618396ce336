"""Whether a claim follows from a text: the model that ships, and its fake."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from service.errors import ModelUnavailable
from service.models.entailment import CompiledEntailment, OverlapEntailment, Pairing

FERRY = "The ferry sank off Brittany on Monday. All 41 passengers were saved by fishermen, the harbour master said."


@pytest.fixture(scope="module")
def model(caches: list[Path]) -> CompiledEntailment:
    return CompiledEntailment(caches=caches)


@pytest.mark.parametrize(
    ("follows", "does_not"),
    [
        pytest.param("Nobody on board died.", "Many of those on board died.", id="denial"),
        pytest.param("Fishermen rescued the passengers.", "The passengers rescued the fishermen.", id="roles"),
        pytest.param("The vessel went down near France.", "The vessel was towed to a port in France.", id="opposite"),
        pytest.param("A ship sank at the start of the week.", "A fire on the engine deck sank the ship.", id="cause"),
    ],
)
def test_what_follows_is_likelier_than_what_does_not(model, follows, does_not):
    likely, unlikely = model.log_odds([Pairing(FERRY, follows), Pairing(FERRY, does_not)])
    assert likely > unlikely + 1


def test_a_pair_has_the_same_odds_alone_and_among_others(model):
    pairs = [Pairing(FERRY * k, "Fishermen rescued the passengers.") for k in range(1, 6)]
    together = model.log_odds(pairs)
    alone = np.array([model.log_odds([pair])[0] for pair in pairs])
    assert np.allclose(together, alone, atol=0.01)


def test_no_pairs_have_no_odds(model):
    assert model.log_odds([]).shape == (0,)


@pytest.mark.parametrize("text", ["", "\ud800", "x" * 30_000, "\x00"], ids=["empty", "half_a_pair", "long", "null"])
def test_odd_texts_have_finite_odds(model, text):
    found = model.log_odds([Pairing(text, "It rained."), Pairing("It rained.", text[:200])])
    assert np.isfinite(found).all()


def test_the_claim_is_read_though_the_text_is_longer_than_the_model_reads(model):
    claims = ["Fishermen rescued the passengers.", "The passengers rescued the fishermen."]
    likely, unlikely = model.log_odds([Pairing(FERRY + " It rained." * 500, claim) for claim in claims])
    assert likely > unlikely


def test_who_is_not_patient_is_told_while_the_model_is_compiled(tmp_path):
    impatient = CompiledEntailment(caches=[tmp_path / "nothing" / "here"], patient=False)
    with pytest.raises(ModelUnavailable, match="being compiled"):
        impatient.log_odds([Pairing(FERRY, "It sank.")])
    assert impatient.state == "preparing"


def test_where_nothing_can_be_kept_the_reason_is_given_again(tmp_path):
    file = tmp_path / "file"
    file.touch()
    entailment = CompiledEntailment(caches=[file / "cache"])
    for _ in range(2):
        with pytest.raises(ModelUnavailable, match="cannot be written"):
            entailment.log_odds([Pairing(FERRY, "It sank.")])
    assert entailment.state == "failed"
    assert entailment.failure is not None


def test_the_fake_counts_shared_words():
    odds = OverlapEntailment().log_odds([Pairing(FERRY, "The ferry sank."), Pairing(FERRY, "Snow fell in Rome.")])
    assert odds[0] > 0 > odds[1]
