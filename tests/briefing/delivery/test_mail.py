"""Mail: what is in it, and what is said when it cannot be sent. The server is a real one, on loopback."""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from service.briefing.briefing import Briefing
from service.briefing.delivery.mail import MailOptions, SmtpDeliverer, message_of
from service.briefing.delivery.ports import Parcel
from service.briefing.rendering.formats import rendered
from service.errors import DeliveryFailed, InputRejected

TO, SENDER = "desk@harbour.example", "groundwire@harbour.example"
CERTIFICATE = Path(__file__).with_name("localhost.pem")
"""Of 127.0.0.1, signed by itself, with its key, for tests alone."""
NOW = datetime(2024, 5, 10, 7, 1, tzinfo=UTC)


def now() -> datetime:
    return NOW


@dataclass
class MailServer:
    """Speaks enough SMTP to take mail in; `replies` overrides what it says to a command."""

    replies: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    taken: list[bytes] = field(default_factory=list)
    port: int = 0
    in_tls: list[str] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        connection, _ = listener.accept()
        with closing(connection), connection.makefile("rwb") as stream:

            def reply(text: str) -> None:
                stream.write(text.encode() + b"\r\n")
                stream.flush()

            reply("220 mail.example")
            while line := stream.readline():
                command = line.split()[0].decode().upper()
                self.said.append(line.decode().strip())
                answer = self.replies.get(command)
                if answer is None and command == "DATA":
                    reply("354 go on")
                    data = b"".join(iter(stream.readline, b".\r\n"))
                    self.taken.append(data.replace(b"\r\n..", b"\r\n."))
                    answer = "250 taken"
                reply(answer or {"QUIT": "221 bye", "EHLO": "250 mail.example"}.get(command, "250 ok"))
                if command == "QUIT":
                    return


@pytest.fixture
def server() -> Iterator[MailServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = MailServer(port=listener.getsockname()[1])
        thread = threading.Thread(target=made.serve, args=(listener,), daemon=True)
        thread.start()
        yield made
        thread.join(10)


def options(port: int, **fields: str | None) -> MailOptions:
    return replace(MailOptions("127.0.0.1", port, "none", SENDER), **fields)  # type: ignore[arg-type]


@pytest.fixture
def parcel(briefing: Briefing) -> Parcel:
    return Parcel("dlv_1", "morning", briefing, ("md", "pdf", "html"))


def read(data: bytes) -> EmailMessage:
    message = message_from_bytes(data, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_it_arrives_as_text_and_html_with_the_rest_attached(server: MailServer, parcel: Parcel) -> None:
    SmtpDeliverer(options(server.port), now).deliver(parcel, TO)
    message = read(server.taken[0])
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content().replace("\r\n", "\n") == rendered(parcel.briefing, "txt").decode()
    assert html.get_content().replace("\r\n", "\n").strip() == rendered(parcel.briefing, "html").decode().strip()
    assert [part.get_filename() for part in message.iter_attachments()] == [
        "morning-2024-05-10-0700-7.md",
        "morning-2024-05-10-0700-7.pdf",
    ]


def test_its_head_says_from_whom_and_what(parcel: Parcel) -> None:
    message = message_of(parcel, TO, SENDER, NOW)
    assert (message["From"], message["To"]) == (SENDER, TO)
    assert message["Subject"] == "Briefing: Tarvik harbour – Storm sinks twelve boats at Tarvik"
    assert message["Message-ID"] == "<dlv_1@harbour.example>"
    assert message["Date"] == "Fri, 10 May 2024 07:01:00 +0000"
    assert message["Auto-Submitted"] == "auto-generated"


def test_a_headline_cannot_add_lines_to_the_head(parcel: Parcel) -> None:
    briefing = replace(parcel.briefing, headline="Storm\r\nBcc: everybody@evil.example " + "x" * 500)
    message = message_of(replace(parcel, briefing=briefing), TO, SENDER, NOW)
    assert message["Bcc"] is None
    assert len(message["Subject"]) <= 150


def test_a_server_that_is_down_is_named(parcel: Parcel) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(DeliveryFailed, match=rf"^the mail server 127\.0\.0\.1:{port} cannot be used: \w+"):
        SmtpDeliverer(options(port), now).deliver(parcel, TO)


def test_a_recipient_who_is_refused_is_named_with_the_servers_words(server: MailServer, parcel: Parcel) -> None:
    server.replies = {"RCPT": "550 no such desk"}
    with pytest.raises(DeliveryFailed, match=r"did not take the mail to desk@harbour\.example: 550 no such desk"):
        SmtpDeliverer(options(server.port), now).deliver(parcel, TO)


def test_a_server_without_tls_is_not_sent_a_password(server: MailServer, parcel: Parcel) -> None:
    chosen = options(server.port, security="starttls", user="desk", password="hunter2-hunter2")
    with pytest.raises(DeliveryFailed, match="cannot be used") as failed:
        SmtpDeliverer(chosen, now).deliver(parcel, TO)
    assert "hunter2" not in str(failed.value) + "".join(server.said)


def _serve_starttls(listener: socket.socket, server: MailServer) -> None:
    """In the clear up to STARTTLS, and all else behind it."""
    connection, _ = listener.accept()
    with closing(connection):
        stream = connection.makefile("rwb", buffering=0)
        stream.write(b"220 mail.example\r\n")
        while line := stream.readline():
            server.said.append(line.decode().strip())
            if line.upper().startswith(b"STARTTLS"):
                stream.write(b"220 go on\r\n")
                break
            stream.write(b"250-mail.example\r\n250 STARTTLS\r\n")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        try:
            hidden = context.wrap_socket(connection, server_side=True)
        except (OSError, ssl.SSLError):
            return  # the client does not trust it
        with closing(hidden), hidden.makefile("rwb", buffering=0) as inside:
            while line := inside.readline():
                command = line.split()[0].decode().upper()
                server.in_tls.append(line.decode().strip())
                if command == "DATA":
                    inside.write(b"354 go on\r\n")
                    server.taken.append(b"".join(iter(inside.readline, b".\r\n")))
                answers = {"EHLO": "250-mail.example\r\n250 AUTH PLAIN", "AUTH": "235 ok", "QUIT": "221 bye"}
                inside.write(f"{answers.get(command, '250 ok')}\r\n".encode())
                if command == "QUIT":
                    return


@pytest.fixture
def starttls_server() -> Iterator[MailServer]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = MailServer(port=listener.getsockname()[1])
        thread = threading.Thread(target=_serve_starttls, args=(listener, made), daemon=True)
        thread.start()
        yield made
        thread.join(10)


def test_with_starttls_password_and_mail_go_encrypted(
    starttls_server: MailServer, parcel: Parcel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    chosen = options(starttls_server.port, security="starttls", user="desk", password="hunter2-hunter2")
    SmtpDeliverer(chosen, now).deliver(parcel, TO)

    assert [said.split()[0].upper() for said in starttls_server.said] == ["EHLO", "STARTTLS"]
    assert any(said.startswith("AUTH PLAIN") for said in starttls_server.in_tls)
    assert read(starttls_server.taken[0])["To"] == TO


def test_a_certificate_that_nobody_vouches_for_is_not_sent_a_password(
    starttls_server: MailServer, parcel: Parcel
) -> None:
    chosen = options(starttls_server.port, security="starttls", user="desk", password="hunter2-hunter2")
    with pytest.raises(DeliveryFailed, match="cannot be used"):
        SmtpDeliverer(chosen, now).deliver(parcel, TO)
    assert not starttls_server.in_tls


def test_a_refused_login_shows_no_password(server: MailServer, parcel: Parcel) -> None:
    server.replies = {"EHLO": "250-mail.example\r\n250 AUTH PLAIN", "AUTH": "535 wrong"}
    chosen = options(server.port, user="desk", password="hunter2-hunter2")
    with pytest.raises(DeliveryFailed, match="535 wrong") as failed:
        SmtpDeliverer(chosen, now).deliver(parcel, TO)
    assert "hunter2" not in str(failed.value)


def test_options_show_no_password() -> None:
    assert "hunter2" not in repr(options(25, user="desk", password="hunter2-hunter2"))


def test_without_a_server_no_address_is_taken() -> None:
    with pytest.raises(InputRejected, match="set GROUNDWIRE_SMTP_HOST"):
        SmtpDeliverer(None, now).check(TO)


def test_a_server_that_was_taken_away_is_a_failed_delivery(parcel: Parcel) -> None:
    with pytest.raises(DeliveryFailed, match="there is no server for mail"):
        SmtpDeliverer(None, now).deliver(parcel, TO)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "desk",
        "@harbour.example",
        "desk@",
        "a b@harbour.example",
        "a@b@c",
        "a@b\nBcc: c@d",
        "Desk <a@b.example>",
        "é@b.c",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(InputRejected, match="is not a mail address"):
        SmtpDeliverer(options(25), now).check(address)


def test_a_connection_that_breaks_is_a_failed_delivery(parcel: Parcel) -> None:
    class Broken(smtplib.SMTP):
        def send_message(self, *arguments: object, **named: object) -> dict[str, tuple[int, bytes]]:
            raise smtplib.SMTPServerDisconnected("Connection unexpectedly closed")

    deliverer = SmtpDeliverer(options(25), now, connect=lambda chosen: Broken())
    with pytest.raises(DeliveryFailed, match="Connection unexpectedly closed"):
        deliverer.deliver(parcel, TO)
