"""Whether a name in a claim is said: itself, another form of it, or what stands for it in its article."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations, pairwise

from service.grounding.context import ArticleContext
from service.grounding.lexicon import has_senses, stems_of
from service.grounding.verbs import is_finite
from service.text.names import ROLES, Name, acronym, same_name
from service.text.sentence import SentenceReading
from service.text.thesaurus import groups_of
from service.text.words import is_stop_word

_SHORTEST_SHORT_FORM = 3
_ANYONE = frozenset("everybody everyone everything anybody anyone anything somebody someone something nobody".split())
_SPELLED = {"us": "usa"}
"""Initials that `service.text.words` writes otherwise, to tell them from a pronoun."""
_WEAK_PARTS = frozenset("the of and for de la le van von al bin st saint mr mrs ms dr sir lord lady".split())
_TITLES = frozenset("prime vice deputy acting former hurricane storm mount lake river mp mps".split())
_GENERIC = frozenset(
    """
    company firm bank agency group organisation organization ministry government party club team side ship vessel storm
    hurricane rocket vehicle country city town island region army force police court mayor president minister governor
    leader man woman player striker coach driver pilot officer spokesman spokeswoman official scientist researcher
    author actor singer director chairman regulator watchdog body university museum hospital school plant
    """.split()
)
"""Common nouns that stand for a name: "the company", "the agency"."""
_ACTING_PRONOUNS = frozenset("he she it they".split())
_OWNING_PRONOUNS = frozenset("his her its their".split())
_DEFINITE = frozenset("the this that their his her its".split())
_PLACING = frozenset("in at on of to from for with by near over under against into".split())


@dataclass(frozen=True, slots=True)
class NameFound:
    """Where a name is carried: in the sentences themselves (None), in another one, or only by the title (-1)."""

    by: int | None


@lru_cache(maxsize=20_000)
def claimed_names(reading: SentenceReading) -> tuple[Name, ...]:
    """The names that a claim is held to. A capital that may be only the sentence's counts when the word is rare."""
    found = []
    for name in reading.names:
        alone = name.initial and len(name.parts) == 1
        if alone and (groups_of(stems_of(name.parts[0])[0]) or not _unusual(name.parts[0])):
            continue
        if all(part in ROLES or part in _TITLES or part in _WEAK_PARTS for part in name.parts):
            continue
        found.append(_without_opening(name, reading))
    return tuple(found)


def _without_opening(name: Name, reading: SentenceReading) -> Name:
    """ "Breaking Ukrainian resistance": the capital of a verb that opens the sentence is no part of the name."""
    first = name.parts[0]
    if name.first or len(name.parts) == 1 or not first.endswith(("ing", "ed")) or not has_senses(first):
        return name
    start = reading.words[1].start
    return replace(name, first=1, start=start, parts=name.parts[1:])


def _unusual(word: str) -> bool:
    return (
        word not in _ANYONE
        and not has_senses(word)
        and not is_stop_word(word)
        and not word.endswith(("s", "ing", "ed", "ly"))
    )


def core(name: Name) -> tuple[str, ...]:
    """The parts that tell who: without titles, and without small words."""
    kept = tuple(p for p in name.parts if p not in ROLES and p not in _WEAK_PARTS and p not in _TITLES)
    return kept or tuple(p for p in name.parts if p not in _WEAK_PARTS) or name.parts


def says_name(name: Name, reading: SentenceReading, known: frozenset[str] = frozenset()) -> bool:
    """Whether a sentence has the name. `known`: name parts of its article, which may complete a surname alone."""
    parts = core(name)
    words = _name_words(reading)
    missing = [p for p in parts if not _among(p, words)]
    if not missing:
        return True
    if len(missing) < len(parts) and parts[-1] not in missing and all(_among(p, known) for p in missing):
        return True  # "Anna Weiss" for "Weiss", when the article has "Anna"
    # "UN Development Programme" for one of the United Nations, and the reverse
    full = [p for p in name.parts if p not in _WEAK_PARTS]
    written = {p for first, last in _shortened(full, words) for p in full[first:last]}
    shorts = _shorts(reading)
    return all(p in written or p in shorts for p in missing)


def _shortened(parts: Sequence[str], words: frozenset[str]) -> list[tuple[int, int]]:
    """The runs `[first, last)` of a name's parts whose initials are among the words."""
    return [(first, last) for short, first, last in _initials(parts) if short in words]


@lru_cache(maxsize=20_000)
def _shorts(reading: SentenceReading) -> frozenset[str]:
    """What the names of a sentence may be written as for short."""
    kept = ([p for p in name.parts if p not in _WEAK_PARTS] for name in reading.names)
    return frozenset(short for parts in kept for short, _, _ in _initials(parts))


def _initials(parts: Sequence[str]) -> list[tuple[str, int, int]]:
    found = []
    for first, last in combinations(range(len(parts) + 1), 2):
        short = acronym(parts[first:last])
        if short is not None:
            found.append((_SPELLED.get(short, short), first, last))
    return found


@lru_cache(maxsize=20_000)
def _name_words(reading: SentenceReading) -> frozenset[str]:
    return frozenset(w.lower for w in reading.words if w.capitalised or not w.text.isascii() or "-" in w.text) | (
        frozenset(w.lower for w in reading.words) if reading.text.isupper() or reading.text.islower() else frozenset()
    )


def _among(part: str, words: frozenset[str]) -> bool:
    return part in words or any(_same(part, word) for word in words)


@lru_cache(maxsize=100_000)
def _same(part: str, word: str) -> bool:
    if same_name(part, word):
        return True
    if groups_of(stems_of(part)[0]) & groups_of(stems_of(word)[0]) and part[:1].isalpha():
        return True
    # "Fed" for "Federal", "Man" for "Manchester"
    return min(len(part), len(word)) >= _SHORTEST_SHORT_FORM and len(part) < len(word) and word.startswith(part + "e")


def competitors(name: Name, claim: SentenceReading, context: ArticleContext, said: Sequence[SentenceReading]) -> bool:
    """Whether the sentences have another name of the same kind, which the claim does not have."""
    kind = context.kind_of(name)
    mine = frozenset(p for n in claim.names for p in core(n))
    for reading in said:
        for other in claimed_names(reading):
            parts = core(other)
            if any(_among(p, mine) for p in parts):
                continue
            theirs = context.kind_of(other)
            if theirs == kind or "other" in (kind, theirs):
                return True
    return False


def find(
    name: Name,
    claim: SentenceReading,
    context: ArticleContext,
    sentences: Sequence[int],
    main: int,
    further: Sequence[int] = (),
) -> NameFound | None:
    """Where the name of a claim about the sentence `main` is carried; None: nowhere that counts.

    Outside it only for what leans on it: it has no other name of that kind, or a pronoun acts in it; and a name that
    acts in the claim acts there too.
    """
    said = context.reading(main)
    if says_name(name, said, context.name_parts):
        return NameFound(None)
    acts = _acts(name, claim)
    if _place_taken(name, claim, said):
        return None
    if competitors(name, claim, context, [said]) and not (acts and _leans(said)):
        return None
    if _names_one(name, said) or (acts and _leans(said) and _stands_for_another(name, context, main)):
        return None
    for i in (*(j for j in sentences if j != main), *_around(context, sentences), *further):
        reading = context.reading(i)
        if says_name(name, reading, context.name_parts) and (not acts or i in sentences or _acts_in(name, reading)):
            return NameFound(None if i in sentences else i)
    return NameFound(-1) if says_name(name, context.title, context.name_parts) else None


def _place_taken(name: Name, claim: SentenceReading, said: SentenceReading) -> bool:
    """Whether another name stands behind the same preposition: "moved to Barbuda", where it is "moved to Antigua"."""
    before = claim.words[name.first - 1].lower if name.first else ""
    if before not in _PLACING - {"of", "for", "with"}:
        return False
    return any(n.first and said.words[n.first - 1].lower == before for n in claimed_names(said))


def _stands_for_another(name: Name, context: ArticleContext, main: int) -> bool:
    """Whether what acted last before the sentence, and "it" or "the company" therefore is, has another name."""
    before = context.previous(main)
    for _ in range(3):
        if before is None:
            return False
        reading = context.reading(before)
        acting = [n for n in claimed_names(reading) if _acts(n, reading)]
        if acting:
            return not any(_among(p, frozenset(core(n))) for n in acting for p in core(name))
        before = context.previous(before)
    return False


def _names_one(name: Name, said: SentenceReading) -> bool:
    """Whether the sentence has another bearer of part of the name: "Anna Weiss" for "Peter Weiss"."""
    parts = core(name)
    if len(parts) < 2:
        return False
    return any(
        len(core(other)) > 1 and core(other)[-1] == parts[-1] and not set(core(other)[:-1]) & set(parts[:-1])
        for other in claimed_names(said)
    )


def _leans(reading: SentenceReading) -> bool:
    """Whether what acts in a sentence is a pronoun or a common noun: "it", "the company"."""
    words = reading.words[: _first_verb(reading)]
    if any(w.lower in _ACTING_PRONOUNS for w in words) or (words and words[0].lower in _OWNING_PRONOUNS):
        return True
    return any(b.lower in _GENERIC and a.lower in _DEFINITE for a, b in pairwise(words))


def _first_verb(reading: SentenceReading) -> int:
    words = reading.words
    return next((i for i in range(1, len(words)) if is_finite(words, i)), len(words))


def _acts(name: Name, reading: SentenceReading) -> bool:
    """Whether it stands before the first verb, and not behind a preposition."""
    before = reading.words[name.first - 1].lower if name.first else ""
    return name.first < _first_verb(reading) and before not in _PLACING


def _acts_in(name: Name, reading: SentenceReading) -> bool:
    if reading.is_heading:
        return True
    alike = [n for n in reading.names if set(core(n)) & set(core(name))]
    return not alike or any(_acts(n, reading) for n in alike)


def _around(context: ArticleContext, sentences: Sequence[int]) -> list[int]:
    """The sentences before in the paragraph, the lead, and the headings over it."""
    near: list[int] = []
    before = context.previous(sentences[0])
    for _ in range(3):
        if before is None:
            break
        near.append(before)
        before = context.previous(before)
    heading = context.heading(sentences[0])
    anchor = context.anchor.sentence if context.anchor is not None else None
    extra = [i for i in (*context.lead, anchor, heading) if i is not None]
    return [i for i in dict.fromkeys((*near, *extra)) if i not in sentences]
