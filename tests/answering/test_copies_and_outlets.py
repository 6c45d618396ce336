"""Answers from copies, and from the outlet that a question names."""

from __future__ import annotations

import pytest

STORY = (
    "A crane fell into the harbour on Monday. Nine people were hurt, the regional police said. The harbour master "
    "closed the northern pier and asked the owners of forty ships to wait outside until the wreck had been lifted."
)
CORRECTED = STORY.replace("Nine people", "Eleven people")
QUESTION = "How many people were hurt when the crane fell into the harbour?"


@pytest.fixture
def copies(newsroom):
    newsroom.add(
        wire={"text": STORY, "source": "Wire"},
        post={"text": STORY, "source": "Harbour Post"},
        mail={"text": "Late Mail, our own report. " + STORY, "source": "Late Mail"},
        echo={"text": CORRECTED, "source": "Echo"},
    )
    assert {a.id: a.duplicate_of for a in newsroom.library.articles(10).articles} == {
        "wire": None, "post": "wire", "mail": "wire", "echo": "wire",
    }  # fmt: skip
    return newsroom


def quoted(answer):
    return {citation.quote: citation for citation in answer.citations}


def test_a_corrected_figure_is_answered_beside_the_first_and_has_its_own_carriers(copies):
    cited = quoted(copies.ask(QUESTION))
    nine = cited["Nine people were hurt, the regional police said."]
    eleven = cited["Eleven people were hurt, the regional police said."]
    assert {nine.article_id, *(c.article_id for c in nine.carriers)} == {"wire", "post", "mail"}
    assert (eleven.article_id, eleven.carriers) == ("echo", ())


def test_through_a_filter_that_only_the_copy_passes_the_copy_is_cited(copies):
    answer = copies.ask(QUESTION, sources=("Harbour Post",))
    assert {(c.article_id, c.source) for c in answer.citations} == {("post", "Harbour Post")}
    assert all(c.carriers == () for c in answer.citations), "no carrier that the filter leaves out"


def test_a_copy_is_dated_by_its_own_day_of_publication(newsroom):
    text = "Yesterday a crane fell into the harbour and nine people were hurt."
    newsroom.add(
        early={"text": text, "published_at": "2025-11-08", "source": "Wire"},
        late={"text": text, "published_at": "2025-11-15", "source": "Post"},
    )
    question = "How many people were hurt when the crane fell on 14 November 2025?"
    assert newsroom.ask(question, sources=("Wire",)).abstention_reason == "other_date"
    assert newsroom.ask(question, sources=("Post",)).citations[0].article_id == "late"


@pytest.fixture
def outlets(newsroom):
    newsroom.add(
        one={"text": "A crane fell into the harbour. Nine people were hurt, police said.", "source": "Wire"},
        two={"text": "A crane fell in the harbour. Eleven people were hurt, doctors said.", "source": "The Gazette"},
    )
    return newsroom


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("According to the Wire, how many people were hurt when the crane fell?", {"one"}),
        ("How many people were hurt when the crane fell, according to the Gazette?", {"two"}),
        ("How many people were hurt when the crane fell?", {"one", "two"}),
    ],
)
def test_an_outlet_that_the_question_names_answers_it(outlets, question, expected):
    assert {c.article_id for c in outlets.ask(question).citations} == expected


def test_an_outlet_that_says_nothing_of_it_is_no_filter(newsroom):
    newsroom.add(
        one={"text": "A crane fell into the harbour. Nine people were hurt, police said.", "source": "Wire"},
        two={"text": "The orchard lost two hundred trees.", "source": "The Gazette"},
    )
    answer = newsroom.ask("According to the Gazette, how many people were hurt when the crane fell?")
    assert "one" in {c.article_id for c in answer.citations}
