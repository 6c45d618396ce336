"""Makes the word lists of the grounding room: `python -m eval.lexicon WORDNET_FOLDER VOCABULARY OUT`.

`WORDNET_FOLDER` holds the files of WordNet 3.0 (`data.noun` and so on), `VOCABULARY` one word a line, the most frequent
first (the word pieces of a language model are in that order). Only words of the vocabulary are kept.
"""

from __future__ import annotations

import argparse
import math
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from service.text.words import stem

POS = {"noun": "n", "verb": "v", "adj": "a", "adv": "r"}
_MOST_HYPONYMS = 80
"""A more general word than that ("act", "person") is no paraphrase of anything."""
_SENSES = 6
_NOTICE = """\
# Words by frequency, irregular forms and senses. Made by eval/lexicon.py; do not edit.
# The senses are taken from WordNet 3.0, Copyright 2006 by Princeton University. All rights reserved. Permission to use,
# copy, modify and distribute this software and database and its documentation for any purpose and without fee or
# royalty is hereby granted, provided that you agree to comply with the following copyright notice and statements,
# including the disclaimer, and that the same appear on ALL copies of the software, database and documentation,
# including modifications that you make for internal use or for distribution.
# THIS SOFTWARE AND DATABASE IS PROVIDED "AS IS" AND PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR WARRANTIES,
# EXPRESS OR IMPLIED. BY WAY OF EXAMPLE, BUT NOT LIMITATION, PRINCETON UNIVERSITY MAKES NO REPRESENTATIONS OR
# WARRANTIES OF MERCHANTABILITY OR FITNESS FOR ANY PARTICULAR PURPOSE OR THAT THE USE OF THE LICENSED SOFTWARE, DATABASE
# OR DOCUMENTATION WILL NOT INFRINGE ANY THIRD PARTY PATENTS, COPYRIGHTS, TRADEMARKS OR OTHER RIGHTS. The name of
# Princeton University or Princeton may not be used in advertising or publicity pertaining to distribution of the
# software and/or database. Title to copyright in this software, database and any associated documentation shall at all
# times remain with Princeton University and LICENSEE agrees to preserve same.
"""


@dataclass(frozen=True, slots=True)
class _Synset:
    words: tuple[str, ...]
    general: tuple[str, ...]
    """Keys of the synsets that this one is a kind of, or similar to."""
    derived: tuple[str, ...]
    opposite: tuple[tuple[str, str], ...]
    """Pairs of opposite words."""


def _synsets(folder: Path) -> dict[str, _Synset]:
    raw: dict[str, list[str]] = {}
    for name, pos in POS.items():
        for line in (folder / f"data.{name}").read_text(encoding="utf-8").splitlines():
            if not line.startswith("  "):
                raw[pos + line[:8]] = line.split("|")[0].split()
    words = {key: _words_of(fields) for key, fields in raw.items()}
    found: dict[str, _Synset] = {}
    for key, fields in raw.items():
        at = 4 + 2 * int(fields[3], 16)
        links = [fields[at + 1 + 4 * i : at + 5 + 4 * i] for i in range(int(fields[at]))]
        targets = [(kind, pos.replace("s", "a") + offset, sides) for kind, offset, pos, sides in links]
        found[key] = _Synset(
            words[key],
            tuple(target for kind, target, _ in targets if kind in ("@", "&", "*")),
            tuple(target for kind, target, _ in targets if kind == "+"),
            tuple(
                (words[key][int(sides[:2], 16) - 1], words[target][int(sides[2:], 16) - 1])
                for kind, target, sides in targets
                if kind == "!"
            ),
        )
    return found


def _words_of(fields: Sequence[str]) -> tuple[str, ...]:
    return tuple(re.sub(r"\(.*", "", fields[4 + 2 * i]) for i in range(int(fields[3], 16)))


def _ranks(folder: Path) -> dict[tuple[str, str], list[str]]:
    """(part of speech, word) to the keys of its senses, the most frequent first."""
    ranks = {}
    for name, pos in POS.items():
        for line in (folder / f"index.{name}").read_text(encoding="utf-8").splitlines():
            if not line.startswith("  "):
                fields = line.split()
                ranks[pos, fields[0]] = [pos + offset for offset in fields if re.fullmatch(r"\d{8}", offset)]
    return ranks


def _irregular(folder: Path, known: frozenset[str]) -> Iterator[str]:
    for name in POS:
        for line in (folder / f"{name}.exc").read_text(encoding="utf-8").splitlines():
            form, lemma = line.split()[:2]
            if stem(form) in known and stem(lemma) in known and stem(form) != stem(lemma):
                yield f"{form} {lemma}"


def _senses(folder: Path, known: frozenset[str]) -> Iterator[str]:
    """One line a sense: part of speech, its words (`-` behind those that rarely mean it), what it is a kind of."""
    synsets, ranks = _synsets(folder), _ranks(folder)
    members: dict[str, list[str]] = defaultdict(list)
    for (pos, word), keys in ranks.items():
        parts = word.split("_")
        if not all(stem(part) in known for part in parts) or len(parts) > (1 if pos == "n" else 3):
            continue
        for rank, key in enumerate(keys[:_SENSES]):
            members[key].append(word + "-" * (rank >= 2))
    hyponyms = Counter(target for synset in synsets.values() for target in synset.general)
    kept = {key for key in synsets if members.get(key)}
    linked = {
        key: [
            *(f"<{t}" for t in synsets[key].general if t in kept and hyponyms[t] <= _MOST_HYPONYMS),
            *(f"+{t}" for t in synsets[key].derived if t in kept),
        ]
        for key in kept
    }
    targets = {link[1:] for links in linked.values() for link in links}
    told = sorted(key for key in kept if len(members[key]) > 1 or linked[key] or key in targets)
    numbers = {key: number for number, key in enumerate(told)}
    for key in told:
        links = sorted({f"{link[0]}{numbers[link[1:]]}" for link in linked[key]})
        yield " ".join([key[0], *members[key], *links])
    opposites = {
        " ".join(sorted(pair))
        for key in synsets
        for pair in synsets[key].opposite
        if all(stem(word.lower()) in known for word in pair)
    }
    yield "[opposites]"
    yield from sorted(opposites)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.lexicon", description=__doc__)
    for name in ("wordnet", "vocabulary", "out"):
        parser.add_argument(name, type=Path)
    args = parser.parse_args(argv)
    vocabulary = [
        word
        for word in args.vocabulary.read_text(encoding="utf-8").split()
        if word.isascii() and word.isalpha() and len(word) > 1
    ]
    bands: dict[int, list[str]] = defaultdict(list)
    for rank, word in enumerate(vocabulary):
        bands[int(math.log2(rank + 1))].append(word)
    known = frozenset(map(stem, vocabulary))
    lines = ["[frequency]", *(" ".join(bands[band]) for band in sorted(bands)), "[irregular]"]
    lines += sorted(set(_irregular(args.wordnet, known)))
    lines += ["[senses]", *_senses(args.wordnet, known)]
    args.out.write_text(_NOTICE + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{args.out}: {len(lines)} lines, {args.out.stat().st_size // 1024} KiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
