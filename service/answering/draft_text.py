"""Any text that somebody wrote, plain or Markdown, as the sentences in it that claim something.

Marks are painted over with spaces of the same length, so that every offset stays one of the text as it was given. What
claims nothing is set aside with its reason, never silently left out; in doubt a line is a claim.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from service.text.dating import is_heading
from service.text.sentence import read_sentence
from service.text.sentences import sentence_spans
from service.types import Span

Aside = Literal["heading", "question", "greeting", "lead_in", "reference", "code"]

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\n(?:[^\n]*\n){0,100}?---[ \t]*(?:\n|\Z)")
_CODE = re.compile(
    r"^[ \t]*(`{3,}|~{3,})[ \t]*(?!te?xt\b|plain|markdown\b|md\b)\w[^\n]*\n(?:.*?\n)??[ \t]*\1[^\n]*$",
    re.MULTILINE | re.DOTALL,
)
"""Only with its language: a fence without one may be around anything, and models put one around their answers."""
_FENCE = re.compile(r"^[ \t]*(?:`{3,}|~{3,})[^\n]*$", re.MULTILINE)
_DEFINITION = re.compile(r"^[ \t]*\[[^\]\n]{1,200}\]:[ \t]+<?(?:https?://|/|\.)\S*[^\n]*$", re.MULTILINE)
_HASHED = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+[^\n]*$", re.MULTILINE)
_UNDERLINED = re.compile(r"(?:(?<=\n\n)|\A)[^\n|]{1,200}\n[ \t]*(?:={3,}|-{3,})[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE)
_TABLE_RULE = re.compile(r"\|?\s?:?-{2,}[-:|\s]*")
_EMPHASIS = "*_~`"

_LINKED = re.compile(
    r"\[((?:[^\[\]\n\w]|[\d_]){0,500}[^\W\d_][^\[\]\n]{0,500})\]"
    r"(?:\(<?[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500}){0,3}>?(?:\s\"[^\"\n]{0,300}\")?\)|\[[^\[\]\n]{0,200}\])"
)
"""The text of a link has a letter: `[1][2]` are two markers."""
_PAINTED = (
    re.compile(r"<!--(?:(?!-->).){0,2000}-->", re.DOTALL),
    re.compile(r"!\[[^\[\]\n]{0,500}\]\([^()\s]{0,2000}(?:\s\"[^\"\n]{0,300}\")?\)"),
    _LINKED,
    re.compile(r"\[\^[^\]\s]{1,40}\]:?"),
    re.compile(r"[\[【]\d{1,3}(?:\s?[-–,;]\s?\d{1,3}){0,9}[\]】]"),
    re.compile(r"<(?:https?://|mailto:)[^<>\s]{1,2000}>"),
    re.compile(r"</?[a-zA-Z][a-zA-Z0-9]{0,20}(?:\s[^<>\n]{0,1000})?/?>"),
    re.compile(r"(?<![\w\\*])\*{1,3}(?=[^\s*])|(?<=[^\s*\\])\*{1,3}(?!\w)"),
    re.compile(r"(?<![\w\\_])_{1,3}(?=[^\s_])|(?<=[^\s_\\])_{1,3}(?!\w)"),
    re.compile(r"~~|`{1,3}"),
    re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE),
)

_BULLET = re.compile(r"(?:[-*+•▪●‣◦·]|\(?\d{1,3}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?")
_BEFORE_MARK = re.compile(r"\s+(?=[,.;:!?](?:\s|$))")
_SPEAKS = re.compile(r"[^\W_]")
_GREETING = re.compile(
    r"(?:hello|hi|hey|dear|greetings|good (?:morning|afternoon|evening|day))"
    r"(?:\s?[.,!]?|(?: (?:dr|mr|mrs|ms|prof)\.)?(?: [\w’'-]+){1,4}\s?[,!])"
    r"|(?:many thanks|thanks|thank you)(?: (?:again|all|everyone|so much|very much|in advance"
    r"|for (?:reading|listening|watching|asking|your (?:attention|time|patience|question|message))))*\s?[,!.]?"
    r"|(?:(?:kind|best|warm) regards|regards|sincerely|yours(?: (?:truly|sincerely))?)(?:,? [\w’'-]+){0,3}\s?[,.]?"
    r"|(?:sure(?: thing)?|certainly|of course|absolutely|got it|okay|ok)\s?[,!.]"
    r"|(?:i )?hope (?:this|that) helps\s?[.!]?"
    r"|(?:please )?(?:let me know|feel free to (?:ask|reach out))(?: [\w’',-]+){0,14}\s?[.!]?",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(
    r"(?:here|below|following|follows|summary|overview|answer|details|highlights|takeaways|key|facts|points|know)\b",
    re.IGNORECASE,
)
_LEAD_IN_WORDS = 12
_TITLE_WORDS = 2
"""So many words without a stop are a title in whatever case they are written."""


@dataclass(frozen=True, slots=True)
class ClaimedSentence:
    """`span` in the text as it was given; `claim` is what is said there, without marks and markers, on one line."""

    span: Span
    claim: str


@dataclass(frozen=True, slots=True)
class SetAside:
    """A piece of the text that is not checked, and why not."""

    span: Span
    why: Aside


@dataclass(frozen=True, slots=True)
class DraftText:
    """Both in the order of the text, and disjoint."""

    sentences: tuple[ClaimedSentence, ...]
    aside: tuple[SetAside, ...]


def read_draft(text: str) -> DraftText:
    """Sentences, list items and table rows are claims; headings, questions, greetings, lead-ins, code are set aside."""
    canvas = _Canvas(text)
    canvas.take(_FRONT_MATTER, "heading")
    canvas.take(_CODE, "code")
    canvas.paint(_FENCE)
    canvas.take(_DEFINITION, "reference")
    canvas.take(_HASHED, "heading")
    canvas.take(_UNDERLINED, "heading")
    canvas.paint(_RULE)
    sentences = list(_table_rows(canvas))
    painted = canvas.text = _painted(canvas.text)
    spans = [trimmed for span in sentence_spans(painted) if (trimmed := _without_bullet(painted, span))]
    taken = 0
    for number, inner in enumerate(spans):
        claim = _claim_of(inner.of(painted))
        why = _claims_nothing(painted, inner, claim, last=number == len(spans) - 1)
        until = spans[number + 1].start if number + 1 < len(spans) else len(text)
        span = _with_emphasis(text, inner, Span(taken, until))
        taken = span.end
        if why is None:
            sentences.append(ClaimedSentence(span, claim))
        else:
            canvas.aside.append(SetAside(span, why))
    return DraftText(
        tuple(sorted(sentences, key=lambda s: s.span)),
        tuple(sorted(canvas.aside, key=lambda a: a.span)),
    )


class _Canvas:
    """The text, more and more of it painted over."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.aside: list[SetAside] = []

    def take(self, pattern: re.Pattern[str], why: Aside) -> None:
        """Set aside what the pattern finds."""
        for match in pattern.finditer(self.text):
            span = _trimmed(self.text, match.start(), match.end())
            if span is not None:
                self.aside.append(SetAside(span, why))
        self.paint(pattern)

    def paint(self, pattern: re.Pattern[str]) -> None:
        self.text = pattern.sub(_all_of_it, self.text)


def _blank(piece: str) -> str:
    """As long as the piece, its line breaks kept."""
    return "\n".join(" " * len(line) for line in piece.split("\n"))


def _table_rows(canvas: _Canvas) -> Iterator[ClaimedSentence]:
    """Each row a claim, but for the head; they are painted over, else they would run together."""
    lines = canvas.text.split("\n")
    begin = 0
    for number, line in enumerate(lines):
        row = line.strip()
        if row.startswith("|") and (row.endswith("|") or _TABLE_RULE.fullmatch(row)):
            span = _trimmed(canvas.text, begin, begin + len(line))
            claim = _claim_of(_painted(row).replace("|", " "))
            is_head = number + 1 < len(lines) and _TABLE_RULE.fullmatch(lines[number + 1].strip()) is not None
            if span is not None and is_head:
                canvas.aside.append(SetAside(span, "heading"))
            elif span is not None and _SPEAKS.search(claim):
                yield ClaimedSentence(span, claim)
            canvas.text = canvas.text[:begin] + " " * len(line) + canvas.text[begin + len(line) :]
        begin += len(line) + 1


def _painted(text: str) -> str:
    for mark in _PAINTED:
        text = mark.sub(_but_for_its_text if mark is _LINKED else _all_of_it, text)
    return text


def _all_of_it(match: re.Match[str]) -> str:
    return _blank(match[0])


def _but_for_its_text(match: re.Match[str]) -> str:
    begin, end = match.start(1) - match.start(), match.end(1) - match.start()
    return _blank(match[0][:begin]) + match[1] + _blank(match[0][end:])


def _without_bullet(text: str, span: Span) -> Span | None:
    """`None` for what has neither letter nor digit."""
    starts_line = not text[text.rfind("\n", 0, span.start) + 1 : span.start].strip()
    bullet = _BULLET.match(text, span.start, span.end) if starts_line else None
    trimmed = _trimmed(text, bullet.end() if bullet else span.start, span.end)
    return trimmed if trimmed is not None and _SPEAKS.search(trimmed.of(text)) else None


def _trimmed(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    return Span(start, end) if start < end else None


def _with_emphasis(text: str, span: Span, room: Span) -> Span:
    """With the marks that touch it, so that the slice of the text has both ends of a pair."""
    start, end = span.start, span.end
    while start > room.start and text[start - 1] in _EMPHASIS:
        start -= 1
    while end < room.end and text[end] in _EMPHASIS:
        end += 1
    return Span(start, end)


def _claim_of(painted: str) -> str:
    return _BEFORE_MARK.sub("", " ".join(html.unescape(painted).split()))


def _claims_nothing(text: str, span: Span, claim: str, *, last: bool) -> Aside | None:
    if claim.endswith("?"):
        return "question"
    reading = read_sentence(claim)
    if reading.figures or reading.dates:
        return None
    if _GREETING.fullmatch(claim):
        return "greeting"
    names = any(not name.initial for name in reading.names)
    if claim.endswith(":") and not names and _leads_in(claim, len(reading.words)):
        return "lead_in"
    return "heading" if not last and _is_title(text, span, claim) else None


def _leads_in(claim: str, words: int) -> bool:
    return words <= _TITLE_WORDS or (words <= _LEAD_IN_WORDS and _LEAD_IN.search(claim) is not None)


def _is_title(text: str, span: Span, claim: str) -> bool:
    """A line by itself over others, without a stop, of a few words or with its words in capitals."""
    before = text[text.rfind("\n", 0, span.start) + 1 : span.start]
    after = text[span.end :].split("\n", 1)[0]
    if before.strip() or after.strip() or not is_heading(claim):
        return False
    words = [word for word in re.findall(r"[^\W\d_][\w’'-]*", claim) if len(word) > 3]
    return len(claim.split()) <= _TITLE_WORDS or (bool(words) and all(word[0].isupper() for word in words))
