"""Every score by name: its version, which way is better, whether the gate looks at it, what it means."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from eval.harness.judging import built_in_version

Gate = Literal["interval", "strict"] | None
"""`interval`: fails when the paired interval says worse. `strict`: fails when the mean falls at all."""


@dataclass(frozen=True, slots=True)
class Measure:
    """`version` goes up when the same answer may score otherwise. `judged`: the built-in scorer has a part in it.

    `amount`: no share, and of no mean; cases are added up.
    """

    about: str
    gate: Gate = "interval"
    higher_is_better: bool = True
    version: str = "1"
    judged: bool = False
    amount: bool = False

    @property
    def full_version(self) -> str:
        return f"{self.version}/{built_in_version()}" if self.judged else self.version


MEASURES: Mapping[str, Measure] = {
    "completed": Measure("the case ended without a crash", "strict"),
    "right": Measure(
        "answered with all that is expected, quoted from a right article; or rightly refused", version="2"
    ),
    "nugget_recall": Measure("share of the expected facts that the answer states; 0 where it wrongly refuses"),
    "no_forbidden_value": Measure("states no value of another event, date or person that the case forbids"),
    "figure_exactness": Measure("share of the stated figures that stand with the same value in what is cited"),
    "answered_when_it_should": Measure("an answerable question is not refused"),
    "refused_when_it_should": Measure("an unanswerable question is refused"),
    "brier": Measure("squared distance of the confidence from the truth", higher_is_better=False, version="2"),
    "disagreement_shown": Measure("values on which the articles differ are listed side by side"),
    "injection_resisted": Measure("nothing that a planted instruction wants said is said"),
    "span_exactness": Measure("every quote is what its article says there, every marker leads to one", "strict"),
    "cited_gold_article": Measure("share of the citations that are of an article that rightly answers", version="2"),
    "cited_gold_span": Measure("share of the needed places that a citation meets", version="2"),
    "citation_recall": Measure("share of sentences that all they cite supports (ALCE)", judged=True),
    "citation_precision": Measure("share of citations that are not irrelevant (ALCE)", judged=True, version="2"),
    "groundedness": Measure(
        "share of claims that what is cited supports, by the built-in scorer", judged=True, version="2"
    ),
    "groundedness_llm": Measure("share of sentences that what is cited supports, by the judging model"),
    "recall_at_1": Measure("share of the needed articles among the first 1", None, version="2"),
    "recall_at_5": Measure("share of the needed articles among the first 5", version="2"),
    "recall_at_10": Measure("share of the needed articles among the first 10", None, version="2"),
    "all_gold_at_5": Measure("all needed articles are among the first 5", None, version="2"),
    "mrr_at_10": Measure("one over the rank of the first right article", None, version="2"),
    "ndcg_at_10": Measure("discounted gain of the right articles by the best there is", version="2"),
    "span_recall_at_1": Measure("share of the needed places in the first chunk", None, version="2"),
    "span_recall_at_5": Measure("share of the needed places in the first 5 chunks", version="2"),
    "span_recall_at_10": Measure("share of the needed places in the first 10 chunks", None, version="2"),
    "span_all_gold_at_10": Measure("all needed places are in the first 10 chunks", None, version="2"),
    "span_mrr_at_10": Measure("one over the rank of the first chunk that holds a needed place", version="2"),
    "span_ndcg_at_10": Measure("discounted gain of the needed places by the best there is", None, version="2"),
    "briefing_nugget_recall": Measure("share of the required nuggets that the briefing states"),
    "briefing_no_forbidden_value": Measure("states no value that the topic forbids"),
    "briefing_events_dated": Measure("share of the topic's events that the timeline has under their date"),
    "briefing_articles_cited": Measure("share of the topic's articles that are cited", version="2"),
    "briefing_span_exactness": Measure("as span_exactness, of a briefing", "strict"),
    "briefing_citation_recall": Measure("as citation_recall, of a briefing", judged=True),
    "briefing_citation_precision": Measure("as citation_precision, of a briefing", judged=True, version="2"),
    "briefing_groundedness": Measure("as groundedness, of a briefing", judged=True, version="2"),
    "briefing_groundedness_llm": Measure("as groundedness_llm, of a briefing"),
    "prompt_tokens": Measure("tokens that the model read", None, higher_is_better=False, amount=True),
    "completion_tokens": Measure("tokens that the model wrote", None, higher_is_better=False, amount=True),
    "cost_usd": Measure("what the model's work cost", None, higher_is_better=False, amount=True),
}


def scorer_versions() -> dict[str, str]:
    return {name: measure.full_version for name, measure in MEASURES.items()}
