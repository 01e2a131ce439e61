"""The tables of jobs. `migrations` makes them; times are seconds since 1970 (UTC)."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

ANSWERS = Table(
    "answers",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("tenant", String(64), nullable=False),
    # absent: an answer that was cut short is nobody else's
    Column("address", String(64)),
    Column("job", String(36), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("created", Float, nullable=False),
    # what it comes to, for lists of jobs
    Column("cost_usd", Float),
    Column("words", String(200)),
    UniqueConstraint("tenant", "address"),
)

JOBS = Table(
    "jobs",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("tenant", String(64), nullable=False),
    Column("kind", String(16), nullable=False),
    Column("label", String(200)),
    Column("problem", String(200)),
    # what was asked, in short; the body has all of it
    Column("instance", String(200)),
    Column("edits", JSON(none_as_null=True)),
    Column("edit_count", Integer),
    Column("asks", String(300)),
    Column("variables", Integer, nullable=False),
    Column("state", String(12), nullable=False),
    Column("reason", String(32)),
    Column("detail", Text),
    Column("findings", JSON(none_as_null=True)),
    Column("body", LargeBinary, nullable=False),
    Column("body_hash", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    # version of the code that made the address
    Column("code", String(64)),
    Column("idempotency_key", String(255)),
    # context of the request that posted it, as in a traceparent header
    Column("trace", String(55)),
    Column("created", Float, nullable=False),
    Column("started", Float),
    Column("finished", Float),
    Column("expires", Float),
    Column("attempts", Integer, nullable=False),
    Column("worker", String(64)),
    Column("seconds", Float, nullable=False),
    Column("progress", JSON(none_as_null=True)),
    Column("last_event", Integer, nullable=False),
    Column("log_length", Integer, nullable=False),
    Column("answer", String(36), ForeignKey("answers.id")),
    Column("answered_from", String(36)),
    UniqueConstraint("tenant", "idempotency_key"),
    Index(None, "tenant", "created", "id"),
    Index(None, "state"),
    Index(None, "answer"),
    Index(None, "expires"),
)

EVENTS = Table(
    "events",
    METADATA,
    Column("job", String(36), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("sequence", Integer, primary_key=True),
    Column("at", Float, nullable=False),
    Column("kind", String(12), nullable=False),
    Column("data", JSON, nullable=False),
)

LOG_LINES = Table(
    "log_lines",
    METADATA,
    Column("job", String(36), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    # offset of the first character within the job's log
    Column("start", Integer, primary_key=True),
    Column("text", Text, nullable=False),
)

WORKERS = Table(
    "workers",
    METADATA,
    Column("worker", String(64), primary_key=True),
    Column("started", Float, nullable=False),
    Column("beat", Float, nullable=False),
    Column("running", Integer, nullable=False),
    Column("places", Integer, nullable=False),
)
