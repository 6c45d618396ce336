"""Lies made from any articles: `python -m eval.lies [--articles PATH] [--count N] [--seed S] [-o FILE]`.

Each is a sentence of an article with one thing changed that the article does not say. The same articles, count and
seed give the same lies. Without `-o` they are printed, kind by kind; without `--articles` they are of the seeds.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from eval.contexts import contexts_of
from eval.corpus import SEEDS
from eval.lie_edits import (
    Draft,
    Edit,
    Scene,
    changed_actor,
    changed_name,
    changed_place,
    invented_detail,
    negated,
    swapped_roles,
)
from eval.lie_figures import changed_date, changed_figure, merged_events
from eval.lie_names import read_names
from eval.trust_cases import Kind, Quoted, TrustCase, write_trust_cases
from service.errors import InputRejected
from service.grounding.context import ArticleContext

COUNT = 200
SEED = 1
EDITS: dict[Kind, Edit] = {
    "figure": changed_figure,
    "date": changed_date,
    "place": changed_place,
    "name": changed_name,
    "actor": changed_actor,
    "swap": swapped_roles,
    "negation": negated,
    "merge": merged_events,
    "invented": invented_detail,
}
_SHORTEST, _LONGEST = 7, 45  # words
_LEANS = re.compile(
    r"(?:He|She|It|They|This|That|These|Those|His|Her|Its|Their|Such|Among them|But|And|So|Then|There|Both|Another"
    r"|Photo|Here|However|Also|To them|Often|(?:\w+ ){0,3}(?:his|her|he|she|him|they|their|them))\b"
)
_UNFIT = re.compile(r"https?://|[()\"“”?!]|^[A-ZÀ-Þ ]{4,}[,-]|(?:^|, )(?:he|she|they) (?:said|added|noted|went on)\b")
_LINK = re.compile(r" \(https?://[^)\s]*\)")


def scenes_of(contexts: Mapping[str, ArticleContext]) -> list[Scene]:
    """The sentences that can be read alone, of all articles in order."""
    every = tuple(contexts.values())
    names = read_names(every)
    found: list[Scene] = []
    for context in every:
        whole = f"{context.article.title}\n{context.article.text}"
        for i in range(len(context.spans)):
            text = _LINK.sub("", context.text(i))
            if _fit(text):
                found.append(Scene(context, i, text, whole, names, every))
    return found


def _fit(text: str) -> bool:
    right_size = _SHORTEST <= len(text.split()) <= _LONGEST
    return right_size and text.endswith(".") and not _LEANS.match(text) and not _UNFIT.search(text)


def generate(contexts: Mapping[str, ArticleContext], count: int = COUNT, seed: int = SEED) -> list[TrustCase]:
    """As many lies of each kind, as far as the articles allow. Raises InputRejected when there are too few in all."""
    rng = Random(seed)  # noqa: S311 - no secret
    scenes = scenes_of(contexts)
    sentences = {context.text(i) for context in contexts.values() for i in range(len(context.spans))}
    drafts = {kind: _drafts(edit, scenes, sentences, rng) for kind, edit in EDITS.items()}
    if sum(map(len, drafts.values())) < count:
        raise InputRejected(f"the articles give {sum(map(len, drafts.values()))} lies, not {count}; ask for fewer")
    used: Counter[str] = Counter()
    chosen: dict[Kind, list[tuple[Scene, Draft]]] = {kind: [] for kind in EDITS}
    kind_order = sorted(EDITS, key=lambda kind: len(drafts[kind]))
    for _ in range(count):
        open_kinds = [kind for kind in kind_order if drafts[kind]]
        kind = min(open_kinds, key=lambda k: len(chosen[k]))
        most_new = min(drafts[kind], key=lambda pair: used[pair[0].text])
        drafts[kind].remove(most_new)
        used[most_new[0].text] += 1
        chosen[kind].append(most_new)
    return [_case(kind, n, *pair, contexts) for kind, pairs in chosen.items() for n, pair in enumerate(pairs, start=1)]


def _drafts(edit: Edit, scenes: Sequence[Scene], sentences: set[str], rng: Random) -> list[tuple[Scene, Draft]]:
    found: dict[str, tuple[Scene, Draft]] = {}
    for scene in scenes:
        for draft in edit(scene, rng):
            if draft.text not in sentences:
                found.setdefault(draft.text, (scene, draft))
    shuffled = list(found.values())
    rng.shuffle(shuffled)
    return shuffled


def _case(kind: Kind, number: int, scene: Scene, draft: Draft, contexts: Mapping[str, ArticleContext]) -> TrustCase:
    others = tuple(Quoted(article, contexts[article].text(j)) for article, j in draft.others)
    return TrustCase(
        id=f"made-{kind}-{number}",
        kind=kind,
        text=draft.text,
        article=scene.article,
        spans=(Quoted(scene.article, contexts[scene.article].text(scene.sentence)), *others),
        truth=draft.truth,
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.lies", description=__doc__)
    parser.add_argument("--articles", type=Path, action="append", help="a folder or file; may come more than once")
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("-o", "--output", type=Path, help="JSON lines, as eval/trust_cases.py reads them")
    args = parser.parse_args(argv)
    try:
        lies = generate(contexts_of(args.articles or [SEEDS]), args.count, args.seed)
    except InputRejected as error:
        print(error, file=sys.stderr)
        return 1
    if args.output:
        write_trust_cases(args.output, lies)
    else:
        for lie in lies:
            print(f"{lie.id:16} {lie.text}\n{'':16} [{lie.truth}]")
    counts = Counter(lie.kind for lie in lies)
    print(f"{len(lies)} lies: " + ", ".join(f"{n} {kind}" for kind, n in counts.items()), file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
