"""The thesaurus: which words stand for one another, which only look as if they did, and that its table is sound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.text import thesaurus
from service.text.thesaurus import concepts, groups_of
from service.text.words import stem, tokens


def groups(phrase: str) -> frozenset[int]:
    """The groups of a text that is one concept."""
    (concept,) = concepts(tokens(phrase))
    return concept.groups


@given(
    st.one_of(
        st.text(max_size=200),
        st.lists(st.sampled_from(["shot", "down", "united", "nations", "nation", "power", "cut"]), max_size=8).map(
            " ".join
        ),
    )
)
def test_the_concepts_of_any_text_cover_each_word_once(text: str) -> None:
    words = tokens(text)
    assert [i for c in concepts(words) for i in range(c.first, c.last + 1)] == list(range(len(words)))


SAME = {
    "a phrase and a word": ("shot down", "intercepted"),
    "downed as a whole form": ("downed", "intercepted"),
    "another form of a phrase": ("shooting down", "brought down"),
    "either half of a phrase with alternatives": ("lose their lives", "lost their lives"),
    "a phrase and what it means": ("lost their lives", "died"),
    "British and American spelling": ("defence", "defense"),
    "spellings of a name": ("Zelensky", "Zelenskyy"),
    "spellings of a city": ("Kyiv", "Kiev"),
    "G-20 with and without its hyphen": ("G-20", "G20"),
    "a country and its short form": ("United States", "U.S."),
    "a hyphenated word and its phrase": ("son-in-law", "relative"),
    "an acronym and its phrase": ("UN", "United Nations"),
}


@pytest.mark.parametrize(("a", "b"), SAME.values(), ids=SAME.keys())
def test_means_the_same(a: str, b: str) -> None:
    common = groups(a) & groups(b)
    assert common or concepts(tokens(a))[0].stem == concepts(tokens(b))[0].stem
    assert all(group > 0 for group in common)


DIFFERENT = {
    "downed and down": ("downed", "down"),
    "the country and the pronoun": ("U.S.", "us"),
    "unrelated words": ("boat", "minister"),
}


@pytest.mark.parametrize(("a", "b"), DIFFERENT.values(), ids=DIFFERENT.keys())
def test_means_something_else(a: str, b: str) -> None:
    assert not groups(a) & groups(b)


def test_a_loose_group_counts_negative() -> None:
    common = groups("Russia") & groups("Moscow")
    assert common
    assert all(group < 0 for group in common)


def test_the_longest_phrase_is_taken_first() -> None:
    assert [c.stem for c in concepts(tokens("they went down in the dark"))][-1] == "in the dark"


def test_a_words_groups_are_found_by_its_stem_and_a_whole_forms_by_itself() -> None:
    assert groups_of(stem("attacks")) == groups("attacks") != frozenset()
    assert groups_of("downed") == groups("downed") != frozenset()
    assert groups_of("unheard") == frozenset()


def test_every_phrase_of_the_table_can_be_found() -> None:
    # A phrase of one word never could: single words belong before the first bar.
    assert all(len(phrase) > 1 for phrase in thesaurus._PHRASES)


def test_every_word_of_the_table_is_one_token() -> None:
    lines = thesaurus._GROUPS.strip().splitlines()
    words = {word.lstrip("=") for line in lines for word in line.split("|")[0].removeprefix("~").split()}
    assert sorted(word for word in words if word != "%" and len(tokens(word)) != 1) == []


def test_every_group_of_the_table_joins_two() -> None:
    lines = thesaurus._GROUPS.strip().splitlines()
    assert [line for line in lines if len(line.removeprefix("~").replace("|", " ").split()) < 2] == []
