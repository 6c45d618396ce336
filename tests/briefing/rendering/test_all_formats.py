"""What holds for a briefing in whatever format it is read."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from service.briefing.body import briefing_of
from service.briefing.briefing import Briefing
from service.briefing.rendering.formats import FORMATS, Format, rendered
from service.briefing.rendering.page import page_of

TEXTUAL: tuple[Format, ...] = ("md", "html", "txt")
ORDER = (
    "Bottom line",
    "Changes since the last briefing",
    "Key developments",
    "Figures",
    "Timeline",
    "Where the articles disagree",
    "What is not known",
    "Sources",
)


def text_of(briefing: Briefing, wanted: Format) -> str:
    return rendered(briefing, wanted).decode("utf-8")


ELSEWHERE = """
import hashlib, json, sys
from service.briefing.body import briefing_of
from service.briefing.rendering.formats import FORMATS, rendered
briefing = briefing_of(json.load(sys.stdin))
print(json.dumps({wanted: hashlib.sha256(rendered(briefing, wanted)).hexdigest() for wanted in FORMATS}))
"""


def test_the_same_briefing_gives_the_same_bytes_in_another_process_at_another_time(briefing: Briefing) -> None:
    here = {wanted: hashlib.sha256(rendered(briefing, wanted)).hexdigest() for wanted in FORMATS}
    ran = subprocess.run(
        [sys.executable, "-c", ELSEWHERE],
        input=rendered(briefing, "json"),
        capture_output=True,
        check=True,
        cwd=Path(__file__).parents[3],
        env={**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo"},
    )
    assert json.loads(ran.stdout) == here


def test_pdf_is_of_the_moment_of_the_briefing(briefing: Briefing) -> None:
    assert b"/CreationDate(D:20240510070000Z)" in rendered(briefing, "pdf")


@pytest.mark.parametrize("wanted", TEXTUAL)
def test_the_parts_stand_in_the_order_in_which_they_are_read(briefing: Briefing, wanted: Format) -> None:
    headings = {
        "md": r"^## (.+)$",
        "html": r"<h2[^>]*>(.+?)</h2>",
        "txt": r"^([A-Z][A-Z ]+)\n-+$",
    }[wanted]
    found = re.findall(headings, text_of(briefing, wanted), re.MULTILINE)
    assert [one.lower() for one in found if one.lower() != "notes"] == [one.lower() for one in ORDER]


@pytest.mark.parametrize("wanted", TEXTUAL)
def test_every_note_resolves_to_article_revision_and_span(briefing: Briefing, wanted: Format) -> None:
    text = text_of(briefing, wanted)
    for citation in briefing.citations:
        dash = "–" if wanted == "html" else "-"
        assert citation.revision in text
        assert f"characters {citation.start}{dash}{citation.end}" in text
        assert " ".join(citation.quote.split()) in " ".join(text.split())


@pytest.mark.parametrize("wanted", TEXTUAL)
def test_an_event_whose_year_is_not_stated_is_given_none(briefing: Briefing, wanted: Format) -> None:
    assert "9 May, year not stated" in text_of(briefing, wanted)


@pytest.mark.parametrize("wanted", TEXTUAL)
def test_articles_without_a_date_are_a_group_of_their_own(briefing: Briefing, wanted: Format) -> None:
    before, after = text_of(briefing, wanted).split("Without a stated date of publication")
    assert "Quay breaks, source not stated, 10 May 2024; cited 3 times" in before
    assert "Harbour Post, date not stated; cited 2 times" in after.replace("</a>", "").replace("\n  ", " ")


@pytest.mark.parametrize("wanted", TEXTUAL)
def test_a_first_briefing_has_no_part_on_changes(first_briefing: Briefing, wanted: Format) -> None:
    assert "changes since" not in text_of(first_briefing, wanted).lower()


@pytest.mark.parametrize("wanted", TEXTUAL)
def test_an_unknown_topic_says_so_and_names_the_nearest(unknown_topic: Briefing, wanted: Format) -> None:
    text = text_of(unknown_topic, wanted)
    assert "The library has no article on moon landings." in text
    assert "Quay breaks" in text


@pytest.mark.parametrize("wanted", FORMATS)
def test_whatever_a_text_holds_the_briefing_can_be_rendered(hostile: Briefing, wanted: Format) -> None:
    assert rendered(hostile, wanted)


@pytest.mark.parametrize("wanted", TEXTUAL)
def test_no_character_drives_what_shows_the_text(hostile: Briefing, wanted: Format) -> None:
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text_of(hostile, wanted))


@pytest.mark.parametrize("wanted", TEXTUAL)
def test_a_url_that_is_not_of_the_web_is_no_link(hostile: Briefing, wanted: Format) -> None:
    links = {"md": r"\]\(<?([^)>]*)", "html": r'href="([^"]*)"', "txt": r"^\s*(\w+:\S+)$"}[wanted]
    unescaped = re.sub(r"\\.", "", text_of(hostile, wanted))
    found = re.findall(links, unescaped, re.MULTILINE)
    assert [one for one in found if not one.startswith(("#", "sha256:"))] == []


def test_json_is_the_briefing_itself(briefing: Briefing) -> None:
    assert briefing_of(json.loads(rendered(briefing, "json"))) == briefing


def test_neighbours_of_one_event_stand_under_its_title(briefing: Briefing) -> None:
    [developments] = page_of(briefing).parts
    assert [(group.title, len(group.lines)) for group in developments.groups] == [
        ("Storm sinks boats", 2),
        ("Quay breaks", 1),
    ]


def test_pdf_is_tagged_and_bears_its_title(briefing: Briefing) -> None:
    made = rendered(briefing, "pdf")
    assert made.startswith(b"%PDF-")
    assert b"/MarkInfo" in made
    assert b"Tarvik harbour: briefing" in made


def test_pdf_without_its_extra_says_in_one_line_what_to_install(
    briefing: Briefing, run_without: Callable[[str, str], str]
) -> None:
    code = (
        "from service.briefing.rendering.pdf import as_pdf\n"
        "from service.errors import ExtraMissing\n"
        "try:\n    as_pdf(None, '2024-05-10T07:00:00+00:00')\n"
        "except ExtraMissing as error:\n    print(error)"
    )
    assert run_without("typst", code) == "PDF is an extra that is not installed: run `pip install 'groundwire[pdf]'`"


@pytest.fixture
def run_without() -> Callable[[str, str], str]:
    """Runs code in a process that cannot import a module; what it prints."""

    def run(module: str, code: str) -> str:
        whole = f"import sys\nsys.modules[{module!r}] = None\n{code}"
        ran = subprocess.run(
            [sys.executable, "-c", whole],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[3],
        )
        return ran.stdout.strip()

    return run


def test_an_article_without_an_outlet_is_not_named_twice_in_a_row(briefing: Briefing) -> None:
    cells = [cell for figure in page_of(briefing).figures for cell in figure.cells]
    assert [(cell.event, cell.source) for cell in cells] == [
        ("Storm sinks boats", "Harbour Post"),
        (None, "Quay breaks"),
        ("Quay breaks", "source not stated"),
    ]
