"""Jobs, their events, logs and answers, and the workers' signs of life."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "answers",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64)),
        sa.Column("job", sa.String(36), nullable=False),
        sa.Column("payload", sa.LargeBinary, nullable=False),
        sa.Column("created", sa.Float, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sa.UniqueConstraint("tenant", "address", name="uq_answers_tenant_address"),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("tenant", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("label", sa.String(200)),
        sa.Column("problem", sa.String(200)),
        sa.Column("variables", sa.Integer, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("reason", sa.String(32)),
        sa.Column("detail", sa.Text),
        sa.Column("findings", sa.JSON),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("body_hash", sa.String(64), nullable=False),
        sa.Column("address", sa.String(64), nullable=False),
        sa.Column("idempotency_key", sa.String(255)),
        sa.Column("created", sa.Float, nullable=False),
        sa.Column("started", sa.Float),
        sa.Column("finished", sa.Float),
        sa.Column("expires", sa.Float),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("worker", sa.String(64)),
        sa.Column("seconds", sa.Float, nullable=False),
        sa.Column("progress", sa.JSON),
        sa.Column("last_event", sa.Integer, nullable=False),
        sa.Column("log_length", sa.Integer, nullable=False),
        sa.Column("answer", sa.String(36)),
        sa.Column("answered_from", sa.String(36)),
        sa.PrimaryKeyConstraint("id", name="pk_jobs"),
        sa.ForeignKeyConstraint(["answer"], ["answers.id"], name="fk_jobs_answer"),
        sa.UniqueConstraint("tenant", "idempotency_key", name="uq_jobs_tenant_idempotency_key"),
    )
    op.create_index("ix_jobs_tenant_created_id", "jobs", ["tenant", "created", "id"])
    op.create_index("ix_jobs_state", "jobs", ["state"])
    op.create_index("ix_jobs_answer", "jobs", ["answer"])
    op.create_index("ix_jobs_expires", "jobs", ["expires"])
    op.create_table(
        "events",
        sa.Column("job", sa.String(36), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("job", "sequence", name="pk_events"),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_events_job", ondelete="CASCADE"),
    )
    op.create_table(
        "log_lines",
        sa.Column("job", sa.String(36), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("job", "start", name="pk_log_lines"),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_log_lines_job", ondelete="CASCADE"),
    )
    op.create_table(
        "workers",
        sa.Column("worker", sa.String(64), nullable=False),
        sa.Column("started", sa.Float, nullable=False),
        sa.Column("beat", sa.Float, nullable=False),
        sa.Column("running", sa.Integer, nullable=False),
        sa.Column("places", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("worker", name="pk_workers"),
    )
