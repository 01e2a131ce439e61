"""The queue of jobs: DBOS's, in the same database: a job and its place are written at once.

An API process only places jobs; what is done with them is `service.jobs.worker`'s.
"""

from __future__ import annotations

import logging
import time

from dbos import DBOS, DBOSClient
from sqlalchemy import Connection, Engine, column, delete, select, table, update

from service.jobs.database import reading
from service.jobs.record import GOING
from service.jobs.tables import JOBS

APPLICATION = "diversify"
QUEUE = "jobs"
WORKFLOW = "run_job"
PROTOCOL = "1"
"""What a job's place in the queue means; another one only when old places mean something else.

DBOS leaves alone what was placed under another version; its own default changes with the code.
"""

PENDING = "PENDING"
"""What the engine calls a place whose worker has claimed it."""
ALIVE = frozenset({"ENQUEUED", PENDING, "DELAYED"})
"""What the engine calls what it will do or does."""

AT_ONCE = 500
"""Places dropped in one transaction, so that others wait little for it."""

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

    Attributes
    ----------
    entries
        The engine's own table of places, in the part that it documents: a place has the job's id.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.entries = table(
            "workflow_status",
            column("workflow_uuid"),
            column("status"),
            column("executor_id"),
            column("queue_partition_key"),
            column("created_at"),
            schema=None if engine.dialect.name == "sqlite" else "dbos",
        )
        self._client = DBOSClient(
            system_database_engine=engine,
            application_name=APPLICATION,
            lazy=True,
            retry_connection_errors=False,
        )

    def place(self, connection: Connection, job: str) -> None:
        """Put a job at the end of its tenant's queue, within the caller's transaction."""
        tenant = connection.execute(select(JOBS.c.tenant).where(JOBS.c.id == job)).scalar_one()
        self._client.enqueue_in_transaction(
            connection,
            {
                "queue_name": QUEUE,
                "workflow_name": WORKFLOW,
                "workflow_id": job,
                "app_version": PROTOCOL,
                "queue_partition_key": tenant,
            },
            job,
        )
        if connection.dialect.name == "sqlite":
            # the engine dates places to the second there, and those of one second in any order
            mine = self.entries.c.workflow_uuid == job
            now = int(time.time() * 1000)
            connection.execute(update(self.entries).where(mine).values(created_at=now))

    def remove(self, connection: Connection, job: str) -> None:
        """Take a job's place away, whoever holds it: its holder's word no longer counts."""
        connection.execute(delete(self.entries).where(self.entries.c.workflow_uuid == job))

    def forget(self) -> int:
        """Drop the places of jobs that are over; return how many those were."""
        status, job = self.entries.c.status, self.entries.c.workflow_uuid
        going = select(JOBS.c.id).where(JOBS.c.state.in_(sorted(GOING)))
        over = select(job).where(status.not_in(sorted(ALIVE)), job.not_in(going)).limit(AT_ONCE)
        forgotten = 0
        while True:
            with reading(self._engine) as connection:
                found = list(connection.execute(over).scalars())
            if not found:
                return forgotten
            self._client.delete_workflows(found)
            forgotten += len(found)

    def check(self) -> None:
        """Read the queue's own table; errors are the database's."""
        with reading(self._engine) as connection:
            connection.execute(select(self.entries.c.status).limit(1))
