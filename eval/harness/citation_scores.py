"""Whether citations are exact, support what they stand behind, and are needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eval.harness.judging import Opinion, SentenceJudge
from eval.harness.observation import Observation, Statement
from eval.harness.run_file import Judgement, Score
from service.grounding.claims import claims_of
from service.text.sentence import read_sentence

_NOTHING = Score.unscored("nothing was stated")


def span_exactness(seen: Observation) -> Score:
    """1 when each quote is what its article says there, no word cut, and each sentence has markers, all known."""
    if not seen.statements and not seen.citations:
        return _NOTHING
    faults = [fault for citation in seen.citations if (fault := _fault(seen, citation))]
    known = {citation["marker"] for citation in seen.citations}
    for statement in seen.statements:
        if not statement.markers or not known.issuperset(statement.markers):
            faults.append(f"no citation behind {statement.text[:60]!r}")
    return Score(float(not faults), faults[0] if faults else None)


def _fault(seen: Observation, citation: Mapping[str, Any]) -> str | None:
    start, end, quote = citation["start"], citation["end"], citation["quote"]
    if not quote or seen.cited_text(citation) != quote:
        return f"[{citation['marker']}]: the article does not say this at [{start}, {end})"
    text = seen.text_of(citation["article_id"], citation["revision"])
    edges = (text[max(0, start - 1) : start + 1], text[end - 1 : end + 1])
    if quote != quote.strip() or any(len(edge) == 2 and edge.isalnum() for edge in edges):
        return f"[{citation['marker']}]: the quote is cut inside a word or beside one"
    return None


def gold_citation_scores(seen: Observation) -> dict[str, Score]:
    """Measures that depend on no judge: whether it cites the articles and places that rightly answer."""
    if not seen.citations:
        return dict.fromkeys(("cited_gold_article", "cited_gold_span"), Score.unscored("it cites nothing"))
    if not seen.gold.articles:
        return dict.fromkeys(("cited_gold_article", "cited_gold_span"), Score.unscored("no article answers this"))
    of_gold = sum(citation["article_id"] in seen.gold.articles for citation in seen.citations)
    return {"cited_gold_article": Score(of_gold / len(seen.citations)), "cited_gold_span": _gold_spans(seen)}


def _gold_spans(seen: Observation) -> Score:
    spans = seen.gold.spans
    if not spans:
        return Score.unscored("these articles have other words" if spans is None else "the case names no places")
    cited = [(c["article_id"], c["start"], c["end"]) for c in seen.citations]
    met = sum(any(span.meets(*place) for span in group for place in cited) for group in spans)
    return Score(met / len(spans))


def support_scores(seen: Observation, judge: SentenceJudge) -> tuple[dict[str, Score], tuple[Judgement, ...]]:
    """Citation recall and precision as ALCE defines them (Gao et al., 2023), and groundedness.

    Recall: the share of sentences that all they cite supports together. Precision: the share of citations that are not
    irrelevant; one is where it does not support its sentence alone and the others do without it, and where the
    sentence is not supported at all; one of which the judge's verdicts do not tell is left out. Groundedness: the share
    of claims, of which a sentence may make several, that what the sentence cites supports; one that the judge gives no
    verdict on is left out.
    """
    names = ("citation_recall", "citation_precision", "groundedness")
    judgements: list[Judgement] = []
    supported, claims, claims_supported, relevant, cited = 0, 0, 0, 0, 0
    for number, statement in enumerate(seen.statements):
        quotes = seen.quotes_of(statement)
        opinion = judge.judge(statement.text, quotes)
        judgements.append(_judgement(number, judge.name, opinion))
        if opinion.verdict is None:
            continue
        supported += opinion.supports
        hits, of = _claims(statement, quotes, opinion, judge)
        claims_supported, claims = claims_supported + hits, claims + of
        needed = _needed(statement, quotes, judge) if opinion.supports else [False] * len(quotes)
        told = [one for one in needed if one is not None]
        relevant, cited = relevant + sum(told), cited + len(told)
    judged = sum(judgement.verdict is not None for judgement in judgements)
    if not judged:
        none = Score.unscored(judgements[0].reason) if judgements else _NOTHING
        return dict.fromkeys(names, none), tuple(judgements)
    return {
        "citation_recall": Score(supported / judged),
        "citation_precision": Score(relevant / cited) if cited else Score.unscored("it cites nothing that was judged"),
        "groundedness": Score(claims_supported / claims) if claims else Score.unscored("no claim was judged"),
    }, tuple(judgements)


def _claims(statement: Statement, quotes: Sequence[str], opinion: Opinion, judge: SentenceJudge) -> tuple[int, int]:
    """Claims that are supported, of how many that were judged."""
    texts = [claim.reading.text for claim in claims_of(read_sentence(statement.text))] or [statement.text]
    if opinion.supports or len(texts) == 1:
        return len(texts) * opinion.supports, len(texts)
    given = [one for text in texts if (one := judge.judge(text, quotes)).verdict is not None]
    return sum(one.supports for one in given), len(given)


def _needed(statement: Statement, quotes: Sequence[str], judge: SentenceJudge) -> list[bool | None]:
    """Of a sentence that all its quotes support: which of them are not irrelevant, None where verdicts are missing."""
    if len(quotes) == 1:
        return [True]
    found: list[bool | None] = []
    for i, quote in enumerate(quotes):
        alone = judge.judge(statement.text, [quote])
        rest = alone if alone.supports else judge.judge(statement.text, [q for j, q in enumerate(quotes) if j != i])
        if alone.supports or (rest.verdict is not None and not rest.supports):
            found.append(True)
        else:
            found.append(None if alone.verdict is None or rest.verdict is None else False)
    return found


def llm_groundedness(seen: Observation, judge: SentenceJudge | None) -> tuple[Score, tuple[Judgement, ...]]:
    """The share of sentences that what they cite supports, as the model in its own role sees it."""
    if judge is None:
        return Score.unscored("no judge is set: GROUNDWIRE_JUDGE_MODEL"), ()
    opinions = [judge.judge(statement.text, seen.quotes_of(statement)) for statement in seen.statements]
    judgements = tuple(_judgement(number, judge.name, opinion) for number, opinion in enumerate(opinions))
    given = [opinion for opinion in opinions if opinion.verdict is not None]
    if not opinions:
        return _NOTHING, judgements
    if not given:
        return Score.unscored(opinions[0].reason), judgements
    return Score(sum(opinion.supports for opinion in given) / len(given)), judgements


def _judgement(number: int, by: str, opinion: Opinion) -> Judgement:
    support = None if opinion.support is None else round(opinion.support, 4)
    return Judgement(number, by, opinion.verdict, support, opinion.reason)
