"""Saying that the articles do not say, and why."""

from __future__ import annotations

from collections.abc import Sequence

from service.answering.candidates import Candidates
from service.types import AbstentionReason, Article

_OFF_TOPIC_SIMILARITY = 0.2
"""Below this cosine no sentence is taken to have to do with the question. Set by hand; it only words the refusal."""

_MOST_NAMED = 3

_SENTENCES: dict[AbstentionReason, str] = {
    "empty_library": "There are no articles to answer from yet.",
    "off_topic": "The articles have nothing on this.",
    "not_in_articles": "The articles do not say.",
    "unverified": "The articles may say something on this, but no sentence of it could be verified.",
}


def abstention_sentence(reason: AbstentionReason, asked_about: str | None = None) -> str:
    """One sentence for the reader. `asked_about` is the question's own wording of the date, for `other_date`."""
    if reason == "other_date":
        when = f"for {asked_about}" if asked_about else "for that date"
        return f"The articles do not say this {when}; what they say is of another date or states none."
    return _SENTENCES[reason]


def abstention_reason(found: Candidates, answers_at_another_time: bool) -> AbstentionReason:
    """Why there is no answer, given what was found and whether a sentence would have answered but for its date."""
    if answers_at_another_time:
        return "other_date"
    if found.best_similarity < _OFF_TOPIC_SIMILARITY:
        return "off_topic"
    return "not_in_articles"


def left_open(parts: Sequence[str]) -> str:
    """Which parts of a question the articles do not answer, in its own words."""
    return "what the articles do not say: " + "; ".join(parts)


def further_events(which: Sequence[str]) -> str:
    """The events that a question fits too and for which there was no room, each named by its day or its article."""
    named = [*which[:_MOST_NAMED], *([f"{len(which) - _MOST_NAMED} more"] if len(which) > _MOST_NAMED else [])]
    return f"{'others' if len(which) > 1 else 'another'} that the question fits too: {', '.join(named)}"


def when_unknown(article: Article) -> str:
    """What an answer from an article that does not date it leaves open."""
    published = f" but that of its publication, {article.published_at[:10]}" if article.published_at else ""
    return f"when this was: the article gives no date{published}"
