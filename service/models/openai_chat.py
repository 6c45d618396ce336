"""The port `ChatModel` over any OpenAI-compatible service: OpenAI, Ollama, vLLM, llama.cpp, LM Studio."""

from __future__ import annotations

import asyncio
import ipaddress
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from types import ModuleType
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from service.errors import ChatUnavailable, SettingsError
from service.models.chat import ChatReply, ChatRequest, Deadline
from service.models.openai_dialect import Dialect
from service.models.openai_replies import Failure, Prices, read_completion, read_refusal

if TYPE_CHECKING:
    from ssl import SSLContext

    import httpx2

OPENAI_URL = "https://api.openai.com/v1"
_EXAMPLE = "http://127.0.0.1:11434/v1"
_NO_KEY = "no-key"  # local services need none, but the client must send something
_LARGEST_REPLY_BYTES = 2 * 1024 * 1024  # a hundred times the longest answer
_CONNECT_SECONDS = 10.0  # who does not pick up by then will not
_PAUSES_SECONDS = (0.25, 0.75)  # two retries: a service that restarts needs a second, a reader waits no longer
_SENT_HEADERS = frozenset(
    {"host", "accept", "connection", "content-type", "content-length", "x-stainless-raw-response"}
)
"""The last is how the client itself remembers, behind the request, that the reply is not to be read for us."""


class OpenAiChatModel:
    """See `ChatModel`. Each call has a client and a connection of its own, closed with it: nothing outlives an event
    loop, and a call that is cancelled ends at the service too, which then stops to compute.

    Replies are not streamed: nothing is shown before it was checked, and a whole body cannot be cut unnoticed.
    `base_url` is OpenAI's when it is None; one without a path gets `/v1`. Prices make `cost_usd`, both or none.
    """

    def __init__(
        self,
        name: str,
        base_url: str | None = None,
        api_key: str | None = None,
        *,
        usd_per_million_prompt_tokens: float | None = None,
        usd_per_million_completion_tokens: float | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._name = name
        self._url, self._host = _address(base_url or OPENAI_URL)
        self._key = (api_key or "").strip()
        self._prices = Prices(usd_per_million_prompt_tokens, usd_per_million_completion_tokens)
        self._sleep = sleep
        self._dialect = Dialect(limit="max_completion_tokens" if self._url == OPENAI_URL else "max_tokens")
        self._libraries = _Libraries(secure=self._url.startswith("https:"))

    @property
    def name(self) -> str:
        return self._name

    @property
    def host(self) -> str:
        """Where text goes: host and port."""
        return self._host

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine, so that no text leaves it."""
        return _is_loopback(self._host)

    def warm(self) -> None:
        """Import the client now, which takes a second; else the first call does."""
        self._libraries.load()

    async def complete(self, request: ChatRequest, deadline: Deadline) -> ChatReply:
        seconds = deadline.left_seconds
        if not seconds:
            raise ChatUnavailable(f"the LLM at {self.host} was not asked: no time was left")
        outcome: ChatReply | Failure
        try:
            async with asyncio.timeout(seconds):
                outcome = await self._answered(request, deadline)
        except TimeoutError:
            outcome = Failure(
                f"gave no whole reply in {seconds:.3g} s; raise GROUNDWIRE_LLM_TIMEOUT_SECONDS, or use a faster model"
            )
        if isinstance(outcome, Failure):
            raise ChatUnavailable(f"the LLM at {self.host} {outcome.reason}")
        return outcome

    async def _answered(self, request: ChatRequest, deadline: Deadline) -> ChatReply | Failure:
        if not (self._key.isascii() and self._key.isprintable() and " " not in self._key):
            return Failure("was not asked: the key has characters that no key has; set GROUNDWIRE_LLM_API_KEY again")
        loaded = self._libraries.loaded
        if loaded is None:
            loaded = await asyncio.to_thread(self._libraries.load)
        dialect, pauses = self._dialect, iter(_PAUSES_SECONDS)
        while True:
            outcome = await self._attempt(loaded, dialect.parameters(self._name, request))
            if isinstance(outcome, ChatReply):
                self._dialect = dialect
                return outcome
            other = dialect.after(outcome, request)
            if other is not None:
                dialect = other
                continue
            pause = max(next(pauses, float("inf")), outcome.after_seconds)
            if not outcome.retryable or pause >= deadline.left_seconds:
                return outcome
            await self._sleep(pause)

    async def _attempt(self, loaded: _Loaded, parameters: dict[str, Any]) -> ChatReply | Failure:
        """One request and what came of it. Cancelling it closes the connection."""
        try:
            async with self._client(loaded) as client:
                create = client.chat.completions.with_streaming_response.create
                async with create(**parameters) as response:
                    body = await _bounded(response.iter_bytes())
        except _Refused as refused:
            return refused.failure
        except _TooLarge:
            return Failure(f"sent more than {_LARGEST_REPLY_BYTES // 1024} KiB; use another GROUNDWIRE_LLM_MODEL")
        except (loaded.openai.APIConnectionError, loaded.httpx2.TransportError) as error:
            return _disconnected(loaded, error)
        except Exception as error:  # of the client or of the library below it; its text may repeat what was sent
            return Failure(f"could not be asked ({type(error).__name__}); check GROUNDWIRE_LLM_BASE_URL")
        return read_completion(body, self._name, self._prices)

    def _client(self, loaded: _Loaded) -> Any:
        """Retries, time limits and redirects are ours: the client's time limits are for each read, its retries do not
        know the deadline, and a redirect would send the articles' text to who knows where."""
        http = loaded.httpx2.AsyncClient(
            verify=loaded.tls,
            trust_env=not self.is_local,  # a proxy must not see what is said on loopback
            follow_redirects=False,
            timeout=loaded.httpx2.Timeout(None, connect=_CONNECT_SECONDS),
            event_hooks={"request": [self._sends_only_what_it_must], "response": [self._refuses]},
        )
        return loaded.openai.AsyncOpenAI(
            api_key=self._key or _NO_KEY, base_url=self._url, max_retries=0, timeout=None, http_client=http
        )

    async def _sends_only_what_it_must(self, request: httpx2.Request) -> None:
        """The client adds headers that describe this machine, and those that OPENAI_* variables name."""
        for name in [name for name in request.headers if name.lower() not in _SENT_HEADERS]:
            del request.headers[name]
        request.headers["Authorization"] = f"Bearer {self._key or _NO_KEY}"
        request.headers["User-Agent"] = "groundwire"
        request.headers["Accept-Encoding"] = "identity"  # so that the bound on what is read is one on memory

    async def _refuses(self, response: httpx2.Response) -> None:
        """Takes the client's place for errors: it would read a body of any length."""
        if response.status_code != 200:
            body = await _bounded(response.aiter_bytes())
            raise _Refused(
                read_refusal(response.status_code, response.headers, body, key=self._key, now=datetime.now(UTC))
            )


class _Refused(Exception):
    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class _TooLarge(Exception):
    pass


@dataclass(frozen=True, slots=True)
class _Loaded:
    openai: ModuleType
    httpx2: ModuleType
    tls: SSLContext


class _Libraries:
    """Imported when they are first needed: that takes a second, which a question without an LLM need not spend."""

    def __init__(self, *, secure: bool) -> None:
        self._secure = secure
        self._lock = threading.Lock()
        self.loaded: _Loaded | None = None

    def load(self) -> _Loaded:
        with self._lock:
            if self.loaded is None:
                import ssl

                import httpx2
                import openai
                import openai.resources.chat.completions  # else with the first call, in the event loop

                # Reading the authorities' certificates takes 30 ms; without TLS none are needed, and none are trusted.
                tls = httpx2.create_ssl_context() if self._secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
                self.loaded = _Loaded(openai, httpx2, tls)
            return self.loaded


async def _bounded(parts: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for part in parts:
        body += part
        if len(body) > _LARGEST_REPLY_BYTES:
            raise _TooLarge
    return bytes(body)


def _disconnected(loaded: _Loaded, error: Exception) -> Failure:
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and len(causes) < 10:
        causes.append(cause)
    if any(isinstance(cause, loaded.httpx2.ConnectTimeout) for cause in causes):
        return Failure(f"did not accept a connection in {_CONNECT_SECONDS:.0f} s; check GROUNDWIRE_LLM_BASE_URL")
    if any(isinstance(cause, loaded.httpx2.ConnectError | loaded.httpx2.ProxyError) for cause in causes):
        return Failure(
            "cannot be reached; check that it runs and that GROUNDWIRE_LLM_BASE_URL is its address", retryable=True
        )
    if any(isinstance(cause, loaded.httpx2.UnsupportedProtocol | loaded.httpx2.LocalProtocolError) for cause in causes):
        return Failure("could not be asked; check GROUNDWIRE_LLM_BASE_URL")
    return Failure("broke off in the middle of its reply; try again, or look at its log", retryable=True)


def _address(url: str) -> tuple[str, str]:
    """The base URL, and its host with the port. Every one of these services answers under /v1; people leave it out."""
    stripped = url.rstrip("/")
    try:
        parts = urlsplit(stripped)
        _ = parts.port
    except ValueError:
        raise SettingsError(f"GROUNDWIRE_LLM_BASE_URL: {url!r} is no address; write for example {_EXAMPLE}") from None
    host = parts.netloc.rpartition("@")[2]
    return (stripped if parts.path else f"{stripped}/v1"), host


def _is_loopback(host: str) -> bool:
    name = host.partition("]")[0].strip("[") if host.startswith("[") else host.partition(":")[0]
    try:
        return name.lower() == "localhost" or ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
