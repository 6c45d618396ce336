"""One frozen settings object. This is the only file that reads the process's environment.

Precedence: arguments, environment, `.env`, `groundwire.toml` (both in the working directory), defaults. All names begin
with `GROUNDWIRE_`; in `groundwire.toml` the prefix may be left out and the case does not matter: `port = 8321`.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from platformdirs import user_cache_path, user_data_path
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from service.briefing.delivery.signing import key_of
from service.errors import SettingsError

PREFIX = "GROUNDWIRE_"
ENV_FILE = Path(".env")
TOML_FILE = Path("groundwire.toml")
HASHING = "hashing"
"""The embedding model that is no model: hashed words, for tests and for trying things out."""


def is_loopback(host: str) -> bool:
    """True for `localhost` and for the addresses 127.0.0.0/8 and ::1, with or without brackets."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def _http_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        valid = False
    if not valid:
        raise PydanticCustomError("url", "not an http:// or https:// address; write for example http://127.0.0.1:8000")
    if parts.username or parts.password:
        # A URL is shown in messages and in `doctor`; a password in it would be shown too.
        raise PydanticCustomError("url", "a user name or password in the address is not supported; take it out")
    return value.rstrip("/")


def _data_dir(value: Path) -> Path:
    if "\0" in str(value):
        raise PydanticCustomError("path", "not a path; name a folder")
    try:
        return value.expanduser().absolute()
    except (RuntimeError, OSError):
        raise PydanticCustomError("path", "cannot be resolved; write the whole path of a folder") from None


def _auth(value: str) -> str:
    if value == "keys":
        raise PydanticCustomError("auth", "keys are not available in this release; use off, on loopback")
    return value


def _mail_address(value: str) -> str:
    local, at, domain = value.rpartition("@")
    if not (local and at and domain and value.isascii() and value.isprintable() and " " not in value):
        raise PydanticCustomError("mail_address", "not a mail address; write for example groundwire@example.org")
    return value


def _hosts(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _host_names(value: tuple[str, ...]) -> tuple[str, ...]:
    for host in value:
        # What is to be compared with a URL's host is written as that has it.
        if not host.isascii() or any(c in "/@ \\?#" for c in host) or (":" in host and not _is_ipv6(host)):
            raise PydanticCustomError(
                "hosts", "names of hosts with commas between, without https:// and port; for example hooks.example.org"
            )
    return tuple(host.lower().strip("[]") for host in value)


def _is_ipv6(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.strip("[]")).version == 6
    except ValueError:
        return False


def _webhook_secret(value: SecretStr) -> SecretStr:
    try:
        key_of(value.get_secret_value())
    except ValueError as error:
        raise PydanticCustomError("secret", "{reason}", {"reason": str(error)}) from None
    return value


HttpUrl = Annotated[str, AfterValidator(_http_url)]
Hosts = Annotated[tuple[str, ...], BeforeValidator(_hosts), AfterValidator(_host_names)]


class Settings(BaseModel):
    """What a person may choose. Secrets are `SecretStr`, so that no repr or message shows them.

    Made by `load_settings`; made directly, it is the defaults but for what is given. (pydantic-settings could read the
    sources too, but a command would wait while it imports asyncio and a command line of its own.)
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True)

    data_dir: Annotated[Path, AfterValidator(_data_dir)] = Field(
        default_factory=lambda: user_data_path("groundwire", appauthor=False),
        description="folder that holds everything: library, vectors, who owns it",
        json_schema_extra={"shown": "the platform's user data directory"},
    )
    embedding_model: str = Field(
        "all-MiniLM-L6-v2",
        min_length=1,
        description=f"sentence-transformers model that embeds text; `{HASHING}` is a toy for tests, not a model",
    )
    embedding_backend: Literal["auto", "compiled", "torch"] = Field(
        "auto",
        description="`compiled` for this processor by OpenVINO, `torch` by sentence-transformers; `auto` takes `torch`"
        " where there is a GPU or the model cannot be compiled",
    )
    embedding_precision: Literal["auto", "int8", "bf16", "fp32"] = Field(
        "auto",
        description="in what the compiled model computes; `auto` takes the fastest that the processor has and the"
        " vectors hardly change for; `fp32` gives the same figures on every machine",
    )
    reranker_model: str | None = Field(
        None, min_length=1, description="cross-encoder that puts the best evidence in order once more; off when not set"
    )
    cache_dir: Annotated[Path, AfterValidator(_data_dir)] = Field(
        default_factory=lambda: user_cache_path("groundwire", appauthor=False),
        description="folder for what can be made again: compiled models; `cache` in the data directory where it cannot"
        " be written",
        json_schema_extra={"shown": "the platform's user cache directory"},
    )
    chroma_url: HttpUrl | None = Field(
        None, description="a Chroma server to use instead of the local one", json_schema_extra={"shown": "none: local"}
    )
    host: str = Field("127.0.0.1", min_length=1, description="address that `serve` listens on; loopback only")
    port: int = Field(8321, ge=0, le=65535, description="port that `serve` listens on; 0 picks a free one")
    max_request_bytes: int = Field(
        32 * 1024 * 1024, ge=1024, le=1024**3, description="largest request body that the service reads"
    )
    auth: Annotated[Literal["off", "keys"], AfterValidator(_auth)] = Field(
        "off", description="`off`: whoever reaches the loopback address may do everything; `keys` is not available yet"
    )
    llm_model: str | None = Field(
        None,
        min_length=1,
        description="LLM that writes the answers, by the name its service knows; none is used when not set",
    )
    llm_base_url: HttpUrl | None = Field(
        None,
        description="address of the LLM's OpenAI-compatible service, for example `http://127.0.0.1:11434/v1`",
        json_schema_extra={"shown": "`https://api.openai.com/v1`"},
    )
    llm_api_key: SecretStr | None = Field(
        None,
        description="key for the LLM's service; local ones need none",
        json_schema_extra={"shown": "`OPENAI_API_KEY`"},
    )
    llm_timeout_seconds: float = Field(
        60.0, gt=0, le=3600, description="bounds one answer's LLM work in all; then the answer is extractive"
    )
    llm_context_tokens: int = Field(
        8192, ge=2048, le=10_000_000, description="the LLM's context window: prompt, evidence and reply have to fit"
    )
    llm_max_answer_tokens: int = Field(1000, ge=100, le=100_000, description="the longest reply the LLM is asked for")
    llm_usd_per_million_prompt_tokens: float | None = Field(
        None,
        ge=0,
        allow_inf_nan=False,
        description="price of what the LLM reads; with the next one, answers state their cost",
    )
    llm_usd_per_million_completion_tokens: float | None = Field(
        None, ge=0, allow_inf_nan=False, description="price of what the LLM writes"
    )
    confidence_threshold: float | None = Field(
        None,
        ge=0,
        le=1,
        description="answers of less confidence are withheld: higher is safer, lower answers more",
        json_schema_extra={"shown": "as fitted"},
    )
    receipts_kept: int = Field(
        10_000, ge=0, le=10_000_000, description="receipts of the last so many answers are kept; 0 keeps none"
    )
    delivery_dir: Annotated[Path, AfterValidator(_data_dir)] | None = Field(
        None,
        description="folder inside which schedules write briefings, and nowhere else",
        json_schema_extra={"shown": "`delivered` in the data directory"},
    )
    smtp_host: str | None = Field(
        None, min_length=1, description="mail server that takes briefings in; no mail is sent when not set"
    )
    smtp_port: int = Field(587, ge=1, le=65535, description="port of the mail server")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="`starttls` as on port 587, `tls` as on 465; `none` sends in the clear, and no password off this"
        " machine",
    )
    smtp_user: str | None = Field(None, min_length=1, description="user name at the mail server, where it wants one")
    smtp_password: SecretStr | None = Field(None, description="password at the mail server")
    smtp_from: Annotated[str, AfterValidator(_mail_address)] | None = Field(
        None, description="address that briefings are sent from; needed with a mail server"
    )
    webhook_hosts: Hosts = Field(
        (),
        description="hosts that webhooks may be sent to, with commas between, for example `hooks.example.org`",
        json_schema_extra={"shown": "none"},
    )
    webhook_private_hosts: Hosts = Field(
        (),
        description="those of them that may be inside this network, and be sent to without https",
        json_schema_extra={"shown": "none"},
    )
    webhook_secret: Annotated[SecretStr, AfterValidator(_webhook_secret)] | None = Field(
        None, description="what webhooks are signed with: `whsec_` and base64, or 16 characters and more"
    )
    judge_model: str | None = Field(
        None,
        min_length=1,
        description="LLM that judges answers in evaluations, at the address of the LLM; none is used when not set",
    )


@dataclass(frozen=True, slots=True)
class SettingRow:
    name: str
    default: str
    meaning: str


def settings_table() -> list[SettingRow]:
    """Every setting, in the order of the class: what the README's table is checked against."""
    return [
        SettingRow(_variable(name), _shown_default(info), info.description or "")
        for name, info in Settings.model_fields.items()
    ]


def load_settings(*, data_dir: Path | None = None, host: str | None = None, port: int | None = None) -> Settings:
    """Read all sources once; an argument that is not `None` wins. Raises SettingsError, one line."""
    given = {"data_dir": data_dir, "host": host, "port": port}
    arguments = {name: value for name, value in given.items() if value is not None}
    dotenv, toml = _read_dotenv(), {_bare(name): value for name, value in _read_toml().items()}
    _refuse_unknown(os.environ, "the environment")
    _refuse_unknown(dotenv, str(ENV_FILE))
    _refuse_unknown(map(_variable, toml), str(TOML_FILE))
    try:
        settings = Settings.model_validate(toml | _ours(dotenv) | _ours(os.environ) | arguments)
    except ValidationError as error:
        raise SettingsError(_one_line(error)) from None
    _demand_whole(settings)
    if settings.llm_api_key is None:
        key = os.environ.get("OPENAI_API_KEY") or dotenv.get("OPENAI_API_KEY")
        settings = settings.model_copy(update={"llm_api_key": SecretStr(key) if key else None})
    return settings


def _demand_whole(settings: Settings) -> None:
    """Settings that go together. Raises SettingsError."""
    if settings.smtp_host is not None and settings.smtp_from is None:
        raise SettingsError("GROUNDWIRE_SMTP_FROM: needed with GROUNDWIRE_SMTP_HOST; set the address to send from")
    if (settings.smtp_user is None) != (settings.smtp_password is None):
        raise SettingsError("GROUNDWIRE_SMTP_USER, GROUNDWIRE_SMTP_PASSWORD: set both, or neither")
    in_the_clear = settings.smtp_security == "none" and not is_loopback(settings.smtp_host or "")
    if in_the_clear and settings.smtp_password is not None:
        raise SettingsError("GROUNDWIRE_SMTP_SECURITY: none would show the password to the network; use starttls")
    unnamed = [host for host in settings.webhook_private_hosts if host not in settings.webhook_hosts]
    if unnamed:
        raise SettingsError(f"GROUNDWIRE_WEBHOOK_PRIVATE_HOSTS: {unnamed[0]} is not one of GROUNDWIRE_WEBHOOK_HOSTS")


def _ours(variables: Mapping[str, str | None]) -> dict[str, str]:
    """Values by field. An empty variable counts as none."""
    return {_bare(name): value for name, value in variables.items() if value and name.upper().startswith(PREFIX)}


def _variable(field: str) -> str:
    return PREFIX + field.upper()


def _bare(name: str) -> str:
    return name.upper().removeprefix(PREFIX).lower()


def _shown_default(info: FieldInfo) -> str:
    extra = info.json_schema_extra
    if isinstance(extra, dict) and "shown" in extra:
        return str(extra["shown"])
    return "none" if info.default is None else f"`{info.default}`"


def _refuse_unknown(names: Iterable[str], where: str) -> None:
    known = [_variable(field) for field in Settings.model_fields]
    for name in names:
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            nearest = difflib.get_close_matches(name.upper(), known, n=1, cutoff=0.0)[0]
            raise SettingsError(f"unknown setting {name} in {where}; did you mean {nearest}?")


def _read_dotenv() -> dict[str, str | None]:
    try:
        if not ENV_FILE.is_file():
            return {}
        from dotenv import dotenv_values

        return dotenv_values(ENV_FILE, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"cannot read {ENV_FILE.absolute()}: {_reason(error)}; mend or remove it") from None


def _read_toml() -> dict[str, Any]:
    try:
        if not TOML_FILE.is_file():
            return {}
        import tomllib

        return tomllib.loads(TOML_FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:  # not UTF-8, not TOML
        raise SettingsError(f"cannot read {TOML_FILE.absolute()}: {_reason(error)}; mend or remove it") from None


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _one_line(error: ValidationError) -> str:
    """Names each setting and what is wrong with it; never the value, which may be a secret."""
    problems = (f"{_variable(str(e['loc'][0]))}: {_lowered(e['msg'])}" for e in error.errors(include_input=False))
    return "; ".join(problems) + " (from the environment, .env or groundwire.toml)"


def _lowered(message: str) -> str:
    return message[:1].lower() + message[1:]
