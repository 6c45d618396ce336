"""Sentence spans: what `sentencex` splits inside each block of text, mended where news prose is known to break it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import sentencex

from service.text.lines import block_spans
from service.types import Span

LONGEST_SENTENCE = 1000
"""No sentence is longer, so that a quote and a chunk stay of a size: one that is gets cut at clauses or spaces."""

_LONGEST_PART = 20_000

_SURROGATE = re.compile("[\ud800-\udfff]")
_CLOSERS = "\"'”’»)\\]"
_OPENERS = "\"'“‘«(\\["
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")
_LOWER_START = re.compile(rf"[{_CLOSERS}\s]*[a-z]")
_NUMBERING = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,4})[.)]")
_SHORT_FORM = re.compile(
    r"(?:^|[\s(“\"])(?:Dr|Mr|Mrs|Ms|Prof|Gen|Lt|Col|Sgt|Capt|Cpl|Maj|Cmdr|Adm|Sen|Rep|Gov|Pres|Rev|Mt|Ft|Supt|Det|Insp|Amb"
    r"|approx|ca|cf|vs|e\.g|i\.e|Vol|vol|Fig|fig|pp|No|Nos)\.$"
)
"""Abbreviations that never end a sentence, or hardly ever."""
_CLOCK = re.compile(r"\b[ap]\.\s?m\.$", re.IGNORECASE)
_AFTER_CLOCK = re.compile(
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:Jan|Febr)uary|March|April|May|June|July|August|October"
    r"|(?:Sept|Nov|Dec)ember|[ECMP][SD]?T|GMT|UTC|BST|CES?T|EES?T|MSK|[A-Z]\w+ [Tt]ime)\b"
)
_OPENS_WORD = re.compile(rf"[^\W_]|[{_OPENERS}]")
_STREET = re.compile(r"\bSt\.$")
_SPOKEN_END = re.compile(r"[!?]$|[.!?…,][\"'”’»)]+$")
_EXCLAIMED_END = re.compile(r"[!?…,][\"'”’»]+$")
_ATTRIBUTION = re.compile(
    r"(?:[A-Z][\w.'’-]+ ){1,4}(?:said|says|asked|asks|added|adds|told|wrote|writes|replied|continued|explained|noted"
    r"|warned|shouted|recalled|insisted|tweeted|posted)\b"
)
_STARTER = (
    r"The|He|She|It|They|We|But|And|In|On|At|This|That|These|Those|There|His|Her|Its|Their|Our|However|After|Before|When"
    r"|While|As|If|For|Since|Meanwhile|According|Although|Also|Some|Many|Most|No|Not|Now|Then|One|Two|Three|What|Who|You|An|A"
)
_MISSED = re.compile(
    rf"(?:(?<=\w\w)[.!?]+\)[{_CLOSERS}]*(?=\s+[{_OPENERS}]*[A-Z])|(?<=\w\w)\.[{_CLOSERS}]+(?=\s+[{_OPENERS}]*[A-Z])"
    rf"|(?:\b(?:U\.S|U\.K|U\.N|E\.U|D\.C|L\.A|a\.m|p\.m|Inc|Corp|Co|Ltd|Jr|Sr|St|Ave|Blvd|etc)\.|…)"
    rf"(?=\s+[{_OPENERS}]*(?:{_STARTER})\b)"
    rf"|(?<![\w.])[a-z]{{2,}}\.(?=\s+[{_OPENERS}]*(?:I|{_STARTER})\b))"
)
"""Where the library takes a stop for an abbreviation's ("told me. He") or a bracket's, though a sentence ends."""
_SIGHT = 200
"""Characters on either side of a boundary that decide whether it stays."""
_HIDDEN = re.compile(r"[\"“”„«»‘•()]|(?<!\w)['’]|['’](?!\w)")
_CLOSING_MARKS = "\"'”’»)]"
_CLAUSE = re.compile(r"[;:,—–)](?=\s)|\s[—–](?=\s)")


def sentence_spans(text: str, language: str = "en") -> list[Span]:
    """Spans of the sentences: in order, disjoint, without white space around them, and together all of the rest.

    A line break ends a sentence unless the paragraph is a wrapped one. Over LONGEST_SENTENCE characters it is cut.
    `language` is an ISO 639 code; of an unknown one the library uses its general rules.
    """
    text = _SURROGATE.sub("\ufffd", text)
    spans: list[Span] = []
    for block in block_spans(text):
        for part in _parts(text, block):
            piece = part.of(text)
            ends = _mended(piece, _boundaries(piece, language))
            spans.extend(Span(part.start + s.start, part.start + s.end) for s in _between(piece, ends))
    return spans


def _parts(text: str, block: Span) -> Iterator[Span]:
    """The block, or what a huge one is cut into after a stop: the library's time grows faster than the length."""
    begin = block.start
    while block.end - begin > _LONGEST_PART:
        limit = begin + _LONGEST_PART
        after = max(text.rfind(stop, begin + 1, limit) for stop in (". ", "! ", "? ", "。"))
        cut = (after if after > 0 else text.rfind(" ", begin + 1, limit)) + 1 or limit
        yield Span(begin, cut)
        begin = cut
    yield Span(begin, block.end)


def _boundaries(piece: str, language: str) -> list[int]:
    """Ends of the sentences as the library sees them, and those it misses after abbreviations and brackets.

    The library never cuts between two quote marks or brackets, nor after a bullet, and one odd mark takes the rest of
    a paragraph with it; so it is shown the text without them.
    """
    marks = [match.start() for match in _HIDDEN.finditer(piece)]
    shown = _HIDDEN.sub("", piece)
    ends = {match.end() for match in _MISSED.finditer(piece)}
    passed = 0
    for boundary in sentencex.get_sentence_boundaries(language, shown):
        last = int(boundary["end_index"]) - 1
        while passed < len(marks) and marks[passed] <= last + passed:
            passed += 1
        end = last + passed + 1
        while end < len(piece) and piece[end] in _CLOSING_MARKS and not piece[end - 1].isspace():
            end += 1
        ends.add(end)
    return sorted(end for end in ends if 0 < end < len(piece))


def _mended(piece: str, ends: Iterable[int]) -> list[int]:
    """The ends that stay when fragments have gone back to their neighbours; the last is the piece's own."""
    kept: list[int] = []
    begin = 0
    for end in ends:
        before, after = piece[max(begin, end - _SIGHT) : end].strip(), piece[end : end + _SIGHT].lstrip()
        glued = not piece[end - 1].isspace() and not piece[end].isspace() and not _OPENS_WORD.match(piece[end])
        if before and after and not glued and not _belong_together(before, after):
            kept.append(end)
            begin = end
    return [*kept, len(piece)]


def _belong_together(before: str, after: str) -> bool:
    first = after.split(maxsplit=1)[0]
    if not _LETTER_OR_DIGIT.search(before) or not _LETTER_OR_DIGIT.search(after):
        return True
    if _NUMBERING.fullmatch(before) or _SHORT_FORM.search(before):
        return not before.endswith("No.") or first[0].isdigit()
    if _CLOCK.search(before):
        return bool(_AFTER_CLOCK.match(after))
    if _STREET.search(before):
        return first[0].isupper() and not re.match(rf"(?:{_STARTER})\b", after)
    if _SPOKEN_END.search(before):
        return bool(_LOWER_START.match(after) or (_EXCLAIMED_END.search(before) and _ATTRIBUTION.match(after)))
    return False


def _between(piece: str, ends: Iterable[int]) -> Iterator[Span]:
    begin = 0
    for end in ends:
        yield from _cut_to_size(piece, begin, end)
        begin = end


def _cut_to_size(piece: str, begin: int, end: int) -> Iterator[Span]:
    while True:
        begin, end = _trimmed(piece, begin, end)
        if begin == end:
            return
        if end - begin <= LONGEST_SENTENCE:
            yield Span(begin, end)
            return
        cut = _cut(piece, begin, begin + LONGEST_SENTENCE)
        yield Span(*_trimmed(piece, begin, cut))
        begin = cut


def _cut(piece: str, begin: int, limit: int) -> int:
    """The last clause border of the second half, else the last space, else the limit."""
    middle = begin + LONGEST_SENTENCE // 2
    clauses = [match.end() for match in _CLAUSE.finditer(piece, middle, limit)]
    if clauses:
        return clauses[-1]
    return max((place for place in range(begin + 1, limit) if piece[place].isspace()), default=limit)


def _trimmed(piece: str, begin: int, end: int) -> tuple[int, int]:
    while begin < end and piece[begin].isspace():
        begin += 1
    while end > begin and piece[end - 1].isspace():
        end -= 1
    return begin, end
