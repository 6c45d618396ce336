"""The markers in what a model wrote, `[1]`, in all the shapes that models give them; taken out and put aside."""

from __future__ import annotations

import re
from collections.abc import Iterator

HIDDEN_OPEN, HIDDEN_CLOSE = "\ue000", "\ue001"
"""Stand around a marker's number while the text is worked on: no text has them, private characters are taken out."""

_NUMBER = r"\d{1,4}"
_WORD = r"(?:(?:evidence|sources?|articles?|excerpts?|refs?|citations?|cite|no\.?|item)\b[:\s]*)?[#^]?"
_ONE = rf"{_WORD}\s*{_NUMBER}(?:\s*[-–—]\s*{_WORD}\s*{_NUMBER})?"
_GROUP = re.compile(
    rf"\[\[?\s*(?P<square>{_ONE}(?:\s*(?:[,;&]|\band\b)\s*{_ONE})*)\s*[,;]?\s*\]\]?"
    rf"|【(?P<lens>\s*{_NUMBER}[^】\n]{{0,80}})】",
    re.IGNORECASE,
)
_RANGE = re.compile(rf"({_NUMBER})\s*[-–—]\s*{_WORD}\s*({_NUMBER})", re.IGNORECASE)
_HIDDEN = re.compile(rf"\s*{HIDDEN_OPEN}(\d{{1,4}}){HIDDEN_CLOSE}")
_WIDEST_RANGE = 30
_WIDE_BRACKETS = str.maketrans({"［": "[", "］": "]", "〔": "[", "〕": "]"})
_ESCAPED = re.compile(rf"\\\[(?=\s*{_NUMBER})|(?<=\d)\\\]")


def hidden(text: str) -> str:
    """The text with every marker as a hidden one, a group or range as one each."""
    plain = _ESCAPED.sub(lambda m: m[0][1], text.translate(_WIDE_BRACKETS))
    return _GROUP.sub(lambda m: "".join(f"{HIDDEN_OPEN}{n}{HIDDEN_CLOSE}" for n in _numbers(m)), plain)


def taken_out(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without its hidden markers, and each marker with the offset where it stood, in order."""
    pieces: list[str] = []
    found: list[tuple[int, int]] = []
    end = length = 0
    for match in _HIDDEN.finditer(text):
        pieces.append(text[end : match.start()])
        length += match.start() - end
        # A marker at the head of a line belongs to what comes after it, not to what stands on the line before.
        heads_line = "\n" in match[0][: match.start(1) - match.start()]
        if heads_line:
            gap = match[0][: match.start(1) - match.start() - 1]
            pieces.append(gap)
            length += len(gap)
        found.append((length, int(match[1])))
        end = match.end()
    pieces.append(text[end:])
    return "".join(pieces), found


def _numbers(match: re.Match[str]) -> Iterator[int]:
    if match["lens"] is not None:  # 【4:0†source】 names the fourth
        yield from (int(n) for n in re.findall(_NUMBER, match["lens"])[:1])
        return
    for low, high in _RANGE.findall(match["square"]):
        first, last = int(low), int(high)
        yield from range(first, last + 1) if 0 <= last - first <= _WIDEST_RANGE else (first, last)
    yield from (int(n) for n in re.findall(_NUMBER, _RANGE.sub("", match["square"])))
