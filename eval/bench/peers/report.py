"""The comparison as a Markdown table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from eval.bench.peers.machine import Machine
from eval.bench.peers.results import MEASURES, Ratio, SystemResult, medians, ratios
from eval.bench.peers.worker import OURS


@dataclass(frozen=True, slots=True)
class Setting:
    """What the figures of one run have in common. `speed` and `quality` describe the corpora in words."""

    date: str
    machine: Machine
    speed: str
    quality: str | None
    repeats: int
    model: str


def write_report(folder: Path, setting: Setting, results: Sequence[SystemResult], complete: bool) -> None:
    """`peers.md` and `peers.json`, each replaced whole, so that an interrupt leaves the last good ones."""
    folder.mkdir(parents=True, exist_ok=True)
    _replace(folder / "peers.md", markdown(setting, results, complete))
    _replace(folder / "peers.json", json.dumps(as_json(setting, results, complete), indent=1) + "\n")


def _replace(file: Path, text: str) -> None:
    beside = file.with_name(file.name + ".new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)


def markdown(setting: Setting, results: Sequence[SystemResult], complete: bool) -> str:
    head = ["system", *(f"{m.name}, {m.unit}" if m.unit else m.name for m in MEASURES)]
    lines = [
        "# Groundwire and its peers",
        "",
        f"{setting.date}. {setting.machine}.",
        "",
        f"Speed: {setting.speed}. Weights: {setting.model}, the same for all. Medians of {setting.repeats} repeats,"
        " the systems in turn.",
        f"Quality: {setting.quality or 'not measured'}.",
        "",
        *([] if complete else ["**This run was not finished; what is missing was not measured.**", ""]),
        _row(head),
        _row(["---", *("---:" for _ in MEASURES)]),
        *(_row(_cells(result)) for result in results),
        "",
        *(f"- {_ratio(ratio)}" for ratio in ratios(OURS, results)),
        *_commands(results),
        *_bare(results),
        *(f"- {result.name}: {result.failure}" for result in results if result.failure),
        "",
        *(f"- {result.name}: {_made_of(result)}" for result in results if result.versions),
    ]
    return "\n".join(lines).rstrip() + "\n"


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _cells(result: SystemResult) -> list[str]:
    values = medians(result)
    shown = [f"{values[m.name]:.{m.digits}f}" if m.name in values else "-" for m in MEASURES]
    return [result.name + (" (failed, see below)" if result.failure else ""), *shown]


def _ratio(ratio: Ratio) -> str:
    measure = ratio.measure
    name = f"{measure.name}{f', {measure.unit}' if measure.unit else ''}"
    values = f"{ratio.ours:.{measure.digits}f} against {ratio.theirs:.{measure.digits}f} of {ratio.peer}"
    times = "" if ratio.times is None else f": {ratio.times:.2f} times as good as the best peer"
    return f"{name} {values}{times}"


def _commands(results: Sequence[SystemResult]) -> list[str]:
    timed = [seconds for result in results for seconds in result.commands]
    return [f"- `groundwire ask`, the whole command from start to exit: median {median(timed):.2f} s"] if timed else []


def _bare(results: Sequence[SystemResult]) -> list[str]:
    lines = []
    for result in results:
        if result.bare:
            model = median(sample.chunks / sample.model_seconds for sample in result.bare)
            embedder = median(sample.chunks / sample.embedder_seconds for sample in result.bare)
            ingest = median(sample.chunks / sample.seconds for sample in result.ingests)
            lines.append(
                f"- {result.name}'s compiled model by itself: {model:.1f} chunks/s; the embedder reaches "
                f"{embedder / model:.0%} of that, the whole ingest {ingest / model:.0%}"
            )
    return lines


def _made_of(result: SystemResult) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in result.versions.items())
    return f"vectors by {result.computes}; {versions}" if result.computes else versions


def as_json(setting: Setting, results: Sequence[SystemResult], complete: bool) -> dict[str, object]:
    return {
        "setting": asdict(setting),
        "complete": complete,
        "systems": [{**asdict(result), "medians": medians(result)} for result in results],
        "ratios": [
            {"measure": r.measure.name, "ours": r.ours, "peer": r.peer, "theirs": r.theirs, "times": r.times}
            for r in ratios(OURS, results)
        ],
    }
