"""The benchmark of growing libraries, on a small one."""

from __future__ import annotations

import json

from eval.bench import scale


def test_it_measures_every_stage_at_every_size(tmp_path, capsys):
    written = tmp_path / "scale.json"
    assert scale.main(["--chunks", "40", "20", "--json", str(written)]) == 0
    sizes = json.loads(written.read_text(encoding="utf-8"))["sizes"]
    assert [size["chunks"] for size in sizes] == [20, 40]
    for size in sizes:
        assert [t["stage"] for t in size["timings"]] == ["words", "vectors", "candidates", "articles", "search"]
        assert all(0 < t["p50"] <= t["p95"] for t in size["timings"])
    assert "avx512_bf16" in capsys.readouterr().out


def test_a_kept_library_is_measured_again_and_grows_by_other_articles(tmp_path, capsys):
    folder = tmp_path / "kept"
    for size in ("20", "20", "40"):
        assert scale.main(["--chunks", size, "--folder", str(folder)]) == 0
        assert capsys.readouterr().out.splitlines()[-1].split()[0] == size


def test_articles_are_consistent_and_the_same_in_every_run():
    texts = ["The harbour crane fell at dawn.", "Trees grew."]
    first, again = (scale.Synthetic(texts, deal_whole=False).article() for _ in range(2))
    assert first.article == again.article
    for chunk in first.chunks:
        assert first.article.text[chunk.start : chunk.end] == chunk.text


def test_chunks_of_a_file_are_dealt_whole(tmp_path):
    texts = ["One passage.", "Another passage."]
    article = scale.Synthetic(texts, deal_whole=True).article()
    assert {chunk.text for chunk in article.chunks} <= set(texts)


def test_a_file_that_is_not_there_is_one_line(tmp_path, capsys):
    assert scale.main(["--articles", str(tmp_path / "none.jsonl"), "--chunks", "20"]) == 1
    assert capsys.readouterr().err.startswith("eval.bench.scale: ")
