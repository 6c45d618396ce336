"""Lies about numbers and days: another one in the place of what is right, or one that belongs to something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from eval.lie_edits import Draft, Scene, _put
from eval.lie_words import MONTHS, NUMBER_WORDS, WEEKDAYS
from service.grounding.context import ArticleContext

_MONTH = "|".join(MONTHS)
_WORDS = "|".join(NUMBER_WORDS[2:])
_FIGURE = re.compile(
    rf"(?<![\w.,:/-])(?:(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d+(?:\.\d+)?)|(?P<word>{_WORDS}))(?![\w:/]|[.,]\d|-(?!year))",
    re.IGNORECASE,
)
_NO_FIGURE_AFTER = re.compile(rf"\s*(?:to \d|–|a\.m|p\.m|quarters?|thirds?|{_MONTH}|of (?:them|these|those)\b|-)")
_NO_FIGURE_BEFORE = re.compile(
    rf"(?:\b(?:{_MONTH})|\b(?:in|of|since|until|from|to) (?=\d{{4}}$)|\bto|\b[Tt]he|[-–])\s*$"
)
_AT_LEAST = re.compile(r"\b(?:at least|more than|over|upwards of|no fewer than|above) [$€£]?$", re.IGNORECASE)
_AT_MOST = re.compile(
    r"\b(?:at most|up to|less than|fewer than|under|below|nearly|almost|close to) [$€£]?$", re.IGNORECASE
)
_COUNTED = re.compile(r"(?: of(?: the)?)?(?: (?:million|billion|thousand))? ([a-z]{3,})")
_DAY = re.compile(
    rf"\b(?:(?P<m1>{_MONTH}) (?P<d1>\d{{1,2}})(?P<s1>st|nd|rd|th)?|(?P<d2>\d{{1,2}}) (?P<m2>{_MONTH}))\b"
    rf"(?! or|,? and \d|-\d)(?P<year>,? \d{{4}})?"
)
_MONTH_YEAR = re.compile(rf"\b(?P<month>{_MONTH}) (?P<year>\d{{4}})\b")


@dataclass(frozen=True, slots=True)
class Number:
    """`text[start:end]`, its value, and the noun after it, if any."""

    start: int
    end: int
    value: float
    text: str
    noun: str


def numbers_of(text: str) -> list[Number]:
    """The counts and amounts of a text, years, days, clock times, ranges and fractions aside; 2 at least."""
    found: list[Number] = []
    for match in _FIGURE.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if _NO_FIGURE_AFTER.match(after) or _NO_FIGURE_BEFORE.search(before):
            continue
        if re.fullmatch(r"(?:19|20)\d\d", match[0]) and not re.match(r" [a-z]+s\b", after):
            continue
        value = float(match[0].replace(",", "")) if match["digits"] else float(NUMBER_WORDS.index(match[0].lower()))
        noun = _COUNTED.match(after)
        if value >= 2:
            found.append(Number(match.start(), match.end(), value, match[0], noun[1] if noun else ""))
    return found


def changed_figure(scene: Scene, rng: Random) -> Iterator[Draft]:
    carried = {number.value for number in numbers_of(scene.whole)} | {
        float(n.replace(",", "")) for n in re.findall(r"\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?", scene.whole)
    }
    found = numbers_of(scene.text)
    for i, number in enumerate(found):
        for new in _others(number, _bounds(scene.text, found, i), carried, rng)[:3]:
            yield Draft(_put(scene.text, number.start, number.end, new), f"{number.text}, not {new}")


def _bounds(text: str, found: list[Number], i: int) -> tuple[float, float]:
    """What it has to lie between, so that it is false after "at least", and possible in "406 of 458"."""
    low, high = 0.0, float("inf")
    number = found[i]
    if _AT_LEAST.search(text[: number.start]):
        low = number.value
    if _AT_MOST.search(text[: number.start]):
        high = number.value
    if i + 1 < len(found) and re.fullmatch(r" (?:out )?of (?:the )?", text[number.end : found[i + 1].start]):
        high = min(high, found[i + 1].value)
    if i and re.fullmatch(r" (?:out )?of (?:the )?", text[found[i - 1].end : number.start]):
        low = max(low, found[i - 1].value)
    return low, high


def _others(number: Number, bounds: tuple[float, float], carried: set[float], rng: Random) -> list[str]:
    """Other numbers in the same spelling, a sixth away at least."""
    if number.text.lower() in NUMBER_WORDS:
        values = [float(n) for n in range(2, min(len(NUMBER_WORDS), int(number.value * 2) + 3))]
    elif "." in number.text:
        places = len(number.text.split(".")[1])
        values = [round(number.value * f, places) for f in (0.6, 0.7, 0.8, 1.3, 1.4)]
    else:
        step = 10 ** max(0, len(str(int(number.value))) - 2 if number.value % 10 == 0 else 0)
        values = [float(round(number.value * f / step) * step) for f in (0.4, 0.6, 0.7, 0.8, 1.25, 1.4, 1.6, 1.9)]
        digits = str(int(number.value))
        if len(digits) > 1 and digits[0] != digits[1] and digits[1] != "0":
            values.append(float(digits[1] + digits[0] + digits[2:]))  # as in 430 and 340
    low, high = bounds
    fitting = sorted(
        {
            v
            for v in values
            if low < v < high and v >= 2 and v not in carried and abs(v - number.value) >= number.value / 6
        }
    )
    rng.shuffle(fitting)
    return [_spelled(value, number.text) for value in fitting]


def _spelled(value: float, like: str) -> str:
    if like.lower() in NUMBER_WORDS:
        word = NUMBER_WORDS[int(value)]
        return word.capitalize() if like[0].isupper() else word
    if "." in like:
        return f"{value:.{len(like.split('.')[1])}f}"
    return f"{int(value):,}" if "," in like or (value >= 1000 and len(like) < 4) else str(int(value))


def changed_date(scene: Scene, rng: Random) -> Iterator[Draft]:
    """Another day, month or year; another weekday, where the article names only one; a day where none is said."""
    yield from wrongly_dated(scene, rng)
    for match in _DAY.finditer(scene.text):
        day, month = int(match["d1"] or match["d2"]), match["m1"] or match["m2"]
        days = [d for d in range(2, 29) if abs(d - day) > 1 and not _names_day(scene.whole, d, month)]
        for new in rng.sample(days, k=3):
            yield _with_day(scene.text, match, str(new), month)
        months = [m for m in MONTHS if m not in scene.whole and abs(MONTHS.index(m) - MONTHS.index(month)) < 5]
        for new_month in rng.sample(months, k=min(1, len(months))):
            yield _with_day(scene.text, match, str(min(day, 28)), new_month)
    for match in _MONTH_YEAR.finditer(scene.text):
        month = rng.choice([m for m in MONTHS if f"{m} {match['year']}" not in scene.whole and m != match["month"]])
        yield Draft(_put(scene.text, *match.span("month"), month), f"{match['month']} {match['year']}")
        year = str(int(match["year"]) - rng.randint(1, 2))
        if year not in scene.whole:
            yield Draft(_put(scene.text, *match.span("year"), year), f"{match['month']} {match['year']}")
    for match in re.finditer(rf"\b(?:{'|'.join(WEEKDAYS)})\b(?!,? (?:\d|{_MONTH}))", scene.text):
        if len(set(re.findall("|".join(WEEKDAYS), scene.whole))) == 1:
            weekday = rng.choice([w for w in WEEKDAYS if w != match[0]])
            yield Draft(_put(scene.text, *match.span(), weekday), f"{match[0]}, not {weekday}")


def _names_day(text: str, day: int, month: str) -> bool:
    return re.search(rf"\b{month} {day}(?!\d)|(?<!\d){day} {month}|(?<!\d){day}(?:st|nd|rd|th)\b", text) is not None


def _with_day(text: str, match: re.Match[str], day: str, month: str) -> Draft:
    ending = {"1": "st", "2": "nd", "3": "rd"}.get(day[-1], "th") if day not in ("11", "12", "13") else "th"
    new = f"{month} {day}{ending if match['s1'] else ''}" if match["m1"] else f"{day} {month}"
    return Draft(
        _put(text, match.start(), match.start() + len(_day_text(match)), new), f"{_day_text(match)}, not {new}"
    )


def _day_text(match: re.Match[str]) -> str:
    return match[0][: len(match[0]) - len(match["year"] or "")]


_EVENT = re.compile(
    r"\b[Tt]he (?:recent |overnight |massive |new )?(?:attack|assault|strike|barrage|raid|storm|hurricane|fire|vote"
    r"|match|final|launch|flight|accident|crash|shock)"
    r"(?= (?:was|were|is|came|comes|began|made|threw|has|had|will|did|apart|took|[a-z]+ed)\b)"
)


def wrongly_dated(scene: Scene, rng: Random) -> Iterator[Draft]:
    """ "The attack" gets a day that the article names nowhere."""
    if _TIMED.search(scene.text):
        return
    for match in list(_EVENT.finditer(scene.text))[:1]:
        day, month = rng.randint(2, 28), rng.choice(MONTHS)
        if not any(_names_day(context.article.text, day, month) for context in scene.contexts):
            said = f"{month} {day}" if re.search(rf"(?:{_MONTH}) \d", scene.whole) else f"{day} {month}"
            yield Draft(_put(scene.text, match.end(), match.end(), f" of {said}"), f"not said of {said}")


_TIMED = re.compile(
    rf"\b(?:{_MONTH}|{'|'.join(WEEKDAYS)}|earlier|ago|last|before|later|today|previous|yesterday|weeks?|months?|years?|hours?)\b"
)


def merged_events(scene: Scene, rng: Random) -> Iterator[Draft]:
    """The day of another event, or the number that counts the same elsewhere."""
    days, numbers = list(_other_days(scene)), list(_transplanted(scene))
    for drafts in (days, numbers):
        rng.shuffle(drafts)
        yield from drafts[:4]


def _other_days(scene: Scene) -> Iterator[Draft]:
    """Another day of the article's than the sentence's own, or than that of the main event where it has none."""
    own = list(_DAY.finditer(scene.text))
    counts = any(number.value > 2 for number in numbers_of(scene.text))
    if len(own) > 1 or (not own and (_TIMED.search(scene.text) or not counts)):
        return
    for context in scene.contexts:
        main = _main_days(context)
        for j in range(len(context.spans)):
            text = context.text(j)
            for other in () if context is scene.context and j == scene.sentence else _DAY.finditer(text):
                said = _day_text(other)
                if own and not own[0]["s1"]:
                    said = said.removesuffix(other["s1"] or "")
                spelled_alike = not own or bool(own[0]["m1"]) == bool(other["m1"])
                if said in scene.text or (not own and said in main) or not spelled_alike:
                    continue
                if context is not scene.context and _names_day(
                    scene.whole, int(other["d1"] or other["d2"]), other["m1"] or other["m2"]
                ):
                    continue
                new = _redated(scene, own, said)
                if new is not None:
                    yield Draft(
                        new, f"{_day_text(own[0])}, not {said}" if own else f"not of {said}", ((context.article.id, j),)
                    )


def _main_days(context: ArticleContext) -> set[str]:
    """The days in an article's title and first sentences, as they are written, and the same without its ending."""
    opening = " ".join((context.article.title, *(context.text(i) for i in context.lead[:3])))
    return {_day_text(match) for match in _DAY.finditer(opening)}


def _redated(scene: Scene, own: Sequence[re.Match[str]], day: str) -> str | None:
    if own:
        start = own[0].start()
        return _put(scene.text, start, start + len(_day_text(own[0])), day)
    event = _EVENT.search(scene.text)
    if event is not None:
        return _put(scene.text, event.end(), event.end(), f" of {day}")
    first = re.match(r"[\w'’-]+", scene.text)
    if first is None or first[0] in (
        "On",
        "In",
        "After",
        "Only",
        "Early",
        "By",
        "From",
        "Then",
        "When",
        "This",
        "Last",
    ):
        return None
    word = re.sub(r"['’]s$", "", first[0])
    is_name = re.search(rf"[a-z,] {re.escape(word)}\b", scene.whole) is not None
    return f"On {day}, {scene.text if is_name else scene.text[0].lower() + scene.text[1:]}"


def _transplanted(scene: Scene) -> Iterator[Draft]:
    found = numbers_of(scene.text)
    for context in scene.contexts:
        for j in range(len(context.spans)):
            if context is scene.context and j == scene.sentence:
                continue
            for other in numbers_of(context.text(j)):
                for i in range(len(found)):
                    if _may_take(scene.text, found, i, other):
                        text = _put(scene.text, found[i].start, found[i].end, other.text.lower())
                        yield Draft(text, f"{found[i].text}, not {other.text}", ((context.article.id, j),))


def _may_take(text: str, found: list[Number], i: int, other: Number) -> bool:
    number = found[i]
    low, high = _bounds(text, found, i)
    spelled_alike = (number.text.lower() in NUMBER_WORDS) == (other.text.lower() in NUMBER_WORDS)
    return (
        bool(number.noun)
        and number.noun == other.noun
        and spelled_alike
        and low < other.value < high
        and abs(number.value - other.value) >= number.value / 6
        and other.text not in text
    )
