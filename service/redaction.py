"""Keys and passwords, taken out of texts that are written down or sent."""

from __future__ import annotations

import re

HIDDEN = "..."
_SECRETS = (
    # a key (see service.people.keys): its public part may be told
    re.compile(r"(dvf_[0-9a-f]{12}_)[A-Za-z0-9_-]+"),
    # what webhooks are signed with
    re.compile(r"(whsec_)[A-Za-z0-9+/=_-]+"),
    # the password in an address
    re.compile(r"([A-Za-z][A-Za-z0-9+.-]*://[^\s:/@]*:)[^\s/@]+(?=@)"),
)


def redacted(text: str) -> str:
    """Return a text without the secrets in it.

    >>> redacted("postgresql://me:s3cret@db/jobs cannot be reached")
    'postgresql://me:...@db/jobs cannot be reached'
    """
    for secret in _SECRETS:
        text = secret.sub(rf"\1{HIDDEN}", text)
    return text
