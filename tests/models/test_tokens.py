from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.models.tokens import Count, TokenCounter, estimate

WAIT_SECONDS = 20.0
COUNTED = [
    ("", 0, 0),
    ("No.", 2, 2),
    ("The council met on Tuesday.", 6, 6),
    ("About 430 drones and 18 missiles were counted that night, officials said.", 16, 16),
    (
        "Zaporizhzhia, Dnipropetrovsk and Ivano-Frankivsk were without power; Chernihiv and Mykolaiv had it back.",
        35,
        36,
    ),
    ("IAEA, NATO, UNHCR and OSCE sent observers; ISKANDER-M and KH-101 are names of missiles.", 28, 28),
    ("1,234,567 | 12.5 % | 2025-11-14 | 03:45:10 | +380 44 123 45 67 | $1.2bn", 43, 43),
    ("“It’s over,” she said – “isn’t it?” … «Так»", 17, 18),
    ("У ніч на п’ятницю в місті було чутно вибухи, повідомила міська влада.", 26, 44),
    ("Przesłano czterdzieści dwa wnioski o dofinansowanie żłobków.", 22, 24),
    ("市议会周二投票决定关闭这座桥梁。", 14, 20),
    ("أعلنت البلدية إغلاق الجسر يوم الثلاثاء.", 11, 28),
    ("^The^bridge^was^closed^on^Tuesday,^the^mayor^of^Bila^Tserkva^said.", 30, 31),
    ("¦The¦bridge¦was¦closed¦on¦Tuesday,¦the¦mayor¦of¦Bila¦Tserkva¦said.", 31, 31),
    ("https://example.org/articles/2025/11/14/bridge-closed?ref=rss&utm_source=feed#top", 26, 26),
    ('{"sentences": [{"text": "The bridge is closed.", "markers": [1, 3]}], "unanswered": null}', 29, 29),
    ("a\n\n\n  b\t\tc   \n d", 8, 8),
    ("🚀🚧 closed 🇺🇦", 9, 13),
]
"""Texts with what tiktoken 0.14 counts by o200k_base and by cl100k_base."""


@pytest.mark.parametrize(("text", "o200k", "cl100k"), COUNTED, ids=[text[:20] for text, _, _ in COUNTED])
def test_the_estimate_is_never_below_the_count(text: str, o200k: int, cl100k: int) -> None:
    assert estimate(text) >= max(o200k, cl100k)


def test_the_estimate_of_english_news_is_not_far_above_the_count() -> None:
    english = [(text, count) for text, count, _ in COUNTED[1:6]]
    assert sum(estimate(text) for text, _ in english) <= 1.6 * sum(count for _, count in english)


@given(st.text(alphabet=st.characters()), st.text())
def test_any_text_has_an_estimate_and_more_text_has_no_lower_one(text: str, more: str) -> None:
    assert 2 <= estimate(text) <= estimate(f"{text}\n{more}")


def test_half_a_character_has_an_estimate() -> None:
    assert estimate("a\ud83d b") > estimate("a b")


def loaded(count: Count) -> Callable[[], Count]:
    return lambda: count


def failing() -> Count:
    raise OSError("no network")


def test_the_vocabulary_counts_once_it_is_there() -> None:
    counter = TokenCounter(load=loaded(lambda text: len(text.split())))
    counter.wait(WAIT_SECONDS)
    assert counter.source == "tiktoken o200k_base"
    assert counter.count("one two three") == 3


def test_without_the_vocabulary_the_estimate_counts() -> None:
    counter = TokenCounter(load=failing)
    counter.wait(WAIT_SECONDS)
    assert counter.source == "estimate"
    assert counter.count("one two three") == estimate("one two three")


def test_nothing_waits_for_a_vocabulary_that_does_not_come() -> None:
    come = threading.Event()

    def late() -> Count:
        come.wait(WAIT_SECONDS)
        return len

    counter = TokenCounter(load=late)
    assert counter.count("one two") == estimate("one two")
    assert counter.source == "estimate"
    come.set()
    counter.wait(WAIT_SECONDS)
    assert counter.source == "tiktoken o200k_base"


def test_a_vocabulary_that_comes_too_late_is_not_used() -> None:
    now = [100.0]

    def slow() -> Count:
        now[0] += 20.5
        return len

    counter = TokenCounter(load=slow, seconds=20.0, clock=lambda: now[0])
    counter.wait(WAIT_SECONDS)
    assert counter.source == "estimate"


def test_it_is_loaded_once_whoever_counts() -> None:
    loads: list[str] = []

    def load() -> Count:
        loads.append(threading.current_thread().name)
        return len

    counter = TokenCounter(load=load)
    threads = [threading.Thread(target=counter.count, args=("a",)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    counter.wait(WAIT_SECONDS)
    assert loads == ["load-vocabulary"]


def test_what_is_kept_nowhere_is_not_fetched_unasked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))
    counter = TokenCounter(download=False)
    counter.wait(WAIT_SECONDS)
    assert counter.source == "estimate"


def test_a_vocabulary_that_hangs_does_not_keep_the_process() -> None:
    script = (
        "import threading; from service.models.tokens import TokenCounter;"
        "counter = TokenCounter(load=lambda: threading.Event().wait()); print(counter.count('one'), counter.source)"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=WAIT_SECONDS, env=dict(os.environ)
    )
    assert ran.stdout.split()[1:] == ["estimate"]


def test_tiktoken_is_not_imported_before_something_is_counted() -> None:
    script = (
        "import sys; from service.models.tokens import TokenCounter; TokenCounter();sys.exit('tiktoken' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script]).returncode == 0
