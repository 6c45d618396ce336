"""The harness of lies: what it hands to the checker, and what it counts."""

from __future__ import annotations

import pytest

from eval.contexts import contexts_of
from eval.intervals import wilson
from eval.trust import run, table, wrong_lines
from eval.trust_cases import Quoted, TrustCase
from service.errors import InputRejected
from service.grounding.sources import CitedSpan, SentenceCheck
from service.text.chunking import chunk_article

FIRST = "A crane fell into the harbour basin on 14 November 2025, and two men were hurt by its cable."
SECOND = "The port authority said on Monday that it would check the nine other cranes before the spring."
FAR = "Fishermen blocked the lock in 1998."


class WordsChecker:
    """A checker for these tests: what says "good" is supported by the first sentence that is cited, or else found."""

    def __init__(self):
        self.calls = []

    def check(self, drafts, evidence=()):
        self.calls.append((drafts, evidence))
        return [self._check(draft, evidence) for draft in drafts]

    def _check(self, draft, evidence):
        if "good" not in draft.text and "found" not in draft.text:
            return SentenceCheck(draft.text, "not_supported", 0.1, (), reasons=("nothing says so",))
        recited = "found" in draft.text
        source = (evidence if recited else draft.cited)[0]
        sentence = source.sentences[0]
        return SentenceCheck(draft.text, "supported", 0.9, (CitedSpan(source.context, sentence, sentence),), recited)


@pytest.fixture(scope="module")
def contexts(tmp_path_factory):
    folder = tmp_path_factory.mktemp("articles")
    filler = " ".join(f"The quay number {n} stayed open all through that long night." for n in range(2, 40))
    (folder / "port.md").write_text(
        f"---\nid: port\ntitle: Port\n---\n{FIRST} {SECOND}\n\n{filler}\n", encoding="utf-8"
    )
    (folder / "lock.md").write_text(f"---\nid: lock\ntitle: Lock\n---\n{FAR}\n", encoding="utf-8")
    return contexts_of([folder])


def lie(number, kind, text, *true_spans):
    return TrustCase(f"l{number}", kind, text, "port", (Quoted("port", FIRST),), "something else", true_spans)


def true(number, text):
    return TrustCase(f"t{number}", "true", text, "port", (Quoted("port", FIRST),))


def outcomes_of(contexts, *cases):
    return run(WordsChecker(), cases, contexts, lambda text: chunk_article(contexts["lock"].article))


def test_a_sentence_cites_the_chunk_that_holds_its_span(contexts):
    checker = WordsChecker()
    run(checker, [true(1, "good")], contexts, lambda text: [])
    (draft,), evidence = checker.calls[0]
    (source,) = draft.cited
    assert source.context is contexts["port"]
    assert {source.context.text(i) for i in source.sentences} >= {FIRST, SECOND}
    assert len(source.sentences) < len(source.context.spans)
    assert evidence == ()


def test_what_is_retrieved_is_the_evidence(contexts):
    asked = []

    def retrieve(text):
        asked.append(text)
        return [*chunk_article(contexts["lock"].article), *chunk_article(contexts["port"].article)]

    checker = WordsChecker()
    run(checker, [true(1, "good one")], contexts, retrieve)
    _, evidence = checker.calls[0]
    assert asked == ["good one"]
    assert [(s.context.article.id, len(s.sentences)) for s in evidence] == [
        ("lock", 1),
        ("port", len(contexts["port"].spans)),
    ]


def test_spans_of_two_articles_are_both_cited(contexts):
    case = TrustCase("t", "true", "good", "port", (Quoted("port", FIRST), Quoted("lock", FAR)))
    checker = WordsChecker()
    run(checker, [case], contexts, lambda text: [])
    assert [source.context.article.id for source in checker.calls[0][0][0].cited] == ["port", "lock"]


def test_a_span_that_the_article_does_not_hold_is_refused(contexts):
    case = TrustCase("t", "true", "good", "port", (Quoted("port", "Nobody said this."),))
    with pytest.raises(InputRejected, match="has no sentence"):
        run(WordsChecker(), [case], contexts, lambda text: [])


def test_a_lie_ships_when_it_is_supported_and_a_true_one_is_dropped_when_not(contexts):
    cases = [lie(1, "figure", "good"), lie(2, "figure", "bad"), true(1, "good"), true(2, "bad")]
    found = outcomes_of(contexts, *cases)
    assert [o.shipped for o in found] == [True, False, True, False]
    assert [o.wrong for o in found] == [True, False, False, True]


def test_a_wrong_citation_ships_as_a_lie_only_if_it_stays_wrong(contexts):
    right = Quoted("lock", FAR)
    kept, put_right = outcomes_of(
        contexts, lie(1, "wrong_citation", "good", right), lie(2, "wrong_citation", "found", right)
    )
    assert (kept.shipped, kept.saved) == (True, False)
    assert (put_right.shipped, put_right.saved) == (False, True)


def test_the_table_gives_counts_shares_and_intervals_by_kind(contexts):
    cases = [
        *(lie(n, "figure", "good" if n == 0 else "bad") for n in range(4)),
        *(lie(10 + n, "swap", "bad") for n in range(2)),
        *(true(n, "good" if n else "bad") for n in range(5)),
        true(9, "found"),
    ]
    lines = {
        line.split("  ")[0].strip() or line.split("  ")[1]: line
        for line in table(outcomes_of(contexts, *cases)).splitlines()
    }
    assert "1 of 4     25.0%  [4.6%, 69.9%]" in lines["figure shipped"]
    assert "0 of 2      0.0%" in lines["swap shipped"]
    assert "1 of 6     16.7%" in lines["lies shipped"]
    assert lines["figure, date, name, place shipped"].endswith("(bar 2%)")
    assert "1 of 6     16.7%" in lines["true dropped"]
    assert "1 of 6" in lines["true re-cited"]


def test_what_went_wrong_is_shown_with_its_reasons(contexts):
    shown = wrong_lines(outcomes_of(contexts, lie(1, "date", "good"), true(1, "bad"), true(2, "good")))
    assert "l1 shipped as supported, 0.90: good" in shown
    assert "something else" in shown
    assert "t1 dropped as not_supported, 0.10: bad" in shown
    assert "because nothing says so" in shown
    assert "t2" not in shown


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilsons(hits, trials, low, high):
    assert wilson(hits, trials) == pytest.approx((low, high), abs=1e-4)


def test_more_hits_than_trials_are_refused():
    with pytest.raises(ValueError, match="3 hits of 2 trials"):
        wilson(3, 2)
