"""Whether sentences are in the articles."""

from __future__ import annotations

import pytest

from service.grounding.grounder import Grounder
from service.grounding.sources import DraftSentence, SentenceCheck, Source

FLOOD = (
    "The River Senn burst its banks on 3 May 2024. Officials said 12 people were killed and 430 homes were flooded. "
    "Mayor Anna Weiss asked the army for help."
)


@pytest.fixture
def check(make_context):
    def check(sentence: str, text: str = FLOOD) -> SentenceCheck:
        context = make_context(text)
        source = Source(context, tuple(range(len(context.spans))))
        return Grounder().check([DraftSentence(sentence, (source,))])[0]

    return check


@pytest.mark.parametrize("sentence", [s.strip() + "." for s in FLOOD.rstrip(".").split(". ")])
def test_what_stands_there_word_for_word_is_supported(check, sentence):
    found = check(sentence)
    assert found.verdict == "supported"
    assert found.support > 0.95


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("Officials said 21 people were killed.", id="figure"),
        pytest.param("Officials said 430 people were killed.", id="figure_of_something_else"),
        pytest.param("The River Senn burst its banks on 4 May 2024.", id="date"),
        pytest.param("Mayor Peter Weiss asked the army for help.", id="name"),
        pytest.param("", id="nothing"),
        pytest.param("??? \ud800 …", id="no_words"),
    ],
)
def test_what_does_not_stand_there_is_not_supported(check, sentence):
    assert check(sentence).verdict not in ("supported", "partially_supported")


def test_the_spans_are_the_narrowest(check):
    (span,) = check("Anna Weiss asked for help.").spans
    assert (span.first, span.last) == (2, 2)


def test_a_right_sentence_with_a_wrong_marker_is_cited_anew(make_context):
    right, wrong = make_context(FLOOD), make_context("The museum opens at nine. Tickets are free.")
    cited, other = (Source(c, tuple(range(len(c.spans)))) for c in (wrong, right))
    (found,) = Grounder().check([DraftSentence("Anna Weiss asked for help.", (cited,))], [cited, other])
    assert found.verdict == "supported"
    assert found.recited
    assert found.spans[0].context is right
