"""Figures in a sentence: a number together with what it counts or measures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.text.intervals import DateMention
from service.text.numbers import SCALES, Number, numbers
from service.text.words import Token, is_stop_word, stem


def _stems(words: str) -> frozenset[str]:
    return frozenset(map(stem, words.split()))


CURRENCIES = _stems(
    "dollar euro pound yen yuan rouble ruble hryvnia franc peso rupee usd eur gbp crown krona krone zloty lira baht "
    "rand shekel dirham riyal forint ringgit dinar"
)
DISTANCES = _stems(
    "km kilometre kilometer mile metre meter foot feet inch yard cm mm centimetre centimeter millimetre millimeter m ft"
)
DURATIONS = _stems("second minute hour day week month year decade century night")
WEIGHTS = _stems("kg kilogram kilo gram ton tonne pound lb litre liter barrel gallon megawatt mw gw gigawatt")
SPEEDS = _stems("mph kph knot")

_SKIPPED = frozenset(
    "more than over about around some at least approximately roughly of the a an as many these those its their".split()
)
_BREAKS = frozenset(
    """
    in on at by for with from to into onto over under about against between among through during before after within
    without across along toward towards near via per amid as than that which who whom whose when where while because
    although but so yet if since until is are was were be been being do does did have has had will would can could may
    might must should including and or not
    """.split()
)
_AUXILIARIES = frozenset("is are was were be been being has have had".split())
_MAX_COUNTED = 5
_LONGEST_NUMBER = 12  # words: "four hundred and fifty-eight thousand two hundred and thirty-one"
_RANGE = re.compile(r"\s*[-–—]\s*[$€£¥₴₽]?|\s+(?:to|or|and)\s+[$€£¥₴₽]?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """`text[start:end]` is the number; `counted` are the stems it counts, nearest first; `unit` what kind it is."""

    start: int
    end: int
    value: float
    counted: tuple[str, ...]
    before: tuple[str, ...]
    """Stems just before the number: "killed 12" counts the killed though no noun follows."""
    unit: str
    vague: bool


def figures(text: str, words: Sequence[Token], dates: Sequence[DateMention]) -> list[Figure]:
    """The figures of a text. Numbers inside a date ("November 8, 2025") are none; neither is a list's "1." """
    found: list[Figure] = []
    for joined in _ranges(text, words, dates):
        counted = _counted(text, words, joined[-1])
        unit = next((u for n in joined if (u := _unit(text, n, counted)) != "count"), "count")
        if found and _lists_part(words, joined[0]):
            # "eight people wounded, including three in the region", "including three children"
            counted = tuple(dict.fromkeys(counted + found[-1].counted))
        written_to = 1e6 if unit == "money" and counted[:1] == ("m",) else 1.0  # "£5m"
        for number in joined:
            value = number.value * _scale(words, joined, number) * written_to
            before = _before(words, number)
            found.append(Figure(number.start, number.end, value, counted, before, unit, number.vague))
    return found


def _ranges(text: str, words: Sequence[Token], dates: Sequence[DateMention]) -> list[list[Number]]:
    """The numbers of a text, those together that count the same: "15–20 km", "two or three people"."""
    found: list[list[Number]] = []
    for number in numbers(words):
        if any(d.start < number.end and number.start < d.end for d in dates):
            continue
        if not text[: number.start].strip() and re.match(r"[.)]\s", text[number.end :]):
            continue
        if found and _RANGE.fullmatch(text[found[-1][-1].end : number.start]):
            found[-1].append(number)
        else:
            found.append([number])
    return found


def _scale(words: Sequence[Token], joined: Sequence[Number], number: Number) -> float:
    """A million for the 10 of "10-15 million", whose scale is said once, else one."""
    last = joined[-1]
    if number is last or number.first != number.last or last.first == last.last:
        return 1.0
    scale = SCALES.get(words[last.last].lower, 1.0)
    said_once = number.value * scale < last.value and words[last.first - 1].lower != "and"
    return scale if said_once else 1.0


def _counted(text: str, words: Sequence[Token], number: Number) -> tuple[str, ...]:
    stems: list[str] = []
    j = number.last + 1
    if text[number.end : number.end + 1] == "-" and j < len(words) and not _is_number(words[j]):
        return (words[j].stem,)  # "five-story building" counts stories, not buildings
    previous_end = number.end
    while j < len(words) and len(stems) < _MAX_COUNTED:
        word, gap = words[j], text[previous_end : words[j].start]
        if re.search(r"[,;:.!?()\n—–]", gap):
            break
        if _partitive(words, j) is not None:  # "406 out of 458 drones": the second number is skipped
            j = _partitive(words, j) or j
            previous_end = words[j - 1].end
            continue
        if (
            word.lower == "and"
            and stems
            and j + 1 < len(words)
            and _plural(words[j - 1])
            and not _is_number(words[j + 1])
            and not words[j + 1].lower.endswith(("ed", "ing"))  # "killed 12 people and injured 30"
        ):
            j, previous_end = j + 1, word.end
            continue
        if word.lower in _AUXILIARIES and stems and j + 1 < len(words):
            # "28,600 people were infected" counts the infected too
            k = j + 1
            while k < len(words) and words[k].lower in _AUXILIARIES | _SKIPPED:
                k += 1
            return (*stems, words[k].stem) if k < len(words) and not is_stop_word(words[k].lower) else tuple(stems)
        if word.lower in _BREAKS:
            break
        if _is_number(word):
            break
        if word.lower not in _SKIPPED:
            stems.append(word.stem)
        j, previous_end = j + 1, word.end
    return tuple(stems)


def _lists_part(words: Sequence[Token], number: Number) -> bool:
    before = {w.lower for w in words[max(0, number.first - 2) : number.first]}
    after = [w.lower for w in words[number.last + 1 : number.last + 3]]
    return bool(before & {"including", "among", "them"}) or after in (
        ["of", "them"],
        ["of", "these"],
        ["of", "whom"],
        ["of", "those"],
    )


def _is_number(word: Token) -> bool:
    return bool(numbers([word]))


def _partitive(words: Sequence[Token], j: int) -> int | None:
    """Where to go on after "out of 458" or "of [the] 45", or None."""
    k = j
    if words[k].lower == "out":
        k += 1
    if k < len(words) and words[k].lower == "of":
        k += 1
        while k < len(words) and words[k].lower in ("the", "some", "about", "all", "its", "their"):
            k += 1
        number = numbers(words[k : k + _LONGEST_NUMBER])
        if number and number[0].first == 0:
            return k + number[0].last + 1
        return k if k > j + 1 or words[j].lower == "of" else None
    return None


def _plural(word: Token) -> bool:
    return word.lower.endswith("s") or word.stem in ("peopl", "children", "men", "women")


def _before(words: Sequence[Token], number: Number) -> tuple[str, ...]:
    stems: list[str] = []
    for word in reversed(words[max(0, number.first - 5) : number.first]):
        if word.numeric:
            break
        if not is_stop_word(word.lower):
            stems.append(word.stem)
    return tuple(stems[:3])


def _unit(text: str, number: Number, counted: Sequence[str]) -> str:
    before = text[max(0, number.start - 4) : number.start].rstrip()
    after = text[number.end : number.end + 9].lower()
    if re.match(r"\s*(?:%|percent|per cent)", after):
        return "percent"
    if re.search(r"[$€£¥₴₽]$", before) or re.match(r"\s*[€£$]", after):
        return "money"
    for unit, names in (
        ("money", CURRENCIES),
        ("distance", DISTANCES),
        ("duration", DURATIONS),
        ("weight", WEIGHTS),
        ("speed", SPEEDS),
    ):
        if counted and counted[0] in names:
            return unit
    return "count"
