"""The tables of keys and of what tenants have used. `service.jobs.migrations` makes them."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, String, Table

from service.jobs.tables import METADATA

KEYS = Table(
    "keys",
    METADATA,
    # the public part, by which a key is named and found
    Column("prefix", String(16), primary_key=True),
    Column("hash", String(64), nullable=False),
    Column("tenant", String(64), nullable=False),
    Column("scopes", String(64), nullable=False),
    Column("label", String(200)),
    Column("created", Float, nullable=False),
    Column("expires", Float),
    Column("revoked", Float),
    Column("used", Float),
    Index(None, "tenant"),
)

USAGE = Table(
    "usage",
    METADATA,
    Column("tenant", String(64), primary_key=True),
    # UTC, as 2026-11-28
    Column("day", String(10), primary_key=True),
    Column("seconds", Float, nullable=False),
)
