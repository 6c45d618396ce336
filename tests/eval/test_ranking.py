"""Ranked articles and their metrics, and the files of claims they are measured on."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from eval import ranking
from eval.claims import own_questions, read_claims
from eval.rank_metrics import ndcg, recall, reciprocal_rank
from eval.ranking import Pool, bootstrap, by_rank, by_score, by_shares, convex_and, without
from service.errors import InputRejected
from service.retrieval.fusion import SHARES, Candidate


@pytest.mark.parametrize(
    ("wanted", "ranked", "expected"),
    [
        pytest.param({"a"}, ("a", "b"), 1.0, id="first"),
        pytest.param({"b", "c"}, ("a", "b", "c"), 0.5, id="the_first_wanted_one_counts"),
        pytest.param({"z"}, (*"abcdefghij", "z"), 0.0, id="eleventh_is_nothing"),
        pytest.param({"z"}, (), 0.0, id="nothing_found"),
    ],
)
def test_reciprocal_rank(wanted, ranked, expected):
    assert reciprocal_rank(wanted, ranked) == expected


def test_recall_is_the_share_of_the_wanted_at_a_depth():
    assert recall({"a", "d"}, ("a", "b", "c", "d"), 3) == 0.5
    assert recall({"a", "d"}, ("a", "b", "c", "d"), 4) == 1.0


def test_ndcg_is_one_for_the_best_order_and_falls_with_the_rank():
    assert ndcg({"a", "b"}, ("b", "a", "c")) == pytest.approx(1.0)
    assert ndcg({"a"}, ("c", "a")) == pytest.approx(1 / math.log2(3))


@pytest.fixture
def pool():
    return Pool(
        wanted=frozenset({"right"}),
        candidates=[Candidate("r1", 0.5, 0.9, 2.0), Candidate("w1", 0.9, 0.5, 3.0), Candidate("w2", 0.8, 0.4, 0.0)],
        article_of={"r1": "right", "w1": "wrong", "w2": "wrong"},
        pairs={"r1": 1.0, "w1": 0.0, "w2": 0.0},
        out_of_time=frozenset(),
        served=(),
    )


def test_an_article_counts_as_its_best_chunk_and_once(pool):
    assert by_score(pool, lambda c: c.dense) == ("wrong", "right")
    assert by_score(pool, lambda c: c.sentence) == ("right", "wrong")
    assert by_rank(pool) == ("wrong", "right")


def test_a_part_that_is_left_out_changes_nothing_but_what_it_gave(pool):
    assert by_shares(pool, without("pairs")) == ("wrong", "right")
    assert by_shares(pool, without("dense")) == ("right", "wrong")


@pytest.mark.parametrize("shares", [without("dense"), without("pairs"), convex_and("sentence"), convex_and("pairs")])
def test_shares_of_an_ablation_make_a_whole(shares):
    total = shares.dense + shares.sentence + shares.lexical + shares.pairs
    assert total == pytest.approx(1.0)
    assert shares != SHARES


def test_the_interval_of_a_difference_holds_its_mean_and_narrows_with_more_queries():
    few, many = np.array([1.0, 0.0, 0.0, 0.5] * 5), np.array([1.0, 0.0, 0.0, 0.5] * 80)
    for differences in (few, many):
        low, high = bootstrap(differences)
        assert low < 0.375 < high
    assert np.ptp(bootstrap(many)) < np.ptp(bootstrap(few)) / 2


def test_claims_of_all_three_kinds(tmp_path):
    file = tmp_path / "claims.jsonl"
    rows = [
        {"claim": "It fell.", "evidence": ["(meta data) TITLE: The crane", "It fell at dawn."]},
        {"claim": "It rose.", "evidence": ["(meta data) TITLE: The crane", "It fell at dawn."]},
        {"claim": "Trees grew.", "sources": ["Trees grew tall.", "Rain fell."], "label": "supported"},
        {"claim": "Trees shrank.", "sources": ["Wind blew."], "label": "not_fully_supported"},
        {"question": "Who?", "documents": [{"text": "He.", "type": "correct"}, {"text": "Me.", "type": "noise"}]},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    queries, articles = read_claims(file)
    titles = {article.text: article.title for article in articles}
    texts = {article.id: article.text for article in articles}
    assert titles["(meta data) TITLE: The crane It fell at dawn."] == "The crane"
    assert {query.query: {texts[i] for i in query.articles} for query in queries} == {
        "It fell.": {"(meta data) TITLE: The crane It fell at dawn."},
        "It rose.": {"(meta data) TITLE: The crane It fell at dawn."},
        "Trees grew.": {"Trees grew tall.", "Rain fell."},
        "Who?": {"He."},
    }
    assert len(articles) == 6
    assert len(read_claims(file, limit=1)[1]) == 1


def test_a_row_that_is_no_claim_is_named(tmp_path):
    file = tmp_path / "claims.jsonl"
    file.write_text('{"claim": "It fell.", "evidence": ["It fell."]}\n{"text": "?"}\n', encoding="utf-8")
    with pytest.raises(InputRejected, match=r"claims\.jsonl:2"):
        read_claims(file)


def test_our_own_questions_are_the_answerable_ones():
    assert len(own_questions()) > 300
    assert all(query.articles for query in own_questions())


def test_the_whole_table_for_a_small_file(tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("GROUNDWIRE_EMBEDDING_MODEL", "hashing")
    file = tmp_path / "claims.jsonl"
    rows = [
        {"claim": "The harbour crane fell.", "evidence": ["The harbour crane fell at dawn.", "Nobody was hurt."]},
        {"claim": "The orchard lost trees.", "evidence": ["Two hundred trees of the orchard were lost."]},
    ]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert ranking.main(["--claims", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "claims.jsonl: 2 queries"
    for row in ("dense", "bm25", "rank fusion", "convex", "ours", "ours, as served", "ours - pairs"):
        assert any(line.startswith(row + " ") for line in lines)
    assert any(line.startswith("ours ") and line.split()[1] == "1.0000" for line in lines)
