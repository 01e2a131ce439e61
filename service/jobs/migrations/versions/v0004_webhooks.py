"""Webhooks: whom to tell that a job is over, and whether that is done."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "webhooks",
        sa.Column("job", sa.String(36), nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due", sa.Float),
        sa.Column("outcome", sa.String(200)),
        sa.PrimaryKeyConstraint("job", name="pk_webhooks"),
        sa.ForeignKeyConstraint(["job"], ["jobs.id"], name="fk_webhooks_job", ondelete="CASCADE"),
    )
    op.create_index("ix_webhooks_due", "webhooks", ["due"])
