"""Who asks: a tenant, and what it may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from starlette.requests import Request


class Scope(StrEnum):
    """What a key may be used for."""

    READ = "read"
    """See instances, limits, and the tenant's own jobs."""
    RUN = "run"
    """Whatever computes or changes: solve, submit, cancel, delete."""
    ADMIN = "admin"
    """The figures of the whole server."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks.

    Parameters
    ----------
    tenant
        Whose jobs are seen; those of anybody else do not exist.
    scopes
        What may be done.
    key
        Public part of the key that was sent; ``None`` on this machine, where none is needed.
    """

    tenant: str
    scopes: frozenset[Scope]
    key: str | None


LOCAL = Caller("local", frozenset(Scope), None)
"""Whoever sits at this machine."""


def caller_of(request: Request) -> Caller:
    """Return who sent a request, as `service.people.door.Door` found out."""
    caller: Caller = request.state.caller
    return caller
