"""Who did what to whom: the words before and behind a verb, compared between a claim and a sentence.

No grammar is read. A clause runs between commas and conjunctions; what stands before its verb acts, what stands behind
it is acted on, and a passive turns the two around. Only a clear disagreement counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from service.grounding.alignment import LIGHT, align, content_words
from service.grounding.verbs import AUXILIARIES, BE, is_finite, is_passive, is_past, says
from service.text.names import Name, same_name
from service.text.sentence import SentenceReading
from service.text.words import PERSONAL, Token, is_stop_word

_ALIKE = 0.7
_BREAKS = frozenset(
    "and but or while whereas although though because after before when if since until that than".split()
)
_RELATIVES = frozenset("who which that".split())
_PREPOSITIONS = frozenset(
    """
    in on at by for with from to into onto over under about against between among through during near within without
    across along toward towards via per amid as of
    """.split()
)
_TOWARDS = frozenset("to against over on at for into toward towards of".split())
"""Prepositions behind which stands what an act is aimed at: "lost to", "attack on"."""
_CONVERSE = (
    ("beat defeat win won outplay overcome", "lose lost"),
    ("buy bought purchase acquire", "sell sold"),
    ("lend lent", "borrow borrowed"),
    ("give gave grant award pay paid", "receive received get got accept"),
    ("lead led", "follow followed"),
    ("own", "belong"),
)


@dataclass(frozen=True, slots=True)
class Arguments:
    """Word indexes: who acts, and who or what is acted on. `pronoun`: the actor is only "he", "it", or nobody."""

    actors: frozenset[int]
    acted_on: frozenset[int]
    pronoun: bool


@dataclass(frozen=True, slots=True)
class RoleCheck:
    """`swapped`: verbs whose two sides changed places. `other_actor`: verbs that somebody else does. `kept`:
    verbs with at least one side in the same place. `acts_elsewhere`: verbs whose actor was not found acting."""

    swapped: tuple[str, ...]
    other_actor: tuple[str, ...]
    kept: int
    acts_elsewhere: int = 0


@lru_cache(maxsize=100_000)
def arguments(reading: SentenceReading, at: int) -> Arguments:
    """The two sides of the verb, or the noun of doing, at `at`."""
    words = reading.words
    if at and words[at - 1].lower == "to":
        return Arguments(frozenset(), _behind(reading, at)[0], True)  # who is to do it stands anywhere
    before = _before(reading, at)
    behind, agents = _behind(reading, at)
    pronoun = bool(before) and words[before[-1]].lower in PERSONAL
    content_before = frozenset(i for i in before if not is_stop_word(words[i].lower) and not is_finite(words, i))
    if is_passive(words, at):
        return Arguments(agents, content_before, not agents)
    if agents and not is_past(words[at]):  # "the attack by Russia"
        return Arguments(agents, behind, False)
    if not content_before and not pronoun:
        content_before = _main_subject(reading) - behind
    return Arguments(content_before, behind, pronoun or not content_before)


@lru_cache(maxsize=20_000)
def _main_subject(reading: SentenceReading) -> frozenset[int]:
    """What stands before the first verb: "Argentina are champions after beating France" has Argentina beat France."""
    words = reading.words
    first = next((i for i in range(1, len(words)) if is_finite(words, i)), 0)
    return frozenset(i for i in range(first) if not is_stop_word(words[i].lower))


def _before(reading: SentenceReading, at: int) -> list[int]:
    """The subject: back over the auxiliaries to the border of the clause; over a relative to what it is of."""
    words, text = reading.words, reading.text
    i = at - 1
    while i >= 0 and (
        words[i].lower in AUXILIARIES or words[i].lower.endswith("ly") or words[i].lower in ("not", "to")
    ):
        i -= 1
    found: list[int] = []
    while i >= 0 and len(found) < 12:
        gap = text[words[i].end : words[i + 1].start]
        if any(mark in gap for mark in ";:—–()"):
            break
        if "," in gap:
            skipped = _over_aside(reading, i)
            if skipped is None or (found and words[found[-1]].lower not in _RELATIVES):
                break
            if skipped != i:
                i = skipped
                continue
        lower = words[i].lower
        if lower in _BREAKS and lower not in _RELATIVES:
            if found and lower == "and" and not any(is_finite(words, j) for j in range(max(0, i - 4), i)):
                i -= 1
                continue
            break
        if is_finite(words, i) and found:
            break
        found.append(i)
        i -= 1
    return found


def _over_aside(reading: SentenceReading, i: int) -> int:
    """ "The mayor, elected in 2019, resigned": from the end of the aside to what stands before it."""
    words, text = reading.words, reading.text
    for j in range(i - 1, max(-1, i - 12), -1):
        if "," in text[words[j].end : words[j + 1].start]:
            return j
    return i


def _behind(reading: SentenceReading, at: int) -> tuple[frozenset[int], frozenset[int]]:
    """The content words acted on, and those introduced by "by"."""
    words, text = reading.words, reading.text
    acted: list[int] = []
    agents: list[int] = []
    into = acted
    aside = False
    for i in range(at + 1, min(len(words), at + 14)):
        gap = text[words[i - 1].end : words[i].start]
        lower = words[i].lower
        if any(mark in gap for mark in ",;:—–()") or lower in _BREAKS - {"and", "than"}:
            break
        if is_finite(words, i) and i > at + 1 and lower not in BE:
            break
        if lower == "by" and not words[min(i + 1, len(words) - 1)].numeric:
            into, aside = agents, False
        elif lower in _TOWARDS:
            aside = into is agents
        elif lower in _PREPOSITIONS:
            aside = True
        elif not is_stop_word(lower) and not aside:
            into.append(i)
    return frozenset(acted), frozenset(agents)


@lru_cache(maxsize=50_000)
def roles(claim: SentenceReading, said: SentenceReading) -> RoleCheck:
    """Compare the two sides of every verb, or noun of doing, that claim and sentence share."""
    mine = content_words(claim)
    carried = align(claim, said)
    place = {
        word.index: found.position
        for word, found in zip(mine, carried, strict=True)
        if found.position is not None and found.degree >= _ALIKE
    }
    swapped: list[str] = []
    others: list[str] = []
    kept = elsewhere = 0
    for word in mine:
        at = place.get(word.index)
        if word.kind != "word" or at is None or not _is_act(claim.words, word.index):
            continue
        here, there = arguments(claim, word.index), arguments(said, at)
        if _converse(claim.words[word.index], said.words[at]):
            there = Arguments(there.acted_on, there.actors, False)
        actors = {place[i] for i in here.actors if i in place}
        acted_on = {place[i] for i in here.acted_on if i in place}
        if actors & there.acted_on - there.actors and acted_on & there.actors - there.acted_on:
            swapped.append(word.lower)
        elif actors & there.actors:
            kept += 1
        elif _suffers_instead(claim, said, here, there, acted_on):
            swapped.append(word.lower)
        elif (
            _is_verbal(said.words[at])
            and (word.weight > LIGHT or acted_on & there.acted_on)  # whoever "took" something else tells nothing
            and _another_acts(claim, said, {i for i in here.actors if i in place}, there)
        ):
            others.append(word.lower)
        elif acted_on & there.acted_on:
            kept += 1
            elsewhere += bool(here.actors) and not there.pronoun
        else:
            elsewhere += bool(here.actors) and not there.pronoun
    swapped += _turned_ways(claim, said, place)
    swapped += _changed_places(claim, said, place)
    return RoleCheck(tuple(swapped), tuple(others), kept, elsewhere)


def _turned_ways(claim: SentenceReading, said: SentenceReading, place: dict[int, int]) -> list[str]:
    """ "From China to Rotterdam" and "from Rotterdam to China"."""
    mine = {i: way for i in place if (way := _way(claim, i)) and _in_name(claim, i)}
    turned = [i for i, way in mine.items() if (other := _way(said, place[i])) and other != way]
    return ["from / to"] if len(turned) >= 2 else []


def _changed_places(claim: SentenceReading, said: SentenceReading, place: dict[int, int]) -> list[str]:
    """Two names each of which stands beside what stands beside the other one in the sentence."""
    named = {i for name in claim.names for i in range(name.first, name.last + 1)}
    mine = [n for n in claim.names if n.last in place]
    for one, other in combinations(mine, 2):
        here, there = place[one.last], place[other.last]
        if here == there:
            continue
        nearer = [
            _nearer(_beside(n, named, place), to=b, than=a) for n, a, b in ((one, here, there), (other, there, here))
        ]
        if all(nearer):
            first, second = (claim.text[n.start : n.end] for n in (one, other))
            return [f"{first} / {second}"]
    return []


def _beside(name: Name, named: set[int], place: dict[int, int]) -> list[int]:
    """Where the nearest content words on either side of a name, at most three words off, stand in the sentence."""
    found = []
    for steps in (range(name.first - 1, name.first - 4, -1), range(name.last + 1, name.last + 4)):
        near = next((i for i in steps if i in place and i not in named), None)
        found += [place[near]] if near is not None else []
    return found


def _nearer(places: Sequence[int], *, to: int, than: int) -> bool:
    return bool(places) and all(abs(p - to) < abs(p - than) for p in places)


def _way(reading: SentenceReading, at: int) -> str:
    before = [w.lower for w in reading.words[max(0, at - 2) : at]]
    return next((w for w in reversed(before) if w in ("from", "to")), "")


def _suffers_instead(
    claim: SentenceReading, said: SentenceReading, here: Arguments, there: Arguments, acted_on: set[int]
) -> bool:
    """Whether the name that acts in the sentence is acted on in the claim, by another name."""
    turned = acted_on & there.actors - there.acted_on
    if not any(_in_name(said, i) for i in turned):
        return False
    mine = {claim.words[i].lower for i in here.actors if _in_name(claim, i)}
    theirs = {said.words[i].lower for i in there.actors}
    return bool(mine) and not any(same_name(a, b) for a in mine for b in theirs)


def converse_holds(claim: SentenceReading, mine: int, said: SentenceReading, at: int) -> bool:
    """Whether two verbs say the same from the two sides: "Chile lost to Norway", "Norway beat Chile"."""
    if not _converse(claim.words[mine], said.words[at]):
        return False
    here, there = arguments(claim, mine), arguments(said, at)
    actors = {claim.words[i].lower for i in here.actors if _in_name(claim, i)}
    acted_on = {said.words[i].lower for i in there.acted_on}
    return any(same_name(a, b) for a in actors for b in acted_on)


def _another_acts(claim: SentenceReading, said: SentenceReading, actors: set[int], there: Arguments) -> bool:
    """Whether the claim's actor, a name, is elsewhere in the sentence, and another name acts there."""
    if there.pronoun or not any(_in_name(claim, i) for i in actors):
        return False
    return any(_in_name(said, i) for i in there.actors)


def acted_by_others(claim: SentenceReading, said: SentenceReading, borrowed: frozenset[str]) -> list[str]:
    """Of the claim's verbs that only this sentence carries, those that somebody else with a name does in it."""
    found = []
    for word, carried in zip(content_words(claim), align(claim, said), strict=True):
        at = carried.position
        if word.lower not in borrowed or at is None or carried.degree < _ALIKE or not _is_verbal(said.words[at]):
            continue
        if not _is_act(claim.words, word.index):
            continue
        here, there = arguments(claim, word.index), arguments(said, at)
        mine = {claim.words[i].lower for i in here.actors if _in_name(claim, i)}
        theirs = {said.words[i].lower for i in there.actors if _in_name(said, i)}
        if mine and theirs and not there.pronoun and not any(same_name(a, b) for a in mine for b in theirs):
            found.append(word.lower)
    return found


def _in_name(reading: SentenceReading, i: int) -> bool:
    return any(name.first <= i <= name.last for name in reading.names)


def _is_act(words: Sequence[Token], i: int) -> bool:
    return (is_finite(words, i) or is_past(words[i])) and words[i].lower not in AUXILIARIES and not says(words[i])


def _is_verbal(word: Token) -> bool:
    return is_past(word) or word.lower.endswith("ing")


def _converse(a: Token, b: Token) -> bool:
    for left, right in _CONVERSE:
        first, second = left.split(), right.split()
        if (_is_form(a, first) and _is_form(b, second)) or (_is_form(a, second) and _is_form(b, first)):
            return True
    return False


def _is_form(word: Token, forms: Sequence[str]) -> bool:
    return word.lower in forms or word.stem in forms or any(word.lower == f + "ed" for f in forms)
