"""Outlets that a question names: "according to Reuters", "what did the Guardian report"."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from service.retrieval.fusion import FusedHit
from service.text.words import is_stop_word

SOURCE_FACTOR = 1.5
"""What the score of evidence from a named outlet is multiplied by. A factor, because what the outlet says of other
things must not pass what others say of this one."""

_WORD = re.compile(r"[^\W_]+(?:[.'’&-][^\W_]+)*")
_DOMAIN = re.compile(r"(?:www\.)?([a-z0-9-]{2,})(?:\.(?:com?|org|net|ac|gov))?\.[a-z]{2,}")
# What an outlet's name may lack or add in speech.
_GENERIC = frozenset("news online newspaper agency magazine website media wire service".split())
_BEFORE = frozenset("according to by in from per via told tells cited citing quoting".split())
_AFTER = frozenset(
    "report reports reported reporting say says said write writes wrote written publish publishes published claim "
    "claims claimed article articles story stories coverage cover covers covered quote quotes quoted describe "
    "describes described tell tells told describing news state states stated add adds added note notes noted".split()
)
_NO_INITIALS = frozenset("us uk un eu uae usa it who".split())


def preferred(hits: Sequence[FusedHit], favoured: Container[str]) -> list[FusedHit]:
    """The hits with the favoured chunks lifted over others, best first; unchanged when none is favoured."""
    if not any(hit.chunk_id in favoured for hit in hits):
        return list(hits)
    lifted = (replace(hit, score=hit.score if hit.chunk_id in favoured else hit.score / SOURCE_FACTOR) for hit in hits)
    return sorted(lifted, key=lambda h: (-h.score, h.chunk_id))


def named_sources(query: str, sources: Iterable[str]) -> dict[str, frozenset[str]]:
    """Those of the library's sources (folded) that the query names, each with the words it is named by, in lower case.

    A name of several words, an abbreviation or a domain is enough by itself. One plain word ("Time", "Independent")
    must be written like a name, where the query has capitals at all, and stand where reports are attributed.
    """
    written = _WORD.findall(query)
    folded = [_folded(word) for word in written]
    capitals = any(character.isupper() for character in query[1:])
    forms_at = _forms_by_first_word(tuple(sources))
    found: dict[str, frozenset[str]] = {}
    for first, word in enumerate(folded):
        for source, form in forms_at.get(word, ()):
            end = first + len(form)
            if tuple(folded[first:end]) == form and _is_meant(written, folded, first, end, capitals):
                found[source] = found.get(source, frozenset()) | {_bare(part).lower() for part in written[first:end]}
    return found


@lru_cache(maxsize=4)
def _forms_by_first_word(sources: tuple[str, ...]) -> dict[str, list[tuple[str, tuple[str, ...]]]]:
    """Made once for a library's sources, so that thousands of them cost a question nothing."""
    found: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    for source in sources:
        for form in _forms(source):
            found.setdefault(form[0], []).append((source, form))
    return found


def _is_meant(written: Sequence[str], folded: Sequence[str], first: int, end: int, capitals: bool) -> bool:
    named = [_bare(word) for word in written[first:end]]
    if len(named) == 1 and ("." in named[0] or (named[0].isupper() and len(named[0]) > 1)):
        return True
    if capitals and not all(word[0].isupper() or is_stop_word(word) for word in named):
        return False
    if len(named) > 1 and capitals:
        return True
    return _attributed(folded[:first][::-1], _BEFORE) or _attributed(folded[end:], _AFTER)


def _attributed(words: Sequence[str], cues: frozenset[str]) -> bool:
    """Whether a cue is the next word, or the one next to a second name: "Reuters and the Guardian report"."""
    near = [word for word in words if word != "the"][:4]
    if near and near[0] in ("and", "or"):
        return not cues.isdisjoint(near)
    return bool(near) and near[0] in cues


def _forms(source: str) -> tuple[tuple[str, ...], ...]:
    """The ways to write an outlet's name, each as its folded words: "bbc news" is also "bbc", and so is "bbc.co.uk"."""
    domain = _DOMAIN.fullmatch(source)
    words = tuple(_folded(word) for word in _WORD.findall(source.replace("-", " ") if domain is None else source))
    forms = [words, ("".join(words),)]  # a domain writes "theguardian", "kyivindependent"
    if words[:1] == ("the",):
        forms.append(words[1:])
    elif domain and words[0].startswith("the"):
        forms.append((words[0].removeprefix("the"),))
    spoken = forms[-1] if words[:1] == ("the",) else words
    if len(spoken) > 1:
        forms += [("".join(spoken),), ("".join(word[0] for word in spoken),)]
    for form in list(forms):
        while len(form) > 1 and form[-1] in _GENERIC:
            form = form[:-1]
            forms.append(form)
    meant = (form for form in forms if len("".join(form)) > 1 and form[0] not in _NO_INITIALS)
    return tuple(dict.fromkeys(meant))


def _folded(word: str) -> str:
    """A word to compare: no case, no possessive ending, of a domain its name."""
    folded = _bare(word).casefold()
    domain = _DOMAIN.fullmatch(folded)
    return domain[1].replace("-", "") if domain else folded


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word)
