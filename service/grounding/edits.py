"""Where a claim in a sentence's own words departs from it: what stands in the place of what.

A claim that repeats most of a sentence is compared with it as two drafts of one text are. Each departure then has to be
harmless: "before" in the place of "after", a "not" put in, another name in a name's place are not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations

from service.grounding.alignment import ALIGNED, align, content_words
from service.grounding.lexicon import has_senses
from service.grounding.naming import says_name
from service.grounding.opposites import opposed
from service.grounding.polarity import DENYING
from service.text.dates import MONTH_WORDS
from service.text.names import Name
from service.text.sentence import SentenceReading
from service.text.words import Token, is_stop_word, stem

_OWN_WORDS = 0.6
"""The share of a claim's words that the sentence has in the same order, from which on both are drafts of one text."""
_ORDER = {
    one: other
    for pair in "before:after with:without above:below over:under inside:outside since:until more:less".split()
    for one, other in (pair.split(":"), pair.split(":")[::-1])
}
_COUNTING = frozenset(
    "only just but yet neither half third quarter most few some one two three four five six seven eight nine".split()
)
_JOINING = frozenset("and or with the".split())
_FORMS_OF_DO = frozenset("do does did be been is are was were has have had will would can could".split())


@dataclass(frozen=True, slots=True)
class Edits:
    """`changed`: pairs of what the claim has and the sentence has in its place, "" for nothing; each makes it another
    statement. `substituted`: the weight of the claim's words that the sentence does not have and has others in the
    place of. `inserted`: that of the heaviest run of words that it does not have, and nothing in their place."""

    changed: tuple[tuple[str, str], ...] = ()
    substituted: float = 0.0
    inserted: float = 0.0


@dataclass(frozen=True, slots=True)
class _Gap:
    """Words `[first, last)` of the claim that stand where the sentence has `[there, until)`."""

    first: int
    last: int
    there: int
    until: int


NO_EDITS = Edits()


@lru_cache(maxsize=20_000)
def edits(claim: SentenceReading, said: SentenceReading, known: frozenset[str] = frozenset()) -> Edits:
    """NO_EDITS where the claim is in other words than the sentence. `known`: the name parts of the article."""
    mine, theirs = [w.lower for w in claim.words], [w.lower for w in said.words]
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    if not mine or sum(block.size for block in matcher.get_matching_blocks()) < _OWN_WORDS * len(mine):
        return NO_EDITS
    gaps = [_Gap(i, j, k, m) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal"]
    changed = [pair for gap in gaps for pair in _turned(claim.words, said.words, gap)]
    if _denying(claim.words) % 2 != _denying(said.words) % 2:
        # "Not to allow" is "to forbid".
        changed = [] if changed else [*_denials(claim, said, gaps)]
    changed += _exchanged(claim, said, gaps)
    for gap in gaps:
        changed += [*_renamed(claim, said, gap, known), *_redated(claim, said, gap)]
    lacking = {
        word.index: word.weight
        for word, carried in zip(content_words(claim), align(claim, said), strict=True)
        if carried.degree < ALIGNED and word.kind == "word"
    }
    filled = [g for g in gaps if any(not is_stop_word(w.lower) for w in said.words[g.there : g.until])]
    return Edits(
        tuple(changed),
        sum(weight for i, weight in lacking.items() if any(g.first <= i < g.last for g in filled)),
        max((sum(lacking.get(i, 0.0) for i in range(g.first, g.last)) for g in gaps if g not in filled), default=0.0),
    )


def _denials(claim: SentenceReading, said: SentenceReading, gaps: Sequence[_Gap]) -> Iterator[tuple[str, str]]:
    """A denial put in, or left out, where nothing else is changed.

    Not where what is said of some is denied of the others: "one of the five did not", "only four of the five did".
    """
    mine, theirs = claim.words, said.words
    if any(_counts(mine[g.first : g.last]) or _counts(theirs[g.there : g.until]) for g in gaps):
        return
    for gap in gaps:
        here, there = mine[gap.first : gap.last], theirs[gap.there : gap.until]
        if _denying(here) % 2 != _denying(there) % 2 and _stems(here) == _stems(there):
            yield " ".join(w.lower for w in here), " ".join(w.lower for w in there)


def _counts(words: Sequence[Token]) -> bool:
    return any(w.numeric or w.lower in _COUNTING for w in words)


def _denying(words: Sequence[Token]) -> int:
    return sum(map(_denies, words))


def _denies(word: Token) -> bool:
    return word.lower.replace("’", "'") in DENYING


def _stems(words: Sequence[Token]) -> set[str]:
    return {w.stem for w in words if not (is_stop_word(w.lower) or _denies(w) or w.lower in _FORMS_OF_DO)}


def _turned(mine: Sequence[Token], theirs: Sequence[Token], gap: _Gap) -> Iterator[tuple[str, str]]:
    """One word in the place of its opposite: "before" for "after", "lowest" for "highest"."""
    here, there = mine[gap.first : gap.last], theirs[gap.there : gap.until]
    if len(here) != len(there):
        return
    for one, other in zip(here, there, strict=True):
        if _ORDER.get(one.lower) == other.lower or opposed(one.lower, other.lower):
            yield one.lower, other.lower


def _renamed(
    claim: SentenceReading, said: SentenceReading, gap: _Gap, known: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """A name in the place of another one of the kind."""
    theirs = [n for n in said.names if _within(n, gap.there, gap.until) and _is_name(n, known)]
    for name in claim.names:
        if not theirs or not _within(name, gap.first, gap.last) or not _is_name(name, known):
            continue
        if says_name(name, said) or stem(name.parts[-1]) in said.stems:
            continue
        other = next((n for n in theirs if n.kind == name.kind and not says_name(n, claim)), None)
        if other is not None:
            yield claim.text[name.start : name.end], said.text[other.start : other.end]


def _is_name(name: Name, known: frozenset[str]) -> bool:
    """Whether a capital is more than that of the sentence's beginning."""
    return not name.initial or name.parts[-1] in known or not has_senses(name.parts[-1])


def _exchanged(claim: SentenceReading, said: SentenceReading, gaps: Sequence[_Gap]) -> Iterator[tuple[str, str]]:
    """Two names each of which stands in the place of the other one; not "one and the other"."""
    places = [
        (mine, theirs)
        for gap in gaps
        for mine in claim.names
        for theirs in said.names
        if _within(mine, gap.first, gap.last) and _within(theirs, gap.there, gap.until)
    ]
    for (one, for_one), (other, for_other) in combinations(places, 2):
        between = {w.lower for w in claim.words[one.last + 1 : other.first]}
        if one.parts == for_other.parts and other.parts == for_one.parts and not between <= _JOINING:
            yield claim.text[one.start : one.end], claim.text[other.start : other.end]


def _within(name: Name, first: int, last: int) -> bool:
    return first <= name.first and name.last < last


def _redated(claim: SentenceReading, said: SentenceReading, gap: _Gap) -> Iterator[tuple[str, str]]:
    """A date, or a part of one, in the place of another one."""
    if gap.first == gap.last or gap.there == gap.until:
        return
    here, there = claim.words[gap.first : gap.last], said.words[gap.there : gap.until]
    mine = [m for m in claim.dates if m.start < here[-1].end and here[0].start < m.end]
    theirs = [m for m in said.dates if m.start < there[-1].end and there[0].start < m.end]
    if not mine or not theirs:
        return
    apart = not any(m.interval.meets(o.interval) for m in mine for o in theirs)
    moved = {m.interval for m in mine} & {o.interval for o in said.dates}
    if (apart and not moved) or (_dating(here) and _dating(there) and len(here) == len(there)):
        yield " ".join(w.text for w in here), " ".join(w.text for w in there)


def _dating(words: Sequence[Token]) -> bool:
    return all(w.lower in MONTH_WORDS or w.numeric for w in words)
