"""Briefings by mail, over SMTP."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import TYPE_CHECKING, Literal

from service.briefing.delivery.ports import Parcel
from service.briefing.rendering.formats import MEDIA_TYPES
from service.briefing.rendering.words import flat
from service.errors import DeliveryFailed, GroundwireError, InputRejected

if TYPE_CHECKING:
    import smtplib

TIMEOUT_SECONDS = 30.0
SUBJECT_CHARACTERS = 150
ADDRESS_CHARACTERS = 254
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
"""As browsers read one: https://html.spec.whatwg.org/#valid-e-mail-address. RFC 5322 allows what no mailbox has."""
_SHOWN_REPLY = 200
Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True, repr=False)
class MailOptions:
    """The server that takes mail in, and who sends it. No repr: it holds a password."""

    host: str
    port: int
    security: Security
    sender: str
    user: str | None = None
    password: str | None = None


class SmtpDeliverer:
    """`options` `None`: there is no server for mail, and no target can be reached.

    `connect` opens a connection to the server that is ready for a message.
    """

    def __init__(
        self,
        options: MailOptions | None,
        now: Callable[[], datetime],
        connect: Callable[[MailOptions], smtplib.SMTP] | None = None,
    ) -> None:
        self._options = options
        self._now = now
        self._connect = connect or connected

    def check(self, to: str) -> None:
        demand_address("mail", to)
        if self._options is None:
            raise InputRejected(
                "mail: there is no server to send it; set GROUNDWIRE_SMTP_HOST and GROUNDWIRE_SMTP_FROM first"
            )

    def deliver(self, parcel: Parcel, to: str) -> None:
        import smtplib  # here, as few send mail, and every service starts

        options = self._options
        if options is None:
            raise DeliveryFailed("there is no server for mail; set GROUNDWIRE_SMTP_HOST and GROUNDWIRE_SMTP_FROM")
        try:
            message = message_of(parcel, to, options.sender, self._now())
        except GroundwireError as error:
            raise DeliveryFailed(str(error)) from error
        server = f"{options.host}:{options.port}"
        try:
            connection = self._connect(options)
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryFailed(f"the mail server {server} cannot be used: {_reason(error)}") from error
        try:
            connection.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise DeliveryFailed(f"the mail server {server} did not take the mail to {to}: {_reason(error)}") from error
        finally:
            with suppress(OSError, smtplib.SMTPException):
                connection.quit()


def message_of(parcel: Parcel, to: str, sender: str, now: datetime) -> EmailMessage:
    """Plain text and HTML, and the other formats attached."""
    briefing = parcel.briefing
    subject = flat(f"Briefing: {briefing.topic} – {briefing.headline}")
    message = EmailMessage()
    message["From"] = sender
    message["To"] = to
    message["Subject"] = subject if len(subject) <= SUBJECT_CHARACTERS else subject[: SUBJECT_CHARACTERS - 1] + "…"
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{parcel.id}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(parcel.file("txt").decode())
    message.add_alternative(parcel.file("html").decode(), subtype="html")
    for wanted in parcel.formats:
        if wanted not in ("txt", "html"):
            main, sub = MEDIA_TYPES[wanted].split(";")[0].split("/")
            message.add_attachment(parcel.file(wanted), maintype=main, subtype=sub, filename=parcel.file_name(wanted))
    return message


def demand_address(name: str, address: str) -> None:
    """Raise InputRejected for what is not one plain address."""
    if not _ADDRESS.fullmatch(address) or len(address) > ADDRESS_CHARACTERS:
        raise InputRejected(f"{name}: `{flat(address)[:60]}` is not a mail address; write for example desk@example.org")


def connected(options: MailOptions) -> smtplib.SMTP:
    """Raises OSError, SMTPException. Certificates are checked; a password is never sent in the clear."""
    import smtplib
    import ssl

    context = ssl.create_default_context()
    if options.security == "tls":
        connection: smtplib.SMTP = smtplib.SMTP_SSL(
            options.host, options.port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(options.host, options.port, timeout=TIMEOUT_SECONDS)
    try:
        if options.security == "starttls":
            connection.starttls(context=context)
        if options.user is not None and options.password is not None:
            connection.login(options.user, options.password)
    except BaseException:
        connection.close()
        raise
    return connection


def _reason(error: OSError | smtplib.SMTPException) -> str:
    """What the server said, shortened; never what was said to it."""
    import smtplib

    if isinstance(error, smtplib.SMTPRecipientsRefused):
        replies = [f"{code} {_text(reply)}" for code, reply in error.recipients.values()]
        return "; ".join(replies)[:_SHOWN_REPLY]
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"[:_SHOWN_REPLY]
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return flat(reason)[:_SHOWN_REPLY]


def _text(reply: bytes | str) -> str:
    return flat(reply if isinstance(reply, str) else reply.decode("utf-8", "replace"))
