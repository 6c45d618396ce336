"""The seed articles are whole: the manifest names their bytes, and no figure or name got lost in an edit."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

SEEDS = Path(__file__).parents[2] / "seeds"
FILES = sorted(SEEDS.glob("[0-9]*.md"))

FIGURES: dict[str, list[str]] = {
    "kyiv-14-november": [
        "November 14, 2025",
        "nearly four years old",
        "early November 2025",
        "November 8",
        "October 2022",
        "August 2025",
        "about 430 drones and 18 missiles",
        "406 of 458 drones",
        "nine of 45 missiles",
        "at least one district",
        "almost every district",
        "virtually all districts",
        "Vitali Klitschko",
        "Volodymyr Zelenskyy",
        "ballistic and aeroballistic",
        "wicked and deliberately calculated",
        "Patriot",
        "Unmanned Air Defense Systems",
        "NATO",
        "European Union",
        "anti-corruption",
        "rolling blackouts",
        "emergency generators",
        "fibre optic",
        "battery-powered lanterns",
        "bottled water",
        "food rations",
        "dual-use",
        "military-industrial complexes",
    ],
    "kyiv-before-talks": [
        "International Energy Agency (https://www.iea.org)",
        "hundreds of billions of dollars",
        "United Nations Development Programme (https://www.undp.org)",
        "more than $400 billion",
        "displaced millions",
        "World Bank",
        "https://www.worldbank.org",
        "tens of billions of dollars",
        "manufacturing, agriculture and digital services",
        "Council on Foreign Relations (https://www.cfr.org)",
        "frozen conflicts",
        "Washington",
        "overnight",
        "early morning",
        "collective defense",
        "east and south",
        "foreign investment",
    ],
    "energy-before-talks": [
        "Early on Thursday morning",
        "overnight barrage",
        "Donald Trump",
        "Several power plants",
        "high-voltage substations",
        "below freezing",
        "local authorities",
        "Ukrainian energy officials",
        "international observers",
        "in public and in private",
        "new American administration",
        "long-range capabilities",
        "millions of civilians",
        "diplomacy, geopolitics, energy security and war",
    ],
    "revenge-attack-g20": [
        "Vladimir Putin",
        "The New York Times (NYT)",
        "At least four cities",
        "two residential buildings",
        "Kharkiv",
        "Lviv",
        "Khmelnytskyi",
        "at least four missiles",
        "five stories",
        "Gleb Garanich/Reuters",
        "G20 Summit",
        "UN charter",
        "November 15th or 16th",
        "Bali",
        "CRUX",
        "Kherson",
        "Andriy Yermak",
        "Twitter",
        "October 10th",
        "a little more than a month ago",
        "10 Ukrainian cities",
        "Iran",
        "Only an hour ago",
        "85 missiles",
        "at least 20 more",
        "Kyrylo Tymoshenko, the presidential administration's deputy head",
        "critical",
        "Nova Kakhovka",
        "Kakhovka Raion",
        "Kherson Oblast",
        "Dnieper",
        "Natalya Humenyuk",
        "10 to 15 miles",
        "15-20 km",
        "left bank",
        "SOFREP",
    ],
    "urgent-653-drones": [
        "653 drones and 51 missiles",
        "overnight",
        "585 of the drones and 30 of the missiles",
        "nearly four years",
        "29 locations",
        "at least eight people",
        "three of them in the Kyiv region",
        "Ihor Klymenko",
        "Minister of Internal Affairs",
        "Ukrenergo",
        "Volodymyr Zelenskyy",
        "Fastiv",
        "Ryazan Oil Refinery",
        "Astra",
        "not been verified",
        "Pavel Malkov",
        "fourth consecutive winter",
        "third day",
        "Friday",
        "Florida",
        "Donald Trump",
        "Steve Witkoff",
        "Jared Kushner",
        "son-in-law",
        "Rustem Umerov",
        "Andriy Hnatov",
    ],
}


def read_seed(file: Path) -> tuple[dict[str, Any], str]:
    """Front matter and body of one seed; any other form of the file fails."""
    opening, front, body = file.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == ""
    return yaml.safe_load(front), body


SEEDS_BY_ID = {front["id"]: (front, body) for front, body in map(read_seed, FILES)}


def test_manifest_lists_every_seed_with_its_bytes() -> None:
    manifest = json.loads((SEEDS / "manifest.json").read_text(encoding="utf-8"))
    found = [
        {"file": file.name, "id": read_seed(file)[0]["id"], "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
        for file in FILES
    ]
    assert manifest == {"articles": found}
    assert len(found) == 5


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_front_matter_is_complete_and_the_file_is_named_by_its_id(file: Path) -> None:
    front, body = read_seed(file)
    assert list(front) == ["id", "title", "source", "published_at"]
    assert front["title"].strip()
    assert file.name == f"{FILES.index(file):03d}_{front['id']}.md"
    assert len(body.split()) > 300


@pytest.mark.parametrize("seed_id", FIGURES)
def test_no_publication_date_is_invented(seed_id: str) -> None:
    assert SEEDS_BY_ID[seed_id][0]["published_at"] is None


def test_only_the_document_that_names_its_publisher_has_a_source() -> None:
    named = {seed_id: front["source"] for seed_id, (front, _) in SEEDS_BY_ID.items() if front["source"] is not None}
    assert named == {"revenge-attack-g20": "SOFREP"}


@pytest.mark.parametrize(
    ("seed_id", "figure"), [(seed_id, figure) for seed_id, figures in FIGURES.items() for figure in figures]
)
def test_figure_or_name_is_kept(seed_id: str, figure: str) -> None:
    assert figure in SEEDS_BY_ID[seed_id][1]


def test_the_count_of_8_november_stands_beside_its_own_date() -> None:
    _, body = SEEDS_BY_ID["kyiv-14-november"]
    sentences = [
        sentence for sentence in re.split(r"(?<=\.)\s+", body) if "406" in sentence or "45 missiles" in sentence
    ]
    assert len(sentences) == 1
    assert "November 8" in sentences[0]


@pytest.mark.parametrize("seed_id", [seed_id for seed_id in FIGURES if seed_id != "kyiv-14-november"])
def test_an_article_without_a_year_is_not_given_one(seed_id: str) -> None:
    assert not re.search(r"\b(19|20)\d\d\b", SEEDS_BY_ID[seed_id][1])


@pytest.mark.parametrize("seed_id", FIGURES)
def test_a_persons_name_keeps_the_spelling_of_its_document(seed_id: str) -> None:
    _, body = SEEDS_BY_ID[seed_id]
    assert set(re.findall(r"\bZelen\w+", body)) <= {"Zelensky" if seed_id == "revenge-attack-g20" else "Zelenskyy"}
