"""Signatures of webhooks as Standard Webhooks has them: https://www.standardwebhooks.com/."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac

SECRET_PREFIX = "whsec_"  # noqa: S105  # how such secrets are written, not one of them
LEAST_SECRET_BYTES = 16


def key_of(secret: str) -> bytes:
    """`whsec_` and base64, else the text's own bytes. Raises ValueError for one that is too short or not base64."""
    if secret.startswith(SECRET_PREFIX):
        try:
            key = base64.b64decode(secret.removeprefix(SECRET_PREFIX), validate=True)
        except binascii.Error:
            raise ValueError("is not whsec_ and base64") from None
    else:
        key = secret.encode()
    if len(key) < LEAST_SECRET_BYTES:
        raise ValueError(f"is too short to protect anything; take at least {LEAST_SECRET_BYTES} random bytes")
    return key


def signed_headers(key: bytes, message_id: str, unix_seconds: int, body: bytes) -> dict[str, str]:
    """HMAC-SHA256 of id, moment and body: a receiver refuses what is old, changed or sent twice."""
    signed = f"{message_id}.{unix_seconds}.".encode() + body
    signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode("ascii")
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(unix_seconds),
        "webhook-signature": f"v1,{signature}",
    }
