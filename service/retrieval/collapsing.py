"""One item of evidence for what several copies of a story say, and a fair share of the top for each story."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from service.library.copies import Fellow
from service.library.filtering import Scope
from service.text.overlap import merged, repeats, wording
from service.types import Article, Evidence

_COMPARABLE = 0.75
"""Evidence with a smaller share of another's score does not compete with it for a place."""
_LOOK_AHEAD = 3
"""So many times k are looked at for evidence of other stories; each costs a read from the library."""


def collapsed(ranked: Iterable[Evidence]) -> Iterator[Evidence]:
    """The evidence without what only repeats better-ranked evidence of copies of the same story.

    Compared with all that those say together, because a dateline more shifts every border between chunks. What adds a
    passage or has another figure or day stays.
    """
    kept: dict[str, list[Evidence]] = {}
    for item in ranked:
        of_cluster = kept.setdefault(item.article.story, [])
        others = [_passage(other.chunk.text) for other in of_cluster if other.article.id != item.article.id]
        if others and repeats(_passage(item.chunk.text), merged(others)):
            continue
        of_cluster.append(item)
        yield item


def spread(ranked: Iterable[Evidence], k: int) -> Iterator[Evidence]:
    """The same evidence, so that one story does not crowd the others out of the first k.

    Of one story and its copies a third of k, and two at least, keep their rank; what it has beyond that waits until no
    other evidence with a comparable score is left, and is never dropped. `ranked` must come best first.
    """
    most = max(2, math.ceil(k / 3))
    taken: Counter[str] = Counter()
    waiting: deque[Evidence] = deque()
    for place, item in enumerate(ranked):
        cluster = item.article.story
        while waiting and (item.score < _COMPARABLE * waiting[0].score or place >= _LOOK_AHEAD * k):
            yield waiting.popleft()
        if taken[cluster] >= most:
            waiting.append(item)
        else:
            taken[cluster] += 1
            yield item
    yield from waiting


def with_carriers(
    evidence: Sequence[Evidence],
    fellows: Mapping[str, Sequence[Fellow]],
    scope: Scope,
    articles_of: Callable[[Sequence[str]], Mapping[str, Article]],
) -> tuple[Evidence, ...]:
    """Each item with the other articles that say the same: exact copies, and near copies that repeat the passage.

    `fellows`: by article id, the others of its cluster. Only those that pass the filters are named: a search as of a
    day does not know of a copy that came later.
    """
    near = {f.carrier.article_id for item in evidence for f in fellows.get(item.article.id, ()) if not f.same_text}
    texts = {i: article.text for i, article in articles_of(sorted(near)).items()} if near else {}

    def carries(fellow: Fellow, item: Evidence) -> bool:
        carrier_id = fellow.carrier.article_id
        if not scope.passes(carrier_id):
            return False
        if fellow.same_text:
            return True
        return carrier_id in texts and repeats(_passage(item.chunk.text), _article(texts[carrier_id]))

    return tuple(
        replace(item, carriers=tuple(f.carrier for f in others if carries(f, item)))
        if (others := fellows.get(item.article.id))
        else item
        for item in evidence
    )


_passage = lru_cache(maxsize=256)(wording)
# Few: the shingles of a long article take a hundred kilobytes.
_article = lru_cache(maxsize=64)(wording)
