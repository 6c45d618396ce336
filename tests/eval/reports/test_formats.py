"""The four formats: whole, without anything from outside, and with nothing of a case read as markup."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from eval.harness.run_file import EvidenceRow
from eval.reports.html import as_html
from eval.reports.machine import as_json, as_junit
from eval.reports.markdown import as_markdown, escaped
from eval.reports.of_run import report_of
from eval.reports.plots import Dot, Line, chart, whiskers
from eval.reports.report import MOST_SHOWN

VOID = {"meta", "br", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """Every tag of a page, and whether each is closed in turn."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.attributes, self.words = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture
def nasty_run(make_run, make_result, nasty):
    """Every text that comes from outside is one that would be markup."""
    one = make_result(1, right=0.0, kind=nasty)
    sentence = {**one.body["sentences"][0], "text": nasty}
    citation = {**one.body["citations"][0], "title": nasty, "quote": nasty, "article_id": nasty}
    text = f"{nasty} A sentence that goes on for a while."
    bad = replace(
        one,
        id=nasty,
        case={**one.case, "question": nasty, "expected": [[nasty]], "gold_articles": [nasty]},
        body={**one.body, "sentences": [sentence], "citations": [citation]},
        evidence=(EvidenceRow(1, nasty, 100, 100 + len(text), text, 0.9, nasty),),
    )
    return make_run(bad, *(make_result(n, kind=nasty) for n in range(2, 9)), suite=nasty, corpus=nasty)


def test_nothing_of_a_case_becomes_markup_of_the_page(nasty_run):
    text = as_html(report_of(nasty_run))
    page = Page(text)
    assert page.open == []
    assert not {"script", "img", "iframe", "link", "object"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert '</details><script>alert("x")' in "".join(page.words)


def test_the_page_asks_for_nothing_outside(nasty_run):
    text = as_html(report_of(nasty_run))
    loads = [value for name, value in Page(text).attributes if name in ("src", "href", "srcset", "data", "action")]
    assert loads == ["#main"]
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src &#39;none&#39;" in text


def test_ids_of_the_page_are_unique(make_run, make_result):
    page = Page(as_html(report_of(make_run(*(make_result(n, right=n % 2) for n in range(8))))))
    ids = [value for name, value in page.attributes if name == "id"]
    assert len(ids) == len(set(ids))


def test_the_page_shows_the_failed_case_with_its_marks_and_verdicts(make_run, make_result):
    text = as_html(report_of(make_run(make_result(1, right=0.0))))
    assert "<mark>Two men were hurt by its cable.<sup>[1]</sup></mark>" in text
    assert '<mark class="needed">A crane fell into the basin.<sup>needed</sup></mark>' in text
    assert "built-in says supported, 0.96: word for word" in text
    assert "How many were hurt in accident 1?" in text


def test_every_plot_has_a_name_and_its_figures_as_a_table(make_run, make_result):
    text = as_html(report_of(make_run(*(make_result(n, right=n % 2) for n in range(8)))))
    figures = re.findall(r"<figure>.*?</figure>", text, re.DOTALL)
    assert len(figures) == 4
    assert all('role="img"' in f and "<title>" in f and "<table>" in f for f in figures)


def test_two_hundred_failed_cases_stay_under_two_megabytes(make_run, make_result):
    long = "A sentence of some length that says a thing or two about a crane, a basin and a cable. " * 14
    rows = tuple(EvidenceRow(n, "port", n * 2000, n * 2000 + len(long), long, 0.5, "Port") for n in range(1, 13))
    results = [replace(make_result(n, right=0.0), evidence=rows) for n in range(200)]
    results = [
        replace(
            r,
            body={
                **r.body,
                "citations": [
                    {**r.body["citations"][0], "start": n * 2000 + 300, "end": n * 2000 + 500, "marker": n}
                    for n in range(1, 5)
                ],
            },
        )
        for r in results
    ]
    assert len(as_html(report_of(make_run(*results))).encode()) < 2_000_000


@pytest.mark.parametrize(("write", "opened"), [(as_html, '<details class="case"'), (as_markdown, "**Asked:**")])
def test_of_many_failed_cases_a_reader_sees_the_first_and_how_many_more(make_run, make_result, write, opened):
    report = report_of(make_run(*(make_result(n, right=0.0) for n in range(MOST_SHOWN + 3))))
    text = write(report)
    assert text.count(opened) == MOST_SHOWN
    assert "and 3 more" in text
    assert len(json.loads(as_json(report))["cases"]) == MOST_SHOWN + 3


def test_markdown_keeps_a_case_on_its_line(nasty_run):
    text = as_markdown(report_of(nasty_run))
    assert "<script" not in text.replace("\\<", "")
    assert not re.search(r"(?<!\\)\*\*bold", text)
    width = None
    for line in text.splitlines():
        if not line.startswith("|"):
            width = None
            continue
        cells = len(re.findall(r"(?<!\\)\|", line))
        width = width or cells
        assert cells == width, line


def test_in_markdown_no_bare_address_is_a_link_and_no_name_is_called(nasty_run):
    text = as_markdown(report_of(nasty_run))
    assert "evil.example" in text
    assert not re.search(r"://|www\.|@\w", text)


def test_an_escaped_text_has_no_line_break():
    assert escaped("a\n# b | *c*") == "a \\# b \\| \\*c\\*"


def test_json_has_the_numbers_behind_the_tables(make_run, make_result, make_crash):
    body = json.loads(as_json(report_of(make_run(make_result(1), make_result(2, right=0.0), make_crash(3)))))
    scores = next(t for t in body["tables"] if t["title"] == "Scores")
    right = next(row for row in scores["rows"] if row[0] == "right")
    assert right[1]["value"] == 0.5
    assert right[1]["low"] < 0.5 < right[1]["high"]
    assert [case["held"] for case in body["cases"]] == [False, False, True]


def test_junit_counts_a_crash_as_an_error_and_a_fault_as_a_failure(make_run, make_result, make_crash):
    root = ElementTree.fromstring(
        as_junit(report_of(make_run(make_result(1), make_result(2, right=0.0), make_crash(3))))
    )
    suite = root.find("testsuite")
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("3", "1", "1")
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    assert cases["case-1"].find("failure") is None
    assert cases["case-2"].find("failure").get("message").startswith("right is 0.00")
    assert cases["case-3"].find("error").get("message") == "crashed: ValueError: no such thing"
    assert cases["case-1"].get("time") == "0.025"


def test_junit_of_odd_text_is_read_back(nasty_run, nasty):
    root = ElementTree.fromstring(as_junit(report_of(nasty_run)))
    names = {case.get("name") for case in root.iter("testcase")}
    assert nasty.replace("\x07", "\ufffd") in names


def test_names_in_plots_are_text(nasty):
    svg = chart(nasty, [Line(nasty, (Dot(0.5, 0.5, label=nasty),)), Line("b", ())], nasty, nasty, ticks=[(0, nasty)])
    rows = whiskers(nasty, [Dot(0, 0.5, 0.4, 0.6, nasty)], [nasty])
    for drawn in (svg, rows):
        assert not {"script", "img"} & set(Page(drawn).tags)


def test_a_value_past_the_axis_is_drawn_at_its_end():
    svg = chart("t", [Line("a", (Dot(0.0, 0.9),), joined=False)], "x", "y", y_most=0.5)
    assert 'cy="30.0"' in svg
