"""Questions with what a right answer must hold, read from JSON lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeVar

from service.errors import InputRejected

DATASETS = Path(__file__).parent / "datasets"


@dataclass(frozen=True, slots=True)
class Case:
    """One question. `expected`: groups of accepted forms; an answer holds one form of every group.

    `articles`: ids of the articles that rightly answer. An unanswerable case has neither. `as_of`: asked as if it were
    that day, ISO 8601.
    """

    id: str
    question: str
    kind: str
    answerable: bool
    expected: tuple[tuple[str, ...], ...]
    articles: tuple[str, ...]
    forbidden: tuple[str, ...]
    as_of: str | None = None

    def __post_init__(self) -> None:
        if self.answerable != bool(self.expected and self.articles):
            raise InputRejected(f"case {self.id}: an answerable case, and only one, names expected values and articles")

    def met_by(self, text: str) -> bool:
        """Whether a text holds an accepted form of every expected value."""
        return all(any(holds(form, text) for form in forms) for forms in self.expected)


def holds(form: str, text: str) -> bool:
    """Whether a text holds a form as whole words, upper and lower case alike."""
    return re.search(rf"(?<!\w){re.escape(form.lower())}(?!\w)", text.lower()) is not None


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


C = TypeVar("C", bound=_Identified)


def read_cases(path: Path) -> list[Case]:
    """All cases of a file. Raises InputRejected naming the line that is broken, or an id that comes twice."""
    return cases_in(path, case_of, "see eval/cases.py for its fields")


def cases_in(path: Path, case_of: Callable[[dict[str, object]], C], hint: str) -> list[C]:
    """The same for cases of any kind; lines that begin with # are comments.

    `case_of` raises InputRejected, KeyError, TypeError or ValueError for no case.
    """
    cases: dict[str, C] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            case = case_of(json.loads(line))
        except InputRejected as error:
            raise InputRejected(f"{path}:{number}: {error}") from error
        except (KeyError, TypeError, ValueError) as error:
            raise InputRejected(f"{path}:{number}: not a case ({error}); {hint}") from error
        if case.id in cases:
            raise InputRejected(f"{path}:{number}: the id {case.id} comes twice")
        cases[case.id] = case
    return list(cases.values())


def strings(value: object) -> tuple[str, ...]:
    """A list of texts, none of them empty. Raises TypeError for anything else."""
    # A string is a sequence too: "31" for ["31"] would expect a 3 and a 1.
    if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
        raise TypeError(f"{value!r} is no list of texts")
    return tuple(value)


def case_of(fields: dict[str, object]) -> Case:
    """The case that a line holds. Raises InputRejected, KeyError or TypeError."""
    expected = fields["expected"]
    if not isinstance(expected, list) or not all(expected):
        raise TypeError("expected is no list of groups, each with a form at least")
    return Case(
        id=str(fields["id"]),
        question=str(fields["question"]),
        kind=str(fields["kind"]),
        answerable=bool(fields["answerable"]),
        expected=tuple(strings(group) for group in expected),
        articles=strings(fields["articles"]),
        forbidden=strings(fields.get("forbidden", [])),
        as_of=str(fields["as_of"]) if fields.get("as_of") is not None else None,
    )
