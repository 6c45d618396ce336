"""Pooling token states into vectors."""

from __future__ import annotations

import numpy as np

from service.models.pooling import TokenWindow, pool_tokens, unit
from service.types import Span

EAST, NORTH, UP = np.eye(3, dtype=np.float32)


def window(*tokens: tuple[np.ndarray, tuple[int, int]]) -> TokenWindow:
    return TokenWindow(np.stack([state for state, _ in tokens]), np.asarray([offsets for _, offsets in tokens]))


def test_each_sentence_is_the_mean_of_its_own_tokens() -> None:
    tokens = window((UP, (0, 0)), (EAST, (0, 3)), (EAST, (3, 4)), (NORTH, (5, 8)), (UP, (0, 0)))
    vectors = pool_tokens([tokens], (Span(0, 4), Span(5, 8)))
    assert np.allclose(vectors.sentences, [EAST, NORTH])
    assert np.allclose(vectors.chunk, unit(2 * EAST + NORTH + 2 * UP))


def test_a_token_that_brings_the_space_before_it_belongs_to_its_word() -> None:
    vectors = pool_tokens([window((EAST, (0, 4)), (NORTH, (4, 8)))], (Span(0, 4), Span(5, 8)))
    assert np.allclose(vectors.sentences, [EAST, NORTH])


def test_a_sentence_over_two_windows_is_the_mean_of_both_parts() -> None:
    windows = [window((EAST, (0, 3))), window((NORTH, (4, 8)), (UP, (9, 12)))]
    vectors = pool_tokens(windows, (Span(0, 8), Span(9, 12)))
    assert np.allclose(vectors.sentences, [unit(EAST + NORTH), UP])


def test_a_sentence_without_tokens_gets_the_chunks_vector() -> None:
    vectors = pool_tokens([window((UP, (0, 0)), (EAST, (0, 3)))], (Span(0, 3), Span(4, 5)))
    assert np.allclose(vectors.sentences, [EAST, vectors.chunk])


def test_zero_stays_zero() -> None:
    assert np.array_equal(unit(np.zeros(3, np.float32)), np.zeros(3, np.float32))
