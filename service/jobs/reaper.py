"""The reaper: queues again what dead workers held and what the queue has lost.

There is one in every worker and none that must be there. Each job is looked at again in the
transaction that changes it, with its row held: of two reapers one finds nothing left to do. What
a worker held for dead still writes is refused, since its attempt is no longer the one.
"""

from __future__ import annotations

import logging

from sqlalchemy import Connection, Engine, and_, or_, select

from service.jobs import leases
from service.jobs.changes import change, end, locked
from service.jobs.database import reading, writing
from service.jobs.queue import ALIVE, PENDING, Queue
from service.jobs.record import CANCELLED, FINAL, GOING, Ending, State
from service.jobs.tables import JOBS

logger = logging.getLogger(__name__)


class Reaper:
    """Takes jobs from the dead.

    Parameters
    ----------
    engine
        The database, of which the tables are there.
    queue
        Takes the jobs.
    lease_seconds
        How long a worker may be silent.
    keep_seconds
        How long a job is kept once it is final; ``None`` for ever.
    """

    def __init__(
        self, engine: Engine, queue: Queue, lease_seconds: float, keep_seconds: float | None
    ) -> None:
        self._engine = engine
        self._queue = queue
        self._lease_seconds = lease_seconds
        self._keep_seconds = keep_seconds

    def reap(self) -> list[str]:
        """Take what workers held that are dead; return the jobs queued again or ended."""
        entries = self._queue.entries
        with reading(self._engine) as connection:
            living = leases.living(connection, self._lease_seconds)
            begun = select(JOBS.c.id).where(
                JOBS.c.state.in_([State.RUNNING, State.CANCELLING]),
                JOBS.c.worker.not_in(living),
            )
            claimed = select(entries.c.workflow_uuid).where(
                entries.c.status == PENDING, entries.c.executor_id.not_in(living)
            )
            found = set(connection.execute(begun).scalars())
            found |= set(connection.execute(claimed).scalars())
        taken = self._take_all(found)
        with writing(self._engine) as connection:
            leases.strike_silent(connection, self._lease_seconds)
        return taken

    def search(self) -> list[str]:
        """Place jobs again that are going by the record and that the queue takes for done."""
        entries = self._queue.entries
        lost = (
            select(JOBS.c.id)
            .outerjoin(entries, entries.c.workflow_uuid == JOBS.c.id)
            .where(JOBS.c.state.in_(sorted(GOING)))
            .where(
                or_(
                    entries.c.status.is_(None),
                    entries.c.status.not_in(sorted(ALIVE)),
                    # placed before places had a tenant: with a limit by tenant nobody takes it
                    and_(entries.c.status != PENDING, entries.c.queue_partition_key.is_(None)),
                )
            )
        )
        with reading(self._engine) as connection:
            found = set(connection.execute(lost).scalars())
        return self._take_all(found)

    def _take_all(self, jobs: set[str]) -> list[str]:
        taken = []
        for job in sorted(jobs):
            with writing(self._engine) as connection:
                if self._take(connection, job):
                    taken.append(job)
                    logger.warning("job %s is taken from a worker that is gone", job)
        return taken

    def _take(self, connection: Connection, job: str) -> bool:
        """Take a job if it is still to be taken; whether it was."""
        row = locked(connection, job)
        living = leases.living(connection, self._lease_seconds)
        lost = self._lost(connection, job, living)
        if row is None or State(row["state"]) in FINAL:
            if lost:
                # else it counts as one that runs
                self._queue.remove(connection, job)
            return False
        dead = row["worker"] is not None and row["worker"] not in living
        if not (lost or dead):
            return False
        if lost:
            self._queue.remove(connection, job)
        if row["state"] == State.CANCELLING:
            end(connection, row, Ending(State.CANCELLED, CANCELLED), self._keep_seconds)
            return True
        if row["state"] == State.RUNNING:
            change(connection, row, state=State.QUEUED, worker=None)
        if lost:
            self._queue.place(connection, job)
        return True

    def _lost(self, connection: Connection, job: str, living: set[str]) -> bool:
        """Return whether no living worker has a job, or will have it, by the queue."""
        entries = self._queue.entries
        held = or_(
            and_(
                entries.c.status.in_(sorted(ALIVE - {PENDING})),
                entries.c.queue_partition_key.is_not(None),
            ),
            and_(entries.c.status == PENDING, entries.c.executor_id.in_(living)),
        )
        query = select(entries.c.workflow_uuid).where(entries.c.workflow_uuid == job, held)
        return connection.execute(query.with_for_update()).first() is None
