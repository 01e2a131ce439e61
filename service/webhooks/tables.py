"""The table of webhooks. `service.jobs.migrations` makes it."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Integer, String, Table, Text

from service.jobs.tables import METADATA

WEBHOOKS = Table(
    "webhooks",
    METADATA,
    Column("job", String(36), ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True),
    Column("url", Text, nullable=False),
    Column("state", String(12), nullable=False),
    Column("attempts", Integer, nullable=False),
    # when it is to be sent; absent while the job goes on, and once nothing follows
    Column("due", Float),
    Column("outcome", String(200)),
    Index(None, "due"),
)
