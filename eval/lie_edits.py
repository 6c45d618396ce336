"""Ways to turn a sentence of an article into a lie: each yields the text with one thing changed, and what was right.

What takes the place of something true stands nowhere in the article, or is shown to be of something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from eval.lie_names import Named, Names
from eval.lie_words import (
    ADJECTIVES,
    CAPITALS,
    CITIES,
    COUNTRIES,
    DETAILS,
    DIRECTED,
    OPPOSITES,
    ORGANISATIONS,
    PAST,
    PEOPLE,
)
from service.grounding.context import ArticleContext

_LONGEST_PART = 4


@dataclass(frozen=True, slots=True)
class Scene:
    """A sentence of an article, to be lied about. `whole`: its title and text; `contexts`: all articles of the set."""

    context: ArticleContext
    sentence: int
    text: str
    whole: str
    names: Names
    contexts: tuple[ArticleContext, ...]

    @property
    def article(self) -> str:
        return self.context.article.id


@dataclass(frozen=True, slots=True)
class Draft:
    """`others`: articles and sentences that the lie takes something from."""

    text: str
    truth: str
    others: tuple[tuple[str, int], ...] = ()


Edit = Callable[[Scene, Random], Iterator[Draft]]


def _put(text: str, start: int, end: int, new: str) -> str:
    return text[:start] + new + text[end:]


def _instead(text: str, name: Named, new: str) -> Draft:
    return Draft(_put(text, name.start, name.end, new), f"{name.text}, not {new}")


def _single(scene: Scene, kinds: Sequence[str]) -> Iterator[Named]:
    """Names of these kinds that the sentence holds once, in any form."""
    for name in scene.names.of(scene.text):
        if name.kind in kinds and len(re.findall(re.escape(name.text[:_LONGEST_PART]), scene.text)) == 1:
            yield name


def changed_place(scene: Scene, rng: Random) -> Iterator[Draft]:
    for name in _single(scene, ("place",)):
        if not re.search(r"\b(?:in|near|at|of|from|over|on|outside|around) $", scene.text[: name.start]):
            continue
        known = [p for p in scene.names.like(name, ()) if p not in scene.whole and " " not in p]
        pool = [p for p in CITIES if p not in scene.whole]
        for new in (*rng.sample(known, k=min(2, len(known))), *rng.sample(pool, k=2)):
            yield _instead(scene.text, name, new)
    for name in _single(scene, ("country",)):
        if re.search(r"\b(?:in|over|across) $", scene.text[: name.start]):
            pool = [country for country in COUNTRIES if country not in scene.whole]
            for new in rng.sample(pool, k=2):
                yield _instead(scene.text, name, new)


def changed_name(scene: Scene, rng: Random) -> Iterator[Draft]:
    """A person or an organisation that the article does not name."""
    for name in _single(scene, ("person", "organisation")):
        outside = PEOPLE if name.kind == "person" else ORGANISATIONS
        whole = scene.whole.split()
        pool = [
            p
            for p in (*scene.names.like(name, ()), *outside)
            if p not in scene.whole and all(_spelled_apart(p, word) for word in whole)
        ]
        if len(name.text.split()) == 1 and name.kind == "person":
            pool = [p.split()[-1] for p in pool if p.split()[-1] not in scene.whole]
        elif name.kind == "organisation":
            the = scene.text[: name.start].endswith(("the ", "The "))
            pool = [p for p in pool if the and len(p.split()) > 1]
        for new in rng.sample(sorted(set(pool)), k=min(3, len(set(pool)))):
            yield _instead(scene.text, name, new)


def changed_actor(scene: Scene, rng: Random) -> Iterator[Draft]:
    """Another one of the same article, or another country, does or says it."""
    mentioned = {name.text for name in scene.names.of(scene.text)}
    for name in _single(scene, ("person",)):
        own = [
            other
            for other in scene.names.like(name, mentioned)
            if other in scene.names.by_article[scene.article]
            and other.split()[-1] not in scene.text
            and _spelled_apart(other, name.text)
        ]
        for new in rng.sample(own, k=min(2, len(own))):
            yield _instead(scene.text, name, new)
    for name in _single(scene, ("country", "adjective")):
        if not re.search(r"\b(?:in|over|across|of) $", scene.text[: name.start]):
            yield from _other_countries(scene, name, rng)


def _other_countries(scene: Scene, name: Named, rng: Random) -> Iterator[Draft]:
    """One that the article tells of elsewhere, and one that it does not."""
    countries = [c for c in COUNTRIES if c not in scene.text and COUNTRIES[c] not in scene.text]
    told = [c for c in countries if c in scene.whole]
    untold = [c for c in countries if c not in scene.whole and COUNTRIES[c] not in scene.whole]
    if any(CAPITALS.get(other.text) for other in scene.names.of(scene.text)):
        told = []  # "Kyiv" may be the side that would be put in
    for country in (*rng.sample(told, k=min(1, len(told))), *rng.sample(untold, k=1)):
        new = COUNTRIES[country] if name.kind == "adjective" else country
        if not re.search(r"\ban? $", scene.text[: name.start]) or (new[0] in "AEIOU") == (name.text[0] in "AEIOU"):
            yield _instead(scene.text, name, new)


def _spelled_apart(one: str, other: str) -> bool:
    """ "Zelensky" is no other man than "Zelenskyy"."""
    return one.split()[-1][:5] != other.split()[-1][:5]


def swapped_roles(scene: Scene, _: Random) -> Iterator[Draft]:
    if not set(re.findall(r"[a-z]+", scene.text)) & DIRECTED:
        return
    found = [name for name in scene.names.of(scene.text) if name.kind != "organisation"]
    sides = {_side(name.text) for name in found} & COUNTRIES.keys()
    if len(sides) == 2 and not _symmetric(scene.text, sorted(sides)):
        one, other = sorted(sides)
        yield Draft(_sides_swapped(scene.text, one, other), f"{one} and {other} the other way round")
    people = [name for name in found if name.kind == "person"]
    for first, second in pairwise(people):
        between = scene.text[first.end : second.start]
        if len({p.text for p in people}) == len(people) and set(re.findall(r"[a-z]+", between)) & DIRECTED:
            swapped = _put(scene.text, second.start, second.end, first.text)
            swapped = _put(swapped, first.start, first.end, second.text)
            yield Draft(swapped, f"{first.text} and {second.text} the other way round")
    yield from _figures_swapped(scene)


def _side(name: str) -> str:
    return ADJECTIVES.get(name) or CAPITALS.get(name) or name


_BETWEEN = r"(?:-|,| and | or | with )+ ?(?:the )?"


def _symmetric(text: str, sides: Sequence[str]) -> bool:
    one, other = (rf"(?:{side}|{COUNTRIES[side]})(?: \w+)?" for side in sides)
    return re.search(rf"{one}{_BETWEEN}{other}|{other}{_BETWEEN}{one}", text) is not None


def _sides_swapped(text: str, one: str, other: str) -> str:
    turned = {one: other, other: one, COUNTRIES[one]: COUNTRIES[other], COUNTRIES[other]: COUNTRIES[one]}
    capitals = {country: capital for capital, country in CAPITALS.items()}
    if one in capitals and other in capitals:
        turned |= {capitals[one]: capitals[other], capitals[other]: capitals[one]}
    pattern = "|".join(sorted(turned, key=len, reverse=True))
    return re.sub(rf"\b({pattern})", lambda match: turned[match[1]], text)


_COUNTED = re.compile(r"\b(\d[\d,]*) ([a-z]+s)\b[^.;\d]{0,40}? and (\d[\d,]*) ([a-z]+s)\b")
_OF = re.compile(r"\b(\d[\d,]*) of the ([a-z]+s) and (\d[\d,]*) of the ([a-z]+s)\b")


def _figures_swapped(scene: Scene) -> Iterator[Draft]:
    """ "653 drones and 51 missiles": 51 drones and 653 missiles."""
    for pattern in (_COUNTED, _OF):
        for match in pattern.finditer(scene.text):
            if match[1] != match[3] and match[2] != match[4]:
                swapped = _put(scene.text, *match.span(3), match[1])
                yield Draft(_put(swapped, *match.span(1), match[3]), f"{match[1]} {match[2]}, {match[3]} {match[4]}")


_VERBS = "was|were|is|are|has|have|had|will|would|could|can|should|must"
_AUXILIARY = re.compile(
    rf"\b({_VERBS})\b(?= [a-z])"
    r"(?! (?:to|not|no|none|only|still|yet|even|just|also|soon|reportedly|due|so|again|been)\b)"
)
_NEGATED = re.compile(rf"\b({_VERBS}) not( yet)?\b(?! only)(?![^.]* but )")
_NEGATIVE = re.compile(r"\b(?:not|no|never|none|nobody|nothing|neither|without|hardly|only)\b|n['’]t\b", re.IGNORECASE)
_SUBORDINATE = re.compile(
    r"(?<!confirmed )(?<!said )(?<!says )(?<!reported )(?<!noted )(?<!stressed )(?<!finds )(?<!found )\bthat\b"
    r"|\b(?:which|who|whom|whose|how|where|when|while|if|whether|because|as|since|although|whatever|with|what|there|before|after|until)\b",
    re.IGNORECASE,
)
_PASSIVE_BEFORE = re.compile(r"(?i)\b(?:by|to|for|with|of|in|as) (?:the )?$")


def negated(scene: Scene, _: Random) -> Iterator[Draft]:
    text = scene.text
    for left_out in _NEGATED.finditer(text):
        yield Draft(_put(text, *left_out.span(), f"{left_out[1]}{' already' if left_out[2] else ''}"), left_out[0])
    if not _NEGATIVE.search(text):
        match = _AUXILIARY.search(text)
        if match is not None and not _SUBORDINATE.search(text[: match.start()]):
            yield Draft(_put(text, *match.span(), f"{match[1]} not"), f"{match[1]}, without not")
        yield from _did_not(scene)
    for word in re.finditer(r"[a-z]+", text):
        new = OPPOSITES.get(word[0], "")
        # "After" what follows it, but not "for the first time before" or "shortly after."
        if new and (
            new not in ("before", "after") or re.match(r" (?:the|a|an|his|her|its|[A-Z0-9])", text[word.end() :])
        ):
            yield Draft(_put(text, *word.span(), new), f"{word[0]}, not {new}")


def _did_not(scene: Scene) -> Iterator[Draft]:
    text = scene.text
    for name in scene.names.of(text)[:1]:
        after = re.match(r"(?:, [^,]{3,60},)? (\w+)\b", text[name.end :])
        if after is not None and after[1] in PAST and not _PASSIVE_BEFORE.search(text[: name.start]):
            start = name.end + after.start(1)
            yield Draft(_put(text, start, start + len(after[1]), f"did not {PAST[after[1]]}"), after[1])


def invented_detail(scene: Scene, rng: Random) -> Iterator[Draft]:
    if scene.text.count(",") > 2 or re.search(r"[:;]|\b(?:will|would|may|could)\b", scene.text):
        return
    for detail in rng.sample(DETAILS, k=2):
        known = {word.lower() for word in re.findall(r"[A-Za-z]{5,}|\d+", scene.whole)}
        new = {word.lower() for word in re.findall(r"[A-Za-z]{5,}|\d+", detail)} - known
        if len(new) >= 2:
            yield Draft(f"{scene.text[:-1]}, {detail}.", f"nothing is said of {', '.join(sorted(new))}")
