"""Sections that a model writes: every sentence is checked, repaired once, else left out, and the section falls back."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from service.briefing.briefing import BOTTOM_LINE, KEY_DEVELOPMENTS, Briefing
from service.briefing.request import BriefingRequest
from service.errors import ChatUnavailable, InputRejected
from service.ingest.incoming import IncomingArticle
from service.models.chat import ChatRequest
from service.models.scripted_chat import Line, ScriptedChatModel
from service.settings import Settings
from service.wiring import open_groundwire

TOPIC = "the flood in the harbour of Tarvik"
FLOOD = (
    "A storm flooded the harbour of Tarvik on 3 March 2025 and closed it to all ships for the day. "
    "The flood sank 12 fishing boats in the harbour of Tarvik, the coast guard said. "
    "Two warehouses on the north quay of Tarvik were damaged by the water as well."
)
GATE = (
    "Engineers began to repair the sea gate of the Tarvik harbour on 5 March 2025 after the flood. "
    "The repair of the sea gate in Tarvik will cost 4 million crowns."
)
BOTTOM = "A storm flooded the harbour of Tarvik on 3 March 2025."
KEY = "The flood sank 12 fishing boats in the harbour of Tarvik."
LIE = "The flood sank 40 fishing boats in the harbour of Tarvik."
WRONG_DAY = "A storm flooded the harbour of Tarvik on 9 March 2025."

pytestmark = pytest.mark.timeout(300)


def _reply(*texts: str, marker: int = 1) -> str:
    return json.dumps({"sentences": [{"text": text, "markers": [marker]} for text in texts], "unanswered": None})


def _by_section(bottom: str, key: str, repair: str = "") -> Callable[[ChatRequest], str]:
    def line(request: ChatRequest) -> str:
        asked = request.messages[-1].content
        if "What is wrong with it" in asked:
            return repair or _reply("Nothing can be said of it.")
        return bottom if f"write: {BOTTOM_LINE}" in asked else key

    return line


def _written(folder: Path, line: Line, mode: str = "auto", **fields: object) -> Briefing:
    with closing(open_groundwire(Settings(data_dir=folder), serving=False, chat=ScriptedChatModel(line))) as desk:
        desk.ingest_articles([IncomingArticle(id="flood", title="Storm floods Tarvik", text=FLOOD, origin="flood.md")])
        briefing = desk.brief(BriefingRequest(TOPIC, mode=mode, **fields))  # type: ignore[arg-type]
        for citation in briefing.citations:
            citation.check(desk.article(citation.article_id, citation.revision))
        if briefing.receipt_id is not None:
            assert desk.replay(briefing.receipt_id).differences == ()
        return briefing


def _texts(briefing: Briefing, title: str) -> list[str]:
    return [s.text for section in briefing.sections if section.title == title for s in section.sentences]


def test_what_is_supported_ships_with_the_spans_that_support_it(tmp_path) -> None:
    briefing = _written(tmp_path, _by_section(_reply(BOTTOM), _reply(KEY)))

    assert (_texts(briefing, BOTTOM_LINE), _texts(briefing, KEY_DEVELOPMENTS)) == ([BOTTOM], [KEY])
    assert (briefing.generator, briefing.degraded) == ("scripted", False)
    (sentence,) = briefing.sections[1].sentences
    assert "12 fishing boats" in briefing.citation(sentence.markers[0]).quote
    assert sentence.event is not None
    assert briefing.events[sentence.event].date == "2025-03-03"


@pytest.mark.parametrize("wrong", [LIE, WRONG_DAY], ids=["another figure", "another day"])
def test_what_is_not_supported_never_ships(tmp_path, wrong) -> None:
    briefing = _written(tmp_path, _by_section(_reply(BOTTOM), _reply(wrong, KEY)))

    assert _texts(briefing, KEY_DEVELOPMENTS) == [KEY]
    assert briefing.dropped_sentences == 1


def test_a_section_of_which_nothing_holds_is_the_articles_own_sentences(tmp_path) -> None:
    briefing = _written(tmp_path, _by_section(_reply(BOTTOM), _reply(LIE)))

    assert _texts(briefing, BOTTOM_LINE) == [BOTTOM]
    assert all(text in FLOOD for text in _texts(briefing, KEY_DEVELOPMENTS))
    assert briefing.degraded
    assert "verified" in (briefing.degraded_reason or "")


def test_a_sentence_is_repaired_once(tmp_path) -> None:
    briefing = _written(tmp_path, _by_section(_reply(BOTTOM), _reply(LIE), repair=_reply(KEY)))

    assert _texts(briefing, KEY_DEVELOPMENTS) == [KEY]
    assert not briefing.degraded


@pytest.mark.parametrize(
    "line", [ChatUnavailable("the model is away; wait"), lambda request: "}{ no JSON", lambda request: "[1] [9]"]
)
def test_a_model_that_fails_costs_only_its_words(tmp_path, line) -> None:
    briefing = _written(tmp_path, line)

    assert briefing.status == "written"
    assert (briefing.generator, briefing.degraded) == ("extractive", True)
    assert all(s.text in FLOOD for section in briefing.sections for s in section.sentences)


def test_a_marker_that_names_no_evidence_is_counted(tmp_path) -> None:
    briefing = _written(tmp_path, _by_section(_reply(BOTTOM, marker=7), _reply(KEY)))

    assert briefing.unknown_markers == 1
    assert _texts(briefing, BOTTOM_LINE) == [BOTTOM]


def test_what_two_sections_both_say_is_said_once(tmp_path) -> None:
    briefing = _written(tmp_path, _by_section(_reply(BOTTOM), _reply(BOTTOM, KEY)))

    assert (_texts(briefing, BOTTOM_LINE), _texts(briefing, KEY_DEVELOPMENTS)) == ([BOTTOM], [KEY])


def test_an_extractive_briefing_asks_no_model(tmp_path) -> None:
    briefing = _written(tmp_path, ChatUnavailable("nobody asks; wait"), mode="extractive")

    assert (briefing.generator, briefing.degraded) == ("extractive", False)


def test_the_mode_llm_needs_an_llm(desk) -> None:
    with pytest.raises(InputRejected, match="mode: llm needs an LLM"):
        desk.brief(TOPIC, mode="llm")


def test_of_two_that_are_made_at_once_neither_forgets_what_the_other_read(tmp_path) -> None:
    meanwhile: list[Briefing] = []

    def make_another() -> None:
        groundwire.ingest_articles([IncomingArticle(id="gate", title="Sea gate", text=GATE, origin="gate.md")])
        changed = f"{FLOOD} Divers raised the first of the boats from the harbour of Tarvik on 4 March 2025."
        groundwire.ingest_articles([IncomingArticle(id="flood", title="Flood", text=changed, origin="flood.md")])
        meanwhile.append(groundwire.brief(BriefingRequest(TOPIC, mode="extractive")))

    def line(request: ChatRequest) -> str:
        if not meanwhile:
            other = threading.Thread(target=make_another)
            other.start()
            other.join(60)
        return _reply(BOTTOM)

    chat = ScriptedChatModel(line)
    with closing(open_groundwire(Settings(data_dir=tmp_path), serving=False, chat=chat)) as groundwire:
        groundwire.ingest_articles([IncomingArticle(id="flood", title="Flood", text=FLOOD, origin="flood.md")])
        groundwire.brief(BriefingRequest(TOPIC, mode="llm"))
        assert {article.article_id for article in meanwhile[0].articles} == {"flood", "gate"}

        assert groundwire.brief(BriefingRequest(TOPIC, mode="extractive")).status == "nothing_new"


def test_the_receipt_says_under_which_number_the_model_was_shown_what(tmp_path) -> None:
    chat = ScriptedChatModel(_by_section(_reply(BOTTOM), _reply(KEY)))
    with closing(open_groundwire(Settings(data_dir=tmp_path), serving=False, chat=chat)) as groundwire:
        bees = "Beekeepers in Vaud counted 4,200 hives this spring, more than in any year before."
        for name, text in (("flood", FLOOD), ("bees", bees)):
            groundwire.ingest_articles([IncomingArticle(id=name, title=name, text=text, origin=f"{name}.md")])
        written = groundwire.brief(BriefingRequest(TOPIC, mode="llm"))
        quoted = groundwire.brief(BriefingRequest(TOPIC, mode="extractive"))

        numbers = [
            {item["article_id"]: item["number"] for item in groundwire.receipt(briefing.receipt_id or "")["evidence"]}
            for briefing in (written, quoted)
        ]

    assert numbers == [{"flood": 1, "bees": None}, {"flood": None, "bees": None}]
