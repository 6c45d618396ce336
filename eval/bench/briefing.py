"""How long a briefing on many articles takes, and how much memory: `python -m eval.bench.briefing [--articles 1000]`.

Made-up reports of storms in harbours, all on one topic: several outlets tell of each storm, in words of their own, with
figures that now and then differ. They are taken in with the model that ships, then briefings are made without an LLM:
on the first half of the time, on the whole, which has the first to compare with, and on the whole again, of which
nothing is new. Prints seconds by stage, and the process's memory before and at its peak. With --keep the library stays
in a folder, and the next run takes nothing in; what was briefed there before is compared with.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

import psutil

from service.briefing.request import BriefingRequest
from service.ingest.incoming import IncomingArticle
from service.settings import load_settings
from service.wiring import open_groundwire

_TOPIC = "storm damage in the harbours of the north coast"
_TOWNS = """
    Tarvik Holm Velden Sandar Brekke Lunde Osmund Ravik Selje Torsnes Ulvik Varde Askim Bodal Dalby Elvik Fossen Grimsta
    Havna Iversby Jondal Kvalnes Loen Mosvik Nesna Odda Porsa Rognan Skarnes Tolga
""".split()
_OUTLETS = "Harbour Post|North Wire|Coast Daily|The Skipper|Sea Gazette|Evening Tide|Port News|Island Herald".split("|")
_SENTENCES = (
    "A storm hit the harbour of {town} on {day} and flooded {quays} of its quays.",
    "The storm that reached {town} on {day} tore boats from their moorings and broke the sea wall in {breaks} places.",
    "The storm sank {boats} boats in the harbour of {town}, the coast guard said.",
    "At {town}, {hurt} people were hurt when the storm came ashore, according to the hospital.",
    "Repairs to the harbour of {town} will cost {cost} million crowns, the port authority estimated.",
    "The ferry to {town} was cancelled and {waiting} passengers spent the night in a school.",
    "Power failed in {homes} homes around the harbour of {town} during the storm.",
    "It is not yet known how many boats at {town} can be raised.",
    "The mayor of {town} asked the government for help with the harbour.",
    "Fishermen in {town} said they had never seen the water so high in the harbour.",
    "Insurers expect claims from the north coast to rise after the storm at {town}.",
    "Divers began to search the harbour of {town} for sunken boats the next morning.",
    "Schools in {town} stayed closed while the storm damage at the harbour was cleared.",
    "The weather service had warned the harbours of the north coast, {town} among them, two days before.",
)


def made_up(count: int) -> Iterator[IncomingArticle]:
    """So many articles, always the same ones."""
    chance = random.Random(7)  # noqa: S311  # nobody is to be kept from guessing it
    for number in range(count):
        storm = number % max(1, count // 12)
        town = _TOWNS[storm % len(_TOWNS)]
        day = date(2025, 1, 5) + timedelta(days=3 * storm)
        of_storm = random.Random(storm)  # noqa: S311
        figures = {
            "quays": of_storm.randint(2, 9),
            "breaks": of_storm.randint(2, 9),
            "boats": of_storm.randint(10, 60) + (chance.random() < 0.1),
            "hurt": of_storm.randint(3, 30),
            "cost": of_storm.randint(2, 90),
            "waiting": of_storm.randint(50, 400),
            "homes": of_storm.randint(200, 9_000),
        }
        said = [*chance.sample(_SENTENCES[:2], 1), *chance.sample(_SENTENCES[2:], 8)]
        written = f"{day.day} {day:%B %Y}"
        yield IncomingArticle(
            id=f"storm-{number}",
            title=f"Storm damages the harbour of {town}",
            text=" ".join(sentence.format(town=town, day=written, **figures) for sentence in said),
            origin=f"storm-{number}.txt",
            source=chance.choice(_OUTLETS),
            published_at=str(day + timedelta(days=1)),
        )


@contextmanager
def peak_megabytes() -> Iterator[list[float]]:
    """What this process holds in memory: at first, then at its peak so far."""
    process = psutil.Process()
    now = process.memory_info().rss / 1e6
    seen, done = [now, now], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            seen[1] = max(seen[1], process.memory_info().rss / 1e6)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()


def measure(folder: Path, count: int) -> None:
    with closing(open_groundwire(load_settings(data_dir=folder), serving=False)) as groundwire:
        started = perf_counter()
        report = groundwire.ingest_articles(made_up(count))
        counts = f"{report.added} articles, {report.duplicates} copies, {report.unchanged} were there"
        print(f"taken in: {counts}, {perf_counter() - started:.1f} s")
        groundwire.brief(BriefingRequest("anything else, so that the model is loaded"))
        of_all = BriefingRequest(_TOPIC, mode="extractive")
        for which, request in (("half", replace(of_all, until="2025-05-01")), ("whole", of_all), ("same", of_all)):
            with peak_megabytes() as memory:
                started = perf_counter()
                briefing = groundwire.brief(request)
                seconds = perf_counter() - started
            stages = ", ".join(f"{name} {ms / 1000:.2f} s" for name, ms in briefing.timings_ms)
            print(f"{which} briefing: {len(briefing.articles)} articles read, {seconds:.2f} s ({stages})")
            print(f"  {briefing.status}, {briefing.words} words, {len(briefing.changes.new)} sentences new")
            print(
                f"  memory {memory[0]:.0f} MB before, {memory[1]:.0f} MB at its peak, +{memory[1] - memory[0]:.0f} MB"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1_000, metavar="N", help="how many (default: 1000)")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="where the library stays (default: a temporary place)")
    arguments = parser.parse_args()
    if arguments.keep is not None:
        measure(arguments.keep, arguments.articles)
        return
    with tempfile.TemporaryDirectory() as folder:
        measure(Path(folder), arguments.articles)


if __name__ == "__main__":
    main()
