"""How Alembic runs the migrations: on the connection that it is handed, in its transaction."""

from __future__ import annotations

from alembic import context

from service.jobs.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table="diversify_version",
)
context.run_migrations()
