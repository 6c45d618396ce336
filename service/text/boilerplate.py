"""Lines that belong to a web page, not to the article on it: general rules over whole lines, never parts of one.

Every rule is narrow on purpose: a line of boilerplate that stays costs little, a sentence of the article is lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

_LONGEST_NOTICE = 400
"""Notices are short; a longer line is a paragraph, whatever it begins with."""

_NETWORKS = (
    r"facebook|twitter|x|instagram|linkedin|whatsapp|pinterest|reddit|telegram|tumblr|youtube|tiktok|threads|bluesky"
    r"|mastodon|flipboard|pocket|e-?mail|print|copy link|messenger|rss"
)
_THING = r"(?:articles?|stor(?:y|ies)|posts?|pages?|items?|news|content|links?|topics?|videos?|coverage|reading|reads?)"

_EMPTY_SECTION = (
    r"no (?:[\w-]+ ){1,4}(?:available|found|to (?:show|display)|yet)(?: yet)? for this (?:article|story|post|page|item)"
)

_COMMENT_FORM = (
    r"leave (?:a|your) (?:reply|comment)(?: cancel reply)?",
    r"(?:click here to )?cancel reply",
    r"(?:post|add|write|submit) (?:a|your) comment",
    r"your e-?mail address will not be (?:published|shared)(?: or shared)?",
    r"(?:your e-?mail address will not be published\. )?required fields are marked(?: \*)?",
    r"(?:sorry, )?(?:the )?comment(?:s| form| section)? (?:is|are) (?:now |currently )?closed(?: at this time)?",
    r"you must be (?:logged|signed) in to (?:post a |leave a )?(?:comment|reply)",
    r"(?:please )?(?:log|sign) ?in to (?:leave a |post a )?(?:comment|reply|join the (?:discussion|conversation))",
    r"notify me of (?:new|follow-?up) (?:comments|posts) (?:by|via) e-?mail",
    r"save my name,? e-?mail,?(?: and)?(?: website)? in this browser for the next time i comment",
    r"learn how your comment data is processed",
    r"this site uses akismet to reduce spam(?:\. learn how your comment data is processed)?",
    r"(?:enter|type|write) your comment(?: here)?",
    r"fill in your details below or click an icon to log in",
    r"you are commenting using your [\w.]+ account",
    r"comments powered by disqus|click to comment|be the first to (?:comment|leave a comment|reply)",
    r"(?:view|show|see|load|read)(?: all)?(?: \d+)? (?:more )?comments|loading comments",
    r"\d+ comments?|no comments(?: yet)?",
)
_SHARING = (
    rf"(?:please )?(?:share|tweet|pin|print|e-?mail)(?: this)?(?: {_THING})?"
    rf"(?: (?:on|via|with|to) (?:{_NETWORKS}|friends))?",
    r"(?:click to )?(?:share|print|e-?mail) (?:this|on|via|a link)[\w ]{0,40}\(opens in (?:a )?new window\)",
    rf"(?:please )?(?:follow|like|find|join) us(?: (?:on|at) (?:our social media|@\w+|(?:{_NETWORKS})\b.{{0,60}}))?",
    r"like this",
    rf"follow .{{1,60}} on (?:{_NETWORKS})(?:[ :]+(?:@\w+|https?://\S+))?",
)
_SUBSCRIBING = (
    r"(?:subscribe|sign ?up)(?: now| today| here| free)?",
    r"(?:please )?(?:subscribe|sign ?up) (?:to|for|with) (?:our|the|this|my|its) [\w' -]{0,50}"
    r"(?:newsletters?|updates?|alerts?|mailing list|podcast|channel|blog via e-?mail|briefing|digest)"
    r"(?: (?:here|now|today|below|for free|by e-?mail))?",
    r"get (?:our|the) [\w' -]{0,50}(?:newsletters?|in your inbox|delivered to your inbox)",
    r"enter your e-?mail(?: address)?(?: (?:here|below|to) .{0,100})?",
    r"(?:please )?enter a valid e-?mail address|thank you for (?:subscribing|signing up)(?: to .{0,60})?",
    r"join (?:over )?[\d,.]+k? (?:other |e-?mail )*(?:subscribers|readers|followers)",
    r"(?:no spam[,.;|]? ?)?unsubscribe (?:at )?any ?time",
)
_COOKIES_AND_RIGHTS = (
    r"(?:we|this (?:web)?site|our (?:web)?site) uses? cookies\b[^“”\"]*",
    r"by (?:continuing|using) (?:to (?:use|browse|visit) )?(?:our|this|the) (?:web)?site,? you[^“”\"]{0,12}"
    r" (?:agree|consent|accept)[^“”\"]*",
    r"(?:accept|reject|allow|manage|decline)(?: all)?(?: cookies)",
    r"(?:cookie|privacy) (?:policy|settings|preferences|notice|statement)"
    r"(?: (?:and|&|\||·) (?:terms|cookies?).{0,40})?",
    r"privacy & cookies|terms (?:of (?:use|service)|(?:and|&) conditions)(?: (?:and|&|\||·) privacy.{0,40})?",
    r"(?:contents? )?(?:copyright|\(c\)|©|&copy;)(?: ?(?:\(c\)|©))? ?(?:19|20)\d\d\b.*",
    r"(?:contents? )?copyright .{0,120}all rights reserved.*|©.{1,120}",
    r"all rights reserved(?:[.,;] .{0,150})?",
)
_LINKS = (
    rf"(?:read|see|view|show|load|find out|learn) more(?: {_THING})?(?: \w+ on this (?:story|topic))?",
    r"(?:read|see|watch) (?:more|also|next)\s?: .{1,200}|also read\s?: .{1,200}|related\s?: .{1,200}",
    r"(?:continue|keep) reading(?: (?:the|below|this) .{0,60})?",
    r"click here(?: to (?:read|subscribe|view|continue) .{1,100})?",
    rf"related {_THING}|(?:more|recent|latest|popular|recommended|trending) {_THING}|recent comments",
    r"(?:story|article) continues (?:below|after)(?: (?:this |the )?advert(?:isement)?)?",
    r"scroll (?:down )?to continue(?: .{0,40})?",
    r"advert(?:isement)?s?|advertisement block|sponsored(?: content| links?)?|promoted content",
    r"skip to (?:main )?content|back to top|log ?in|sign ?in|log ?out|\d+ min(?:ute)?s?(?: of)? read(?:ing time)?",
    rf"(?:sorry,? )?no (?:tags|related {_THING})(?: available| found)?(?: yet)?",
    _EMPTY_SECTION,
)


def _any(rules: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{rule})" for rule in rules), re.IGNORECASE)


_NOTICE = _any(_COMMENT_FORM + _SHARING + _SUBSCRIBING + _COOKIES_AND_RIGHTS + _LINKS)
_NETWORK_LIST = re.compile(rf"(?:{_NETWORKS})(?:[ |/·,•]+(?:{_NETWORKS}))*", re.IGNORECASE)
_TAIL = _any(
    (
        *_COMMENT_FORM[:3],
        rf"related {_THING}|(?:more|recent|latest|popular|recommended|trending) {_THING}|recent comments",
        r"you (?:may|might) also (?:like|enjoy|be interested in)|recommended for you|trending now|\d* ?comments?",
        r"most (?:read|popular|viewed|shared)|(?:read )?more (?:from|by) .{1,60}|up next|share this",
    )
)
_EMPTY = _any((_EMPTY_SECTION,))
_TAG_LINE = re.compile(r"(?:tags?|tagged(?: as)?|filed under|posted in)\s?: [^.!?]{1,200}", re.IGNORECASE)
_TAG_HEADING = re.compile(r"\W*(?:themes?|tags?|topics?|keywords?|categories|labels|filed under)\W*", re.IGNORECASE)
_TAG_LIST = re.compile(r"[^.!?]{1,40}(?:\s?[,|·•;/#]\s?[^.!?,|·•;/#]{1,40})+")
_HASHTAGS = re.compile(r"#[^\W\d_][^\s#.!?]*(?: [^\s#.!?]+){0,2}(?: #[^\W\d_][^\s#.!?]*(?: [^\s#.!?]+){0,2})+")

_DECORATION = re.compile(r"^[\s#>*•·|–—«‹\-]+|[\s*|»›>→:…]+$")
_END = re.compile(r"[.!…]+$")
_ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*$")


def without_boilerplate(text: str) -> str:
    """The text without boilerplate lines; the breaks around a dropped line stay, so nothing is joined."""
    lines = text.split("\n")
    lines = lines[: _tail_begins(lines)]
    return "\n".join(_drop_repetitions(_drop_notices(_drop_share_buttons(lines))))


def is_notice(line: str) -> bool:
    """Whether a whole line is a page's notice, form label, button or link."""
    return bool(_NOTICE.fullmatch(_core(line)))


def _core(line: str) -> str:
    if len(line) > _LONGEST_NOTICE:
        return ""
    return _END.sub("", _DECORATION.sub("", line)).strip()


def _is_prose(line: str) -> bool:
    """A sentence rather than a link, a label or a heading."""
    return bool(_ENDS_SENTENCE.search(line)) and line.count(" ") >= 7 and not is_notice(line)


def _tail_begins(lines: Sequence[str]) -> int:
    """Index of the first line of the page's tail: a heading such as "Leave a Reply" after which no prose follows."""
    tail = len(lines)
    for number in range(len(lines) - 1, 0, -1):
        if _is_prose(lines[number]):
            break
        if _TAIL.fullmatch(_core(lines[number])):
            tail = number
    return tail


def _drop_notices(lines: Sequence[str]) -> list[str]:
    kept: list[str] = []
    for line in lines:
        core = _core(line)
        if not core:
            kept.append(line)
        elif _EMPTY.fullmatch(core) or (_TAG_LIST.fullmatch(core) and _is_tag_heading(kept)):
            _drop_heading(kept)
        elif _NOTICE.fullmatch(core) or _TAG_LINE.fullmatch(line.strip()) or _HASHTAGS.fullmatch(line.strip()):
            _break(kept)
        else:
            kept.append(line)
    return kept


def _drop_share_buttons(lines: Sequence[str]) -> list[str]:
    """One network's name may be a heading of the article; several names, in one line or in a row, are share buttons."""
    kept = list(lines)
    row: list[int] = []
    names = 0
    for number, line in enumerate([*kept, "end"]):
        core = _core(line)
        if core and _NETWORK_LIST.fullmatch(core):
            row.append(number)
            names += 1 + len(re.findall(r"[ |/·,•]+", core.replace("copy link", "copy-link")))
        elif core:
            if names > 1:
                for place in row:
                    kept[place] = ""
            row, names = [], 0
    return kept


def _break(kept: list[str]) -> None:
    if kept and kept[-1]:
        kept.append("")


def _last_line(kept: Sequence[str]) -> int | None:
    return next((number for number in range(len(kept) - 1, -1, -1) if kept[number].strip()), None)


def _is_tag_heading(kept: Sequence[str]) -> bool:
    last = _last_line(kept)
    return last is not None and bool(_TAG_HEADING.fullmatch(kept[last]))


def _drop_heading(kept: list[str]) -> None:
    """Drop the line before, when it can only be the heading of the section that turned out empty."""
    last = _last_line(kept)
    if last is not None and kept[last].count(" ") < 6 and not re.search(r"[.!?:,;…]\W*$", kept[last]):
        del kept[last:]
    _break(kept)


def _drop_repetitions(lines: Sequence[str]) -> list[str]:
    """Keep the first of identical lines: of whole paragraphs from the second on, of labels that stand three times."""
    counts = Counter(lines)
    seen: set[str] = set()
    kept: list[str] = []
    for line in lines:
        again = line in seen
        seen.add(line)
        ends = bool(_ENDS_SENTENCE.search(line))
        after_whole = not kept or not kept[-1].strip() or bool(_ENDS_SENTENCE.search(kept[-1]))
        paragraph = len(line) >= 60 and ends and not line[:1].islower() and after_whole
        label = counts[line] >= 3 and line.count(" ") >= 3 and not ends
        kept.append("" if again and (paragraph or label) else line)
    return kept
