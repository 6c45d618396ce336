"""Puts the schedules together: their part of the wiring."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from service.briefing.briefing import Briefing
from service.briefing.delivery.folder import FolderDeliverer
from service.briefing.delivery.mail import MailOptions, SmtpDeliverer
from service.briefing.delivery.signing import key_of
from service.briefing.delivery.webhook import WebhookDeliverer, WebhookOptions
from service.briefing.request import BriefingRequest
from service.briefing.schedules.desk import ScheduleDesk
from service.parts import Parts
from service.settings import Settings

DELIVERY_FOLDER = "delivered"


def open_schedules(
    parts: Parts, write: Callable[[BriefingRequest], Briefing], now: Callable[[], datetime]
) -> ScheduleDesk:
    """`write` makes and keeps a briefing. Closed with the parts."""
    settings = parts.settings
    desk = ScheduleDesk(
        settings.data_dir,
        write,
        lambda briefing_id: parts.briefings().read(briefing_id),
        {
            "folder": FolderDeliverer(settings.delivery_dir or settings.data_dir / DELIVERY_FOLDER),
            "mail": SmtpDeliverer(_mail(settings), now),
            "webhook": WebhookDeliverer(_webhooks(settings), now),
        },
        now,
    )
    parts.closing.callback(desk.close)
    return desk


def _mail(settings: Settings) -> MailOptions | None:
    if settings.smtp_host is None or settings.smtp_from is None:
        return None
    return MailOptions(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        sender=settings.smtp_from,
        user=settings.smtp_user,
        password=settings.smtp_password.get_secret_value() if settings.smtp_password else None,
    )


def _webhooks(settings: Settings) -> WebhookOptions:
    secret = settings.webhook_secret
    return WebhookOptions(
        hosts=frozenset(settings.webhook_hosts),
        private=frozenset(settings.webhook_private_hosts),
        key=None if secret is None else key_of(secret.get_secret_value()),
    )
