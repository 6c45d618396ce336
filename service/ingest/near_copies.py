"""MinHash signatures of articles, by which the library finds those that may be near copies of each other."""

from __future__ import annotations

import hashlib
import zlib
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from service.library.signatures import Signature
from service.text.overlap import SHINGLE_WORDS, SHORTEST_WORDS, folded_words

if TYPE_CHECKING:
    from datasketch import MinHash

ROWS_PER_BAND = 4
"""Values that must all agree: an article that shares a tenth of its wording with another rarely gets that far."""
WHOLE_BANDS = 24
LEAD_BANDS = 6
LEAD_WORDS = 80
"""A copy that was cut after a few paragraphs shares too little of the whole for its signature, but all of its lead."""

_MULTIPLIERS = tuple(np.uint64(odd) for odd in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9))


def signature_of(text: str) -> Signature:
    """Hashes of bands of MinHash values, of the text's word shingles and of its lead's; empty for a short text.

    Two texts that share three quarters of their shingles agree in about three quarters of the values, so that one band
    or another agrees in all but a few cases in a thousand.
    """
    words = folded_words(text)
    if len(words) < SHORTEST_WORDS:
        return ()
    hashes = _shingle_hashes(words)
    whole = _minima(np.unique(hashes), WHOLE_BANDS * ROWS_PER_BAND)
    lead = _minima(np.unique(hashes[:LEAD_WORDS]), LEAD_BANDS * ROWS_PER_BAND)
    bands = np.concatenate([whole, lead]).astype("<u4").reshape(-1, ROWS_PER_BAND)
    return tuple(_band_hash(place, band.tobytes()) for place, band in enumerate(bands))


def _band_hash(place: int, band: bytes) -> int:
    digest = hashlib.blake2b(band, digest_size=8, salt=place.to_bytes(2, "big")).digest()
    return int.from_bytes(digest, "big", signed=True)


def _shingle_hashes(words: list[str]) -> NDArray[np.uint32]:
    # crc32, because Python's own hash of a string is another one in each process.
    of_words = np.array([zlib.crc32(word.encode("utf-8", "replace")) for word in words], dtype=np.uint64)
    mixed = np.zeros(len(words) - SHINGLE_WORDS + 1, dtype=np.uint64)
    for place, multiplier in enumerate(_MULTIPLIERS):
        mixed ^= of_words[place : place + len(mixed)] * multiplier
    return (mixed >> np.uint64(32)).astype(np.uint32)


def _minima(hashes: NDArray[np.uint32], count: int) -> NDArray[np.uint32]:
    sketch = _empty(count).copy()
    sketch.update_batch(hashes)
    return np.asarray(sketch.hashvalues, dtype=np.uint32)


@cache
def _empty(count: int) -> MinHash:
    # Here, because it brings half of SciPy along, and asking a question must not wait for that.
    from datasketch import MinHash

    return MinHash(num_perm=count, hashfunc=int, scheme="affine32")
