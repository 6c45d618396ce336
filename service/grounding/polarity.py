"""Whether a claim and a sentence say yes or no to the same thing: denials, opposites, what is planned or alleged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from service.grounding.alignment import ALIGNED, LIGHT, Carried, align, all_stems, content_words
from service.grounding.lexicon import GROUPED, relatives
from service.grounding.opposites import across, opposed, same_side
from service.grounding.roles import converse_holds
from service.grounding.verbs import is_finite, is_past
from service.text.sentence import SentenceReading
from service.text.words import STOP_WORDS, Token, is_stop_word, stem

DENYING = frozenset(
    """
    not no never nor neither none nobody nothing without cannot hardly barely
    didn't doesn't don't wasn't weren't isn't aren't hasn't haven't hadn't won't wouldn't shouldn't couldn't can't
    mustn't needn't
    """.split()
)
_NOT = frozenset("not didn't doesn't don't wasn't weren't isn't aren't hasn't haven't hadn't".split())
_FAILING = frozenset(
    """
    fail fails failed failing refuse refuses refused refusing deny denies denied denying decline declines declined
    unable unlikely impossible yet powerless
    """.split()
)
_TO_DO = frozenset("to that having being".split())
_AVOIDING = frozenset("prevent prevents prevented preventing avoid avoids avoided avoiding lack lacks lacked".split())
_EXCEPTING = frozenset("except unlike only rather instead short hardly little few beyond".split())
_UNSURE = frozenset("may might could would should can likely possibly perhaps probably if whether unless".split())
_PLANNED = frozenset(
    """
    plan plans planned planning intend intends intended expect expects expected hope hopes hoped want wants wanted seek
    seeks sought aim aims aimed propose proposes proposed consider considers considered threaten threatens threatened
    promise promises promised pledge pledges pledged vow vows vowed try tries tried attempt attempts attempted due
    scheduled will shall urge urges urged demand demands demanded fear fears feared warn warns warned
    """.split()
)
_ALLEGED = frozenset(
    "allege alleges alleged allegedly suspect suspects suspected accuse accuses accused charge charges charged".split()
)
_BORDERS = frozenset("but although though while whereas however which who because after before since until".split())
_REACH = 6
_PASSED = STOP_WORDS | frozenset("longer fully ever yet even all".split())
_AIMING = frozenset(
    "counting meant designed ready prepare prepares prepared preparing order ordered orders told going able".split()
)
_MERELY = [[word] for word in "only just merely simply quite longer necessarily".split()]
_AT_ALL = frozenset("never nobody nothing no none nowhere".split())
_RECORDS = frozenset("most least first any record unanimous".split())
_REFUSING = frozenset(
    "unlike reject rejects rejected rejecting against block blocks blocked stop stops stopped".split()
)
_AS_WELL = 0.8
_ALONE = frozenset("only alone just sole".split())
_NO_OPPOSITES = frozenset("lives life".split())  # "lost their lives"
_LOSS = frozenset(
    map(
        stem,
        "destroy lose lost collapse remove fail lack miss wreck disappear vanish gone strip cut consume prevent stop "
        "halt curb stem avert block end".split(),
    )
)
_NEAR = 3
"""Content words on either side of a word that show whether it stands in the same place there."""


@dataclass(frozen=True, slots=True)
class Stance:
    """How a word stands in its clause: denied or not, and whether it is said to have happened at all."""

    denied: bool
    unsure: bool
    planned: bool
    alleged: bool

    @property
    def hedged(self) -> bool:
        return self.unsure or self.planned or self.alleged


@dataclass(frozen=True, slots=True)
class PolarityCheck:
    """`contradicted`: what one side denies, in plain words. `surer`: words that the claim asserts more surely."""

    contradicted: tuple[str, ...]
    surer: tuple[str, ...]


@lru_cache(maxsize=100_000)
def stance(reading: SentenceReading, at: int) -> Stance:
    """The stance of the word at `at`, from the words before it in its clause.

    A denial is of the first content word behind it: "did not warn residents" denies the warning, not the residents.
    """
    lowers = [w.lower.replace("’", "'") for w in _scope(reading, at)]
    first = len(lowers)
    while first > 0 and (lowers[first - 1] in _PASSED or lowers[first - 1] in DENYING | _FAILING | _AVOIDING):
        first -= 1
    right_before = lowers[first:]
    denials = sum(w in DENYING for w in right_before) + _failures(right_before)
    if len(right_before) > 1 and right_before[-1] in ("only", "just", "merely", "simply") and right_before[-2] in _NOT:
        denials -= 1
    if "no" in right_before and {"longer", "more"} & set(right_before):
        denials = 1
    if right_before[-1:] == ["no"] and [w.lower for w in reading.words[at + 1 : at + 2]] == ["than"]:
        denials -= 1  # "no higher than 39 metres" is how high
    near = lowers[-5:]
    wide = [w.lower for w in reading.words[max(0, at - 9) : at]]
    aimed = lowers[-1:] == ["to"] and any(w in _PLANNED or w in _AIMING for w in wide)
    return Stance(
        denied=denials % 2 == 1,
        unsure=any(w in _UNSURE for w in near),
        planned=any(w in _PLANNED for w in near) or aimed,
        alleged=any(w in _ALLEGED for w in lowers),
    )


def _failures(words: Sequence[str]) -> int:
    """ "Refused to", "denied that", "prevented": but one denied a ticket, or a goal, denies nothing."""
    return sum(w in _AVOIDING or (w in _FAILING and after in _TO_DO) for w, after in pairwise((*words, "")))


def _denies(reading: SentenceReading, at: int) -> bool:
    """Whether a sentence denies anything near this word, though perhaps not itself."""
    return any(
        w.lower.replace("’", "'") in DENYING or w.lower in _FAILING or w.lower in _AVOIDING or w.lower in _EXCEPTING
        for w in reading.words[max(0, at - 6) : at + 6]
    )


def _scope(reading: SentenceReading, at: int) -> Sequence[Token]:
    words, text = reading.words, reading.text
    first = at
    while first > 0 and at - first < _REACH:
        gap = text[words[first - 1].end : words[first].start]
        if any(mark in gap for mark in ',;:—–()"“”') or words[first - 1].lower in _BORDERS:
            break
        first -= 1
    return words[first:at]


@lru_cache(maxsize=50_000)
def polarity(claim: SentenceReading, said: SentenceReading) -> PolarityCheck:
    """Compare the stance of every word that both have, and look for opposites in the same place."""
    contradicted: list[str] = []
    surer: list[str] = []
    mine = content_words(claim)
    carried = align(claim, said)
    taken = {c.position for c in carried if c.degree >= ALIGNED}
    for i, (word, found) in enumerate(zip(mine, carried, strict=True)):
        if word.kind in ("date", "figure") or word.lower in _ALONE:
            continue
        claimed = stance(claim, word.index)
        if found.degree >= ALIGNED and found.position is not None:
            there = [stance(said, at) for at in _alike(word.stems, found.position, said)]
            if all(claimed.denied != other.denied for other in there) and not (
                _denies(said, found.position) if claimed.denied else _denies(claim, word.index)
            ):
                if not (_speaks_of_loss(claim, word.index) or _speaks_of_loss(said, found.position)):
                    contradicted.append(word.lower)
            elif all(other.hedged for other in there) and not claimed.hedged and _is_verb(claim, word.index):
                surer += [word.lower] if word.weight > LIGHT else []
            other_word = said.words[found.position].lower
            if opposed(word.lower, other_word) and not same_side(word.lower, other_word):
                if claimed.denied == stance(said, found.position).denied:
                    contradicted.append(f"{word.lower} / {other_word}")
                continue
            if found.degree >= GROUPED:
                continue
        if word.kind == "name" or word.weight <= LIGHT or word.lower in _NO_OPPOSITES:
            continue
        at = _opposite_place(i, word.lower, carried, taken, said)
        if at is not None and converse_holds(claim, word.index, said, at):
            continue
        if at is not None and claimed.denied == stance(said, at).denied:
            contradicted.append(f"{word.lower} / {said.words[at].lower}")
    return PolarityCheck((*contradicted, *_quantified(claim, said, carried)), tuple(surer))


def _alike(stems: tuple[str, ...], at: int, said: SentenceReading) -> list[int]:
    """All places of the sentence that carry a word as well as the one found."""
    found = [at]
    for mine in stems:
        known = relatives(mine)
        found += [i for i, w in enumerate(said.words) if known.get(w.stem, 0.0) >= _AS_WELL and i not in found]
    return found


def undenied(claim: SentenceReading, said: Sequence[SentenceReading]) -> str | None:
    """The claim's denial, when nothing in the sentences could mean it: no denial, no exception, no opposite, no record.

    Words for what happened may differ so much that none is found in its place; a "not" out of nowhere is still one.
    """
    lowers = [w.lower.replace("’", "'") for w in claim.words]
    for i, lower in enumerate(lowers):
        following = lowers[i + 1 :]
        if lower not in DENYING or following[:1] in _MERELY or "than" in following[1:3]:
            continue
        record = lower in _AT_ALL or following[:1] == ["seen"]
        if any(_may_deny(claim, reading) or (record and _has_record(reading)) for reading in said):
            return None
        denied = next((w for w in claim.words[i + 1 :] if not is_stop_word(w.lower)), None)
        if denied is not None and any(
            not across(denied.lower).isdisjoint(all_stems(reading))
            and any(opposed(denied.lower, w.lower) for w in reading.words)
            for reading in said
        ):
            return None
        return lower
    return None


@lru_cache(maxsize=20_000)
def _may_deny(claim: SentenceReading, said: SentenceReading) -> bool:
    """Whether the sentence denies something, by other words than those that the claim has too."""
    taken = {c.position for c in align(claim, said) if c.degree >= ALIGNED}
    for i, word in enumerate(said.words):
        lower = word.lower.replace("’", "'")
        if lower in DENYING or (i not in taken and lower in _FAILING | _AVOIDING | _EXCEPTING | _REFUSING):
            return True
    return False


@lru_cache(maxsize=20_000)
def _has_record(reading: SentenceReading) -> bool:
    """ "The highest in fifteen years" is "not seen for fifteen years"."""
    return any(w.lower in _RECORDS or (w.lower.endswith("est") and len(w.lower) > 5) for w in reading.words)


def _speaks_of_loss(reading: SentenceReading, at: int) -> bool:
    """ "Without its roof" and "the roof was destroyed" agree."""
    if _is_verb(reading, at):
        return False
    return any(w.stem in _LOSS for w in reading.words[max(0, at - 9) : at + 6])


def _is_verb(reading: SentenceReading, i: int) -> bool:
    return is_finite(reading.words, i) or is_past(reading.words[i])


_QUANTIFIERS = {
    word: name
    for name, words in (
        ("all", "all every each both entire whole everyone everybody"),
        ("most", "most majority"),
        ("many", "many numerous"),
        ("some", "some several"),
        ("few", "few"),
        ("none", "no none nobody neither"),
        ("half", "half"),
    )
    for word in words.split()
}
_INCOMPATIBLE = {
    frozenset(pair.split())
    for pair in ("all some|all most|all few|all none|all half|most few|most none|many few|many none|few none").split(
        "|"
    )
}


def _quantifier(reading: SentenceReading, at: int) -> str:
    """How many of a noun: "all" of "all of the ten men", "" when nothing is said."""
    for word in reversed(_scope(reading, at)[-4:]):
        name = _QUANTIFIERS.get(word.lower)
        if name is not None:
            numbered = name == "some" and reading.text[word.end : word.end + 2].strip().isdigit()
            return "" if numbered else name
        if not is_stop_word(word.lower) and not word.numeric:
            return ""
    return ""


def _excepts(reading: SentenceReading) -> bool:
    return "except" in reading.stems or "apart from" in reading.text or "with the exception" in reading.text


def _quantified(claim: SentenceReading, said: SentenceReading, carried: Sequence[Carried]) -> Iterator[str]:
    for word, found in zip(content_words(claim), carried, strict=True):
        if found.degree < ALIGNED or found.position is None or word.kind != "word":
            continue
        mine, theirs = _quantifier(claim, word.index), _quantifier(said, found.position)
        excepted = mine == "all" and _excepts(said) and not _excepts(claim)
        if frozenset((mine, theirs)) in _INCOMPATIBLE or excepted:
            yield f"{mine} {word.lower}"


def _opposite_place(
    i: int, word: str, carried: Sequence[Carried], taken: set[int | None], said: SentenceReading
) -> int | None:
    """Where the sentence has the opposite of the claim's i-th word in its place, if not of its own side."""
    if across(word).isdisjoint(all_stems(said)):
        return None
    beside = (*carried[max(0, i - _NEAR) : i], *carried[i + 1 : i + 1 + _NEAR])
    places = [c.position for c in beside if c.degree >= ALIGNED and c.position is not None]
    best: tuple[int, bool, int] | None = None
    for at, other in enumerate(said.words):
        against = at not in taken and not is_stop_word(other.lower) and opposed(word, other.lower)
        if not against and not same_side(word, other.lower):
            continue
        near = [abs(place - at) for place in places if abs(place - at) <= 2 * _NEAR + 2]
        if len(near) < max(1, (len(beside) + 1) // 2):
            continue
        found = (min(near), against, at)
        best = found if best is None or found < best else best
    return best[2] if best is not None and best[1] else None
