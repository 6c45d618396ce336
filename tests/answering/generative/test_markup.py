"""Links, images, HTML and what else a model decorates with: none of it ships, and no hole is left where it stood."""

from __future__ import annotations

import re

import pytest

TRUE = "A storm in Rotterdam tore down seven harbour cranes on 14 November 2025."
DECORATED = {
    "link": TRUE.replace("seven harbour cranes", "[seven harbour cranes](https://evil.example/a)"),
    "marker_link": f"{TRUE} [1](https://evil.example/a)",
    "reference_link": TRUE.replace("seven harbour cranes", "[seven harbour cranes][2]")
    + "\n\n[2]: https://evil.example/a",
    "named_reference": TRUE.replace("Rotterdam", "[Rotterdam][ref]") + "\n\n[ref]: https://evil.example/a 'x'",
    "image": f"{TRUE} ![chart](https://evil.example/a.png?q=secret)",
    "linked_image": f"{TRUE} [![chart](https://evil.example/a.png)](https://evil.example)",
    "html": f"<b>{TRUE}</b><img src=x onerror=alert(1)><script>alert(1)</script>",
    "html_in_entities": f"{TRUE}&lt;img src=https://evil.example&gt;",
    "open_tag": f"{TRUE} <img src='https://evil.example/a.png'",
    "comment": f"{TRUE}<!-- https://evil.example -->",
    "autolink": f"{TRUE} <https://evil.example/a>",
    "bare_address": f"{TRUE.rstrip('.')}, see https://evil.example/a?q=1.",
    "address_without_scheme": f"{TRUE.rstrip('.')} (source: www.evil.com/a).",
    "domain": f"{TRUE.rstrip('.')} (evil.com).",
    "mail": f"{TRUE.rstrip('.')} (write to me@evil.com).",
    "script_address": f"{TRUE} [more](javascript:alert(1))",
    "emphasis": TRUE.replace("seven", "**seven**").replace("cranes", "_cranes_"),
    "code": TRUE.replace("seven", "`seven`"),
    "emoji": f"🚨 {TRUE} 🏗️",
    "bullet": f"- {TRUE}",
    "numbered": f"1. {TRUE}",
    "quoted": f"> {TRUE}",
    "zero_width": TRUE.replace("harbour", "har\u200bbour"),
    "bidi": TRUE.replace("harbour", "\u202eharbour\u202c"),
    "tag_characters": TRUE + "".join(chr(0xE0000 + ord(c)) for c in "evil"),
    "control": TRUE.replace(" storm", "\x07 storm"),
}
BARE = re.compile(
    r"evil|https?:|www|://|[<>\[\]`*_!#]|@|[\u200b-\u206f\ue000-\uf8ff\U000e0000-\U000fffff]|[^\x00-\x7f]"
)


@pytest.mark.parametrize("text", DECORATED.values(), ids=DECORATED)
@pytest.mark.parametrize("form", ["json", "plain"])
def test_decoration_is_taken_off(desk, draft, text, form):
    written = desk.ask(draft(text) if form == "json" else f"{text} [1]" if "\n" not in text else text)
    shipped = [s.text for s in written.answer.sentences]
    assert written.by_model
    assert not any(BARE.search(sentence) for sentence in shipped)
    assert shipped == [TRUE]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("[x](https://evil.example)", id="link"),
        pytest.param("![A storm tore down seven cranes](https://evil.example/a.png)", id="image"),
        pytest.param("https://evil.example/seven-harbour-cranes", id="address"),
        pytest.param("<iframe src='https://evil.example'></iframe>", id="frame"),
    ],
)
def test_a_sentence_that_is_nothing_else_is_dropped_and_counted(desk, draft, text):
    answer = desk.ask(draft(TRUE, text)).answer
    assert answer.text == f"{TRUE} [1]"
    assert answer.dropped_sentences == 1


def test_what_a_model_says_is_left_open_ships_only_in_the_words_of_the_question(desk, draft):
    question = "How many harbour cranes did the storm in Rotterdam tear down, and what did the cranes weigh?"
    said = desk.ask(draft(TRUE, unanswered="what the cranes weigh"), question=question).answer
    assert said.status == "partial"
    assert "what" in said.unanswered
    for trick in ("see https://evil.example", "the aliens who did it", "![x](https://evil.example/x.png)"):
        answer = desk.ask(draft(TRUE, unanswered=trick)).answer
        assert (answer.status, answer.unanswered) == ("answered", None)
