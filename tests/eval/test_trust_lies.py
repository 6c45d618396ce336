"""Lies made from articles: the same every time, of the kinds asked for, and not what the article says."""

from __future__ import annotations

import difflib
import re

import pytest

from eval.contexts import contexts_of
from eval.corpus import SEEDS, WORLD
from eval.lie_figures import numbers_of
from eval.lie_names import read_names
from eval.lies import EDITS, generate, main
from eval.trust_cases import read_trust_cases
from service.errors import InputRejected


@pytest.fixture(scope="module", params=[[SEEDS], [WORLD / "articles.jsonl"]], ids=["seeds", "world"])
def contexts(request):
    return contexts_of(request.param)


@pytest.fixture(scope="module")
def lies(contexts):
    return generate(contexts, 200, seed=3)


def of_kind(lies, *kinds):
    found = [lie for lie in lies if lie.kind in kinds]
    assert found
    return found


def changed(lie):
    """What the lie has in the place of what: two texts of whole words."""
    one, other = lie.spans[0].quote.split(), lie.text.split()
    blocks = [m for m in difflib.SequenceMatcher(None, one, other, autojunk=False).get_opcodes() if m[0] != "equal"]
    return " ".join(" ".join(one[b[1] : b[2]]) for b in blocks), " ".join(" ".join(other[b[3] : b[4]]) for b in blocks)


def test_the_same_seed_gives_the_same_lies(contexts, lies):
    assert generate(contexts, 200, seed=3) == lies


def test_another_seed_gives_others(contexts, lies):
    assert {lie.text for lie in generate(contexts, 200, seed=4)} != {lie.text for lie in lies}


def test_there_are_as_many_as_asked_of_every_kind_and_none_twice(lies):
    assert len({lie.text for lie in lies}) == len({lie.id for lie in lies}) == 200
    assert {lie.kind for lie in lies} == set(EDITS)


def test_more_than_the_articles_give_is_refused(contexts):
    with pytest.raises(InputRejected, match="ask for fewer"):
        generate(contexts, 100_000)


def test_no_lie_stands_in_an_article(contexts, lies):
    for lie in lies:
        assert not any(lie.text in context.article.text for context in contexts.values()), lie.text


def test_spans_are_sentences_of_their_articles(contexts, lies):
    for lie in lies:
        assert [contexts[s.article].text(s.sentence(contexts)) for s in lie.spans] == [s.quote for s in lie.spans]


def test_a_changed_figure_is_no_figure_of_the_article(contexts, lies):
    for lie in of_kind(lies, "figure"):
        before = [n.value for n in numbers_of(lie.spans[0].quote)]
        new = [n.value for n in numbers_of(lie.text) if n.value not in before]
        assert new, lie.text
        carried = {n.value for n in numbers_of(contexts[lie.article].article.text)}
        assert not carried & set(new), lie.text


@pytest.mark.parametrize("kind", ["place", "name"])
def test_a_new_place_or_name_is_none_of_the_articles(contexts, lies, kind):
    for lie in of_kind(lies, kind):
        context = contexts[lie.article]
        _, new = changed(lie)
        words = re.findall(r"[A-ZÀ-Þ]\w+", new)
        assert words, lie.text
        assert not all(word in f"{context.article.title} {context.article.text}" for word in words), lie.text


def test_a_changed_date_differs_in_a_word_of_the_calendar(lies):
    for lie in of_kind(lies, "date"):
        _, new = changed(lie)
        assert re.search(r"\d|day\b|ary\b|March|April|May|June|July|August|ber\b", new), lie.text


def test_merged_events_take_what_another_sentence_says(lies):
    for lie in of_kind(lies, "merge"):
        assert len(lie.spans) > 1
        _, new = changed(lie)
        taken = re.findall(r"[\w.,]*\w", new)
        elsewhere = re.findall(r"[\w.,]*\w", lie.spans[1].quote.lower())
        assert any(w.lower() in elsewhere or w.lower().rstrip("thsndr") in elsewhere for w in taken), lie.text


def test_a_negation_adds_or_takes_a_not_or_turns_one_word_round(lies):
    for lie in of_kind(lies, "negation"):
        old, new = changed(lie)
        nots = [len(re.findall(r"\bnot\b", text)) for text in (lie.spans[0].quote, lie.text)]
        assert nots[0] != nots[1] or len(old.split()) == len(new.split()) == 1, lie.text


def test_swapped_roles_hold_the_words_of_the_sentence(lies):
    for lie in of_kind(lies, "swap"):
        old, new = (sorted(re.findall(r"\d+|\w{5}", text)) for text in (lie.spans[0].quote, lie.text))
        assert len(old) - len(new) in (-1, 0, 1), lie.text


def test_an_invented_detail_comes_after_the_whole_sentence(lies):
    for lie in of_kind(lies, "invented"):
        kept = re.sub(r" \(https?://\S+\)", "", lie.spans[0].quote)[:-1]
        assert lie.text.startswith(kept + ", "), lie.text


def test_names_are_told_apart_by_how_they_are_used():
    names = read_names(list(contexts_of([SEEDS]).values()))
    kinds = {text: names.kinds.get(text) for text in ("Fastiv", "Vitali Klitschko", "World Bank", "Iran", "November")}
    assert kinds == {
        "Fastiv": "place",
        "Vitali Klitschko": "person",
        "World Bank": "organisation",
        "Iran": "country",
        "November": None,
    }


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("They shot down 406 of 458 drones on November 8, 2025.", [406, 458]),
        ("At 8:33 a.m. nine left, 20,000 stayed.", [9, 20000]),
        ("Three quarters of it cost 4.5 million in 2019.", [4.5]),
        ("They moved 10 to 15 miles.", []),
    ],
)
def test_numbers_are_counts_and_amounts_only(text, values):
    assert [number.value for number in numbers_of(text)] == values


def test_the_command_writes_what_the_reader_reads(tmp_path, capsys):
    out = tmp_path / "lies.jsonl"
    assert main(["--count", "40", "--seed", "2", "-o", str(out)]) == 0
    assert read_trust_cases(out) == generate(contexts_of([SEEDS]), 40, seed=2)
    assert capsys.readouterr().err.startswith("40 lies: ")


def test_the_command_prints_them_and_says_when_there_are_too_few(capsys):
    assert main(["--count", "9"]) == 0
    assert len(re.findall(r"^made-", capsys.readouterr().out, re.MULTILINE)) == 9
    assert main(["--count", "99999"]) == 1
    assert "ask for fewer" in capsys.readouterr().err
