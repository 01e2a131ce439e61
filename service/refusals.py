"""What a client is told when a server refuses or cannot be reached."""

from __future__ import annotations

from collections.abc import Sequence

import httpx2 as httpx

from instances.errors import Finding, InputError, SourcingError

BUSY = frozenset({429, 503})
"""Statuses that ask to come again."""


class Unreachable(SourcingError):
    """The server cannot be reached, or went wrong."""


class Refused(InputError):
    """The server refused what was asked for.

    Parameters
    ----------
    status
        HTTP status.
    kind
        Kind of the error, the last part of its ``type``.
    detail
        What is wrong, in words.
    findings
        Everything wrong with the input; the detail alone if the server lists nothing.
    """

    def __init__(
        self, status: int, kind: str, detail: str, findings: Sequence[Finding] = ()
    ) -> None:
        super().__init__(findings or [Finding(kind, detail)])
        self.status = status
        self.kind = kind
        self.detail = detail


def refusal_of(answer: httpx.Response) -> SourcingError:
    """Return what a refusing answer says, as an error."""
    try:
        words = answer.json()
        kind = str(words["type"]).rpartition("/")[2]
        detail = f"{words['title']} {words['detail'] or ''}".strip()
        findings = [
            Finding(
                item["where"],
                item["what"],
                item.get("value"),
                nearest=item.get("nearest"),
                remedy=item.get("remedy"),
            )
            for item in words["findings"]
        ]
    except (ValueError, KeyError, TypeError):
        return Unreachable(f"{answer.url} answered {answer.status_code} {answer.reason_phrase}")
    if answer.status_code >= 500 and answer.status_code not in BUSY:
        return Unreachable(f"{answer.url} answered {answer.status_code}: {detail}")
    return Refused(answer.status_code, kind, detail, findings)
