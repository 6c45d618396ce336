"""What the articles say is not known, and no later article of them answers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from service.briefing.events import EventGroup
from service.briefing.ranking import RankedEvent
from service.briefing.statements import Statement
from service.text.dating import publication_day

_ADVERBS = r"(?:\w+ly |yet |been |immediately )*"
_OPEN = re.compile(
    r"(?<!well-)(?<!not )\bun(?:known|clear|confirmed|verified|certain|explained|accounted for)\b|"
    rf"\b(?:not|never|n['’]t) {_ADVERBS}(?:known|clear|confirmed|verified|assessed|established|determined|identified|"
    r"disclosed|released|explained|ruled out|specif(?:y|ied)|elaborate|say (?:how|what|when|where|who|why|whether))\b|"
    r"\b(?:gave|given|give|giving|provided|had|with) (?:no|few) (?:further |more |other )?"
    r"(?:details?|information|explanation|reasons?)\b|\b(?:no|few) details? (?:was|were|on|about|of)\b|"
    r"\bdetails? .{0,40}\b(?:were|was|are) (?:sparse|scarce|few|scant)\b|"
    r"\b(?:still|is|are|was|were) (?:still )?being (?:assessed|investigated|determined|counted|verified|examined)\b|"
    r"\bunder investigation\b|\bremains? to be (?:seen|known|determined)\b|"
    r"\b(?:could|can)(?:\s?not|n['’]t) (?:be )?(?:independently )?(?:verif|confirm|determin|establish)\w*|"
    r"\b(?:depends?|hinges?|would depend|will depend) on (?:whether|how|if)\b|\bopen question\b|"
    r"\bit is unclear\b|\binvestigators? (?:are|is) (?:looking|trying|working)\b",
    re.IGNORECASE,
)
_HOW_MANY = re.compile(
    r"\b(?:how many|number|toll|casualt\w+|extent|how much|figures?|victims?|injur\w+|deaths?)\b", re.I
)
_SAME_MATTER = 0.55
_LEAST_NEAR = 0.3


def open_questions(
    events: Sequence[RankedEvent], statements: Sequence[Statement]
) -> list[tuple[int | None, Statement]]:
    """Sentences that say what is not known, with their event's number, the nearest to the topic first."""
    event_of = {id(s): e for e, event in enumerate(events) for s in event.group.statements}
    found = []
    for statement in statements:
        if statement.relevance < _LEAST_NEAR or statement.leaning or not is_open(statement.text):
            continue
        e = event_of.get(id(statement))
        if e is None or not _is_answered(statement, events[e].group):
            found.append((e, statement))
    return sorted(found, key=lambda f: (-f[1].relevance, f[1].key))


def is_open(text: str) -> bool:
    """Whether a sentence says that something is not known."""
    return _OPEN.search(text) is not None


def _is_answered(question: Statement, group: EventGroup) -> bool:
    """Whether a number that was not known is given by another article of the same event, not an earlier one."""
    if not _HOW_MANY.search(question.text):
        return False
    asked_on = publication_day(question.one.article.published_at)
    for other in group.statements:
        if other.one is question.one or _OPEN.search(other.text) or not other.reading.figures:
            continue
        said_on = publication_day(other.one.article.published_at)
        if asked_on is not None and said_on is not None and said_on < asked_on:
            continue
        if float(other.vector @ question.vector) >= _SAME_MATTER:
            return True
    return False
