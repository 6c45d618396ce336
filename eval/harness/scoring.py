"""All scores of one case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from eval.harness.answer_scores import answer_scores
from eval.harness.briefing_scores import briefing_scores
from eval.harness.case_file import QuestionCase, SuiteCase
from eval.harness.catalogue import MEASURES
from eval.harness.citation_scores import gold_citation_scores, llm_groundedness, span_exactness, support_scores
from eval.harness.judging import SentenceJudge
from eval.harness.observation import Observation
from eval.harness.retrieval_scores import article_scores, span_scores
from eval.harness.run_file import Judgement, Score

_BRIEFING = "briefing_"


@dataclass(frozen=True, slots=True)
class Judges:
    """`llm`: the model in its own role, None where none is set."""

    built_in: SentenceJudge
    llm: SentenceJudge | None = None


def scored(seen: Observation, judges: Judges) -> tuple[dict[str, Score], tuple[Judgement, ...]]:
    """Every score that a case of this form can have, in the order of the catalogue, and what the judges said."""
    support, judgements = support_scores(seen, judges.built_in)
    by_llm, more = llm_groundedness(seen, judges.llm)
    shared = {"span_exactness": span_exactness(seen), **support, "groundedness_llm": by_llm}
    found: dict[str, Score] = {"completed": Score(1.0)}
    if isinstance(seen.case, QuestionCase):
        found |= answer_scores(seen, seen.case) | shared | gold_citation_scores(seen)
        found |= article_scores(seen) | span_scores(seen)
    else:
        found |= briefing_scores(seen, seen.case)
        found |= {f"{_BRIEFING}{name}": score for name, score in shared.items()}
    return in_order(found), (*judgements, *more)


def crashed(case: SuiteCase) -> dict[str, Score]:
    """What a case scores that crashed: that it did, and nothing else."""
    names = (name for name in MEASURES if name.startswith(_BRIEFING) == (case.form == "briefing"))
    return in_order(dict.fromkeys(names, Score.unscored("it crashed")) | {"completed": Score(0.0, "it crashed")})


def in_order(scores: Mapping[str, Score]) -> dict[str, Score]:
    return {name: scores[name] for name in MEASURES if name in scores}
