"""The cross-encoder adapter, over a tiny model with random weights that is made here."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from service.errors import ModelUnavailable
from service.models.ports import Reranker
from service.models.reranking import CrossEncoderReranker, OverlapReranker
from service.models.weights import find_model

QUERY = "When did the ferry leave Porto?"
TEXTS = ("The ferry left Porto at noon.", "Rain fell on the hills.", "The council raised the tax.", "")


@pytest.fixture(scope="module")
def make_cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    def make(labels: int) -> Path:
        import torch
        from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

        torch.manual_seed(11)
        folder = tmp_path_factory.mktemp("cross-encoder")
        tokenizer = BertTokenizerFast.from_pretrained(str(find_model("all-MiniLM-L6-v2")))
        tokenizer.save_pretrained(str(folder))
        config = BertConfig(
            vocab_size=len(tokenizer),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=32,
            num_labels=labels,
            initializer_range=0.5,  # scores that differ visibly
        )
        BertForSequenceClassification(config).save_pretrained(str(folder))
        return folder

    return make


@pytest.fixture(scope="module", params=["overlap", "cross-encoder"])
def reranker(request: pytest.FixtureRequest, make_cross_encoder: Callable[[int], Path]) -> Reranker:
    return OverlapReranker() if request.param == "overlap" else CrossEncoderReranker(str(make_cross_encoder(1)))


def test_one_finite_score_for_each_text(reranker: Reranker) -> None:
    scores = reranker.rerank(QUERY, TEXTS)
    assert scores.shape == (len(TEXTS),)
    assert scores.dtype == np.float32
    assert np.isfinite(scores).all()
    assert len(set(scores.tolist())) > 1


def test_a_score_belongs_to_its_text_wherever_it_stands(reranker: Reranker) -> None:
    forward, backward = reranker.rerank(QUERY, TEXTS), reranker.rerank(QUERY, TEXTS[::-1])
    assert np.allclose(forward, backward[::-1], atol=1e-5)


def test_no_texts_have_no_scores(reranker: Reranker) -> None:
    assert reranker.rerank(QUERY, ()).shape == (0,)


@pytest.mark.parametrize("text", ["", "\x00", "\ud800", "漢字", "word " * 50_000])
def test_any_text_has_a_score(reranker: Reranker, text: str) -> None:
    assert np.isfinite(reranker.rerank(text, [text])).all()


def test_several_threads_get_what_one_gets(reranker: Reranker) -> None:
    expected = reranker.rerank(QUERY, TEXTS)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: reranker.rerank(QUERY, TEXTS), range(8)))
    assert all(np.allclose(scores, expected, atol=1e-5) for scores in found)


def test_the_scores_are_the_librarys(make_cross_encoder: Callable[[int], Path]) -> None:
    from sentence_transformers import CrossEncoder

    folder = str(make_cross_encoder(1))
    expected = CrossEncoder(folder, device="cpu").predict([(QUERY, text) for text in TEXTS], show_progress_bar=False)
    assert np.allclose(CrossEncoderReranker(folder).rerank(QUERY, TEXTS), expected, atol=1e-6)


def test_the_overlap_is_the_share_of_the_querys_words() -> None:
    assert OverlapReranker().rerank("ferry Porto", TEXTS[:2]) == pytest.approx([1.0, 0.0])


def test_a_model_with_several_scores_is_refused_in_one_line(make_cross_encoder: Callable[[int], Path]) -> None:
    with pytest.raises(ModelUnavailable, match="gives 3 scores for a pair") as caught:
        CrossEncoderReranker(str(make_cross_encoder(3))).warm()
    assert "\n" not in str(caught.value)


def test_a_model_that_is_nowhere_is_refused_in_one_line() -> None:
    with pytest.raises(ModelUnavailable, match="no such folder") as caught:
        CrossEncoderReranker("no-such-cross-encoder").rerank(QUERY, TEXTS)
    assert "\n" not in str(caught.value)
