"""Signatures of webhooks, as Standard Webhooks has them, and the secrets they are made with.

A tenant's secret follows from the server's and the tenant's name: it need not be kept, and tells
nothing of another's.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from instances.errors import Finding, InputError
from service.settings import Settings

PREFIX = "whsec_"


def secret_of(tenant: str, master: str) -> str:
    """Return the secret by which a tenant knows its webhooks, ``whsec_`` and 32 bytes in base64.

    Parameters
    ----------
    master
        The server's own secret.
    """
    made = hmac.digest(master.encode(), f"webhooks of {tenant}".encode(), hashlib.sha256)
    return PREFIX + base64.b64encode(made).decode()


def signed(message: str, seconds: int, body: bytes, secret: str) -> dict[str, str]:
    """Return the headers that sign a message: HMAC-SHA256 of its id, time and body.

    Parameters
    ----------
    message
        Id of the message, the same each time it is sent.
    seconds
        When it is sent, since 1970 (UTC).

    References
    ----------
    Standard Webhooks, specification 1.0.0, "Signature scheme".
    """
    key = base64.b64decode(secret.removeprefix(PREFIX))
    text = f"{message}.{seconds}.".encode() + body
    made = base64.b64encode(hmac.digest(key, text, hashlib.sha256)).decode()
    return {
        "webhook-id": message,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{made}",
    }


def require_secret(settings: Settings) -> None:
    """Refuse to tell anybody of jobs without a secret to sign that with.

    Raises
    ------
    InputError
        Hosts are listed, and there is no secret.
    """
    if settings.webhook_hosts and not settings.webhook_secret:
        what = "is needed where DIVERSIFY_WEBHOOK_HOSTS lists whom webhooks may go to"
        remedy = "Set it to 32 random signs or more, and keep it."
        raise InputError([Finding("DIVERSIFY_WEBHOOK_SECRET", what, remedy=remedy)])
