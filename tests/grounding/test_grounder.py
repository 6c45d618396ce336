"""Whether sentences are in the articles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import ModelUnavailable
from service.grounding.context import ArticleContext
from service.grounding.grounder import Grounder
from service.grounding.sources import DraftSentence, SentenceCheck, Source
from service.grounding.support import SupportModel
from service.models.hashing import HashingEmbedder
from service.text.sentences import sentence_spans
from service.types import Article

FLOOD = (
    "The River Senn burst its banks on 3 May 2024. Officials said 12 people were killed and 430 homes were flooded. "
    "Mayor Anna Weiss asked the army for help. Hans Bauer, the fire chief, said the dam had held.\n\n"
    "In the flood of 8 June 2013, nine people died and 210 homes were ruined. The insurers paid 64 million euros then."
)
TRIAL = (
    "A court in Lisbon convicted the banker Rui Neves of fraud on Tuesday. Judge Marta Pinto sentenced him to six "
    "years. His lawyer said he would appeal. Prosecutors had accused Luisa Couto too, but she was acquitted."
)
COMET = (
    "The probe Halia reached the comet on 9 April 2031 after a flight of seven years. It was built by the Indian "
    "agency with instruments from Canada. Nobody expected it to survive landing. It may drill into the ice in May."
)
FINAL = (
    "Norway beat Chile 3-1 in the final in front of 41,200 people. Ingrid Moe scored twice. Chile had won all five of "
    "its matches before. Norway's captain, Liv Dahl, was named best player, and Chile's Paz Rojas top scorer."
)


@pytest.fixture(scope="module")
def check(make_context):
    def check(sentence: str, text: str, **fields: str) -> SentenceCheck:
        context = make_context(text, **fields)
        return Grounder().check([DraftSentence(sentence, (Source(context, tuple(range(len(context.spans)))),))])[0]

    return check


@pytest.mark.parametrize("text", [FLOOD, TRIAL, COMET, FINAL], ids=["flood", "trial", "comet", "final"])
def test_every_sentence_as_it_stands_is_supported_by_itself_alone(check, text):
    for span in sentence_spans(text):
        found = check(span.of(text), text)
        assert (found.verdict, found.support) == ("supported", 1.0)
        assert [s.span for s in found.spans] == [span]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(FLOOD, "Twelve people died, officials said, and 430 houses were under water.", id="synonyms"),
        pytest.param(FLOOD, "The Senn broke its banks on 3 May.", id="partial_date"),
        pytest.param(FLOOD, "More than 400 homes were flooded.", id="rounded_figure"),
        pytest.param(FLOOD, "In 2013 fewer than ten people died in the flood of 8 June.", id="fewer_than"),
        pytest.param(FLOOD, "The mayor, Anna Weiss, called on the army to help.", id="apposition"),
        pytest.param(FLOOD, "Nine people lost their lives in the flood of June 2013.", id="older_event"),
        pytest.param(TRIAL, "The banker Rui Neves was found guilty of fraud by a Lisbon court.", id="passive"),
        pytest.param(TRIAL, "The judge, Marta Pinto, gave him six years.", id="pronoun"),
        pytest.param(COMET, "Halia arrived at the comet on 9 April 2031.", id="verb"),
        pytest.param(FINAL, "Chile lost the final 3-1 to Norway.", id="converse"),
        pytest.param(FINAL, "A crowd of 41,200 saw the final.", id="crowd"),
        pytest.param(TRIAL, "Luisa Couto did not go to prison.", id="denied_in_other_words"),
        pytest.param(FLOOD, "Four hundred and thirty homes were flooded.", id="figure_in_words"),
    ],
)
def test_the_same_in_other_words_is_supported(check, text, sentence):
    found = check(sentence, text)
    assert found.verdict == "supported", found.reasons


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        pytest.param(FLOOD, "Officials said 21 people were killed.", id="figure"),
        pytest.param(FLOOD, "Officials said 430 people were killed.", id="figure_of_something_else"),
        pytest.param(FLOOD, "The River Senn burst its banks on 4 May 2024.", id="date"),
        pytest.param(FLOOD, "Mayor Peter Weiss asked the army for help.", id="first_name"),
        pytest.param(FLOOD, "The fire chief, Anna Weiss, said the dam had held.", id="name_of_somebody_else"),
        pytest.param(FLOOD, "On 3 May 2024 nine people died and 210 homes were ruined.", id="merged_events"),
        pytest.param(FLOOD, "Hans Bauer, the fire chief, said the dam had not held.", id="denied"),
        pytest.param(FLOOD, "The River Senn did not burst its banks on 3 May 2024.", id="not_put_in"),
        pytest.param(FLOOD, "Looters broke into 30 shops.", id="invented"),
        pytest.param(TRIAL, "A court in Madrid convicted Rui Neves of fraud.", id="place"),
        pytest.param(TRIAL, "A court in Lisbon acquitted Rui Neves of fraud.", id="opposite"),
        pytest.param(TRIAL, "Rui Neves sentenced Judge Marta Pinto to six years.", id="roles"),
        pytest.param(COMET, "The probe was built by the Canadian agency with instruments from India.", id="swapped"),
        pytest.param(COMET, "The probe drilled into the ice in May.", id="only_possible"),
        pytest.param(FINAL, "Chile beat Norway 3-1 in the final.", id="winner"),
        pytest.param(FINAL, "Liv Dahl was named top scorer.", id="other_prize"),
        pytest.param(FINAL, "Chile had won none of its five matches before.", id="none_for_all"),
        pytest.param(FLOOD, "", id="nothing"),
        pytest.param(FLOOD, "??? \ud800 … [1]", id="no_words"),
    ],
)
def test_a_lie_is_not_supported(check, text, sentence):
    assert check(sentence, text).verdict in ("not_supported", "contradicted")


@pytest.mark.parametrize("text", ["He said that it was so.", "Nothing can be said of it."])
def test_a_sentence_without_a_word_that_tells_anything_is_not_supported(check, text):
    assert check(text, FLOOD).verdict == "not_supported"


def test_what_is_put_in_beside_the_articles_own_words_is_not_supported(check):
    found = check(
        "Hans Bauer, the fire chief, said the dam had held, as astonished tourists filmed the spectacle.", FLOOD
    )
    assert found.verdict == "not_supported"


def test_a_lie_says_what_is_wrong(check):
    assert any("21" in reason for reason in check("Officials said 21 people were killed.", FLOOD).reasons)


def test_the_sentence_that_dates_the_event_is_cited_too(check):
    found = check("On 3 May 2024 12 people were killed, officials said.", FLOOD)
    assert found.verdict == "supported"
    assert [(s.first, s.last) for s in found.spans] == [(1, 1), (0, 0)]


def test_two_claims_from_two_places_cite_both(check):
    found = check("12 people were killed, officials said, and Mayor Anna Weiss asked the army for help.", FLOOD)
    assert found.verdict == "supported"
    assert {s.first for s in found.spans} >= {1, 2}


def test_a_right_sentence_with_a_wrong_marker_is_cited_anew(make_context):
    right, wrong = make_context(FLOOD), make_context(COMET)
    cited, other = (Source(c, tuple(range(len(c.spans)))) for c in (wrong, right))
    (found,) = Grounder().check([DraftSentence("Anna Weiss asked the army for help.", (cited,))], [cited, other])
    assert (found.verdict, found.recited) == ("supported", True)
    assert found.spans[0].context is right


def test_a_wrong_sentence_is_not_saved_by_other_evidence(make_context):
    sources = [Source(c, tuple(range(len(c.spans)))) for c in (make_context(COMET), make_context(FLOOD))]
    (found,) = Grounder().check(
        [DraftSentence("Anna Weiss resigned after a quarrel with 40 officers of the army.", (sources[0],))], sources
    )
    assert found.verdict != "supported"


def test_markers_in_the_text_do_not_count(check):
    assert check("Mayor Anna Weiss asked the army for help [1][2, 3].", FLOOD).verdict == "supported"


class Opinion:
    def __init__(self, says: bool | Exception) -> None:
        self._says = says

    def denies(self, sentence: str, quotes: tuple[str, ...]) -> bool:
        assert quotes
        if isinstance(self._says, Exception):
            raise self._says
        return self._says


@pytest.mark.parametrize(
    ("says", "verdict"),
    [
        pytest.param(False, "supported", id="confirms"),
        pytest.param(True, "not_supported", id="denies"),
        pytest.param(TimeoutError(), "not_supported", id="cannot_say"),
    ],
)
def test_a_second_opinion_can_only_take_away(make_context, says, verdict):
    context = make_context(FLOOD)
    draft = DraftSentence("Mayor Anna Weiss asked the army for help.", (Source(context, (0, 1, 2)),))
    (found,) = Grounder(opinion=Opinion(says)).check([draft])
    assert found.verdict == verdict


class Gone(HashingEmbedder):
    def embed_chunks(self, chunks):
        raise ModelUnavailable("no model")


def test_without_its_model_the_words_decide(make_context):
    context = make_context(FLOOD)
    drafts = [DraftSentence("The mayor, Anna Weiss, called on the army to help.", (Source(context, (0, 1, 2)),))]
    assert Grounder(Gone()).check(drafts) == Grounder().check(drafts)


def test_the_models_that_ship_are_strict_with_drafts_alone():
    assert SupportModel.load("drafts").strict
    assert not SupportModel.load("texts").strict


def _context(text: str) -> ArticleContext:
    article = Article(id="a", title="", text=text, raw_text=text, origin="", cleaner="1", ingested_at="2025-11-20")
    return ArticleContext(article, sentence_spans(text))


@given(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=300))
def test_odd_text_never_raises_and_always_comes_out_the_same(sentence, text):
    context = _context(text)
    source = Source(context, tuple(range(len(context.spans))))
    drafts = [DraftSentence(sentence, (source,)), DraftSentence(text, (source,))]
    first, second = (Grounder(HashingEmbedder()).check(drafts, [source]) for _ in range(2))
    assert first == second
    assert all(0.0 <= found.support <= 1.0 for found in first)
