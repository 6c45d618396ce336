"""Datasets of other tools, as cases and articles of ours: `groundwire eval import`.

RAGAS: a file of JSON lines, JSON or CSV with a row a question, in the names of either of its versions (`user_input`,
`reference`, `reference_contexts`, `retrieved_contexts`, or `question`, `ground_truth`, `contexts`). Each context
becomes an article. What is expected is an answer in prose there and short forms here, so the figures, dates and names
of the reference are taken, or all of it when it is short; such a case is a draft.

BEIR: a folder of `corpus.jsonl`, `queries.jsonl` and `qrels/SPLIT.tsv`. It has no answers, so it becomes a file of
queries with their articles (eval/claims.py) for the suite `retrieval`.
"""

from __future__ import annotations

import ast
import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.cases import holds
from service.errors import InputRejected
from service.text.sentence import read_sentence

_SHORT = 6
"""Words of a reference that is itself what is expected."""
_GIVEN = r"(?:(?:given|provided|above) )?(?:contexts?|texts?|articles?|passages?|documents?)"
_LACKS = r"(?:do|does|did)(?: not|n['’]t)"
_OPEN = r"(?:cannot|can['’]t|could not|couldn['’]t) be (?:answered|determined)"
_REFUSES = re.compile(
    rf"\b{_GIVEN} {_LACKS} (?:say|state|contain|provide|mention|specify)\b"
    rf"|\b(?:it|this) {_LACKS} (?:say|state|mention|specify)\b"
    rf"|\b(?:it|this|that|(?:the|this) (?:question|answer)) {_OPEN}\b"
    rf"|\b{_OPEN} (?:from|based on|by) (?:the |this )?{_GIVEN}\b"
    rf"|\bI {_LACKS} know\b|\bI (?:cannot|can['’]t) (?:answer|tell|say)\b"
    rf"|^(?:there is |the {_GIVEN} (?:has|gives|provides|contains) )?(?:no|not enough|insufficient) information\b"
    r"|^(?:unanswerable|no answer|not answerable)\W*$",
    re.IGNORECASE,
)
"""What says of the articles, or of who answers, that the answer is not there; of anything else it is an answer."""
_QUESTION = ("user_input", "question", "query")
_REFERENCE = ("reference", "ground_truth", "ground_truths", "answer_reference", "expected_output")
_GOLD = ("reference_contexts", "ground_truth_contexts")
_CONTEXTS = (*_GOLD, "retrieved_contexts", "contexts", "context")


@dataclass(frozen=True, slots=True)
class Imported:
    """Rows of two files of JSON lines, and how many rows of the source gave none and why."""

    cases: tuple[Mapping[str, Any], ...]
    articles: tuple[Mapping[str, Any], ...]
    left_out: tuple[str, ...] = ()


def import_ragas(path: Path) -> Imported:
    """Raises InputRejected for a file that holds no such row."""
    cases: list[dict[str, Any]] = []
    articles: dict[str, dict[str, Any]] = {}
    left_out = []
    for number, row in enumerate(_rows(path), start=1):
        texts = {_id_of(text): text for name in _CONTEXTS for text in _texts(row, (name,))}
        articles |= {name: {"id": name, "title": _title(text), "text": text} for name, text in texts.items()}
        case = _case(row, number, texts)
        if case is None:
            left_out.append(f"row {number}: it has no question, or no reference answer and contexts")
        else:
            cases.append(case)
    if not cases:
        raise InputRejected(f"{path}: no row with a question and a reference answer; see eval/importing_cases.py")
    return Imported(tuple(cases), tuple(articles.values()), tuple(left_out))


def _case(row: Mapping[str, Any], number: int, texts: Mapping[str, str]) -> dict[str, Any] | None:
    question, references = _first(row, _QUESTION), _texts(row, _REFERENCE)
    if question is None or not references:
        return None
    case: dict[str, Any] = {"id": f"ragas-{number:04}", "draft": True, "question": question}
    if _refuses(references[0]):
        return {**case, "kind": "unanswerable", "answerable": False, "expected": [], "articles": []}
    expected = _expected(references[0])
    gold = [_id_of(text) for text in _texts(row, _GOLD)] or _holding(expected, texts)
    if not gold:
        return None
    described = {"kind": "fact", "answerable": True, "expected": expected, "articles": gold, "forbidden": []}
    return {**case, **described, "reference": references[0]}


def _refuses(reference: str) -> bool:
    """One that states a figure answers something, whatever it says besides."""
    return _REFUSES.search(reference.strip()) is not None and not read_sentence(reference).figures


def _expected(reference: str) -> list[list[str]]:
    """Groups of one form each: all of a short reference, else its figures, dates and names, else all of it."""
    if len(reference.split()) <= _SHORT:
        return [[reference.strip().rstrip(".")]]
    read = read_sentence(reference)
    places = [(d.start, d.end) for d in read.dates if d.kind == "absolute"]
    places += [(f.start, f.end) for f in read.figures]
    places += [(name.start, name.end) for name in read.names if not name.initial]
    found = dict.fromkeys(reference[start:end] for start, end in sorted(places))
    return [[form] for form in found] or [[reference.strip().rstrip(".")]]


def _holding(expected: Sequence[Sequence[str]], texts: Mapping[str, str]) -> list[str]:
    """The contexts that hold a form of each group; where none does, all of them."""
    holding = [
        name for name, text in texts.items() if all(any(holds(form, text) for form in group) for group in expected)
    ]
    return holding or list(texts)


def _rows(path: Path) -> Iterator[Mapping[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix == ".csv":
            yield from csv.DictReader(text.splitlines(keepends=True))
            return
        found = json.loads(text) if text.lstrip().startswith("[") else None
        listed = found if found is not None else [json.loads(line) for line in text.splitlines() if line.strip()]
    except OSError as error:
        raise InputRejected(f"{path}: cannot be read ({error.strerror}); name a file of rows") from error
    except ValueError as error:
        raise InputRejected(f"{path}: neither JSON lines nor a list of rows ({error})") from error
    for row in listed:
        if not isinstance(row, dict):
            raise InputRejected(f"{path}: {str(row)[:40]!r} is no row; each has a question and a reference answer")
        yield row


def _first(row: Mapping[str, Any], names: Iterable[str]) -> str | None:
    return next((row[name].strip() for name in names if isinstance(row.get(name), str) and row[name].strip()), None)


def _texts(row: Mapping[str, Any], names: Iterable[str]) -> list[str]:
    """The texts of the first field that has any. CSV has lists as Python writes them."""
    for name in names:
        value = row.get(name)
        if isinstance(value, str) and value.lstrip().startswith("["):
            try:
                value = ast.literal_eval(value)
            except (ValueError, SyntaxError):
                value = [value]
        listed = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        if texts := [text.strip() for text in listed if isinstance(text, str) and text.strip()]:
            return texts
    return []


def _id_of(text: str) -> str:
    return "ctx-" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]


def _title(text: str) -> str:
    return " ".join(text.split()[:8])


def import_beir(folder: Path, split: str = "test") -> Imported:
    """One row a query that is judged, with the articles judged relevant; the others come in rows without a query.

    Raises InputRejected for a folder that is none.
    """
    corpus = {str(row["_id"]): _text_of(row) for row in _lines(folder / "corpus.jsonl", ("_id", "text"))}
    queries = {str(row["_id"]): str(row["text"]) for row in _lines(folder / "queries.jsonl", ("_id", "text"))}
    wanted: dict[str, list[str]] = {}
    left_out = []
    for query, article in _qrels(folder / "qrels" / f"{split}.tsv"):
        if query in queries and article in corpus:
            wanted.setdefault(query, []).append(article)
        else:
            left_out.append(f"query {query}: it or article {article} is not there")
    if not wanted:
        raise InputRejected(f"{folder}: no query of qrels/{split}.tsv is judged relevant to an article that is there")
    rows = [
        {"question": queries[query], "documents": [{"text": corpus[a], "type": "correct"} for a in articles]}
        for query, articles in wanted.items()
    ]
    judged = {article for articles in wanted.values() for article in articles}
    others = [{"text": text, "type": "noise"} for name, text in corpus.items() if name not in judged]
    rows += [{"question": "", "documents": [other]} for other in others]
    return Imported(tuple(rows), (), tuple(left_out))


def _text_of(row: Mapping[str, Any]) -> str:
    title = str(row.get("title") or "").strip()
    return f"{title}\n\n{row['text']}" if title else str(row["text"])


def _lines(path: Path, fields: Sequence[str]) -> Iterator[Mapping[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise InputRejected(f"{path}: cannot be read ({error.strerror}); name a folder in the form of BEIR") from error
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                row = json.loads(line)
                if any(field not in row for field in fields):
                    raise TypeError(f"it lacks one of {', '.join(fields)}")
            except (TypeError, ValueError) as error:
                raise InputRejected(f"{path}:{number}: no row of BEIR ({error})") from error
            yield row


def _qrels(path: Path) -> Iterator[tuple[str, str]]:
    """Query and article of every judgement above 0; the first line names the columns."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
    except OSError as error:
        raise InputRejected(f"{path}: cannot be read ({error.strerror}); name the split with --split") from error
    for number, line in enumerate(lines, start=2):
        try:
            query, article, score = line.split("\t")
            if int(score) > 0:
                yield query, article
        except ValueError as error:
            raise InputRejected(f"{path}:{number}: no query, article and score between tabs") from error


def write_lines(rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Raises InputRejected for a file that is there, or cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    except FileExistsError as error:
        raise InputRejected(f"{path}: it is there already; name another folder with -o") from error
    except OSError as error:
        raise InputRejected(f"{path}: cannot be written ({error.strerror}); name another folder with -o") from error
