"""The comparison with peers: a peer that fails costs its own row and nothing else."""

from __future__ import annotations

import json
import os
import sys
import textwrap
import time
import xml.etree.ElementTree as ET

import pytest

from eval.bench import compare
from eval.bench.peers.machine import Machine
from eval.bench.peers.plot import svg
from eval.bench.peers.process import run_worker
from eval.bench.peers.quality import Quality, mrr, recall
from eval.bench.peers.report import Setting, markdown, write_report
from eval.bench.peers.results import BareSample, IngestSample, SearchSample, SystemResult, medians, ratios
from eval.bench.peers.rounds import ROOT, Plan, Rounds
from eval.bench.peers.workload import queries_for, synthetic, wice, write_workload
from service.errors import InputRejected
from service.text.chunking import chunk_article

GOOD = """
    import json, sys
    def tell(event, **fields): print(json.dumps({"event": event, **fields}), flush=True)
    given = dict(zip(sys.argv[2::2], sys.argv[3::2]))
    tell("opened", versions={"fake": "1.0"})
    if sys.argv[1] == "ingest":
        chunks = [json.loads(line)["id"] for line in open(given["--corpus"] + "/chunks.jsonl", encoding="utf-8")]
        open(given["--store"] + "/ids.json", "w").write(json.dumps(chunks))
        tell("ingested", chunks=len(chunks), seconds=0.5, peak_mb=100.0)
    else:
        chunks = json.load(open(given["--store"] + "/ids.json"))
        queries = open(given["--queries"], encoding="utf-8").read().splitlines()
        tell("first")
        tell("searched", milliseconds=[2.0, 4.0], hits=[chunks[:10] for _ in queries], peak_mb=90.0)
"""
CRASHING = "raise SystemExit('the disk is on fire')"
HANGING = 'import time; print(\'{"event": "opened", "versions": {}}\', flush=True); time.sleep(60)'
RUBBISH = "print('Hello, I am a banner')"
SILENT = "pass"
WRONG_SHAPE = """print('{"event": "opened", "versions": {}}\\n{"event": "ingested", "chunks": "many"}')"""
MISSING = """print('{"event": "missing", "reason": "no module named peer"}'); raise SystemExit(1)"""
LOSING = GOOD.replace("chunks=len(chunks)", "chunks=len(chunks) - 1")


@pytest.fixture
def speed(tmp_path):
    articles = synthetic(5)
    return write_workload("speed", tmp_path / "speed", articles, queries_for(articles, 4), None)


@pytest.fixture
def compared(tmp_path, speed):
    """Runs fake peers given as scripts beside each other; the results by name."""

    def run(repeats=2, timeout_seconds=20.0, quality=None, changed=lambda: None, **scripts):
        commands = {}
        for name, script in scripts.items():
            file = tmp_path / f"{name}.py"
            file.write_text(textwrap.dedent(script), encoding="utf-8")
            commands[name] = (sys.executable, os.fspath(file))
        plan = Plan(commands, speed, speed, quality, repeats, timeout_seconds, tmp_path / "stores", tmp_path)
        rounds = Rounds(plan, changed, lambda line: None)
        rounds.run()
        return rounds.results

    return run


def test_a_peer_is_measured_in_every_repeat(compared):
    result = compared(repeats=3, peer=GOOD)["peer"]
    assert (len(result.ingests), len(result.searches), result.failure) == (3, 3, None)
    assert result.versions == {"fake": "1.0"}
    assert medians(result)["ingest"] == 10.0
    assert medians(result)["query p50"] == 3.0


@pytest.mark.parametrize(
    ("script", "why"),
    [
        pytest.param(CRASHING, "ended with 1: the disk is on fire", id="crashes"),
        pytest.param(RUBBISH, "is no event: 'Hello, I am a banner'", id="prints rubbish"),
        pytest.param(SILENT, "told no result of ingest", id="says nothing"),
        pytest.param(WRONG_SHAPE, "told no result of ingest", id="tells another shape"),
        pytest.param(MISSING, "not installed: no module named peer", id="is not installed"),
        pytest.param(LOSING, "stored 4 chunks of 5", id="does less work"),
    ],
)
def test_a_failing_peer_is_a_row_and_the_others_are_measured(compared, script, why):
    results = compared(failing=script, peer=GOOD)
    assert why in results["failing"].failure
    assert results["failing"].ingests == []
    assert len(results["peer"].searches) == 2


def test_a_peer_that_hangs_is_ended_at_its_deadline(compared):
    started = time.monotonic()
    results = compared(timeout_seconds=2.0, hanging=HANGING, peer=GOOD)
    assert results["hanging"].failure == "no result within 2 s, so it was ended"
    assert len(results["peer"].searches) == 2
    assert time.monotonic() - started < 40


def test_what_a_hanging_peer_had_started_is_ended_with_it(tmp_path):
    alive = tmp_path / "alive"
    child = f"import time, pathlib\nwhile True: pathlib.Path({str(alive)!r}).touch(); time.sleep(0.05)"
    parent = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); time.sleep(60)"
    run_worker([sys.executable, "-c", parent], 3.0, tmp_path)
    assert alive.exists()
    alive.unlink()
    time.sleep(0.5)
    assert not alive.exists()


def test_an_environment_that_is_not_there_is_a_failure_in_words(tmp_path):
    run = run_worker([os.fspath(tmp_path / "bin/python")], 5.0, tmp_path)
    assert "cannot be started (No such file or directory)" in run.failure


def test_workers_are_told_to_stay_offline(tmp_path):
    script = "import json, os; print(json.dumps({'event': 'seen', 'hub': os.environ['HF_HUB_OFFLINE']}))"
    assert run_worker([sys.executable, "-c", script], 20.0, tmp_path)["seen"].fields == {"hub": "1"}


INTERRUPTING = """
    import os, pathlib, signal, sys, time
    count = pathlib.Path(__file__).with_suffix(".count")
    if sys.argv[1] == "ingest":
        count.write_text(count.read_text() + "+" if count.exists() else "+")
        if count.read_text() == "+++":  # the second repeat, after the run that does not count
            os.kill(os.getppid(), signal.SIGINT)
            time.sleep(60)
"""


def test_ctrl_c_keeps_what_was_measured_and_leaves_nothing_behind(speed, tmp_path, capsys):
    peer = tmp_path / "peer.py"
    peer.write_text(textwrap.dedent(INTERRUPTING) + textwrap.dedent(GOOD), encoding="utf-8")
    commands = {"groundwire": (sys.executable, os.fspath(peer))}
    stores = tmp_path / "stores"
    code = compare.run(Plan(commands, speed, speed, None, 3, 20.0, stores, tmp_path), setting_of(), tmp_path / "out")
    written = json.loads((tmp_path / "out/peers.json").read_text(encoding="utf-8"))
    assert code == 130
    assert written["complete"] is False
    assert len(written["systems"][0]["searches"]) == 1
    assert "was not finished" in capsys.readouterr().out
    assert list(stores.iterdir()) == []


def test_ranks_are_of_articles_and_not_of_chunks():
    hits = [["a#0", "a#1", "b#0"], ["x#0", "y#0"]]
    gold = [frozenset({"b"}), frozenset({"z", "y"})]
    assert mrr(hits, gold) == 0.5
    assert recall(hits, gold) == 0.75


def test_the_eleventh_article_is_too_late():
    hits = [[f"{number}#0" for number in range(11)]]
    assert mrr(hits, [frozenset({"9"})]) == 0.1
    assert mrr(hits, [frozenset({"10"})]) == recall(hits, [frozenset({"10"})]) == 0.0


def test_quality_is_taken_on_the_articles_that_are_known_to_answer(compared, tmp_path):
    articles = synthetic(3)
    gold = [frozenset({articles[1].id}), frozenset({"nowhere"})]
    quality = write_workload("quality", tmp_path / "quality", articles, ["one", "two"], gold)
    assert compared(repeats=1, quality=quality, peer=GOOD)["peer"].quality == Quality(0.25, 0.5, 2)


def test_synthetic_articles_are_one_chunk_each_and_always_the_same():
    articles = synthetic(60)
    assert [len(chunk_article(article)) for article in articles] == [1] * 60
    assert articles == synthetic(60)
    words = [len(article.text.split()) for article in articles]
    assert 120 < sum(words) / len(words) < 170


def test_queries_are_unique():
    queries = queries_for(synthetic(30), 25)
    assert len(queries) == len(set(queries)) == 25


def test_rows_of_wice_become_articles_claims_and_their_gold(tmp_path):
    file = tmp_path / "wice.jsonl"
    rows = [{"id": "r1", "claim": "It rained.", "evidence": ["Rain fell.", "It was cold."]}]
    rows.append({"id": "r2", "claim": "It was cold.", "evidence": ["Rain fell.", "It was cold."]})
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    articles, claims, gold = wice(file)
    assert [article.id for article in articles] == ["r1"]
    assert claims == ["It rained.", "It was cold."]
    assert gold == [{"r1"}, {"r1"}]


def test_a_row_that_is_none_of_wice_is_named(tmp_path):
    file = tmp_path / "wice.jsonl"
    file.write_text('{"id": "r1", "text": "Rain fell."}\n', encoding="utf-8")
    with pytest.raises(InputRejected, match=r"wice\.jsonl:1: is no row of WiCE"):
        wice(file)


def test_a_corpus_too_small_to_be_asked_about_is_refused(tmp_path, capsys):
    (tmp_path / "one.txt").write_text("Rain fell on the valley all night. The river rose.", encoding="utf-8")
    code = compare.main(["--peers", "none", "--no-quality", "--corpus", os.fspath(tmp_path / "one.txt")])
    assert code == 1
    assert "has sentences for 2 queries" in capsys.readouterr().err


def result_of(name, chunks_per_second, milliseconds):
    ingest = IngestSample(10, 10 / chunks_per_second, 500.0, "torch")
    search = SearchSample(cold_seconds=1.0, milliseconds=(milliseconds,), peak_mb=1.0)
    return SystemResult(name, ingests=[ingest], searches=[search])


def setting_of():
    return Setting("2026-01-01", Machine.here(), "few chunks", None, 1, "all-MiniLM-L6-v2")


def test_the_ratio_is_against_the_best_peer_of_each_measure():
    results = [result_of("groundwire", 100, 5.0), result_of("one", 25, 10.0), result_of("two", 20, 4.0)]
    found = {ratio.measure.name: (ratio.peer, ratio.times) for ratio in ratios("groundwire", results)}
    assert found["ingest"] == ("one", 4.0)
    assert found["query p50"] == ("two", 0.8)


def test_the_report_shows_who_failed_and_why(tmp_path):
    failed = SystemResult("two", failure="not installed: no module named two")
    results = [result_of("groundwire", 100, 5.0), result_of("one", 25, 10.0), failed]
    write_report(tmp_path, setting_of(), results, complete=True)
    text = (tmp_path / "peers.md").read_text(encoding="utf-8")
    assert "| two (failed, see below) | - | - | - | - | - | - | - |" in text
    assert "- two: not installed: no module named two" in text
    assert "4.00 times as good as the best peer" in text
    written = json.loads((tmp_path / "peers.json").read_text(encoding="utf-8"))
    assert written["ratios"][0]["times"] == 4.0
    assert markdown(setting_of(), [], complete=True).startswith("# Groundwire and its peers")


def test_ingest_is_shown_as_a_share_of_what_the_model_could_do():
    ours = result_of("groundwire", 100, 5.0)
    ours.bare.append(BareSample(chunks=50, model_seconds=0.4, embedder_seconds=0.5))
    text = markdown(setting_of(), [ours], complete=True)
    assert "by itself: 125.0 chunks/s; the embedder reaches 80% of that, the whole ingest 80%" in text


def test_the_picture_is_one_file_with_a_bar_for_each_value():
    results = [result_of("groundwire", 100, 5.0), result_of("a <peer>", 25, 10.0), SystemResult("failed")]
    root = ET.fromstring(svg("title", "subtitle", results))
    assert len(list(root.iter("{http://www.w3.org/2000/svg}rect"))) == 1 + 5 * 2
    assert "a <peer>" in [element.text for element in root.iter("{http://www.w3.org/2000/svg}text")]


def test_groundwire_with_hashed_words_beside_a_peer_whose_environment_is_not_there(tmp_path, monkeypatch, capsys):
    for name in [name for name in os.environ if name.startswith("GROUNDWIRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GROUNDWIRE_EMBEDDING_MODEL", "hashing")
    out, away = tmp_path / "out", tmp_path / "away/bin/python"
    options = ["--only", "txtai", "--chunks", "20", "--queries", "5", "--repeats", "1", "--no-quality"]
    code = compare.main([*options, "--out", os.fspath(out), "--peers-python", os.fspath(away)])
    ours, peer = json.loads((out / "peers.json").read_text(encoding="utf-8"))["systems"]
    assert code == 0
    assert "away/bin/python cannot be started" in peer["failure"]
    assert ours["failure"] is None
    assert ours["ingests"][0]["chunks"] == 20
    assert len(ours["searches"][0]["milliseconds"]) == 5
    assert set(ours["medians"]) == {"ingest", "query p50", "query p95", "cold start", "peak memory"}
    assert len(ours["commands"]) == 1
    assert ours["bare"] == []
    assert "| groundwire |" in capsys.readouterr().out


def test_a_package_that_is_away_is_told_as_missing(tmp_path):
    task = ["txtai", "ingest", "--store", os.fspath(tmp_path), "--model", os.fspath(tmp_path)]
    run = run_worker([sys.executable, "-m", "eval.bench.peers.worker", *task], 30.0, ROOT)
    assert run.failure is not None
    assert run.failure.startswith("not installed: txtai cannot be imported")
