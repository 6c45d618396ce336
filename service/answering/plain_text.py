"""What a model wrote as plain prose: no links, images, HTML, Markdown or characters that a reader cannot see.

Nothing of it is escaped for later: what could be read as a link or as markup is taken out, whatever shows the answer.
"""

from __future__ import annotations

import html
import re
import unicodedata

from service.answering.markers import HIDDEN_CLOSE, HIDDEN_OPEN, hidden
from service.text.characters import plain_characters
from service.text.markdown import plain_markdown

LONGEST_REPLY = 40_000
"""Characters of a reply that are read; no answer is nearly as long."""

_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SILENT = re.compile(r"<(script|style|template|iframe|svg|object|noscript)\b.*?(?:</\1\s*>|\Z)", re.DOTALL | re.I)
_IMAGE = re.compile(
    r"!\[[^\[\]\n]{0,500}(?:\[[^\[\]\n]{0,200}\][^\[\]\n]{0,200})?\]\s?(?:\([^()\n]{0,2000}(?:\([^()\n]{0,200}\)[^()\n]{0,500})?\)|\[[^\[\]\n]{0,200}\])?"
)
_DEFINITION = re.compile(r"^[ \t>]{0,8}\[[^\[\]\n]{1,200}\]:[^\n]*$", re.MULTILINE)
_MARKER_LINK = re.compile(rf"(?<={HIDDEN_CLOSE})\([^()\n]{{0,2000}}(?:\([^()\n]{{0,300}}\)[^()\n]{{0,300}})?\)")
"""What makes a link of a marker: `[1](https://...)`."""
_REFERENCE_TEXT = re.compile(rf"\[([^\[\]\n]{{1,500}})\](?={HIDDEN_OPEN})")
_TAG = re.compile(r"<\s?[/!?]?\s?[a-zA-Z][^<>\n]{0,2000}(?:>|$)", re.MULTILINE)
_HEADING = re.compile(r"^[ \t>]{0,8}(?:#{1,6}[ \t].*|(\*\*|__)[^*_\n]{1,120}(?:\1:?|:\1)[ \t]*)$", re.MULTILINE)
_BULLET = re.compile(r"^[ \t>]{0,8}(?:[-*+•▪●‣◦·–—][ \t]+|\(?\d{1,2}[.)][ \t]+(?=\S))", re.MULTILINE)
_SYMBOLS = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2500-\u27bf\u2900-\u2bff\u3030\u303d\u3297\u3299"
    "\ufe00-\ufe0f\u20d0-\u20ff\u200c\u200d\U0001f000-\U0001faff\U0001fb00-\U0001fbff]+"
)
"""Emoji, arrows, dingbats and what joins them."""

_TLD = (
    "com|net|org|info|biz|edu|gov|mil|int|io|ai|app|dev|xyz|online|site|website|shop|store|club|top|tech|live|news|blog"
    "|link|click|cloud|space|pro|mobi|tv|cc|ly|gg|gl|gd|ru|ua|uk|de|fr|eu|cn|jp|nl|pl|br|ca|au|ch|kr|ir|tk|ml|ga|cf|su"
)
_BODY = rf"[^\s()\[\]<>\"{HIDDEN_OPEN}{HIDDEN_CLOSE}]"
_ADDRESS = (
    rf"\b(?:h..ps?|ftps?|wss?|file)\s?:\s?//?{_BODY}+|\b(?:javascript|vbscript|data|mailto|tel|sms|blob|about):{_BODY}+"
    rf"|[\w+.-]{{1,30}}://{_BODY}*|(?<!\w)//[\w-]+\.{_BODY}+|\bwww\d?\.{_BODY}+"
    r"|[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"
    rf"|\b(?:[\w-]{{1,63}}\.){{1,6}}(?:{_TLD})\b(?:[:/?#]{_BODY}*)?"
    rf"|\b(?:[\w-]{{1,63}}\.){{1,6}}[a-z]{{2,24}}/{_BODY}*|\b(?:\d{{1,3}}\.){{3}}\d{{1,3}}\b(?:[:/]{_BODY}*)?"
)
_LINKED = re.compile(_ADDRESS, re.IGNORECASE)
_ADDRESSED = re.compile(
    r"(?:[\s,;–—-]{0,4}\b(?:see|via|sources?|at|on|from|visit|link|contact|e-?mail|write to|(?:read )?more(?: at"
    r"| on)?)\b:?\s*)?(?:" + _ADDRESS + ")",
    re.IGNORECASE,
)
"""An address with the words that lead to it: ", see https://..."."""
_STOPS_BEHIND = re.compile(r"[.,;:!?'”’]*$")
_EMPTY_PAIR = re.compile(
    r"\((?:(?:see|via|at|from|source|link|url)s?:?)?\s*\)|\[\s*\]|\{\s*\}|“\s*”|\"\s*\"", re.IGNORECASE
)
_MARKUP = str.maketrans(dict.fromkeys("`*~^<>|\\", ""))
_SPACE = re.compile(r"[ \t\xa0]+")
_SPACE_BEFORE_STOP = re.compile(r"[ \t]+(?=[.,;:!?](?:\s|$))")
_MARKUP_LEFT = re.compile(r"[<>`]|\]\(|!\[|\]\s?\[|&(?:#\w+|\w+);|[\ue000-\uf8ff]")


def plain_prose(reply: str) -> str:
    """A reply as paragraphs of plain sentences, with its markers hidden (see `markers`). Headings are left out."""
    text = plain_characters(_PRIVATE.sub("", reply[:LONGEST_REPLY]))
    for _ in range(3):  # what is taken out or decoded may bring together what is to be taken out
        text, before = _once(text), text
        if text == before:
            break
    return text


def has_markup(text: str) -> bool:
    """Whether a sentence, its markers taken out, still has anything that could be read as a link or as markup."""
    shown = unicodedata.normalize("NFKC", text)
    return any(_MARKUP_LEFT.search(form) or _LINKED.search(form) for form in (text, shown))


def _once(text: str) -> str:
    text = plain_characters(html.unescape(text))
    text = _COMMENT.sub("", text)
    text = _SILENT.sub("", text)
    text = _IMAGE.sub("", text)
    text = _DEFINITION.sub("", text)
    text = hidden(text)
    text = _REFERENCE_TEXT.sub(r"\1", _MARKER_LINK.sub("", text))
    text = _BULLET.sub("\n", _HEADING.sub("\n", text))
    text = _TAG.sub("", plain_markdown(text))
    text = _ADDRESSED.sub(lambda address: _STOPS_BEHIND.findall(address[0])[0], text)
    text = _SYMBOLS.sub("", text).translate(_MARKUP)
    text = _SPACE_BEFORE_STOP.sub("", _SPACE.sub(" ", _EMPTY_PAIR.sub("", text)))
    return "\n".join(line.strip() for line in text.split("\n")).strip()
