"""`groundwire brief`: on stdout or in a file, in this process or through the running service."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

STORM = (
    "A storm hit the harbour of Tarvik on 3 March 2025 and flooded its quays. "
    "The storm sank 12 boats in the harbour of Tarvik, the coast guard said.\n"
)
TOPIC = "storm in the harbour of Tarvik"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in [name for name in os.environ if name.startswith("GROUNDWIRE_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GROUNDWIRE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("GROUNDWIRE_EMBEDDING_MODEL", "hashing")
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return tmp_path / "data"


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], data_dir: Path) -> Run:
    from service.cli import main

    Path("storm.txt").write_text(STORM, encoding="utf-8")
    assert main(["ingest", "storm.txt"]) == 0

    def command(*arguments: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(arguments)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


def test_it_prints_markdown(run) -> None:
    code, out, _ = run("brief", TOPIC)

    assert code == 0
    assert out.startswith("# ")
    assert "12 boats" in out


def test_the_words_of_a_topic_need_no_quotes(run) -> None:
    code, out, _ = run("brief", *TOPIC.split(), "--json")

    assert code == 0
    assert json.loads(out)["topic"] == TOPIC


def test_json_is_the_same_by_either_option(run) -> None:
    _, by_format, _ = run("brief", TOPIC, "--format", "json")
    _, by_json, _ = run("brief", TOPIC, "--json")

    assert json.loads(by_format).keys() == json.loads(by_json).keys()
    assert json.loads(by_json)["changes"]["since"] == json.loads(by_format)["id"]


@pytest.mark.parametrize("wanted", ["md", "html", "txt", "json"])
def test_a_file_is_written_whole_and_named_on_stdout(run, wanted) -> None:
    code, out, _ = run("brief", TOPIC, "--format", wanted, "-o", f"out.{wanted}")

    assert code == 0
    assert f"out.{wanted}" in out
    assert "12 boats" in Path(f"out.{wanted}").read_text(encoding="utf-8")
    assert [path.name for path in Path().iterdir() if path.name.endswith(".part")] == []


def test_a_file_that_cannot_be_written_is_one_plain_line(run) -> None:
    code, out, err = run("brief", TOPIC, "-o", "nowhere/out.md")

    assert (code, out) == (1, "")
    assert "there is no folder nowhere" in err
    assert len(err.splitlines()) == 1


def test_an_unknown_topic_is_done_and_tells_what_there_is(run) -> None:
    code, out, _ = run("brief", "beekeeping")

    assert code == 0
    assert "nothing on beekeeping" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--since", "2025-03-09", "--until", "2025-03-01"), "is after until"),
        (("--since", "the other day"), "since 'the other day' is not a time"),
        (("--words", "3"), "--words"),
        (("--format", "pdf"), "-o FILE"),
        (("--mode", "llm"), "GROUNDWIRE_LLM_MODEL"),
    ],
)
def test_a_wrong_call_is_one_plain_line_and_exit_code_2(run, arguments, message) -> None:
    code, out, err = run("brief", TOPIC, *arguments)

    assert (code, out) == (2, "")
    assert message in err
    assert len(err.splitlines()) == 1


@pytest.fixture
def service(run, data_dir: Path) -> Iterator[str]:
    """A service on the data directory, in a thread of this process."""
    import socket
    from contextlib import closing

    import uvicorn

    from service.api.app import create_app
    from service.settings import load_settings
    from service.wiring import open_groundwire

    with closing(open_groundwire(load_settings(), serving=False)) as groundwire:
        app = create_app(groundwire, max_request_bytes=200_000, token=groundwire.token)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", ws="none"))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            address = f"http://127.0.0.1:{listener.getsockname()[1]}"
            groundwire.announce(address)
            thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
            thread.start()
            yield address
            server.should_exit = True
            thread.join()


def test_it_talks_to_the_service_that_runs(service, run) -> None:
    code, out, _ = run("brief", TOPIC)

    assert code == 0
    assert "12 boats" in out


def test_what_the_service_refuses_is_refused_here(service, run) -> None:
    code, _, err = run("brief", TOPIC, "--since", "2025-03-09", "--until", "2025-03-01")

    assert code == 2
    assert "is after until" in err
