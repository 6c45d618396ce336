"""Whatever the articles and the question: answer() does not raise, and every citation slices exactly."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.text.chunking import ChunkingOptions

WORDS = st.sampled_from(
    """storm Storm tore down cranes crane harbour Rotterdam Mayor Konrad Adenauer He They it 31 458 nine forty-five %
    million $4m on 8 November 2025 14/11/2025 in 2019 yesterday said that the the of because who … — “ ” U.S. Dr. 👩‍🚀
    naïve журавль 起重机 a.m. not never""".split()
)
SENTENCES = st.builds(
    lambda words, end: " ".join(words) + end,
    st.lists(WORDS, min_size=1, max_size=90),
    st.sampled_from([".", "?", "!", "…", ""]),
)
TEXTS = st.one_of(
    st.lists(SENTENCES, min_size=1, max_size=8).flatmap(
        lambda s: st.sampled_from([" ", "\n", "\n\n", "\r\n\r\n", "  "]).map(lambda gap: gap.join(s))
    ),
    st.text(min_size=1, max_size=300),
).flatmap(lambda text: st.sampled_from([f"Rain fell.\n\n{text}", f"{text}\n\nRain fell."]))
"""With a sentence that the cleaner keeps: an article that is empty once it is cleaned is not taken in at all."""
QUESTIONS = st.one_of(
    st.sampled_from(
        [
            "How many cranes did the storm tear down on 8 November 2025?",
            "How many cranes fell?",
            "Who is the mayor of Rotterdam?",
            "When did it happen?",
            "Why?",
            "What was the cost in 2025?",
        ]
    ),
    st.lists(WORDS, max_size=12).map(" ".join),
    st.text(max_size=60),
)
SLOW = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@SLOW
@given(texts=st.lists(TEXTS, min_size=1, max_size=3), question=QUESTIONS, most=st.integers(1, 3))
def test_citations_slice_exactly_and_still_do_after_rechunking(open_newsroom, eager, texts, question, most):
    with tempfile.TemporaryDirectory() as folder, open_newsroom(Path(folder)) as newsroom:
        articles = {f"a{n}": text for n, text in enumerate(texts)}
        newsroom.add(**articles)
        before = newsroom.ask(question, eager, most)
        assert 1 <= len(before.sentences) <= most
        assert sum(len(s.text.split()) for s in before.sentences) <= 80
        for article_id in articles:
            newsroom.library.delete(article_id)
        newsroom.add(ChunkingOptions(max_characters=60, min_characters=0), **articles)
        newsroom.check(before)
        newsroom.ask(question, eager, most)
