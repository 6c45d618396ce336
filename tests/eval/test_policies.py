"""What the policies do with a draft, and what the comparison counts."""

from __future__ import annotations

import numpy as np
import pytest

from eval.contexts import contexts_of
from eval.policies import DROPPED, LIES, SHOWN, Outcome, Verified, judge, lines_of, table, trials_of, without_markers
from eval.policies_peers import Draft, FallingSimilarity, FuzzyQuote, KnownNumbers, Shipped, TrustedKeys
from eval.trust_cases import Quoted, TrustCase
from service.grounding.sources import CitedSpan, SentenceCheck
from service.models.ports import ChunkVectors
from service.text.chunking import chunk_article
from service.types import Chunk, Span

FIRST = "A crane fell into the harbour basin on 14 November 2025, and two men were hurt by its cable."
FAR = "Fishermen blocked the lock in 1998 because the quota had been halved without any warning."


def chunk(text, article="port"):
    return Chunk(article, "sha256:" + "0" * 64, 0, 0, len(text), text, (Span(0, len(text)),))


class Directions:
    """An embedder whose vectors are given by text, as angles in degrees."""

    name = key = "directions"
    dimension = 2

    def __init__(self, angles):
        self.angles = angles

    def embed_chunks(self, chunks):
        return [ChunkVectors(v, v[None]) for v in (self._vector(c.text) for c in chunks)]

    def embed_query(self, text, meanwhile=None):
        return self._vector(text)

    def _vector(self, text):
        angle = np.deg2rad(self.angles[text])
        return np.array([np.cos(angle), np.sin(angle)], dtype=np.float32)


@pytest.fixture(scope="module")
def contexts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("articles")
    for name, text in (("port", FIRST), ("lock", FAR)):
        (folder / f"{name}.md").write_text(f"---\nid: {name}\ntitle: {name}\n---\n{text}\n", encoding="utf-8")
    return contexts_of([folder])


def lie(text="Nine men were hurt.", kind="figure", **more):
    return TrustCase("l", kind, text, "port", (Quoted("port", FIRST),), "two men", **more)


def true(number=1, article="port", quote=FIRST):
    return TrustCase(f"t{number}", "true", f"Sentence {number}.", article, (Quoted(article, quote),))


def test_an_invented_key_goes_and_its_sentence_stays():
    (shipped,) = TrustedKeys().ship([Draft("It fell.", (1, 7))], [chunk(FIRST)])
    assert shipped.text.startswith("It fell. (pqac-")
    assert shipped.text.count("pqac-") == 1
    assert shipped.cites == (chunk(FIRST),)


def test_an_unknown_number_goes_and_its_sentence_stays():
    assert KnownNumbers().ship([Draft("It fell.", (2, 1)), Draft("It rose.", (0, 3))], [chunk(FIRST)]) == [
        Shipped("It fell. [[1]]", (chunk(FIRST),)),
        Shipped("It rose."),
    ]


def test_the_threshold_falls_until_something_is_near_enough():
    policy = FallingSimilarity(Directions({"abc": 0, FIRST: 60, FAR: 90}))
    (alone,) = policy.ship([Draft("abc", ())], [chunk(FIRST), chunk(FAR)])
    assert alone.cites == (chunk(FIRST),)  # 0.9 * cos 60 = 0.45, past 0.403


def test_the_threshold_stays_up_for_one_sentence_that_another_meets():
    policy = FallingSimilarity(Directions({"abc": 0, "def": 60, FIRST: 60, FAR: 90}))
    assert [s.cites for s in policy.ship([Draft("abc", ()), Draft("def", ())], [chunk(FIRST), chunk(FAR)])] == [
        (),
        (chunk(FIRST),),
    ]


def test_the_threshold_does_not_fall_under_its_end():
    policy = FallingSimilarity(Directions({"abc": 0, FIRST: 70}))
    (alone,) = policy.ship([Draft("abc", ())], [chunk(FIRST)])
    assert alone == Shipped("abc")  # 0.9 * cos 70 = 0.308, and the last threshold is 0.323


def test_shared_words_count_a_tenth_of_the_similarity():
    near = "crane fell into the basin"
    policy = FallingSimilarity(Directions({near: 0, FIRST: 70}))
    (alone,) = policy.ship([Draft(near, ())], [chunk(FIRST)])
    assert alone.cites


def test_without_evidence_nothing_is_cited_by_likeness():
    assert FallingSimilarity(Directions({})).ship([Draft("abc", ())], []) == [Shipped("abc")]


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        (FIRST.replace("two", "nine"), True),
        ("A crane fell into the harbour basin yesterday night because of the storm, witnesses told us all", True),
        ("A crane fell, and no one knows why that was or what came of it for the men who stood beneath", False),
        ("A cra", False),
    ],
    ids=["one word changed", "over 35 % in one stretch", "no stretch of a fifth", "too short"],
)
def test_a_quote_is_found_when_its_long_stretches_reach_over_a_third(quote, found):
    assert FuzzyQuote().finds(quote, f"{FIRST} {FAR}") is found


class Says:
    """A checker that supports what has a marker, by the first sentence it cites."""

    def check(self, drafts, evidence=()):
        return [
            SentenceCheck(d.text, "supported", 0.9, (CitedSpan(d.cited[0].context, 0, 0),))
            if d.cited
            else SentenceCheck(d.text, "not_supported", 0.1, ())
            for d in drafts
        ]


def test_ours_holds_back_what_is_not_supported(contexts):
    evidence = chunk_article(contexts["port"].article)
    assert Verified(Says(), contexts).ship([Draft("A.", (1,)), Draft("B.", (9,))], evidence) == [
        Shipped("A.", (evidence[0],)),
        Shipped(None),
    ]


def test_a_draft_cites_what_holds_its_spans_and_has_two_true_ones_for_company(contexts):
    cases = [lie(), true(1), true(2), true(3), true(4, "lock", FAR)]
    first, *_ = trials_of(cases, contexts, lambda text: chunk_article(contexts["lock"].article))
    assert first.evidence[first.draft.markers[0] - 1].text == FIRST
    assert [draft.text for draft in first.company] == ["Sentence 1.", "Sentence 2."]
    assert [c.article_id for c in first.evidence] == ["port", "lock"]


def test_only_in_company_a_policy_sees_the_others(contexts):
    seen = []

    class Counting:
        name = "counting"

        def ship(self, answer, evidence):
            seen.append(len(answer))
            return [Shipped(draft.text) for draft in answer]

    trials = list(trials_of([lie(), true(1)], contexts, lambda text: []))
    judge(Counting(), trials)
    judge(Counting(), trials, company=True)
    assert seen == [1, 1, 2, 1]


def test_a_marker_that_names_nothing_leaves_a_lie_shown_without_citation(contexts):
    trials = without_markers(list(trials_of([lie()], contexts, lambda text: [])))
    (outcome,) = judge(KnownNumbers(), trials)
    assert outcome.shown
    assert not outcome.cited


def test_a_wrong_citation_is_no_lie_where_it_ends_up_cited_rightly(contexts):
    case = lie(FAR, "wrong_citation", true_spans=(Quoted("lock", FAR),))
    trials = list(trials_of([case], contexts, lambda text: chunk_article(contexts["lock"].article)))
    (fuzzy,), (trusting,) = judge(FuzzyQuote(), trials), judge(TrustedKeys(), trials)
    assert not fuzzy.shown
    assert trusting.cited


def test_the_lines_count_lies_by_kind_and_the_true_sentences_that_are_not_cited():
    outcomes = [
        Outcome("p", lie(), True, True),
        Outcome("p", lie(kind="date"), True, False),
        Outcome("p", true(1), True, True),
        Outcome("p", true(2), False, False),
        Outcome("p", true(3), True, False),
    ]
    counts = {line.what: (line.hits, line.of) for line in lines_of(outcomes)}
    assert counts == {"figure": (1, 1), "date": (0, 1), LIES: (1, 2), DROPPED: (2, 3), SHOWN: (2, 2)}
    assert "2 of 3      66.7%  [20.8%, 93.9%]" in table(lines_of(outcomes))


def test_a_line_without_cases_has_no_share():
    lines = lines_of([Outcome("p", lie(), True, True)])
    assert next(line for line in lines if line.what == DROPPED).as_row()["share"] is None
    assert "0 of 0" in table(lines)
