"""Briefings sent to a URL, signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from service.briefing.body import briefing_body
from service.briefing.delivery.addresses import Resolve, address_of, resolved
from service.briefing.delivery.ports import Parcel
from service.briefing.delivery.signing import signed_headers
from service.errors import DeliveryFailed, InputRejected

if TYPE_CHECKING:
    import httpx

EVENT = "briefing.written"
TIMEOUT_SECONDS = 15.0
URL_CHARACTERS = 2000
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, repr=False)
class WebhookOptions:
    """`hosts`: those that may be sent to, lower case, and of them the `private` ones, which may be inside this network.

    `key`: signs what is sent. No repr, for its sake.
    """

    hosts: frozenset[str]
    private: frozenset[str]
    key: bytes | None


@dataclass(frozen=True, slots=True)
class _Place:
    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


class WebhookDeliverer:
    """Sends only to hosts that a setting names, follows no redirect and uses no proxy.

    The host's address is looked up once and checked, and that address is connected to. `transport` carries the
    requests; `None`: the network.
    """

    def __init__(
        self,
        options: WebhookOptions,
        now: Callable[[], datetime],
        resolve: Resolve = resolved,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._options = options
        self._now = now
        self._resolve = resolve
        self._transport = transport

    def check(self, to: str) -> None:
        self._place(to)
        if self._options.key is None:
            raise InputRejected("webhook: there is no secret to sign it with; set GROUNDWIRE_WEBHOOK_SECRET first")

    def deliver(self, parcel: Parcel, to: str) -> None:
        """Any status from 200 to 299 is an arrival."""
        try:
            place = self._place(to)
        except InputRejected as rejected:  # the settings have changed since it was taken
            raise DeliveryFailed(str(rejected)) from None
        if self._options.key is None:
            raise DeliveryFailed("there is no secret to sign it with; set GROUNDWIRE_WEBHOOK_SECRET")
        body = _body(parcel, self._now())
        address = address_of(
            place.host, place.port, may_be_private=place.host in self._options.private, resolve=self._resolve
        )
        headers = {
            "Host": place.host_header,
            "Content-Type": "application/json",
            "User-Agent": "groundwire",
            **signed_headers(self._options.key, parcel.id, int(self._now().timestamp()), body),
        }
        status = self._send(place, address, headers, body)
        if not 200 <= status < 300:
            hint = "; redirects are not followed, name the address itself" if 300 <= status < 400 else ""
            raise DeliveryFailed(f"the webhook at {place.host} answered {status}{hint}")

    def _send(self, place: _Place, address: str, headers: dict[str, str], body: bytes) -> int:
        import httpx  # here, as few send webhooks, and every service starts

        numeric = f"[{address}]" if ":" in address else address
        url = f"{place.scheme}://{numeric}:{place.port}{place.path}"
        try:
            with (
                httpx.Client(
                    transport=self._transport, timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False
                ) as client,
                # Streamed, as nothing is read of what it answers but the status. The certificate must be the host's.
                client.stream(
                    "POST", url, content=body, headers=headers, extensions={"sni_hostname": place.host}
                ) as response,
            ):
                return response.status_code
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            reason = "it took too long" if isinstance(error, httpx.TimeoutException) else type(error).__name__
            raise DeliveryFailed(f"the webhook at {place.host} cannot be reached: {reason}") from error

    def _place(self, to: str) -> _Place:
        place = _read(to)
        if place.host not in self._options.hosts:
            named = ", ".join(sorted(self._options.hosts)) or "none"
            raise InputRejected(f"webhook: {place.host} is not one of GROUNDWIRE_WEBHOOK_HOSTS ({named}); add it there")
        if place.scheme != "https" and place.host not in self._options.private:
            raise InputRejected(
                f"webhook: http is only for hosts of GROUNDWIRE_WEBHOOK_PRIVATE_HOSTS; write https://{place.host}"
            )
        return place


def _read(url: str) -> _Place:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    usable = url.isascii() and url.isprintable() and " " not in url and len(url) <= URL_CHARACTERS
    if not usable or not host or parts.scheme not in _PORTS or port == 0 or parts.username is not None:
        raise InputRejected(
            "webhook: not an https:// address without a user name; write for example https://hooks.example.org/desk"
        )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return _Place(parts.scheme, host, port or _PORTS[parts.scheme], path)


def _body(parcel: Parcel, now: datetime) -> bytes:
    payload = {
        "type": EVENT,
        "timestamp": now.isoformat(timespec="seconds"),
        "data": {"schedule": parcel.schedule, "briefing": briefing_body(parcel.briefing)},
    }
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
