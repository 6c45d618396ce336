"""Proper names in English text, found by their capitals, and what kind of thing each probably is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from service.text.words import Token, is_stop_word

NameKind = Literal["person", "place", "organisation", "other"]

ROLES = frozenset(
    """
    president minister mayor governor chancellor king queen prince princess pope bishop senator congressman
    representative secretary ambassador envoy adviser advisor aide spokesman spokeswoman spokesperson chief head
    director chairman chairwoman chair ceo founder leader commander general colonel major captain lieutenant sergeant
    admiral marshal judge justice attorney lawyer prosecutor professor doctor scientist researcher engineer coach
    manager striker goalkeeper midfielder player author writer journalist reporter photographer analyst economist miner
    driver pilot astronaut commissioner official negotiator deputy premier officer treasurer mr mrs ms dr sir lord lady
    """.split()
)
_ORGANISATION = frozenset(
    """
    agency ministry department council committee commission union bank fund organisation organization association
    company corporation corp inc ltd plc group university institute school college court parliament senate congress
    party army force forces navy police service office authority board federation league club programme program times
    post news guardian journal network tv radio centre center observatory administration bureau nato un eu
    """.split()
)
_PLACE_WORDS = frozenset(
    """
    city town village region oblast province district county state island islands river lake sea ocean bay canal
    mountain mount valley street square airport port station bridge dam beach park republic kingdom raion strait coast
    peninsula
    """.split()
)
_PLACE_PREPOSITIONS = frozenset(
    "in at near from over across outside around towards toward into off through throughout".split()
)
_SPEECH = frozenset(
    """
    said says told wrote announced stated added warned confirmed reported noted called tweeted argued explained
    """.split()
)
_CALENDAR = frozenset(
    """
    january february march april june july august september october november december jan feb mar apr jun jul aug sep
    sept oct nov dec monday tuesday wednesday thursday friday saturday sunday
    """.split()
)
_HYPHENATED = re.compile(r"-(?!to-)[^\W\d_]+-(?=[A-Z])")  # "Mar-a-Lago", "Port-au-Prince", but "Paris-to-Rome"
_CONNECTORS = frozenset("of for on de la van von al bin".split())


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens `[first, last]` of a text that name something. `initial`: its capital may only be the sentence's."""

    first: int
    last: int
    start: int
    end: int
    parts: tuple[str, ...]
    kind: NameKind
    initial: bool


def names(text: str, words: Sequence[Token]) -> list[Name]:
    """The names of a text in order. Weekdays and months are none."""
    found: list[Name] = []
    i = 0
    while i < len(words):
        if not _may_begin(text, words[i]):
            i += 1
            continue
        last = _run_end(text, words, i)
        first = i
        while first < last and _opens(words[first]) and _not_part(text, words[first]):
            first += 1
        for begin, end in _split_at_role(words, first, last):
            name = _name(text, words, begin, end)
            if name is not None:
                found.append(name)
        i = last + 1
    return found


def _split_at_role(words: Sequence[Token], first: int, last: int) -> list[tuple[int, int]]:
    """ "Ukrainian President Zelensky" is whose president, and the president: two names."""
    for i in range(first + 1, last):
        if words[i].lower in ROLES:
            return [(first, i - 1), (i, last)]
    return [(first, last)]


def _opens(word: Token) -> bool:
    return is_stop_word(word.lower) or word.lower in _OPENERS


def _not_part(text: str, word: Token) -> bool:
    """ "The Times" and, at the beginning, "When Russia" lose their first word; "the Ever Given" does not."""
    return word.lower in ("the", "a", "an") or _begins_sentence(text, word.start)


_OPENERS = frozenset(
    "later yesterday today meanwhile elsewhere earlier however instead afterwards soon then now once recently".split()
)
"""Adverbs that open a sentence before a name: "Later Hillary spoke"."""


def _may_begin(text: str, word: Token) -> bool:
    if not word.capitalised or word.text == "I":
        return False
    return word.lower not in _CALENDAR or _HYPHENATED.match(text, word.end) is not None


def _run_end(text: str, words: Sequence[Token], i: int) -> int:
    last = i
    j = i + 1
    while j < len(words) and re.fullmatch(r"[ \-–]|\. ", text[words[j - 1].end : words[j].start]):
        if re.search(r"['’]s$", words[j - 1].text):
            break
        if words[j].lower in _CALENDAR:
            break
        if words[j].capitalised:
            last = j
        elif not (
            words[j].lower in _CONNECTORS
            and j == last + 1
            and j + 1 < len(words)
            and words[j + 1].capitalised
            and not is_stop_word(words[last].lower)
        ) and not _HYPHENATED.match(text, words[j - 1].end):
            break
        j += 1
    return last


def _name(text: str, words: Sequence[Token], first: int, last: int) -> Name | None:
    word = words[first]
    begins = _begins_sentence(text, word.start)
    if first == last and (is_stop_word(word.lower) or len(word.text) < 2):
        return None
    parts = tuple(w.lower for w in words[first : last + 1] if w.lower not in _CONNECTORS)
    if not parts:
        return None
    return Name(
        first=first,
        last=last,
        start=word.start,
        end=words[last].end,
        parts=parts,
        kind=_kind(words, first, last),
        initial=begins and first == last and not word.text.isupper(),
    )


def _begins_sentence(text: str, start: int) -> bool:
    return not text[:start].strip(" \t\n\"'“”‘’([-–—*#•")


def _kind(words: Sequence[Token], first: int, last: int) -> NameKind:
    inside = [w.lower for w in words[first : last + 1]]
    before = words[first - 1].lower if first else ""
    after = words[last + 1].lower if last + 1 < len(words) else ""
    if any(w in _ORGANISATION for w in inside):
        return "organisation"
    if inside[-1] in _PLACE_WORDS:
        return "place"
    if before == "to" and first > 1 and words[first - 2].lower == "according":
        return "person"
    if re.search(r"['’]s?$", words[last].text):
        return "other"  # "over Russia's war" is not a place
    if before in _PLACE_PREPOSITIONS or (before == "of" and first > 1 and words[first - 2].lower in _PLACE_WORDS):
        return "place"
    if (
        any(w in ROLES for w in inside[:-1])
        or inside[0] in ROLES
        or before in ROLES
        or after in _SPEECH
        or before in _SPEECH
    ):
        return "person"
    return "person" if last - first in (1, 2) and all(w.isalpha() for w in inside) else "other"


def same_name(a: str, b: str) -> bool:
    """Whether two lower-case name parts are one name: equal, a demonym of it, or another spelling ("Zelenskyy")."""
    if a == b:
        return True
    if a[:1] != b[:1]:  # of all pairs the most, and quick to tell
        return a in _IRREGULAR_WORDS and frozenset((a, b)) in _IRREGULAR
    return _demonyms(*sorted((a, b), key=lambda w: (len(w), w))) or _spelled_alike(*sorted((a, b)))


_DEMONYM_ENDINGS = frozenset("n an ian ean ese ish i is er ers ns ans ians s e es".split())
_DISTINCT = {
    frozenset(pair)
    for pair in (
        ("australia", "austria"), ("australian", "austrian"), ("australians", "austrians"), ("niger", "nigerian"),
        ("niger", "nigerians"), ("roman", "romanian"),
    )
}  # fmt: skip
_IRREGULAR = {
    frozenset(pair)
    for pair in (
        ("france", "french"), ("spain", "spanish"), ("greece", "greek"), ("poland", "polish"),
        ("denmark", "danish"), ("sweden", "swedish"), ("finland", "finnish"), ("turkey", "turkish"),
        ("britain", "british"), ("wales", "welsh"), ("switzerland", "swiss"), ("netherlands", "dutch"),
        ("germany", "german"), ("hungary", "hungarian"), ("scotland", "scottish"), ("ireland", "irish"),
        ("england", "english"), ("china", "chinese"), ("italy", "italian"), ("norway", "norwegian"),
        ("peru", "peruvian"), ("iraq", "iraqi"), ("belgium", "belgian"), ("brazil", "brazilian"),
        ("portugal", "portuguese"), ("congo", "congolese"), ("lebanon", "lebanese"), ("cyprus", "cypriot"),
        ("afghanistan", "afghan"), ("thailand", "thai"), ("serbia", "serb"), ("croatia", "croat"),
        ("slovakia", "slovak"),
    )
}  # fmt: skip
_IRREGULAR_WORDS = frozenset(word for pair in _IRREGULAR for word in pair)


@lru_cache(maxsize=50_000)
def _demonyms(short: str, long: str) -> bool:
    if (
        frozenset((short, long)) in _IRREGULAR
        or frozenset((short.removesuffix("s"), long.removesuffix("s"))) in _IRREGULAR
    ):
        return True
    if frozenset((short, long)) in _DISTINCT:
        return False
    bases = (short, short.rstrip("aeoy"))  # "Kenya" and "Kenyan", "Mexico" and "Mexican"
    return any(len(b) >= 4 and long.startswith(b) and long[len(b) :] in _DEMONYM_ENDINGS for b in bases)


@lru_cache(maxsize=50_000)
def _spelled_alike(a: str, b: str) -> bool:
    if frozenset((a, b)) in _DISTINCT or min(len(a), len(b)) < 6 or a[0] != b[0] or abs(len(a) - len(b)) > 2:
        return False
    return SequenceMatcher(None, a, b, autojunk=False).ratio() >= 0.86


def acronym(parts: Sequence[str]) -> str | None:
    """The initials of a name of two or more words: ("international", "energy", "agency") is "iea"."""
    return "".join(p[0] for p in parts) if len(parts) > 1 else None
