"""Markdown to the plain text it shows: what is marked stays, the marks go.

Blocks are read line by line and the patterns for inline marks cannot run past a paragraph or a bound, so that no input,
however it is built, takes more than about linear time.
"""

from __future__ import annotations

import html
import re

_TAG = re.compile(
    r"</?(?:a|abbr|b|blockquote|cite|code|del|details|div|em|figcaption|figure|h[1-6]|hr|i|img|ins|kbd|li|mark|ol|p|pre|q"
    r"|s|small|span|strong|sub|summary|sup|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]{0,1000})?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<br\s?/?>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_DEFINITION = re.compile(r"\[(?!\^)[^\]\n]{1,200}\]:\s+\S")
_FENCE = re.compile(r"`{3,}[^`]*$|~{3,}[^~]*$")
_QUOTED = re.compile(r"(?:> ?)+")
_HEADING = re.compile(r"#{1,6}[ \t]+")
_UNDERLINE = re.compile(r"(?:={2,}|-{2,})")
_TABLE_RULE = re.compile(r"\|?[-:|\s]*-{2,}[-:|\s]*")
_ITEM = re.compile(r"(?:[-*+]\s+)+(?:\[[ xX]\] )?(?=\S)")
_LINK = re.compile(
    r"!?\[((?:[^\[\]\n]|\n(?!\n)){0,500})\]"
    r"(?:\(<?[^()\s]{0,2000}(?:\([^()\s]{0,500}\)[^()\s]{0,500}){0,3}>?(?:\s[\"'][^\"'\n]{0,300}[\"'])?\)|\[[^\[\]\n]{0,200}\])"
)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]{1,40}\]:?")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_CODE = re.compile(r"(`{1,3})(?!`)([^`\n]{1,500})\1(?!`)")
_EMPHASIS = (
    re.compile(r"(?<![\w\\*])(\*{1,3})(?=[^\s*])((?:[^*\n]|\n(?!\n)){0,2000}?[^\s*\\])\1(?!\w)"),
    re.compile(r"(?<![\w\\_])(_{1,3})(?=[^\s_])((?:[^_\n]|\n(?!\n)|(?<=\w)_(?=\w)){0,2000}?[^\s_\\])\1(?![\w_])"),
    re.compile(r"(~~)(?=\S)([^~\n]{0,2000}?\S)\1"),
)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def plain_markdown(text: str) -> str:
    """Text without Markdown's marks. A heading becomes a paragraph of its own, a link its text, an image its caption.

    A list item becomes a paragraph without its bullet. Front matter is not expected here.
    """
    text = _BREAK.sub("\n\n", _without_comments(text.replace("\r\n", "\n")))
    text = "\n".join(_plain_blocks(text.split("\n")))
    text = _AUTOLINK.sub(r"\1", _FOOTNOTE.sub("", text))
    text = _LINK.sub(r"\1", _LINK.sub(r"\1", text))  # twice: an image may be the text of a link
    text = _CODE.sub(r"\2", text)
    for marks in _EMPHASIS:
        text = marks.sub(r"\2", marks.sub(r"\2", text))  # twice: strong may hold emphasis
    text = _TAG.sub("", text)
    text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return _ESCAPED.sub(r"\1", text)


def _without_comments(text: str) -> str:
    kept = []
    position = 0
    while (begin := text.find("<!--", position)) >= 0 and (end := text.find("-->", begin + 4)) >= 0:
        kept.append(text[position:begin])
        position = end + 3
    kept.append(text[position:])
    return "".join(kept)


def _plain_blocks(lines: list[str]) -> list[str]:
    out: list[str] = []
    for line in lines:
        plain = line.strip()
        if quoted := _QUOTED.match(plain):
            plain = plain[quoted.end() :]
        if _FENCE.match(plain) or _DEFINITION.match(plain):
            plain = ""
        elif heading := _HEADING.match(plain):
            plain = "\n" + _without_closing_marks(plain[heading.end() :]) + "\n"
        elif _UNDERLINE.fullmatch(plain) and out and out[-1]:
            out[-1], plain = "\n" + out[-1], "\n"
        elif _TABLE_RULE.fullmatch(plain):
            plain = ""
        elif plain.startswith("|") and plain.endswith("|"):
            plain = " | ".join(cell.strip() for cell in plain.strip("|").split("|"))
        elif item := _ITEM.match(plain):
            plain = "\n" + plain[item.end() :]
        else:
            hard_break = line.endswith(("  ", "\\"))
            plain = (plain.removesuffix("\\") + "\n") if hard_break and plain else plain
        out.append(plain)
    return out


def _without_closing_marks(heading: str) -> str:
    bare = heading.rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else heading
