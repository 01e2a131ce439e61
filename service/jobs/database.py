"""The database of jobs: a SQLite file in the data directory, or PostgreSQL by its address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, create_engine, event, text

BUSY_SECONDS = 30
"""How long a write waits for another one to end, on SQLite."""
FILE = "jobs.sqlite"
VERSIONS = "diversify_version"
"""Table that tells at which migration the others are."""
MIGRATING = 6_447_115
"""Name of the lock that a migration holds, on PostgreSQL: any number of our own."""

_WRITES = "diversify_writes"


def url_of(data: Path) -> str:
    """Return the address of the SQLite file in a data directory."""
    return f"sqlite:///{data / FILE}"


def connect(url: str) -> Engine:
    """Return the engine for an address.

    On SQLite readers and one writer go on side by side (write-ahead log), a commit is on the disk
    when it returns, and a write waits its turn from its beginning rather than failing midway.
    """
    if not url.startswith("sqlite"):
        # psycopg 3 is what comes with the job engine
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # the driver would begin transactions of its own, too late
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that writes: all of it is kept, or nothing."""
    with engine.execution_options(**{_WRITES: True}).begin() as connection:
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that only reads."""
    with engine.begin() as connection:
        yield connection


def migrate(engine: Engine) -> None:
    """Bring the tables to this version of the program; nothing is done to tables that are."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    with writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            # of several servers that start together one migrates, the others wait and find it done
            connection.execute(text("SELECT pg_advisory_xact_lock(:name)"), {"name": MIGRATING})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def version(engine: Engine) -> str | None:
    """Return at which migration the tables are; ``None`` before the first."""
    with reading(engine) as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSIONS})
        return context.get_current_revision()
