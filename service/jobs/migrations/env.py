"""How Alembic runs the migrations: on the connection that it is handed, in its transaction."""

from __future__ import annotations

from alembic import context

from service.jobs.database import VERSIONS
from service.people.tables import KEYS

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=KEYS.metadata,
    version_table=VERSIONS,
)
context.run_migrations()
