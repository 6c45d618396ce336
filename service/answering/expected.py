"""What kind of thing would answer a question, read off its wording."""

from __future__ import annotations

import re
from enum import StrEnum

from service.text.names import ROLES


class Expected(StrEnum):
    """The kind of thing that would answer."""

    QUANTITY = "quantity"
    MONEY = "money"
    DISTANCE = "distance"
    DURATION = "duration"
    PERCENT = "percent"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    ORGANISATION = "organisation"
    REASON = "reason"
    YES_NO = "yes_no"
    THING = "thing"


_PLACES = (
    "city|cities|towns?|village|country|countries|regions?|places?|locations?|province|district|capital|state|island|"
    "venue|parts?[ ]of|areas?|resort"
)
_ORGANISATIONS = (
    "organi[sz]ation|agency|company|bank|outlet|newspaper|paper|channel|body|think[ ]tank|institution|group|operator|"
    "firm|team|club|party|court|publication|media|news"
)
_PERSONS = (
    "|".join(sorted(ROLES - {"head", "chief", "mr", "mrs", "ms", "dr"}))
    + "|people|person|man|woman|name[ ]of[ ]the[ ]\\w+"
)
# "What did the mayor say?" asks for no mayor: what comes after an auxiliary is who did it.
_WHICH = r"\b(?:which|what)\b(?:\s+(?!(?:did|do|does|has|have|had|will|would|can|could)\b)\w+){0,2}?\s+"

# The earliest match decides; among equals the order does, from the particular to the general.
_PATTERNS: tuple[tuple[Expected, re.Pattern[str]], ...] = tuple(
    (expected, re.compile(pattern, re.VERBOSE))
    for expected, pattern in (
        (
            Expected.PERCENT,
            r"""\b(?:what|which)[ ](?:percentage|percent|share|proportion|fraction)
                |\bhow[ ](?:many|much)[ ](?:percent|per[ ]cent)""",
        ),
        (
            Expected.MONEY,
            r"""\bhow[ ](?:much|expensive)\b.*\b(?:costs?|spen[dt]|paid|pay|worth|price[ds]?|money|billions?|millions?
                    |fined?|dollars|euros)\b
                |\bhow[ ]much[ ]money|\bhow[ ]many[ ](?:dollars|euros|pounds|yen)
                |\bwhat(?:'s|[ ]is|[ ]was|[ ]were|[ ]will|[ ]did|[ ]does|[ ]would)\b.{0,40}\b(?:price|costs?|bill
                    |budget|fine)\b
                |\bcost[ ]of\b""",
        ),
        (
            Expected.DISTANCE,
            r"""\bwhat(?:'s|[ ]is|[ ]was)[ ]the[ ](?:\w+[ ])?(?:length|height|width|depth|altitude|elevation)[ ]of\b
                |\bhow[ ](?:far|tall|wide|long[ ](?:is|was)[ ]the[ ](?:ship|bridge|canal|tunnel|river|road))\b
                |\bwhat[ ](?:distance|height|depth)|\bhow[ ]many[ ](?:km|kilomet(?:er|re)s|miles|met(?:er|re)s)\b""",
        ),
        (
            Expected.DURATION,
            r"""\bhow[ ](?:long(?![ ]ago\b)|old)\b|\bhow[ ]many[ ](?:days|hours|weeks|months|years|minutes|seconds)\b
                |\bwhat[ ]age\b""",
        ),
        (
            Expected.QUANTITY,
            r"""\bhow[ ](?:many|much|high|deep|low|big|large|strong|fast|often|powerful|hot|cold|heavy)\b
                |\bwhat(?:'s|[ ]is|[ ]was|[ ]were)[ ]the[ ](?:[\w-]+[ ]){0,2}(?:population|size)\b|\bpopulation[ ]of\b
                |\bmedian[ ]age\b
                |\b(?:number|count|total|amount)[ ]of\b|\bdeath[ ]toll\b
                |\bhow[ ]\w+[ ](?:was|were|is)[ ]the\b.*\b(?:toll|loss)
                |\bwhat[ ](?:was|is|were)[ ]the[ ](?:\w+[ ]){0,3}(?:toll|score|rate|magnitude|result|margin|size
                    |speed|vote|tally|(?:number|count|total|amount)[ ]of)\b
                |\b(?:what|which)[ ](?:number|rate|speed|magnitude|score|figure|total|sum|amount)\b
                |^.*\b(?:more|fewer)[ ]\w+.*\bor\b
                |\bby[ ]how[ ](?:much|many)\b|^(?:\w+[ ]){0,4}(?:toll|tally|count)\b""",
        ),
        (
            Expected.DATE,
            r"""\bwhen\b|\b(?:what|which)[ ](?:day|date|month|year|time|weekday|week|night|season|hour)\b
                |\bwhat(?:'s|[ ]is|[ ]was)[ ](?:[\w'’.-]+[ ]){1,5}?(?:birth|release|founding|opening)[ ]?(?:date|day)\b
                |\bwhat(?:'s|[ ]is|[ ]was)[ ]the[ ](?:date|day|year)[ ]of\b
                |\bhow[ ]long[ ]ago\b|\bsince[ ]when\b|^date[ ]of\b""",
        ),
        (
            Expected.REASON,
            r"""\bwhy\b
                |\bwhat[ ](?:was|is|were|are|gave)[ ](?:(?:the|their|his|her|its)[ ])?(?:reason|cause|motive|purpose)
                |\bfor[ ]what[ ](?:reason|purpose)|\bwhat[ ](?:caused|prompted|triggered|led[ ]to|drove)\b
                |\bhow[ ]come\b|\breason[ ]for\b""",
        ),
        (Expected.PLACE, rf"\bwhere\b|{_WHICH}(?:{_PLACES})\b"),
        (Expected.PERSON, rf"\b(?:who|whom|whose)\b|{_WHICH}(?:{_PERSONS})s?\b|^names?[ ]of\b"),
        (Expected.ORGANISATION, rf"{_WHICH}(?:{_ORGANISATIONS})\b"),
        (Expected.THING, r"\b(?:which|what|how)\b"),
        (
            Expected.YES_NO,
            r"""^(?:(?:so|and|but)[ ])?(?:is|are|was|were|do|does|did|has|have|had|will|would|can|could|should|may
                |might)\b""",
        ),
    )
)


def expected_answer(text: str) -> Expected:
    """What kind of answer a question asks for; THING when its wording does not tell."""
    lower = " ".join(text.replace("WHO", "W.H.O.").lower().split())
    found = [(match.start(), order) for order, (_, pattern) in enumerate(_PATTERNS) if (match := pattern.search(lower))]
    # The first question word decides ("Which sectors suffer when ..." asks for no date); patterns are ordered for ties.
    return _PATTERNS[min(found)[1]][0] if found else Expected.THING
