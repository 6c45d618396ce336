"""Webhooks: signed, only where a setting allows, and never into the network that the service stands in."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from service.briefing.body import briefing_of
from service.briefing.briefing import Briefing
from service.briefing.delivery.addresses import is_public
from service.briefing.delivery.ports import Parcel
from service.briefing.delivery.signing import key_of, signed_headers
from service.briefing.delivery.webhook import WebhookDeliverer, WebhookOptions
from service.errors import DeliveryFailed, InputRejected

KEY = b"0123456789abcdef"
URL = "https://hooks.example.org/desk?team=1"
OPTIONS = WebhookOptions(frozenset({"hooks.example.org", "inside.example.org"}), frozenset({"inside.example.org"}), KEY)
NOW = datetime(2024, 5, 10, 7, 1, tzinfo=UTC)


def now() -> datetime:
    return NOW


class Receiver(httpx.BaseTransport):
    """Takes requests in place of the network."""

    def __init__(self, answer: Callable[[httpx.Request], httpx.Response] = lambda request: httpx.Response(204)) -> None:
        self.answer = answer
        self.requests: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        self.requests.append(request)
        return self.answer(request)


def deliverer(
    receiver: Receiver, addresses: Sequence[str] = ("93.184.216.34",), options: WebhookOptions = OPTIONS
) -> WebhookDeliverer:
    return WebhookDeliverer(options, now, resolve=lambda host, port: addresses, transport=receiver)


@pytest.fixture
def parcel(briefing: Briefing) -> Parcel:
    return Parcel("dlv_1", "morning", briefing, ("md",))


def test_it_carries_the_briefing(parcel: Parcel) -> None:
    receiver = Receiver()
    deliverer(receiver).deliver(parcel, URL)
    body = json.loads(receiver.requests[0].content)
    assert (body["type"], body["timestamp"]) == ("briefing.written", "2024-05-10T07:01:00+00:00")
    assert body["data"]["schedule"] == "morning"
    assert briefing_of(body["data"]["briefing"]) == parcel.briefing


def test_the_address_that_was_checked_is_the_one_connected_to(parcel: Parcel) -> None:
    receiver = Receiver()
    deliverer(receiver).deliver(parcel, URL)
    [request] = receiver.requests
    assert str(request.url) == "https://93.184.216.34/desk?team=1"
    assert request.headers["host"] == "hooks.example.org"
    assert request.extensions["sni_hostname"] == "hooks.example.org"


def test_a_host_is_looked_up_once(parcel: Parcel) -> None:
    lookups: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        lookups.append(host)
        return ["93.184.216.34"] if len(lookups) == 1 else ["127.0.0.1"]

    WebhookDeliverer(OPTIONS, now, resolve=resolve, transport=Receiver()).deliver(parcel, URL)
    assert lookups == ["hooks.example.org"]


def test_the_signature_is_that_of_the_standard() -> None:
    # The example of the specification of Standard Webhooks.
    key = key_of("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers(key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_the_body_that_is_sent_is_the_one_that_is_signed(parcel: Parcel) -> None:
    receiver = Receiver()
    deliverer(receiver).deliver(parcel, URL)
    [request] = receiver.requests
    expected = signed_headers(KEY, "dlv_1", int(NOW.timestamp()), request.content)
    assert {name: request.headers[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("secret", "said"),
    [
        ("short", "too short"),
        ("whsec_" + base64.b64encode(b"short").decode(), "too short"),
        ("whsec_***", "not whsec_"),
    ],
)
def test_a_secret_that_protects_nothing_is_refused(secret: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        key_of(secret)


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/x",
        "https://hooks.example.org.evil.example/",
        "https://evil.example#hooks.example.org",
        "https://127.0.0.1/",
    ],
)
def test_a_host_that_no_setting_names_is_refused(url: str) -> None:
    with pytest.raises(InputRejected, match="is not one of GROUNDWIRE_WEBHOOK_HOSTS"):
        deliverer(Receiver()).check(url)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hooks.example.org",
        "ftp://hooks.example.org/",
        "file:///etc/passwd",
        "https://user:pw@hooks.example.org/",
        "https://hooks.example.org:0/",
        "https://hooks.example.org:99999/",
        "https://hooks.example.org/a b",
        "https://hooks.example.org/\r\nX: y",
        "https://[::1",
        "https://hooks.example.org/" + "x" * 3000,
    ],
)
def test_what_is_no_address_of_a_webhook_is_refused(url: str) -> None:
    with pytest.raises(InputRejected, match="webhook: not an https:// address"):
        deliverer(Receiver()).check(url)


def test_without_encryption_only_hosts_that_may_be_inside_are_sent_to() -> None:
    with pytest.raises(InputRejected, match="write https://hooks"):
        deliverer(Receiver()).check("http://hooks.example.org/")
    deliverer(Receiver()).check("http://inside.example.org:9000/")


def test_without_a_secret_nothing_is_sent(parcel: Parcel) -> None:
    receiver = Receiver()
    unsigned = deliverer(receiver, options=replace(OPTIONS, key=None))
    with pytest.raises(InputRejected, match="GROUNDWIRE_WEBHOOK_SECRET"):
        unsigned.check(URL)
    with pytest.raises(DeliveryFailed, match="GROUNDWIRE_WEBHOOK_SECRET"):
        unsigned.deliver(parcel, URL)
    assert receiver.requests == []


PRIVATE = [
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fe80::1%eth0",
    "fc00::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "::127.0.0.1",
    "::8.8.8.8",
    "fec0::1",
    "64:ff9b:1::7f00:1",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2",
    "no address",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["93.184.216.34", "127.0.0.1"]])
def test_a_name_that_leads_inside_is_sent_nothing(parcel: Parcel, addresses: list[str]) -> None:
    receiver = Receiver()
    with pytest.raises(DeliveryFailed, match="an address inside this network"):
        deliverer(receiver, addresses).deliver(parcel, URL)
    assert receiver.requests == []


def test_a_host_that_is_allowed_by_name_may_be_inside(parcel: Parcel) -> None:
    receiver = Receiver()
    deliverer(receiver, ["::1"]).deliver(parcel, "http://inside.example.org:9000/x")
    assert str(receiver.requests[0].url) == "http://[::1]:9000/x"
    assert receiver.requests[0].headers["host"] == "inside.example.org:9000"


def test_redirects_are_not_followed(parcel: Parcel) -> None:
    receiver = Receiver(lambda request: httpx.Response(302, headers={"Location": "http://169.254.169.254/"}))
    with pytest.raises(DeliveryFailed, match="answered 302; redirects are not followed"):
        deliverer(receiver).deliver(parcel, URL)
    assert len(receiver.requests) == 1


def test_a_refusal_is_told_without_the_path_which_may_be_a_secret(parcel: Parcel) -> None:
    receiver = Receiver(lambda request: httpx.Response(500, text="secret"))
    with pytest.raises(DeliveryFailed) as failed:
        deliverer(receiver).deliver(parcel, URL)
    assert str(failed.value) == "the webhook at hooks.example.org answered 500"


@pytest.mark.parametrize(
    ("error", "said"), [(httpx.ReadTimeout("t"), "it took too long"), (httpx.ConnectError("c"), "ConnectError")]
)
def test_a_host_that_does_not_answer_is_named(parcel: Parcel, error: Exception, said: str) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error

    with pytest.raises(DeliveryFailed, match=f"hooks.example.org cannot be reached: {said}"):
        deliverer(Receiver(fail)).deliver(parcel, URL)


def test_a_host_that_is_not_known_is_named(parcel: Parcel) -> None:
    def unknown(host: str, port: int) -> list[str]:
        raise OSError(-2, "Name or service not known")

    lost = WebhookDeliverer(OPTIONS, now, resolve=unknown, transport=Receiver())
    with pytest.raises(DeliveryFailed, match=r"hooks\.example\.org was not found: Name or service not known"):
        lost.deliver(parcel, URL)


def test_options_show_no_key() -> None:
    assert "0123456789abcdef" not in repr(OPTIONS)


def test_over_a_real_connection(parcel: Parcel, received: Any) -> None:
    requests, port = received
    options = WebhookOptions(frozenset({"127.0.0.1"}), frozenset({"127.0.0.1"}), KEY)
    WebhookDeliverer(options, now).deliver(parcel, f"http://127.0.0.1:{port}/desk")
    [(headers, body)] = requests
    assert headers["webhook-signature"] == signed_headers(KEY, "dlv_1", int(NOW.timestamp()), body)["webhook-signature"]
    assert headers["host"] == f"127.0.0.1:{port}"


@pytest.fixture
def received() -> Any:
    import threading
    from http.server import BaseHTTPRequestHandler, HTTPServer

    requests: list[tuple[Any, bytes]] = []

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            requests.append((self.headers, self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, format: str, *arguments: object) -> None:
            """Nothing on stderr."""

    with HTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield requests, server.server_port
        server.shutdown()
        thread.join(10)
