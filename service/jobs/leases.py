"""The leases of workers: a worker that has not been heard of for long is dead to the others.

Signs of life stand in the database by the database's own clock, so that those of the machines
need not agree.
"""

from __future__ import annotations

import platform
import re
import secrets
import time
from collections.abc import Collection

from sqlalchemy import Connection, delete, func, insert, literal, select, update
from sqlalchemy.sql.elements import ColumnElement

from service.jobs.record import WorkerBeat
from service.jobs.tables import WORKERS
from service.settings import Settings

EMBEDDED = "embedded"
"""Name of the worker beside an API, on a database that is a file."""
LONGEST_NAME = 48


def name_of(settings: Settings) -> str:
    """Return a name for a worker that starts: no other process has it, or has had it."""
    given = settings.worker
    if given is None:
        machine = re.sub(r"[^A-Za-z0-9._-]", "-", platform.node())[:LONGEST_NAME]
        given = EMBEDDED if settings.database is None else machine or EMBEDDED
    return f"{given}.{secrets.token_hex(4)}"


def clock(connection: Connection) -> ColumnElement[float]:
    """Return the time by the database's clock, seconds since 1970."""
    if connection.dialect.name == "sqlite":
        return literal(time.time())
    return func.extract("epoch", func.clock_timestamp()).cast(WORKERS.c.beat.type)


def renew(connection: Connection, sign: WorkerBeat) -> None:
    """Record a worker's sign of life."""
    fields = {
        "started": sign.started,
        "beat": clock(connection) - (time.time() - sign.beat),
        "running": sign.running,
        "places": sign.places,
    }
    mine = WORKERS.c.worker == sign.worker
    if not connection.execute(update(WORKERS).where(mine).values(fields)).rowcount:
        connection.execute(insert(WORKERS).values(worker=sign.worker, **fields))


def strike(connection: Connection, workers: Collection[str] | None) -> None:
    """Strike workers that have ended; ``None`` for every one."""
    wanted = delete(WORKERS)
    connection.execute(wanted if workers is None else wanted.where(WORKERS.c.worker.in_(workers)))


def strike_silent(connection: Connection, seconds: float) -> None:
    """Strike workers that have been silent for longer than ``seconds``."""
    connection.execute(delete(WORKERS).where(WORKERS.c.beat < clock(connection) - seconds))


def living(connection: Connection, seconds: float) -> set[str]:
    """Return the workers that have been heard of within ``seconds``."""
    query = select(WORKERS.c.worker).where(WORKERS.c.beat >= clock(connection) - seconds)
    return set(connection.execute(query).scalars())


def signs(connection: Connection) -> list[WorkerBeat]:
    """Return every worker's latest sign of life."""
    rows = connection.execute(select(WORKERS, clock(connection).label("now"))).mappings()
    here = time.time()
    return [
        WorkerBeat(
            row["worker"],
            row["started"],
            here - (row["now"] - row["beat"]),
            row["running"],
            row["places"],
        )
        for row in rows
    ]
