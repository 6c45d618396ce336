import os
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.settings import Settings, is_loopback, load_settings, settings_table


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Neither this machine's environment nor a `.env` nearby may decide a test."""
    for name in list(os.environ):
        if name.upper().startswith("GROUNDWIRE_") or name == "OPENAI_API_KEY":
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_defaults_are_loopback_without_llm_and_without_remote_store() -> None:
    settings = load_settings()
    assert (settings.host, settings.port, settings.auth) == ("127.0.0.1", 8321, "off")
    assert (settings.llm_model, settings.llm_api_key, settings.chroma_url) == (None, None, None)
    assert settings.embedding_model == "all-MiniLM-L6-v2"
    assert settings.data_dir.is_absolute()


def test_environment_wins_over_dotenv_over_toml_over_default(
    empty_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (empty_folder / "groundwire.toml").write_text("port = 1001\nhost = 'localhost'\nembedding_model = 'hashing'\n")
    (empty_folder / ".env").write_text("GROUNDWIRE_PORT=1002\nGROUNDWIRE_HOST=::1\nSOMETHING_ELSE=1\n")
    monkeypatch.setenv("GROUNDWIRE_PORT", "1003")
    settings = load_settings()
    assert (settings.port, settings.host, settings.embedding_model) == (1003, "::1", "hashing")


def test_an_argument_wins_over_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDWIRE_PORT", "1003")
    assert load_settings(port=0).port == 0


def test_toml_takes_the_names_of_the_environment_too(empty_folder: Path) -> None:
    (empty_folder / "groundwire.toml").write_text("GROUNDWIRE_PORT = 1001\n")
    assert load_settings().port == 1001


def test_empty_variable_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDWIRE_CHROMA_URL", "")
    monkeypatch.setenv("GROUNDWIRE_DATA_DIR", "")
    assert load_settings().chroma_url is None
    assert load_settings().data_dir == Settings().data_dir


@pytest.mark.parametrize(
    ("name", "nearest"),
    [("GROUNDWIRE_PROT", "GROUNDWIRE_PORT"), ("groundwire_data_directory", "GROUNDWIRE_DATA_DIR"), ("GROUNDWIRE_", "")],
)
def test_unknown_variable_is_refused_with_the_nearest_name(
    name: str, nearest: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, "1")
    with pytest.raises(SettingsError, match=f"unknown setting {name} in the environment; did you mean {nearest}"):
        load_settings()


def test_unknown_name_in_dotenv_is_refused(empty_folder: Path) -> None:
    (empty_folder / ".env").write_text("GROUNDWIRE_LLM_MODLE=x\n")
    with pytest.raises(SettingsError, match=r"GROUNDWIRE_LLM_MODLE in .env; did you mean GROUNDWIRE_LLM_MODEL"):
        load_settings()


def test_unknown_name_in_toml_is_refused(empty_folder: Path) -> None:
    (empty_folder / "groundwire.toml").write_text("[server]\nport = 1\n")
    with pytest.raises(SettingsError, match=r"GROUNDWIRE_SERVER in groundwire.toml; did you mean GROUNDWIRE_"):
        load_settings()


@pytest.mark.parametrize(
    ("file", "content"),
    [
        pytest.param("groundwire.toml", b"port = = 1", id="broken toml"),
        pytest.param("groundwire.toml", b"port = '\xff'", id="toml that is not UTF-8"),
        pytest.param(".env", b"GROUNDWIRE_PORT=\xff", id="dotenv that is not UTF-8"),
    ],
)
def test_unreadable_file_is_one_line_that_names_it(file: str, content: bytes, empty_folder: Path) -> None:
    (empty_folder / file).write_bytes(content)
    with pytest.raises(SettingsError, match=f"cannot read .*{file}: .*; mend or remove it") as caught:
        load_settings()
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PORT", "abc", "integer"),
        ("PORT", "70000", "65535"),
        ("AUTH", "keys", "not available in this release"),
        ("AUTH", "none", "'off'"),
        ("CHROMA_URL", "localhost:8000", "http://127.0.0.1:8000"),
        ("CHROMA_URL", "http://[::1", "http://127.0.0.1:8000"),
        ("LLM_BASE_URL", "https://me:hunter2@llm.example", "take it out"),
        ("MAX_REQUEST_BYTES", "10", "1024"),
        ("LLM_TIMEOUT_SECONDS", "0", "greater than 0"),
        ("LLM_TIMEOUT_SECONDS", "nan", "3600"),
        ("LLM_CONTEXT_TOKENS", "100", "2048"),
        ("LLM_MAX_ANSWER_TOKENS", "0", "100"),
        ("LLM_USD_PER_MILLION_PROMPT_TOKENS", "-1", "0"),
        ("LLM_USD_PER_MILLION_COMPLETION_TOKENS", "inf", "finite"),
        ("CONFIDENCE_THRESHOLD", "2", "1"),
        ("RECEIPTS_KEPT", "-1", "0"),
    ],
)
def test_wrong_value_is_one_line_that_names_the_setting_and_not_the_value(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"GROUNDWIRE_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    message = str(caught.value)
    assert message.startswith(f"GROUNDWIRE_{name}: ")
    assert says in message
    assert "\n" not in message
    assert "hunter2" not in message


def test_keys_are_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDWIRE_LLM_API_KEY", "hunter2")
    settings = load_settings()
    assert settings.llm_api_key is not None
    assert settings.llm_api_key.get_secret_value() == "hunter2"
    assert "hunter2" not in repr(settings) + str(settings) + settings.model_dump_json()


def test_llm_key_falls_back_to_the_usual_name_and_prefers_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "usual")
    key = load_settings().llm_api_key
    assert key is not None
    assert key.get_secret_value() == "usual"
    monkeypatch.setenv("GROUNDWIRE_LLM_API_KEY", "own")
    key = load_settings().llm_api_key
    assert key is not None
    assert key.get_secret_value() == "own"


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().port = 1


def test_table_names_every_setting_and_no_machine() -> None:
    rows = settings_table()
    assert [row.name for row in rows][:3] == [
        "GROUNDWIRE_DATA_DIR",
        "GROUNDWIRE_EMBEDDING_MODEL",
        "GROUNDWIRE_EMBEDDING_BACKEND",
    ]
    assert len(rows) == len(Settings.model_fields)
    assert all(row.meaning and row.default for row in rows)
    assert not any(str(Path.home()) in row.default for row in rows)


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1", "[::1]"])
def test_loopback_hosts(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.2", "localhost.example.com", "127.0.0.1.example.com", ""])
def test_hosts_that_are_not_loopback(host: str) -> None:
    assert not is_loopback(host)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        ({"SMTP_HOST": "mail.example.org"}, "GROUNDWIRE_SMTP_FROM: needed with GROUNDWIRE_SMTP_HOST"),
        ({"SMTP_FROM": "nobody"}, "GROUNDWIRE_SMTP_FROM: not a mail address"),
        ({"SMTP_USER": "desk"}, "set both, or neither"),
        (
            {"SMTP_HOST": "mail.example.org", "SMTP_FROM": "a@b.example", "SMTP_SECURITY": "none"}
            | {"SMTP_USER": "desk", "SMTP_PASSWORD": "hunter2"},
            "would show the password",
        ),
        ({"WEBHOOK_HOSTS": "https://hooks.example.org/x"}, "GROUNDWIRE_WEBHOOK_HOSTS: names of hosts"),
        ({"WEBHOOK_HOSTS": "hooks.example.org:8080"}, "GROUNDWIRE_WEBHOOK_HOSTS: names of hosts"),
        ({"WEBHOOK_PRIVATE_HOSTS": "inside.example"}, "inside.example is not one of GROUNDWIRE_WEBHOOK_HOSTS"),
        ({"WEBHOOK_SECRET": "hunter2"}, "GROUNDWIRE_WEBHOOK_SECRET: is too short"),
        ({"WEBHOOK_SECRET": "whsec_hunter2"}, "GROUNDWIRE_WEBHOOK_SECRET: is not whsec_"),
    ],
)
def test_settings_of_deliveries_that_do_not_go_together_are_refused(
    variables: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(f"GROUNDWIRE_{name}", value)
    with pytest.raises(SettingsError) as refused:
        load_settings()
    assert said in str(refused.value)
    assert "hunter2" not in str(refused.value)


def test_hosts_are_written_with_commas_and_in_any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GROUNDWIRE_WEBHOOK_HOSTS", " Hooks.Example.org, ::1 ,")
    monkeypatch.setenv("GROUNDWIRE_WEBHOOK_PRIVATE_HOSTS", "[::1]")
    settings = load_settings()
    assert (settings.webhook_hosts, settings.webhook_private_hosts) == (("hooks.example.org", "::1"), ("::1",))
