"""The hashing embedder: a fake that is the same everywhere."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from service.models.hashing import HashingEmbedder


def test_another_process_gives_the_same_vector() -> None:
    script = (
        "from service.models.hashing import HashingEmbedder\n"
        "print(HashingEmbedder().embed_query('ferry to Porto').tobytes().hex())"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert np.frombuffer(bytes.fromhex(done.stdout.strip()), np.float32) == pytest.approx(
        HashingEmbedder().embed_query("ferry to Porto")
    )


def test_case_does_not_count() -> None:
    embedder = HashingEmbedder()
    assert np.allclose(embedder.embed_query("PORTO ferry"), embedder.embed_query("Porto Ferry"))


def test_too_few_dimensions_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 8"):
        HashingEmbedder(4)
