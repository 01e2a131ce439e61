"""What an answer comes to, and what was asked in short; nothing for what was recorded before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("answers", sa.Column("cost_usd", sa.Float))
    op.add_column("answers", sa.Column("words", sa.String(200)))
    op.add_column("jobs", sa.Column("instance", sa.String(200)))
    op.add_column("jobs", sa.Column("edits", sa.JSON(none_as_null=True)))
    op.add_column("jobs", sa.Column("edit_count", sa.Integer))
    op.add_column("jobs", sa.Column("asks", sa.String(300)))
