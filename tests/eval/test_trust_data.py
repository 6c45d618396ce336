"""The shipped lies and true sentences: their spans stand in the articles, and their wording is their own."""

from __future__ import annotations

import json
import re
from collections import Counter

import pytest

from eval.contexts import contexts_of
from eval.corpus import SEEDS, WORLD
from eval.trust_cases import KINDS, TRUST, Quoted, TrustCase, overlap, read_trust_cases, write_trust_cases
from service.errors import InputRejected

SETS = {
    "lies": [SEEDS],
    "true": [SEEDS],
    "world-lies": [WORLD / "articles.jsonl"],
    "world-true": [WORLD / "articles.jsonl"],
}
LIES = [kind for kind in KINDS if kind != "true"]
MOST_OVERLAP = 0.6


@pytest.fixture(scope="module")
def contexts():
    return contexts_of([SEEDS, WORLD / "articles.jsonl"])


def cases_of(name):
    return read_trust_cases(TRUST / f"{name}.jsonl")


def test_every_file_is_listed_here():
    assert {path.stem for path in TRUST.glob("*.jsonl")} == {*SETS, "judged"}


def test_ids_and_texts_are_unique_over_all_files():
    cases = [case for name in SETS for case in cases_of(name)]
    for counts in (Counter(c.id for c in cases), Counter(c.text.casefold() for c in cases)):
        assert [value for value, count in counts.items() if count > 1] == []


@pytest.mark.parametrize(("name", "count"), [("lies", 60), ("true", 100), ("world-lies", 40), ("world-true", 40)])
def test_there_are_as_many_as_the_measurement_says(name, count):
    assert len(cases_of(name)) == count


@pytest.mark.parametrize("name", ["lies", "world-lies"])
def test_lies_are_of_every_kind(name):
    assert {case.kind for case in cases_of(name)} == set(LIES)


@pytest.mark.parametrize("name", ["true", "world-true"])
def test_a_true_sentence_is_not_kept_among_lies(name):
    assert {case.kind for case in cases_of(name)} == {"true"}


@pytest.mark.parametrize("name", SETS)
def test_every_span_is_a_whole_sentence_of_its_article(name, contexts):
    for case in cases_of(name):
        for span in (*case.spans, *case.true_spans):
            context = contexts[span.article]
            assert context.text(span.sentence(contexts)) == span.quote, case.id


@pytest.mark.parametrize("name", SETS)
def test_articles_are_of_the_set_that_the_file_is_about(name):
    known = set(contexts_of(SETS[name]))
    assert [c.id for c in cases_of(name) if not {s.article for s in (*c.spans, *c.true_spans)} <= known] == []


@pytest.mark.parametrize("name", ["true", "world-true"])
def test_a_true_sentence_shares_few_words_with_its_spans(name):
    assert [(c.id, round(c.overlap, 2)) for c in cases_of(name) if c.overlap > MOST_OVERLAP] == []


@pytest.mark.parametrize("name", SETS)
def test_no_text_stands_in_an_article(name, contexts):
    texts = [re.sub(r"\W+", " ", context.article.text.casefold()) for context in contexts.values()]
    for case in cases_of(name):
        said = re.sub(r"\W+", " ", case.text.casefold()).strip()
        assert not any(said in text for text in texts), case.id


def test_articles_from_several_sources_are_fused():
    fused = [c for c in cases_of("true") if len({s.article for s in c.spans}) > 1]
    several = [c for c in cases_of("true") if len(c.spans) > 1]
    assert len(fused) >= 4
    assert len(several) >= 20


def test_overlap_is_the_share_of_the_texts_content_stems():
    assert overlap("Drones burned the old station.", ["A drone burned it down."]) == pytest.approx(2 / 4)
    assert overlap("It was there.", ["Anything."]) == 1.0


class TestReading:
    def write(self, tmp_path, **fields):
        row = {"id": "x", "kind": "figure", "text": "Nine fell.", "article": "a", "truth": "eight"}
        spans = [{"article": "a", "quote": "Eight fell."}]
        file = tmp_path / "cases.jsonl"
        file.write_text(json.dumps({**row, "spans": spans, **fields}) + "\n", encoding="utf-8")
        return file

    def test_what_is_written_is_read_again(self, tmp_path):
        case = TrustCase("x", "wrong_citation", "Nine.", "a", (Quoted("a", "b"),), "c", (Quoted("d", "e"),))
        write_trust_cases(tmp_path / "out.jsonl", [case])
        assert read_trust_cases(tmp_path / "out.jsonl") == [case]

    @pytest.mark.parametrize(
        ("fields", "message"),
        [
            ({"kind": "typo"}, "'typo' is none of"),
            ({"spans": []}, "a span of the article that it cites"),
            ({"article": "b"}, "a span of the article that it cites"),
            ({"truth": ""}, "says what is the truth"),
            ({"kind": "true"}, "says what is the truth"),
            ({"kind": "wrong_citation"}, "names the right one"),
            ({"spans": "Eight fell."}, "is no list of spans"),
        ],
    )
    def test_a_broken_row_is_refused_with_its_line(self, tmp_path, fields, message):
        with pytest.raises(InputRejected, match=f"jsonl:1: .*{message}"):
            read_trust_cases(self.write(tmp_path, **fields))

    def test_an_id_that_comes_twice_is_refused(self, tmp_path):
        file = self.write(tmp_path)
        file.write_text(file.read_text(encoding="utf-8") * 2, encoding="utf-8")
        with pytest.raises(InputRejected, match="jsonl:2: the id x comes twice"):
            read_trust_cases(file)

    def test_a_quote_that_no_sentence_is_gets_refused(self, contexts):
        with pytest.raises(InputRejected, match="has no sentence 'Nobody said this"):
            Quoted("urgent-653-drones", "Nobody said this.").sentence(contexts)
