"""The queue of jobs: DBOS's, in the same database: a job and its place are written at once.

An API process only places jobs; what is done with them is `service.jobs.worker`'s.
"""

from __future__ import annotations

import logging

from dbos import DBOS, DBOSClient
from sqlalchemy import Connection, Engine, text

from service.jobs.database import reading

APPLICATION = "diversify"
QUEUE = "jobs"
WORKFLOW = "run_job"
PROTOCOL = "1"
"""What a job's place in the queue means; another one only when old places mean something else.

DBOS leaves alone what was placed under another version; its own default changes with the code.
"""

logging.getLogger("dbos").setLevel(logging.WARNING)


def make_queue(url: str) -> None:
    """Make the engine's own tables in the database, or bring them up to date."""
    DBOS.migrate(url)


class Queue:
    """Takes jobs.

    Parameters
    ----------
    engine
        The database, in which the queue has been made.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._client = DBOSClient(
            system_database_engine=engine,
            application_name=APPLICATION,
            lazy=True,
            retry_connection_errors=False,
        )

    def place(self, connection: Connection, job: str) -> None:
        """Put a job at the end of the queue, within the caller's transaction."""
        self._client.enqueue_in_transaction(
            connection,
            {
                "queue_name": QUEUE,
                "workflow_name": WORKFLOW,
                "workflow_id": job,
                "app_version": PROTOCOL,
            },
            job,
        )

    def check(self) -> None:
        """Read the queue's own table; errors are the database's."""
        table = "workflow_status"
        if self._engine.dialect.name != "sqlite":
            table = f"dbos.{table}"
        with reading(self._engine) as connection:
            connection.execute(text(f"SELECT 1 FROM {table} LIMIT 1"))
