"""Near copies are found, and similar articles are not taken for copies, on the seeds and the world set."""

from __future__ import annotations

import pytest

from eval.copies import EDITS, found_after, near_pairs, own_texts


@pytest.fixture(scope="module")
def texts() -> list[str]:
    return own_texts()


@pytest.mark.parametrize("edit", [name for name in EDITS if name != "10 % other words"])
def test_a_reposted_article_is_found(texts, edit):
    found = found_after(EDITS[edit], texts)
    assert found.near == found.texts
    assert found.looked_up >= 0.9 * found.near


def test_no_two_articles_are_taken_for_copies(texts):
    assert near_pairs(texts) == (0, 0)
