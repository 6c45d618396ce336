"""A dataset to start from, drafted from the articles of a library: `groundwire eval init`.

Each draft asks for a figure, a date or a name by putting a question word in its place in a sentence of an article; the
figure is then what is expected, and the sentence where it stands. Such a question is asked in the article's own words,
so it is easy, and some read oddly: a draft is there to be reworded, or thrown away, by someone who knows the articles.
The same articles give the same drafts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path

from eval.lie_edits import Scene
from eval.lie_figures import numbers_of
from eval.lie_words import NUMBER_WORDS
from eval.lies import scenes_of
from service.errors import InputRejected
from service.grounding.context import ArticleContext
from service.text.sentence import read_sentence
from service.text.sentences import sentence_spans
from service.text.words import is_stop_word
from service.types import Article

COUNT = 24
KINDS = ("count", "date", "name")
_MOST_WORDS = 30
_RANKS = re.compile(r"\b(?:category|grade|level|magnitude|number|phase) $", re.IGNORECASE)
_VERB = re.compile(r" (?:was|were|is|are|has|had|will|said|told|took|won|went|came|[a-z]+ed)\b")
_ON = re.compile(r"\bon $", re.IGNORECASE)
_MONEY = "$€£"
_NAMED = {"person": "who", "organisation": "which organisation", "country": "which country"}

_HEAD = """\
# Drafts of questions about your own articles, one a line. Nothing here has been checked.
#
# For each: read the sentence in "spans", then
#   - reword "question" as one would ask it who has not seen the sentence: in the article's own words it is too easy
#   - complete "expected": groups of accepted forms, such as [["14", "fourteen"]]; an answer holds a form of each group
#   - list in "forbidden" what would be wrong: the same figure of another day, another person of that name
#   - take out "draft", or the whole line if the question is no good
#
# Add questions that your articles do not answer, or you will not learn whether they are refused; near misses are best:
# {"id": "not-1", "question": "...", "kind": "near_miss", "answerable": false, "expected": [], "articles": []}
#
# All fields: docs/evaluation.md. Run it with: groundwire eval run THIS_FILE
"""


@dataclass(frozen=True, slots=True)
class DraftedCase:
    """A question whose answer is `forms`, and the sentence of the article that says so."""

    kind: str
    question: str
    forms: tuple[str, ...]
    article: str
    sentence: str

    def as_row(self, number: int) -> dict[str, object]:
        return {
            "id": f"draft-{number:03}",
            "draft": True,
            "question": self.question,
            "kind": self.kind,
            "answerable": True,
            "expected": [list(self.forms)],
            "articles": [self.article],
            "forbidden": [],
            "spans": [[{"article": self.article, "text": self.sentence}]],
        }


def contexts_for(articles: Iterable[Article]) -> dict[str, ArticleContext]:
    """By id, copies left out: what two articles say in the same words is asked once."""
    return {
        article.id: ArticleContext(article, sentence_spans(article.text, article.language or "en"))
        for article in articles
        if article.duplicate_of is None
    }


def drafted(contexts: Mapping[str, ArticleContext], count: int = COUNT) -> list[DraftedCase]:
    """At most so many, article by article in turn and of the kinds in turn. Raises InputRejected when there is none."""
    by_article: dict[str, list[DraftedCase]] = {}
    for scene in scenes_of(contexts):
        if scene.context.article.text.count(scene.text) == 1 and (drafts := list(_drafts(scene))):
            by_article.setdefault(scene.article, []).extend(drafts)
    turns = [_kinds_in_turn(drafts, place) for place, drafts in enumerate(by_article.values())]
    found = list(islice(_in_turn(turns), count))
    if not found:
        raise InputRejected("the articles give no question; ingest articles that state figures, dates or names")
    return found


def _drafts(scene: Scene) -> Iterator[DraftedCase]:
    """What can be asked of one sentence, at most one question of each kind."""
    for kind, found in zip(KINDS, (_count(scene), _date(scene), _name(scene)), strict=True):
        if found is not None and len(found[0].split()) <= _MOST_WORDS:
            question, forms = found
            yield DraftedCase(kind, question, tuple(dict.fromkeys(forms)), scene.article, scene.text)


Asked = tuple[str, Sequence[str]]


def _count(scene: Scene) -> Asked | None:
    for number in numbers_of(scene.text):
        before, after = scene.text[: number.start], scene.text[number.end :]
        if _RANKS.search(before) or before.endswith(tuple(_MONEY)) or after.startswith("-"):
            continue
        if number.noun and not is_stop_word(number.noun):
            plain = number.text.replace(",", "")
            forms = [number.text, plain]
            if plain.lower() in NUMBER_WORDS:
                forms.append(str(NUMBER_WORDS.index(plain.lower())))
            elif plain.isdigit() and int(plain) < len(NUMBER_WORDS):
                forms.append(NUMBER_WORDS[int(plain)])
            return _asking(before, "how many", after), forms
    return None


def _date(scene: Scene) -> Asked | None:
    for mention in read_sentence(scene.text).dates:
        before, said, after = (
            scene.text[: mention.start],
            scene.text[mention.start : mention.end],
            scene.text[mention.end :],
        )
        if mention.kind == "absolute" and _ON.search(before) and any(c.isdigit() for c in said):
            return _asking(before, "which date", after), (said, re.sub(r",? \d{4}$", "", said))
    return None


def _name(scene: Scene) -> Asked | None:
    for named in scene.names.of(scene.text):
        after = scene.text[named.end :]
        if named.start == 0 and named.kind in _NAMED and _VERB.match(after):
            forms = (named.text, named.text.split()[-1]) if named.kind == "person" else (named.text,)
            return _asking("", _NAMED[named.kind], after), forms
    return None


def _asking(before: str, word: str, after: str) -> str:
    question = f"{before}{word}{after}".strip().rstrip(".") + "?"
    return question[0].upper() + question[1:]


def _kinds_in_turn(drafts: Sequence[DraftedCase], first: int) -> list[DraftedCase]:
    """Kind after kind, each article with another one first, and of one kind those from all over the article."""
    kinds = [kind for kind in KINDS if any(draft.kind == kind for draft in drafts)]
    begin = first % len(kinds)
    ordered = [*kinds[begin:], *kinds[:begin]]
    return list(_in_turn([_spread([draft for draft in drafts if draft.kind == kind]) for kind in ordered]))


def _spread(drafts: Sequence[DraftedCase]) -> list[DraftedCase]:
    step = max(1, len(drafts) // 4)
    return [draft for start in range(step) for draft in drafts[start::step]]


def _in_turn(lists: Sequence[Sequence[DraftedCase]]) -> Iterator[DraftedCase]:
    """The first of each, then the second of each, and so on."""
    return (draft for turn in zip_longest(*lists) for draft in turn if draft is not None)


def write_drafts(drafts: Sequence[DraftedCase], path: Path) -> None:
    """With what to do about them. Raises InputRejected for a file that is there: it may hold somebody's work."""
    rows = "".join(json.dumps(d.as_row(n), ensure_ascii=False) + "\n" for n, d in enumerate(drafts, start=1))
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(_HEAD + "\n" + rows)
    except FileExistsError as error:
        raise InputRejected(f"{path}: it is there already; name another file with -o") from error
    except OSError as error:
        raise InputRejected(f"{path}: cannot be written ({error.strerror}); name another file with -o") from error


def count_drafts(path: Path) -> int:
    """How many cases of a file are still drafts; 0 for what is no file of cases, which others say."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip() and not line.startswith("#")]
    except (OSError, ValueError):
        return 0
    return sum(isinstance(row, dict) and row.get("draft") is True for row in rows)
