"""Verbs without a grammar: which words of a sentence are probably finite verbs, and which are passive."""

from __future__ import annotations

from collections.abc import Sequence

from service.text.words import Token, is_stop_word, stem

BE = frozenset("is are was were be been being am isn't aren't wasn't weren't get got gets".split())
AUXILIARIES = BE | frozenset(
    """
    has have had having do does did will would can could may might must shall should hasn't haven't hadn't don't doesn't
    didn't won't wouldn't can't cannot couldn't mustn't shouldn't
    """.split()
)
_IRREGULAR_PAST = frozenset(
    """
    began became brought built bought caught chose came cut cost dealt drove drew drank ate fell fed felt fought found
    fled flew forbade forgot froze gave went grew hung had heard hid hit held hurt kept knew laid led left lent let lay
    lost made meant met paid put quit read rode rang rose ran said saw sought sold sent set shook shot shut sang sank
    sat slept slid spoke spent spread stood stole stuck struck swore swept swam swung took taught tore told thought
    threw understood upheld woke wore won withdrew wrote broke burnt burst bore beat bent bound bled blew bred oversaw
    overtook undertook outlawed dug
    """.split()
)
_PARTICIPLES = frozenset(
    """
    begun become brought built bought caught chosen come cut dealt driven drawn drunk eaten fallen fed felt fought found
    flown forbidden forgotten frozen given gone grown hung heard hidden hit held hurt kept known laid led left lent lost
    made meant met paid put read ridden rung risen run said seen sought sold sent set shaken shot shut sung sunk spoken
    spent spread stolen stuck struck sworn swept taken taught torn told thought thrown understood upheld worn won
    withdrawn written broken burnt burst borne born beaten bent bound blown bred overtaken undertaken dug
    """.split()
)
_NO_VERBS = frozenset("hundred red bed speed need deed seed feed shed breed indeed united used embed bleed".split())
_SAYING = frozenset(
    map(
        stem,
        """
        say said tell told announce declare report claim add note warn state assert allege confirm explain argue insist
        acknowledge concede admit stress maintain write wrote post testify believe think
        """.split(),
    )
)


def is_past(word: Token) -> bool:
    """A past form or past participle, or a word that looks like one."""
    lower = word.lower
    if lower in _IRREGULAR_PAST or lower in _PARTICIPLES:
        return True
    return lower.endswith("ed") and len(lower) > 3 and lower not in _NO_VERBS and not word.capitalised


def is_finite(words: Sequence[Token], i: int) -> bool:
    """Whether a word is probably the verb, or the auxiliary, of a clause."""
    word = words[i]
    if word.lower in AUXILIARIES:
        return True
    if not is_past(word) or word.lower in _PARTICIPLES - _IRREGULAR_PAST:
        return False
    # "The damaged bridge", "two wounded soldiers"
    before = words[i - 1].lower if i else ""
    return before not in ("the", "a", "an", "its", "their", "his", "her", "by", "of", "with", "for", "in", "to")


def is_participle(word: Token) -> bool:
    lower = word.lower
    return lower in _PARTICIPLES or (lower.endswith("ed") and lower not in _NO_VERBS)


def is_passive(words: Sequence[Token], i: int) -> bool:
    """Whether the verb at `i` has its agent behind it, if anywhere: "was hit", "hit by", but not "had hit"."""
    if not is_participle(words[i]):
        return False
    if i + 1 < len(words) and words[i + 1].lower == "by":
        return True
    for word in reversed(words[max(0, i - 3) : i]):
        if word.lower in BE:
            return True
        if not (is_stop_word(word.lower) or word.lower.endswith("ly") or word.lower in AUXILIARIES):
            return False
    return False


def says(word: Token) -> bool:
    """Whether it is a verb of saying."""
    return word.stem in _SAYING
