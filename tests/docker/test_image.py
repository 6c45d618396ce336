"""The image cannot be built here; what can go wrong in its files is checked as text."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

REPOSITORY = Path(__file__).parents[2]
DOCKERFILE = (REPOSITORY / "docker" / "Dockerfile").read_text(encoding="utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker" / "compose.yaml").read_text(encoding="utf-8"))
SERVICE: dict[str, Any] = COMPOSE["services"]["groundwire"]
LOOPBACK = "127.0.0.1"


def instructions(name: str) -> list[str]:
    joined = re.sub(r"\\\n", " ", DOCKERFILE)
    return [line.split(maxsplit=1)[1] for line in joined.splitlines() if line.split(maxsplit=1)[:1] == [name]]


def exec_form(instruction: str) -> list[str]:
    form: list[str] = yaml.safe_load(instruction)
    return form


def test_what_is_copied_exists_and_is_not_ignored():
    ignored = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    sources = [source for copied in instructions("COPY") for source in copied.split()[:-1]]
    assert "constraints.txt" in sources
    for source in sources:
        # The README comes with the package's metadata.
        assert (REPOSITORY / source).exists() or source == "README.md"
        assert {f"!{source.removeprefix('./')}", f"!{source.removeprefix('./')}/"} & set(ignored)


def test_only_what_is_listed_reaches_the_builder():
    lines = (REPOSITORY / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert "**/.env" in rules[rules.index("!service/") :]


def test_dependencies_are_pinned_by_the_constraints():
    assert any("pip wheel" in line and "-c constraints.txt" in line for line in instructions("RUN"))
    assert any("pip install" in line and "--no-index" in line for line in instructions("RUN"))


def test_the_python_is_one_the_package_supports():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    assert all(stage.startswith("python:3.11-slim") for stage in instructions("FROM"))


def test_no_llm_is_used_unless_the_caller_names_one():
    assert SERVICE["environment"] == {
        name: f"${{{name}:-}}" for name in ("GROUNDWIRE_LLM_MODEL", "GROUNDWIRE_LLM_BASE_URL", "GROUNDWIRE_LLM_API_KEY")
    }


def test_it_does_not_run_as_root():
    user = instructions("USER")[-1]
    assert user.split(":")[0] not in ("root", "0")
    assert DOCKERFILE.rindex("USER ") < DOCKERFILE.rindex("ENTRYPOINT ")


def test_the_healthcheck_asks_healthz_on_the_served_port():
    served = exec_form(instructions("CMD")[-1])
    port = served[served.index("--port") + 1]
    assert instructions("EXPOSE") == [port]
    assert f"http://{LOOPBACK}:{port}/healthz" in instructions("HEALTHCHECK")[0]


@pytest.mark.parametrize("given", [exec_form(instructions("CMD")[-1]), SERVICE["command"]], ids=["image", "compose"])
def test_the_command_is_one_the_command_line_has(given):
    from service.cli.parser import build_parser

    arguments = build_parser().parse_args(given)
    assert (arguments.command, arguments.host, arguments.port) == ("serve", LOOPBACK, 8321)


def test_the_entry_point_is_the_console_script():
    scripts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]
    assert exec_form(instructions("ENTRYPOINT")[-1])[0] in scripts


def test_no_secret_and_no_unknown_setting_is_built_in():
    from service.settings import Settings

    known = {f"GROUNDWIRE_{name.upper()}" for name in Settings.model_fields}
    named = set(re.findall(r"GROUNDWIRE_\w+", DOCKERFILE)) | set(SERVICE.get("environment", {}))
    assert named <= known
    assert not re.search(r"(?i)(api_key|secret|password)\s*=", DOCKERFILE)


def test_data_is_a_named_volume_at_the_data_directory():
    folder = re.search(r"GROUNDWIRE_DATA_DIR=(\S+)", DOCKERFILE)
    assert folder is not None
    assert instructions("VOLUME") == [f'["{folder[1]}"]']
    volume = next(volume for volume in SERVICE["volumes"] if volume.endswith(f":{folder[1]}"))
    assert volume.split(":")[0] in COMPOSE["volumes"]


def test_nothing_but_loopback_is_published():
    # On the host's network "ports" would be ignored; anywhere else they must name loopback.
    assert SERVICE["network_mode"] == "host" or all(port.startswith(LOOPBACK) for port in SERVICE["ports"])
    assert not (SERVICE["network_mode"] == "host" and "ports" in SERVICE)


def test_compose_builds_this_dockerfile():
    build = SERVICE["build"]
    context = (REPOSITORY / "docker" / build["context"]).resolve()
    assert (context / build["dockerfile"]).samefile(REPOSITORY / "docker" / "Dockerfile")
