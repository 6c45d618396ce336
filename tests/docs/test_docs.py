"""The documents say what the code does."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from eval.cases import DATASETS, read_cases
from service.cli.parser import build_parser
from service.settings import settings_table

REPOSITORY = Path(__file__).parents[2]
README = (REPOSITORY / "README.md").read_text(encoding="utf-8")
DOCUMENTS = sorted(
    [
        *REPOSITORY.glob("*.md"),
        *(p for room in ("docs", "docker", "eval", "seeds") for p in (REPOSITORY / room).rglob("*.md")),
    ]
)
NAMED = [pytest.param(p, id=p.relative_to(REPOSITORY).as_posix()) for p in DOCUMENTS]


SETTINGS = (REPOSITORY / "docs" / "settings.md").read_text(encoding="utf-8")


def table_under(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading of the README, without its head."""
    return table_in(README.split(f"\n## {heading}\n")[1].split("\n## ")[0])


def table_in(section: str) -> list[list[str]]:
    rows = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows[2:]]


def test_the_settings_table_is_the_settings():
    documented = [(name.strip("`"), default, meaning) for name, default, meaning in table_in(SETTINGS)]
    assert documented == [(row.name, row.default, row.meaning) for row in settings_table()]


def subcommands(parser: argparse.ArgumentParser, prefix: str = "") -> set[str]:
    found: set[str] = set()
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, sub in action.choices.items():
                found |= {f"{prefix}{name}"} | subcommands(sub, f"{prefix}{name} ")
    return found


COMMANDS = subcommands(build_parser())


@pytest.mark.parametrize("document", NAMED)
def test_every_command_in_the_documents_exists(document):
    text = document.read_text(encoding="utf-8")
    code = re.sub(
        r"(?<=exec groundwire) (?=groundwire )", "\n", "\n".join(code_of(text))
    )  # a container, then a command
    named = re.findall(r"(?:^|[$/] ?)groundwire ([a-z]+)(?: ([a-z]+))?", code, re.MULTILINE)
    unknown = [
        f"{command} {action}".strip()
        for command, action in named
        if command not in COMMANDS or (command == "articles" and action and f"{command} {action}" not in COMMANDS)
    ]
    assert unknown == []


def code_of(text: str) -> list[str]:
    """What a document shows as code: fenced blocks and what stands between backquotes."""
    fenced = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    return [*fenced, *re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))]


def test_every_command_is_in_the_readme():
    code = "\n".join(code_of(README))
    assert [c for c in COMMANDS if " " not in c and not re.search(rf"groundwire {c}\b", code)] == []


def test_every_option_in_the_readme_is_one_of_the_commands():
    helps = "\n".join(parser.format_help() for parser in all_parsers(build_parser()))
    named = set(
        re.findall(r"(?<![\w-])--[a-z][a-z-]+", "\n".join(line for line in code_of(README) if "groundwire" in line))
    )
    assert [option for option in sorted(named) if option not in helps] == []


def all_parsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    subs = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    return [parser, *(p for action in subs for sub in action.choices.values() for p in all_parsers(sub))]


@pytest.mark.parametrize("document", NAMED)
def test_every_make_target_in_the_documents_exists(document):
    targets = set(re.findall(r"^([a-z][a-z-]*):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = re.findall(
        r"(?:^|\$ )make ([a-z][a-z-]*)", "\n".join(code_of(document.read_text(encoding="utf-8"))), re.MULTILINE
    )
    assert set(named) <= targets


@pytest.mark.parametrize("document", NAMED)
def test_every_python_module_in_the_documents_exists(document):
    named = re.findall(r"python -m ([a-z_.]+)", document.read_text(encoding="utf-8"))
    own = [name for name in named if name.split(".")[0] in ("service", "eval")]
    places = [REPOSITORY.joinpath(*name.split(".")) for name in own]
    assert [str(p) for p in places if not p.with_suffix(".py").is_file() and not (p / "__main__.py").is_file()] == []


@pytest.mark.parametrize("document", NAMED)
def test_every_file_of_the_repository_in_the_documents_exists(document):
    text = "\n".join(code_of(document.read_text(encoding="utf-8")))
    named = set(re.findall(r"(?<![\w/.-])((?:service|eval|docs|docker|seeds)/[\w./-]*[\w/])", text))
    assert [name for name in sorted(named) if not (REPOSITORY / name).exists()] == []


@pytest.mark.parametrize("document", NAMED)
def test_no_document_names_a_path_of_some_machine(document):
    found = re.findall(r"(?<![\w.}/-])/(?:work|tmp|root|home|Users|mnt)/\S*", document.read_text(encoding="utf-8"))
    assert found == []


@pytest.mark.parametrize("document", NAMED)
def test_no_document_is_unfinished(document):
    assert re.findall(r"@@\w+@@|\bTODO\b|\bFIXME\b|\bTBD\b", document.read_text(encoding="utf-8")) == []


def test_the_readme_is_short():
    assert len(README.splitlines()) < 150


def test_the_readme_lists_every_room():
    rooms = {p.name for p in (REPOSITORY / "service").iterdir() if (p / "__init__.py").is_file()}
    listed = {room for row in table_under("Rooms") for room in re.findall(r"`service/(\w+)/`", row[0])}
    assert listed == rooms


def test_the_changelog_counts_the_questions_there_are():
    counts = [
        sum(len(read_cases(DATASETS / name)) for name in names)
        for names in (("seeds.jsonl",), ("seeds-reworded.jsonl",), ("world/questions.jsonl", "world/heldout.jsonl"))
    ]
    text = " ".join((REPOSITORY / "CHANGELOG.md").read_text(encoding="utf-8").split())
    said = re.search(r"(\d+) questions on the seed articles, (\d+) differently worded ones and (\d+) on", text)
    assert said is not None
    assert [int(number) for number in said.groups()] == counts
