"""Cleaning: what must go goes, what belongs to the article stays, and cleaning twice changes nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text.clean import clean

PARAGRAPH = "The ferry left Porto at noon with 214 people on board, the operator said."
LAST = "Divers will return on Thursday if the weather allows it, the coast guard said."

_PIECES = st.sampled_from(
    [
        PARAGRAPH,
        LAST,
        "Leave a Reply",
        "Comments",
        "Related Stories",
        "Share this:",
        "Facebook",
        "Twitter",
        "Tags",
        "war, energy, peace",
        "- an item of a list",
        "* ",
        "#one #two",
        "wrapped text that goes on without an end of the sentence and",
        "so on it goes\u200b",
        "No photos available yet for this article.",
        "---",
        "",
        "a",
        "\u0301x",
    ]
)
_PAGES = st.lists(_PIECES, max_size=14).map("\n".join)


@given(
    st.one_of(
        st.text(max_size=300), _PAGES, st.text(alphabet="ab.-*#\n\r\t \u00a0\u200b\u0301\u1100\u1161", max_size=60)
    )
)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    once = clean(raw)
    assert clean(once) == once


@given(st.text(max_size=300))
def test_a_cleaned_text_is_nfc_encodable_and_tidy(raw: str) -> None:
    text = clean(raw)
    assert unicodedata.is_normalized("NFC", text)
    text.encode("utf-8")
    assert text == text.strip()
    assert "\n\n\n" not in text
    assert "  " not in text
    assert not any(unicodedata.category(c) == "Cc" and c != "\n" for c in text)


@given(st.text(max_size=300))
def test_cleaned_markdown_stays_as_it_is(raw: str) -> None:
    once = clean(raw, markdown=True)
    assert clean(once) == once


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        pytest.param("cafe\u0301", "café", id="decomposed accent"),
        pytest.param("a\x00b\x07c", "abc", id="NUL and control characters"),
        pytest.param(
            "zero\u200bwidth\u2060 \ufeffmark", "zerowidth mark", id="zero-width characters and a byte order mark"
        ),
        pytest.param("safe \u202etxt.exe\u202c", "safe txt.exe", id="bidi override"),
        pytest.param("hy\u00adphen", "hyphen", id="soft hyphen"),
        pytest.param("hidden\U000e0041\U000e0042", "hidden", id="tag characters"),
        pytest.param("s\u200dplit", "split", id="joiner in a Latin word"),
        pytest.param("می\u200cشود", "می\u200cشود", id="joiner of a Persian word stays"),
        pytest.param("👩\u200d🚒", "👩\u200d🚒", id="joiner of an emoji stays"),
        pytest.param("a\u00a0b\u2009c\u3000d\te", "a b c d e", id="exotic spaces and tabs"),
        pytest.param("one\r\ntwo\rThree", "one\ntwo\nThree", id="CRLF and CR"),
        pytest.param("Kyiv\x92s \x93wall\x94\x85", "Kyiv’s “wall”…", id="Windows-1252 read as Latin-1"),
        pytest.param("bad \ud83d end", "bad \ufffd end", id="lone surrogate"),
        pytest.param("a   \n\n\n\n\n  b ", "a\n\nb", id="trailing spaces and runs of blank lines"),
        pytest.param(" \u200b\n ", "", id="nothing left"),
    ],
)
def test_characters(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


@pytest.mark.parametrize(
    "line",
    [
        "Leave a Reply",
        "Leave a comment",
        "### Leave a Reply Cancel reply",
        "Notify me of follow-up comments by email.",
        "Your email address will not be published.",
        "Save my name, email, and website in this browser for the next time I comment.",
        "Comments are closed.",
        "12 Comments",
        "Share this article",
        "Share on Facebook",
        "Click to share on Twitter (Opens in new window)",
        "Facebook | Twitter | WhatsApp",
        "Follow us on Twitter",
        "Subscribe Now!",
        "Sign up for our daily newsletter",
        "Subscribe to the Harbour Gazette newsletter.",
        "Enter your email address to subscribe to this blog and receive notifications of new posts by email.",
        "Join 8,772 other subscribers",
        "We use cookies to ensure that we give you the best experience on our website.",
        "By continuing to use our site, you're agreeing to us placing cookies on your device.",
        "Privacy Policy",
        "© 2023 Harbour Gazette. All rights reserved.",
        "Copyright 2019 The Gazette",
        "All rights reserved.",
        "Read more",
        "Read More »",
        "Read more: How the harbour was built",
        "Continue reading the main story",
        "Advertisement",
        "Story continues below advertisement",
        "Skip to content",
        "4 min read",
        "Tags: harbour, ferries, storm",
        "#Harbour #Storm warning #Ferries",
        "No related posts",
    ],
)
def test_a_notice_of_the_page_goes(line: str) -> None:
    assert clean(f"{PARAGRAPH}\n\n{line}\n\n{LAST}") == f"{PARAGRAPH}\n\n{LAST}"


@pytest.mark.parametrize(
    "line",
    [
        "Comments were closed on Monday by the regulator.",
        "Leave a reply to the ombudsman, the minister told them, and wait.",
        "“We use cookies,” the company said, “to follow readers.”",
        "Sign up for the newsletter was the first thing that members had to do, she said.",
        "Copyright law was changed in 2019, the court said.",
        "A damaged pier in Porto © Agency",
        "Facebook",
        "Share of votes by district",
        "Join us on 4 May to hear leading engineers discuss the bridge!",
        "Categories: harbour; ferries; law of the sea",
        "Read more than a page of it and you will understand, the judge said.",
        "No survivors found yet.",
        "No results yet.",
        "Related charges were dropped in May.",
        "Tags: a study in three parts. The first is out.",
        "Themes of the summit",
        "#MeToo",
        "Email was down for three hours.",
    ],
)
def test_a_line_of_the_article_stays(line: str) -> None:
    assert clean(f"{PARAGRAPH}\n\n{line}\n\n{LAST}") == f"{PARAGRAPH}\n\n{line}\n\n{LAST}"


@pytest.mark.parametrize(
    "tail",
    [
        "Leave a Reply\n\nName *\nEmail *\nWebsite",
        "Related Stories\n\nHarbour reopens after storm\nFerry captain questioned",
        "Comments\nGreat piece!\nAgreed",
        "You may also like\n\nTen walks in the hills",
        "Facebook\nTwitter\nWhatsApp",
    ],
)
def test_a_tail_without_prose_goes_whole(tail: str) -> None:
    assert clean(f"{PARAGRAPH}\n\n{tail}\n") == PARAGRAPH


def test_prose_after_a_tail_heading_keeps_everything_but_the_heading() -> None:
    text = f"{PARAGRAPH}\n\nRelated Stories\n\nHarbour reopens\n\n{LAST}"
    assert clean(text) == f"{PARAGRAPH}\n\nHarbour reopens\n\n{LAST}"


def test_tag_sections_and_empty_sections_go_with_their_headings() -> None:
    text = f"{PARAGRAPH}\n🏷️ Themes\nWar, Energy, Diplomacy\nGallery\nNo photos available yet for this article.\n{LAST}"
    assert clean(text) == f"{PARAGRAPH}\n\n{LAST}"


def test_a_paragraph_that_is_repeated_stays_once() -> None:
    assert clean(f"{PARAGRAPH}\n\n{LAST}\n\n{PARAGRAPH}") == f"{PARAGRAPH}\n\n{LAST}"


def test_short_lines_that_repeat_stay_because_tables_and_interviews_have_them() -> None:
    text = "Spain\n3\n\nPortugal\n3\n\nWhat happened then?\n\nNothing.\n\nWhat happened then?\n\nA lot."
    assert clean(text) == text


def test_a_wrapped_paragraph_becomes_one_line_and_its_heading_stays_apart() -> None:
    raw = (
        "STORM IN THE NORTH\n"
        "The storm reached the coast before dawn and tore the roofs from dozens of\n"
        "houses in the old town, the mayor said. Nobody was hurt, but more than\n"
        "three hundred people spent the night in schools and in a well-\n"
        "heated sports hall.\n"
    )
    heading, paragraph = clean(raw).split("\n\n")
    assert heading == "STORM IN THE NORTH"
    assert paragraph.endswith("spent the night in schools and in a well-heated sports hall.")


def test_list_items_become_paragraphs_without_bullets() -> None:
    raw = "What we know\n- The ferry left at noon\n- it carried cars and people\n• Divers are there"
    assert clean(raw) == "What we know\n\nThe ferry left at noon\n\nit carried cars and people\n\nDivers are there"


def test_a_dash_that_begins_a_wrapped_line_is_no_bullet() -> None:
    raw = "The oldest bridge of the city and its pride\n- built of granite in the year 1877 - was closed."
    assert (
        clean(raw) == "The oldest bridge of the city and its pride\n- built of granite in the year 1877 - was closed."
    )


MARKDOWN = """# Ferry sinks

The **ferry *Aurora*** left [Porto](https://example.org/a_(b) "map") at _noon_, see ![the pier](p.png).[^1]
It had `214` people on board\\*.

Setext heading
--------------

* one, with
  a second line
- [x] two

1. first

> quoted words

| port | people |
|------|-------:|
| Porto | 214 |

<!-- an editor's note --> R&amp;D in snake_case_names and 2*3*4<br>end

[ref]: https://example.org
[^1]: Figures of the operator.
"""


def test_markdown_keeps_the_text_and_drops_the_marks() -> None:
    assert clean(MARKDOWN, markdown=True).split("\n\n") == [
        "Ferry sinks",
        "The ferry Aurora left Porto at noon, see the pier.\nIt had 214 people on board*.",
        "Setext heading",
        "one, with a second line",
        "two",
        "1. first",
        "quoted words",
        "port | people",
        "Porto | 214",
        "R&D in snake_case_names and 2*3*4",
        "end",
        "Figures of the operator.",
    ]


def test_plain_text_is_not_read_as_markdown() -> None:
    text = "He wrote *this* and [that](there), # 5 of 9."
    assert clean(text) == text


@pytest.mark.parametrize(
    "hostile",
    [
        "<!--" * 20_000,
        "[" * 20_000,
        "*a" * 20_000,
        "_a " * 20_000,
        "[a](" * 10_000,
        "|-" * 20_000,
        " " * 100_000,
        "`" * 50_000,
    ],
)
def test_no_markup_takes_more_than_about_linear_time(hostile: str) -> None:
    clean(hostile, markdown=True)  # a quadratic pattern would run into the test's time limit
