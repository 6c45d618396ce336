"""The shipped questions: they parse, and what they expect stands in the articles they name."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from eval.cases import DATASETS, holds, read_cases
from eval.corpus import SEEDS, WORLD, ids_in, seed_ids
from service.errors import InputRejected

SEED_FILES = ("seeds.jsonl", "seeds-reworded.jsonl")
WORLD_FILES = ("world/questions.jsonl", "world/heldout.jsonl")
DATED_FILES = ("dates.jsonl",)


@pytest.fixture(scope="module")
def seed_texts():
    return {i: p.read_text(encoding="utf-8") for i, p in zip(seed_ids(), sorted(SEEDS.glob("0*.md")), strict=True)}


@pytest.fixture(scope="module")
def world_texts():
    return texts_of(WORLD / "articles.jsonl")


@pytest.fixture(scope="module")
def dated_texts():
    return texts_of(DATASETS / "dates-articles.jsonl")


def texts_of(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    return {a["id"]: f"{a['title']}\n{a['text']}" for a in map(json.loads, lines)}


def cases_of(*names):
    return [case for name in names for case in read_cases(DATASETS / name)]


def test_every_file_is_listed_here():
    questions = [
        p for p in DATASETS.rglob("*.jsonl") if not {"grounding", "trust", "suites", "entailment"} & set(p.parts)
    ]
    found = {p.relative_to(DATASETS).as_posix() for p in questions} - {
        "world/articles.jsonl",
        "world/topics.jsonl",  # briefings, no questions
        "world/topics-heldout.jsonl",
        "dates-articles.jsonl",
    }
    assert found == {*SEED_FILES, *WORLD_FILES, *DATED_FILES}


def test_ids_are_unique_over_all_files():
    counts = Counter(case.id for case in cases_of(*SEED_FILES, *WORLD_FILES, *DATED_FILES))
    assert [case_id for case_id, count in counts.items() if count > 1] == []


def test_no_question_comes_twice():
    counts = Counter(case.question.casefold() for case in cases_of(*SEED_FILES, *WORLD_FILES, *DATED_FILES))
    assert [question for question, count in counts.items() if count > 1] == []


def test_the_seed_questions_are_many_and_a_third_cannot_be_answered():
    cases = cases_of("seeds.jsonl")
    assert len(cases) >= 60
    assert 1 / 3 <= sum(not case.answerable for case in cases) / len(cases) <= 0.5


def test_every_seed_is_asked_about():
    assert {article for case in cases_of("seeds.jsonl") for article in case.articles} == set(seed_ids())


@pytest.mark.parametrize("name", SEED_FILES)
def test_what_a_seed_case_expects_stands_in_its_articles(name, seed_texts):
    assert unfounded(cases_of(name), seed_texts) == []


@pytest.mark.parametrize("name", WORLD_FILES)
def test_what_a_world_case_expects_stands_in_its_articles(name, world_texts):
    assert unfounded(cases_of(name), world_texts) == []


@pytest.mark.parametrize("name", DATED_FILES)
def test_what_a_dated_case_expects_stands_in_its_articles(name, dated_texts):
    assert unfounded(cases_of(name), dated_texts) == []


def unfounded(cases, texts):
    """Cases whose articles do not hold every expected value together, or one of which holds none of them."""
    return [
        case.id
        for case in cases
        if not case.met_by(" ".join(texts.get(article, "") for article in case.articles))
        or any(
            not any(holds(form, texts.get(article, "")) for group in case.expected for form in group)
            for article in case.articles
        )
    ]


@pytest.mark.parametrize("name", [*SEED_FILES, *WORLD_FILES, *DATED_FILES])
def test_no_case_forbids_what_it_expects(name):
    clashes = [
        case.id
        for case in cases_of(name)
        for group in case.expected
        if all(any(holds(forbidden, form) for forbidden in case.forbidden) for form in group)
    ]
    assert clashes == []


def test_the_seeds_in_a_folder_are_found_under_their_ids(seeds_library):
    assert ids_in(seeds_library, SEEDS) == {seed: seed for seed in seed_ids()}


def test_a_folder_of_another_number_of_articles_is_refused(seeds_library, tmp_path):
    (tmp_path / "000_only.txt").write_text("One fell.", encoding="utf-8")
    with pytest.raises(InputRejected, match="1 articles where the seeds are 5"):
        ids_in(seeds_library, tmp_path)
