"""Whether a briefing has what its topic needs: what must be said, what must not, when it was, from which articles."""

from __future__ import annotations

from eval.harness.answer_scores import forbidden_score
from eval.harness.case_file import BriefingCase, all_held
from eval.harness.observation import Observation
from eval.harness.run_file import Score


def briefing_scores(seen: Observation, case: BriefingCase) -> dict[str, Score]:
    said = _lines(seen)
    missing = [nugget.id for nugget in case.nuggets if not nugget.in_any(said)]
    return {
        "briefing_nugget_recall": Score(
            1 - len(missing) / len(case.nuggets), f"missing: {', '.join(missing)}" if missing else None
        ),
        # Timeline and table of figures set other events beside this one on purpose, each under its date.
        "briefing_no_forbidden_value": forbidden_score(f"{seen.body.get('headline', '')} {seen.said}", case.forbidden),
        "briefing_events_dated": _events(seen, case),
        "briefing_articles_cited": _articles(seen),
    }


def _lines(seen: Observation) -> list[str]:
    """Everything a reader reads, a line each."""
    body = seen.body
    return [
        str(body.get("headline", "")),
        *(statement.text for statement in seen.statements),
        *(entry["text"] for entry in body.get("timeline") or ()),
        *(f"{row['what']}: {value['value']}" for row in body.get("figures") or () for value in row["values"]),
    ]


def _events(seen: Observation, case: BriefingCase) -> Score:
    """The share of events that the timeline has under their date."""
    if not case.events:
        return Score.unscored("the topic has no dated event")
    timeline = seen.body.get("timeline") or ()
    missing = [
        event.date
        for event in case.events
        if not any(entry["date"] == event.date and all_held(event.forms, entry["text"]) for entry in timeline)
    ]
    return Score(1 - len(missing) / len(case.events), f"missing: {', '.join(missing)}" if missing else None)


def _articles(seen: Observation) -> Score:
    cited = {citation["article_id"] for citation in seen.citations}
    missing = [article for article in seen.gold.articles if article not in cited]
    share = 1 - len(missing) / len(seen.gold.articles)
    return Score(share, f"not cited: {', '.join(missing)}" if missing else None)
