"""What one run of a suite found, and its form as a file.

A finished run is one JSON object; its `results` stand one a line, in the order of the cases. All that may differ
between two runs on the same input is in `timings_ms` (of a result and of its body), `started_at`, `wall_seconds` and
`judge_cost`.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, Literal

from service.errors import InputRejected

FORMAT = 1
Form = Literal["question", "briefing"]
_DIGITS = 6
"""Scores are rounded: the last bits of a float depend on the processor."""


@dataclass(frozen=True, slots=True)
class Score:
    """What one scorer says of one case. `value` None: it could not be scored, and `reason` says why.

    Never NaN, never infinite. `reason` of a value: what was missing or found, for people.
    """

    value: float | None
    reason: str | None = None

    def __post_init__(self) -> None:
        if self.value is None:
            if not self.reason:
                raise ValueError("what is not scored needs a reason")
        elif not math.isfinite(self.value):
            raise ValueError(f"a score is a number, got {self.value}; leave it unscored with a reason")
        else:
            object.__setattr__(self, "value", round(float(self.value), _DIGITS))

    @classmethod
    def unscored(cls, reason: str) -> Score:
        return cls(None, reason)


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """A chunk as it was ranked, `rank` from 1. `text` is the article's at [start, end), in code points."""

    rank: int
    article_id: str
    start: int
    end: int
    text: str
    score: float
    title: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether what a sentence cites supports it. `sentence`: its index in the body, over all sections of a briefing.

    `by`: "built-in", or the judge's model. `verdict` None: it was not judged, and `reason` says why.
    """

    sentence: int
    by: str
    verdict: str | None
    support: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, what came back for it and how that was scored.

    `case`: the case in its file's form. `body`: the answer's or briefing's, as the public interface has it, without the
    ids that are drawn at random; None after a crash. `crash`: the error in one line; then every score but `completed`
    is unscored.
    """

    id: str
    kind: str
    form: Form
    case: Mapping[str, Any]
    body: Mapping[str, Any] | None
    evidence: tuple[EvidenceRow, ...] = ()
    scores: Mapping[str, Score] = field(default_factory=dict)
    judgements: tuple[Judgement, ...] = ()
    crash: str | None = None
    timings_ms: Mapping[str, float] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        body = _plain(self)
        body["scores"] = {name: _plain(score) for name, score in self.scores.items()}
        body["evidence"] = [_plain(row) for row in self.evidence]
        body["judgements"] = [_plain(one) for one in self.judgements]
        return body

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> CaseResult:
        """Raises KeyError, TypeError or ValueError for anything else."""
        known = dict(body)
        known["scores"] = {name: Score(**score) for name, score in body["scores"].items()}
        known["evidence"] = tuple(EvidenceRow(**row) for row in body["evidence"])
        known["judgements"] = tuple(Judgement(**one) for one in body["judgements"])
        return cls(**known)


@dataclass(frozen=True, slots=True)
class Judge:
    """The model that judged, and the prompt it was given. Scores of two judges cannot be compared."""

    model: str
    prompt_version: int
    prompt_hash: str


@dataclass(frozen=True, slots=True)
class JudgeCost:
    """What judging took. `calls`: of the model; `cached`: read from disk instead. `cost_usd` None: not known."""

    calls: int = 0
    cached: int = 0
    failed: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    cost_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """What the judge said of a claim whose verdict is known, see eval/harness/judging_the_judge.py.

    `verdict` None: it gave none, and `reason` says why.
    """

    id: str
    kind: str
    claim: str
    supported: bool
    verdict: str | None
    reason: str = ""

    @property
    def agrees(self) -> bool:
        return self.verdict is not None and (self.verdict == "supported") == self.supported


@dataclass(frozen=True, slots=True)
class Run:
    """All cases of a suite in one go. Hashes are "sha256:" and hex digits.

    `settings`: what decides the answers beside the cases and articles; `settings_fingerprint`: their hash. `as_of`: the
    day all cases without one of their own are asked as of. `corpus_fingerprint`: of the articles that were read.
    """

    suite: str
    dataset: str
    dataset_hash: str
    corpus: str
    corpus_fingerprint: str
    groundwire: str
    settings: Mapping[str, Any]
    settings_fingerprint: str
    scorers: Mapping[str, str]
    """The version of each scorer, by the scorer's name."""
    as_of: str
    results: tuple[CaseResult, ...] = ()
    judge: Judge | None = None
    judge_cost: JudgeCost = JudgeCost()
    judge_checked: tuple[Checked, ...] = ()
    """What the judge said of claims whose verdicts are known; its cost includes that."""
    started_at: str = ""
    wall_seconds: float = 0.0

    def header(self) -> dict[str, Any]:
        """Everything but the results."""
        body = {"format": FORMAT, **_plain(self)}
        del body["results"]
        body["judge"] = None if self.judge is None else _plain(self.judge)
        body["judge_cost"] = _plain(self.judge_cost)
        body["judge_checked"] = [_plain(one) for one in self.judge_checked]
        return body

    @classmethod
    def from_json(cls, header: Mapping[str, Any], results: tuple[CaseResult, ...]) -> Run:
        """Raises KeyError, TypeError or ValueError for anything else."""
        known = {name: value for name, value in header.items() if name not in ("format", "results")}
        known["judge"] = None if header["judge"] is None else Judge(**header["judge"])
        known["judge_cost"] = JudgeCost(**header["judge_cost"])
        known["judge_checked"] = tuple(Checked(**one) for one in header.get("judge_checked", ()))
        return cls(**known, results=results)

    def without_times(self) -> Run:
        """The same, all that a clock, or what was judged before, decided left out: equal for two runs on one input."""
        results = tuple(replace(result, timings_ms={}, body=_timeless(result.body)) for result in self.results)
        return replace(self, results=results, judge_cost=JudgeCost(), started_at="", wall_seconds=0.0)


def write_run(run: Run, path: Path) -> None:
    """Write the whole file, then put it in its place at once. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(path.name + ".new")
    with new.open("w", encoding="utf-8") as file:
        file.write(dump_run(run))
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def dump_run(run: Run) -> str:
    """One result a line, so that two runs can be compared line by line."""
    header = json.dumps(run.header(), ensure_ascii=False, indent=1, allow_nan=False).removesuffix("\n}")
    rows = ",\n".join(encoded(result.to_json()) for result in run.results)
    return f'{header},\n "results": [\n{rows}\n]}}\n'


def read_run(path: Path) -> Run:
    """Raises InputRejected when there is no run in the file."""
    try:
        body = json.loads(path.read_text(encoding="utf-8"))
        if body["format"] != FORMAT:
            raise InputRejected(f"{path}: a run in format {body['format']}, this version reads {FORMAT}; run it again")
        return Run.from_json(body, tuple(CaseResult.from_json(result) for result in body["results"]))
    except OSError as error:
        raise InputRejected(f"{path}: cannot be read ({error.strerror}); name a file that `eval run` wrote") from error
    except (KeyError, TypeError, ValueError) as error:
        raise InputRejected(f"{path}: no run ({error}); name a file that `groundwire eval run` wrote") from error


def encoded(body: Mapping[str, Any]) -> str:
    """As one line of JSON. Raises ValueError for NaN."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def hash_of(body: object) -> str:
    """The hash of anything JSON can say, whatever the order of its keys."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _timeless(body: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    return None if body is None else {name: value for name, value in body.items() if name != "timings_ms"}


def _plain(value: Any) -> dict[str, Any]:
    """Field by field, one level deep."""
    return {field.name: getattr(value, field.name) for field in fields(value)}
