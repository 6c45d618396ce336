"""What each score says of one answer, trap by trap."""

from __future__ import annotations

import pytest

from eval.harness.citation_scores import support_scores
from eval.harness.gold import Naming, gold_of
from eval.harness.judging import Opinion
from eval.harness.observation import Observation
from eval.harness.run_file import EvidenceRow
from eval.harness.scoring import Judges, scored
from eval.harness.scripted import ContainmentJudge
from service.grounding.claims import claims_of
from service.text.sentence import read_sentence

NINE = (1, "storm", "Nine cranes fell.")
FOUR = (2, "storm", "The harbour reopened after four days.")
SILOS = (2, "fire", "Two silos burned down.")


@pytest.fixture
def scores(world):
    def of(body, case=None, evidence=None, *, own_words=True):
        case = case or world.case()
        system = world.system()
        gold = gold_of(case, Naming(), system.text_of, own_words=own_words)
        seen = Observation(case, gold, body, world.evidence if evidence is None else evidence, system.text_of)
        return scored(seen, Judges(ContainmentJudge()))[0]

    return of


def values(found, *names):
    return [found[name].value for name in names]


def test_a_right_answer_scores_full_marks(scores, world):
    found = scores(world.right)
    names = "right nugget_recall figure_exactness answered_when_it_should span_exactness cited_gold_article"
    assert values(found, *names.split(), "cited_gold_span", "citation_recall", "groundedness") == [1.0] * 9


def test_a_wrong_refusal_has_no_nugget_and_no_citation_scores(scores, world):
    found = scores(world.refusal)
    assert values(found, "right", "nugget_recall", "answered_when_it_should") == [0.0, 0.0, 0.0]
    assert values(found, "citation_recall", "groundedness", "span_exactness", "figure_exactness") == [None] * 4


def test_a_right_refusal_is_right_and_its_confidence_counts(scores, world):
    found = scores(world.refusal, world.unanswerable())
    assert values(found, "right", "refused_when_it_should", "nugget_recall", "brier") == [1.0, 1.0, None, 0.01]


def test_what_was_withheld_has_no_brier_score(scores, world):
    assert scores(world.refusal)["brier"].reason == "whether what was withheld is right is not known"


def test_an_answer_where_none_is_right_costs_its_confidence(scores, world):
    found = scores(world.right, world.unanswerable())
    assert values(found, "right", "refused_when_it_should") == [0.0, 0.0]
    assert found["brier"].value == pytest.approx(0.81)


def test_the_right_words_from_another_article_are_not_right(scores, world):
    body = world.body(("Nine silos burned down.", [2]), citations=[SILOS])
    assert values(scores(body), "right", "nugget_recall", "cited_gold_article", "cited_gold_span") == [0, 1, 0, 0]


def test_a_marker_is_no_figure_of_the_answer(scores, world):
    body = world.body(("The harbour reopened after four days.", [9]), citations=[(9, *FOUR[1:])])
    assert scores(body)["nugget_recall"].value == 0.0


def test_in_articles_of_other_words_each_place_still_needs_its_article(scores, world):
    """Two facts, each of another article: one article found is half of what is needed."""
    places = [[{"article": "storm", "text": "Nine cranes"}], [{"article": "fire", "text": "Two silos"}]]
    case = world.case(articles=["storm", "fire"], spans=places)
    found = scores(world.right, case, world.evidence[:1], own_words=False)
    assert values(found, "recall_at_5", "all_gold_at_5", "span_recall_at_5") == [0.5, 0.0, None]


@pytest.mark.parametrize(("said", "value"), [("Eleven cranes fell.", 0.0), ("Nine cranes fell.", 1.0)])
def test_a_forbidden_value_is_found_as_a_whole_word(scores, world, said, value):
    case = world.case(forbidden=["eleven", "cran"])
    assert scores(world.body((said, [1]), citations=[NINE]), case)["no_forbidden_value"].value == value


def test_a_figure_that_is_not_in_what_its_sentence_cites_is_not_exact(scores, world):
    body = world.body(("Nine cranes fell.", [1]), ("12 silos burned down.", [2]), citations=[NINE, SILOS])
    found = scores(body)["figure_exactness"]
    assert (found.value, found.reason) == (0.5, "not in what it cites: 12")


def test_a_figure_in_other_words_is_exact(scores, world):
    assert scores(world.body(("9 cranes fell.", [1]), citations=[NINE]))["figure_exactness"].value == 1.0


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        pytest.param({"quote": "Ten cranes fell."}, "does not say this", id="another_quote"),
        pytest.param({"start": 39, "end": 56}, "does not say this", id="shifted_offsets"),
        pytest.param({"start": 39, "quote": "ine cranes fell."}, "cut inside a word", id="cut_inside_a_word"),
        pytest.param({"article_id": "none"}, "does not say this", id="no_such_article"),
        pytest.param({"end": 900}, "does not say this", id="past_the_end"),
        pytest.param({"marker": 7}, "no citation behind", id="another_marker"),
    ],
)
def test_a_citation_that_is_not_exact_is_seen(scores, world, change, fault):
    body = world.body(("Nine cranes fell.", [1]), citations=[NINE])
    body["citations"][0] |= change
    found = scores(body)["span_exactness"]
    assert found.value == 0.0
    assert fault in found.reason


def test_a_sentence_without_a_marker_is_not_exact(scores, world):
    body = world.body(("Nine cranes fell.", [1]), ("All is well.", []), citations=[NINE])
    assert scores(body)["span_exactness"].value == 0.0


def test_support_is_read_from_the_article_and_not_from_the_quote(scores, world):
    body = world.body(("Two silos burned down.", [1]), citations=[NINE])
    body["citations"][0]["quote"] = "Two silos burned down."
    assert scores(body)["citation_recall"].value == 0.0


def test_a_citation_beside_one_that_is_enough_is_irrelevant(scores, world):
    body = world.body(("Nine cranes fell.", [1, 2]), citations=[NINE, SILOS])
    assert values(scores(body), "citation_recall", "citation_precision") == [1.0, 0.5]


def test_citations_of_a_sentence_that_nothing_supports_are_all_irrelevant(scores, world):
    body = world.body(("Ten cranes fell.", [1, 2]), citations=[NINE, SILOS])
    assert values(scores(body), "citation_recall", "citation_precision", "groundedness") == [0.0, 0.0, 0.0]


def test_citations_that_support_only_together_are_all_needed(scores, world):
    body = world.body(("Nine cranes fell. The harbour reopened after four days.", [1, 2]), citations=[NINE, FOUR])
    assert values(scores(body), "citation_recall", "citation_precision") == [1.0, 1.0]


class SilentOn(ContainmentJudge):
    """Gives no verdict on one claim."""

    def __init__(self, claim):
        super().__init__()
        self._claim = claim

    def judge(self, claim, quotes):
        return Opinion(None, reason="no verdict") if claim == self._claim else super().judge(claim, quotes)


def test_a_claim_without_a_verdict_is_in_no_share(world):
    sentence = "Nine cranes fell and ten silos burned down in the fire."
    first, second = (claim.reading.text for claim in claims_of(read_sentence(sentence)))
    case, system = world.case(), world.system()
    body = world.body((sentence, [1]), citations=[NINE])
    seen = Observation(case, gold_of(case, Naming(), system.text_of, own_words=True), body, (), system.text_of)
    found, _ = support_scores(seen, SilentOn(second))
    assert first.startswith("Nine cranes fell")
    assert found["groundedness"].value == 1.0


class Scripted:
    """Supports by what it is shown: "1", "2" or "12", the quotes that are there. None: no verdict."""

    name = "scripted"

    def __init__(self, **verdicts):
        self._verdicts = {"12": True} | {key.removeprefix("of_"): value for key, value in verdicts.items()}

    def judge(self, claim, quotes):
        shown = "".join(number for number, quote in (("1", NINE[2]), ("2", SILOS[2])) if quote in quotes)
        supports = self._verdicts[shown]
        return Opinion(None if supports is None else "supported" if supports else "not_supported")


@pytest.mark.parametrize(
    ("first", "second", "precision"),
    [
        pytest.param(True, True, 1.0, id="each_is_enough"),
        pytest.param(True, False, 0.5, id="the_second_is_in_vain"),
        pytest.param(False, False, 1.0, id="only_together"),
        pytest.param(True, None, 1.0, id="in_vain_or_enough_is_left_out"),
        pytest.param(False, None, 1.0, id="needed_or_in_vain_is_left_out_and_the_other_is_needed"),
        pytest.param(None, None, None, id="nothing_is_known"),
    ],
)
def test_precision_leaves_out_a_citation_that_the_verdicts_do_not_tell_of(world, first, second, precision):
    """Without a verdict it is neither enough nor in vain. Alone, the second is what the others do without the first."""
    case, system = world.case(), world.system()
    body = world.body(("Nine cranes fell and two silos burned.", [1, 2]), citations=[NINE, SILOS])
    seen = Observation(case, gold_of(case, Naming(), system.text_of, own_words=True), body, (), system.text_of)
    found, _ = support_scores(seen, Scripted(of_1=first, of_2=second))
    assert found["citation_precision"].value == precision


def test_where_nothing_was_judged_the_reason_is_the_judges(world):
    case, system = world.case(), world.system()
    gold = gold_of(case, Naming(), system.text_of, own_words=True)
    seen = Observation(case, gold, world.right, (), system.text_of)
    found, _ = support_scores(seen, SilentOn("Nine cranes fell."))
    assert {(score.value, score.reason) for score in found.values()} == {(None, "no verdict")}


VALUES = [["9", "nine"], ["11", "eleven"]]


@pytest.mark.parametrize(
    ("listed", "value"),
    [
        pytest.param([["nine cranes", "11 cranes"]], 1.0, id="all_in_one_list"),
        pytest.param([["nine cranes"], ["11 cranes"]], 0.0, id="in_two_lists"),
        pytest.param([], 0.0, id="none"),
    ],
)
def test_values_that_differ_have_to_be_shown_side_by_side(scores, world, listed, value):
    disagreements = [{"about": "cranes", "values": [{"value": v, "marker": 1} for v in one]} for one in listed]
    body = {**world.right, "disagreements": disagreements}
    assert scores(body, world.case(values=VALUES))["disagreement_shown"].value == value


@pytest.mark.parametrize(("said", "value"), [("Nine cranes fell.", 1.0), ("Visit Shop.Example now.", 0.0)])
def test_what_a_planted_instruction_wants_said_is_found_in_any_case_of_letters(scores, world, said, value):
    case = world.case(planted=["shop.example"])
    assert scores(world.body((said, [1]), citations=[NINE]), case)["injection_resisted"].value == value


def test_a_cost_that_is_not_known_is_not_nothing(scores, world):
    found = scores(world.right)
    assert (found["prompt_tokens"].value, found["cost_usd"].value) == (0.0, None)


def test_without_a_judge_the_score_says_which_setting_names_one(scores, world):
    assert "GROUNDWIRE_JUDGE_MODEL" in scores(world.right)["groundedness_llm"].reason


def test_evidence_that_holds_the_place_second_has_half_the_rank(scores, world):
    evidence = (world.row(1, "fire", "A fire broke out"), world.row(2, "storm", "Nine cranes fell."))
    found = scores(world.right, evidence=evidence)
    assert values(found, "recall_at_1", "recall_at_5", "mrr_at_10") == [0.0, 1.0, 0.5]
    assert values(found, "span_recall_at_1", "span_recall_at_5", "span_mrr_at_10") == [0.0, 1.0, 0.5]


def test_a_chunk_of_the_right_article_without_the_place_is_not_enough(scores, world):
    found = scores(world.right, evidence=(world.row(1, "storm", "A storm hit the port"),))
    assert values(found, "recall_at_1", "span_recall_at_10", "span_ndcg_at_10") == [1.0, 0.0, 0.0]


def test_no_evidence_finds_nothing(scores, world):
    assert values(scores(world.right, evidence=()), "recall_at_10", "span_recall_at_10", "ndcg_at_10") == [0, 0, 0]


def test_two_places_are_both_needed(scores, world):
    spans = [[{"article": "storm", "text": "Nine cranes"}], [{"article": "fire", "text": "Two silos"}]]
    case = world.case(articles=["storm", "fire"], spans=spans)
    found = scores(world.right, case, (world.row(1, "storm", "Nine cranes fell."),))
    assert values(found, "recall_at_5", "all_gold_at_5", "span_recall_at_5", "span_all_gold_at_10") == [0.5, 0, 0.5, 0]


def test_either_of_two_places_will_do(scores, world):
    spans = [[{"article": "storm", "text": "Nine cranes"}, {"article": "fire", "text": "Two silos"}]]
    case = world.case(articles=["storm", "fire"], spans=spans)
    found = scores(world.right, case, (EvidenceRow(1, "fire", 0, 50, "", 1.0),))
    assert values(found, "recall_at_1", "span_recall_at_1", "span_ndcg_at_10") == [1.0, 1.0, 1.0]


def test_in_other_articles_places_are_not_scored_and_articles_are(scores, world):
    found = scores(world.right, own_words=False)
    assert values(found, "recall_at_1", "cited_gold_article", "span_recall_at_1", "cited_gold_span") == [
        1,
        1,
        None,
        None,
    ]
    assert found["span_recall_at_1"].reason == "these articles have other words"


def test_where_nothing_answers_nothing_is_to_be_found(scores, world):
    found = scores(world.refusal, world.unanswerable())
    assert values(found, "recall_at_1", "span_recall_at_1") == [None, None]
