"""The cases of a suite, read from JSON lines: questions as in eval/cases.py with what a harness needs besides, topics.

A question's line may further have `spans`: groups of places in the articles that say what is asked, each a `text` that
stands once in its `article`; one place of every group is enough. `values`: groups of forms of one quantity that the
articles give differently, which an answer is to show side by side. `planted`: what an instruction hidden in an article
or in the question wants said.

A topic's line has `"form": "briefing"`, `topic`, the ids of the `articles` to be cited, `nuggets` (each with `id` and
`forms`, groups of accepted forms all of which one sentence or line holds), `events` (each with an ISO `date` and
`forms`) and `forbidden`.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from eval.cases import Case, case_of, cases_in, holds, strings
from eval.harness.run_file import Form, hash_of
from service.errors import InputRejected

Forms = tuple[tuple[str, ...], ...]
"""Groups of accepted forms; one of every group is needed."""


@dataclass(frozen=True, slots=True)
class Place:
    """A text that stands once in an article, by the article's id in the suite."""

    article: str
    text: str


@dataclass(frozen=True, slots=True)
class QuestionCase:
    case: Case
    spans: tuple[tuple[Place, ...], ...] = ()
    values: Forms = ()
    planted: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return self.case.id

    @property
    def kind(self) -> str:
        return self.case.kind

    @property
    def form(self) -> Form:
        return "question"

    @property
    def articles(self) -> tuple[str, ...]:
        return self.case.articles

    @property
    def places(self) -> tuple[Place, ...]:
        return tuple(place for group in self.spans for place in group)

    def to_json(self) -> dict[str, Any]:
        body = asdict(self)
        return _as_read({"form": self.form, **body.pop("case"), **body})


@dataclass(frozen=True, slots=True)
class Nugget:
    """Something a briefing has to say: one sentence of it holds a form of every group."""

    id: str
    forms: Forms

    def in_any(self, texts: Iterable[str]) -> bool:
        return any(all_held(self.forms, text) for text in texts)


@dataclass(frozen=True, slots=True)
class Event:
    """What a timeline has to have under an ISO date, in the form of the public interface."""

    date: str
    forms: Forms


@dataclass(frozen=True, slots=True)
class BriefingCase:
    id: str
    topic: str
    kind: str
    articles: tuple[str, ...]
    nuggets: tuple[Nugget, ...]
    events: tuple[Event, ...] = ()
    forbidden: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    as_of: str | None = None

    def __post_init__(self) -> None:
        if not (self.nuggets and self.articles):
            raise InputRejected(f"case {self.id}: a topic names nuggets and articles")

    @property
    def form(self) -> Form:
        return "briefing"

    @property
    def places(self) -> tuple[Place, ...]:
        return ()

    def to_json(self) -> dict[str, Any]:
        return _as_read({"form": self.form, **asdict(self)})


SuiteCase = QuestionCase | BriefingCase


@dataclass(frozen=True, slots=True)
class Dataset:
    """Cases in the order in which they run. `hash` does not depend on the order."""

    name: str
    cases: tuple[SuiteCase, ...]
    hash: str = field(init=False)

    def __post_init__(self) -> None:
        if not self.cases:
            raise InputRejected(f"{self.name}: no cases; see eval/harness/case_file.py for their form")
        bodies = sorted((case.to_json() for case in self.cases), key=lambda body: str(body["id"]))
        object.__setattr__(self, "hash", hash_of(bodies))

    def of_articles(self, known: Collection[str]) -> Dataset:
        """The same, checked. Raises InputRejected for a case that names an article not among these ids."""
        for case in self.cases:
            named = (*case.articles, *(place.article for place in case.places))
            if unknown := [article for article in named if article not in known]:
                raise InputRejected(f"{self.name}: case {case.id} names the article {unknown[0]!r}, which is not there")
        return self


def read_dataset(name: str, paths: Sequence[Path]) -> Dataset:
    """All cases of these files. Raises InputRejected naming the line that is broken, or an id that comes twice."""
    cases: dict[str, SuiteCase] = {}
    for path in paths:
        try:
            found = cases_in(path, suite_case_of, "see eval/harness/case_file.py for its fields")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise InputRejected(f"{path}: cannot be read ({reason}); name a file of cases") from error
        for case in found:
            if case.id in cases:
                raise InputRejected(f"{path}: the id {case.id} stands in another file of the suite too")
            cases[case.id] = case
    return Dataset(name, tuple(cases.values()))


def suite_case_of(fields: Mapping[str, Any]) -> SuiteCase:
    """Raises InputRejected, KeyError, TypeError or ValueError for what is no case."""
    if fields.get("form", "question") == "briefing":
        return _briefing(fields)
    case = case_of(dict(fields))
    spans = tuple(
        tuple(Place(str(place["article"]), str(place["text"])) for place in group) for group in fields.get("spans", ())
    )
    if not all(spans) or not all(place.text for group in spans for place in group):
        raise TypeError("spans has an empty group or text")
    return QuestionCase(case, spans, groups(fields.get("values", [])), strings(fields.get("planted", [])))


def _briefing(fields: Mapping[str, Any]) -> BriefingCase:
    optional = {name: str(fields[name]) for name in ("since", "until", "as_of") if fields.get(name) is not None}
    return BriefingCase(
        id=str(fields["id"]),
        topic=str(fields["topic"]),
        kind=str(fields.get("kind", "briefing")),
        articles=strings(fields["articles"]),
        nuggets=tuple(Nugget(str(one["id"]), groups(one["forms"])) for one in fields["nuggets"]),
        events=tuple(Event(str(one["date"]), groups(one["forms"])) for one in fields.get("events", ())),
        forbidden=strings(fields.get("forbidden", [])),
        **optional,
    )


def _as_read(body: dict[str, Any]) -> dict[str, Any]:
    """With lists in the place of tuples, as a file has it."""
    plain: dict[str, Any] = json.loads(json.dumps(body))
    return plain


def groups(value: object) -> Forms:
    """Raises TypeError for anything but lists of texts, none of them empty."""
    if not isinstance(value, list) or not all(value):
        raise TypeError(f"{value!r} is no list of groups, each with a form at least")
    return tuple(strings(group) for group in value)


def all_held(forms: Forms, text: str) -> bool:
    """Whether a text holds a form of every group."""
    return all(any(holds(form, text) for form in group) for group in forms)
