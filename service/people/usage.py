"""What tenants have used: seconds of computing by day (UTC)."""

from __future__ import annotations

import time
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.people.tables import USAGE


def use(connection: Connection, tenant: str, seconds: float) -> None:
    """Note that something was computed for a tenant today (UTC), within a transaction.

    It stays noted when the job is deleted.
    """
    day = _day(time.time())
    mine = (USAGE.c.tenant == tenant) & (USAGE.c.day == day)
    more = update(USAGE).where(mine).values(seconds=USAGE.c.seconds + seconds)
    if connection.execute(more).rowcount:
        return
    try:
        with connection.begin_nested():
            connection.execute(insert(USAGE).values(tenant=tenant, day=day, seconds=seconds))
    except IntegrityError:
        # another transaction was the first of the day
        connection.execute(more)


def used(connection: Connection, tenant: str) -> float:
    """Return how many seconds were computed for a tenant today."""
    mine = (USAGE.c.tenant == tenant) & (USAGE.c.day == _day(time.time()))
    found = connection.execute(select(USAGE.c.seconds).where(mine)).scalar_one_or_none()
    return float(found or 0.0)


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
