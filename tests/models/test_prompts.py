from __future__ import annotations

import hashlib
import json
import re
import tomllib
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.models.prompts import load_prompt, parse_prompt

REPOSITORY = Path(__file__).parents[2]
NAMES = ["answer", "briefing_section", "judge", "reformat", "repair"]
SMALL = parse_prompt("small", "version: 3\n\n# system\nBe {{how}}.\n\n# user\n{{question}} {{how}}\n")


def test_these_are_all_the_prompts() -> None:
    files = {file.name for file in resources.files("prompts").iterdir() if file.name.endswith(".md")}
    assert files == {f"{name}.md" for name in NAMES} | {"README.md"}


@pytest.mark.parametrize("name", NAMES)
def test_a_prompt_is_filled_in_with_nothing_left_open(name: str) -> None:
    prompt = load_prompt(name)
    values = {variable: f"<{variable} goes here>" for variable in prompt.variables}
    system, user = prompt.messages(**values)
    assert (system.role, user.role) == ("system", "user")
    assert "{{" not in system.content + user.content
    assert all(value in system.content + user.content for value in values.values())
    assert prompt.render(**values) == f"{system.content}\n\n{user.content}"


@pytest.mark.parametrize("name", NAMES)
def test_the_hash_is_that_of_the_file(name: str) -> None:
    content = (REPOSITORY / "prompts" / f"{name}.md").read_bytes()
    assert load_prompt(name).hash == f"sha256:{hashlib.sha256(content).hexdigest()}"


@pytest.mark.parametrize("name", NAMES)
def test_what_others_wrote_stands_between_fences_that_only_this_request_knows(name: str) -> None:
    prompt = load_prompt(name)
    assert "data" in prompt.system
    assert "{{boundary}}" in prompt.system
    for variable in {"sentence", "reply", "claim"} & prompt.variables:
        assert re.search(rf"<\w+-{{{{boundary}}}}>\n{{{{{variable}}}}}\n</\w+-{{{{boundary}}}}>", prompt.user)


@pytest.mark.parametrize("name", ["answer", "briefing_section", "reformat", "repair"])
def test_the_shape_that_is_asked_for_is_shown_as_valid_json(name: str) -> None:
    shapes = [json.loads(line) for line in load_prompt(name).system.splitlines() if line.startswith("{")]
    assert all(set(shape) == {"sentences", "unanswered"} for shape in shapes)
    assert {"text": "A sentence, without its numbers.", "markers": [1]}.keys() == shapes[0]["sentences"][0].keys()


def test_the_readme_names_every_prompt_with_its_variables() -> None:
    readme = (REPOSITORY / "prompts" / "README.md").read_text(encoding="utf-8")
    rows = {
        row[0].strip(" `").removesuffix(".md"): set(re.findall(r"`(\w+)`", row[2]))
        for row in (line.strip("|").split("|") for line in readme.splitlines() if line.startswith("| `"))
    }
    assert rows == {name: set(load_prompt(name).variables) for name in NAMES}


def test_a_missing_variable_is_named() -> None:
    with pytest.raises(ValueError, match=r"prompt small: lacks question; give exactly how, question"):
        SMALL.messages(how="brief")


def test_an_unused_variable_is_named() -> None:
    with pytest.raises(ValueError, match="prompt small: has no place for evidence, topic"):
        SMALL.messages(how="brief", question="Who?", evidence="", topic="")


@given(st.text() | st.sampled_from(["{{how}}", "{{question}}", "$how ${how} %s {0}", "\\1 \\g<0>", "# user\n{{how}}"]))
def test_what_is_put_in_stays_as_it_is(text: str) -> None:
    system, user = SMALL.messages(how="brief", question=text)
    assert system.content == "Be brief."
    assert user.content == f"{text} brief"


@pytest.mark.parametrize(
    "text",
    [
        "# system\na\n# user\nb\n",
        "version: 0\n# system\na\n# user\nb\n",
        "version: 1\n# user\nb\n# system\na\n",
        "version: 1\n# system\n\n# user\nb\n",
        "version: 1\n# system\na\n# user\n \n",
        "version: 1\n# system\n{{ spaced }}\n# user\nb\n",
        "version: 1\n# system\n{{unclosed}\n# user\nb\n",
        "",
    ],
)
def test_a_file_that_is_no_prompt_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="prompt broken"):
        parse_prompt("broken", text)


def test_line_ends_change_neither_the_text_nor_the_hash() -> None:
    text = "version: 1\n\n# system\na\nb\n\n# user\nc\n"
    assert parse_prompt("same", text.replace("\n", "\r\n")) == parse_prompt("same", text)


def test_any_other_change_changes_the_hash() -> None:
    text = "version: 1\n\n# system\na\n\n# user\nc\n"
    assert parse_prompt("same", text).hash != parse_prompt("same", text.replace("a\n", "a.\n")).hash


@pytest.mark.parametrize("name", ["nothing", "../pyproject", "README.md", "", "answer.md"])
def test_a_prompt_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(LookupError, match="no prompt"):
        load_prompt(name)


def test_the_files_travel_with_the_package_and_the_image() -> None:
    setuptools = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    assert "prompts" in setuptools["packages"]["find"]["include"]
    assert "*.md" in setuptools["package-data"]["prompts"]
    assert "COPY prompts ./prompts" in (REPOSITORY / "docker" / "Dockerfile").read_text(encoding="utf-8").splitlines()
