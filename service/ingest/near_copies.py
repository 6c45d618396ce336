"""MinHash signatures of articles, by which the library finds those that may be near copies of each other."""

from __future__ import annotations

import hashlib

from rensa import RMinHash

from service.library.signatures import Signature
from service.text.overlap import SHINGLE_WORDS, SHORTEST_WORDS, folded_words

ROWS_PER_BAND = 4
"""Values that must all agree: an article that shares a tenth of its wording with another rarely gets that far."""
WHOLE_BANDS = 24
LEAD_BANDS = 6
LEAD_WORDS = 80
"""A copy that was cut after a few paragraphs shares too little of the whole for its signature, but all of its lead."""

_SEED = 1
"""Part of what is stored: with another, no article would meet those that came before."""


def signature_of(text: str) -> Signature:
    """Hashes of bands of MinHash values, of the text's word shingles and of its lead's; empty for a short text.

    Two texts that share three quarters of their shingles agree in about three quarters of the values, so that one band
    or another agrees in all but a few cases in a thousand.
    """
    words = folded_words(text)
    if len(words) < SHORTEST_WORDS:
        return ()
    shingles = [" ".join(words[at : at + SHINGLE_WORDS]) for at in range(len(words) - SHINGLE_WORDS + 1)]
    minima = [*_minima(shingles, WHOLE_BANDS), *_minima(shingles[:LEAD_WORDS], LEAD_BANDS)]
    bands = (minima[at : at + ROWS_PER_BAND] for at in range(0, len(minima), ROWS_PER_BAND))
    return tuple(_band_hash(place, band) for place, band in enumerate(bands))


def _minima(shingles: list[str], bands: int) -> list[int]:
    sketch = RMinHash(num_perm=bands * ROWS_PER_BAND, seed=_SEED)
    sketch.update(shingles)
    return list(sketch.digest())


def _band_hash(place: int, band: list[int]) -> int:
    packed = b"".join(value.to_bytes(4, "little") for value in band)
    digest = hashlib.blake2b(packed, digest_size=8, salt=place.to_bytes(2, "big")).digest()
    return int.from_bytes(digest, "big", signed=True)
