"""Every change of a job: a transaction each, and conditional, so that of two only one happens."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace

from sqlalchemy import Connection, Engine, RowMapping, insert, select
from sqlalchemy.exc import IntegrityError

from service.jobs import leases
from service.jobs.changes import change, current, end, locked, note, remove, set_values, shown
from service.jobs.code import code_version
from service.jobs.database import writing
from service.jobs.record import (
    CANCELLED,
    FINAL,
    POISON,
    Attempt,
    Ending,
    Job,
    Order,
    Progress,
    State,
    WorkerBeat,
)
from service.jobs.tables import ANSWERS, JOBS, LOG_LINES
from service.webhooks import outbox

Place = Callable[[Connection, str], None]
"""Puts the job of an id into the queue, within the transaction that records it."""


class KeyReusedError(Exception):
    """The idempotency key was used for another order."""


class NotFinalError(Exception):
    """The job is still going, and cannot be deleted."""


@dataclass(frozen=True, slots=True)
class Submitted:
    """What came of an order: its job, and whether that is new rather than of an earlier order."""

    job: Job
    new: bool


class JobStore:
    """Changes jobs.

    Parameters
    ----------
    engine
        The database, of which the tables are there.
    keep_seconds
        How long a job is kept once it is final; ``None`` for ever.
    """

    def __init__(self, engine: Engine, keep_seconds: float | None = None) -> None:
        self.engine = engine
        self._keep_seconds = keep_seconds

    def submit(self, tenant: str, order: Order, place: Place) -> Submitted:
        """Record an order and put it into the queue, or answer it from what is known.

        Raises
        ------
        KeyReusedError
            Its idempotency key belongs to another order.
        """
        try:
            with writing(self.engine) as connection:
                return Submitted(self._accept(connection, tenant, order, place), new=True)
        except IntegrityError:
            # the key is taken; by whom can be read only in a transaction that is whole
            with writing(self.engine) as connection:
                asked = (JOBS.c.tenant == tenant) & (
                    JOBS.c.idempotency_key == order.idempotency_key
                )
                wanted = select(JOBS.c.id, JOBS.c.body_hash).where(asked)
                found = connection.execute(wanted).one_or_none()
                if order.idempotency_key is None or found is None:
                    raise
                if found.body_hash != order.body_hash:
                    raise KeyReusedError(order.idempotency_key) from None
                return Submitted(shown(connection, found.id), new=False)

    def begin(self, job: str, worker: str, most_attempts: int) -> Attempt | None:
        """Begin a job; ``None`` when there is nothing to do.

        That is so when it is final, gone or cancelled, and when it was begun ``most_attempts``
        times already, which ends it.
        """
        with writing(self.engine) as connection:
            row = locked(connection, job)
            if row is None or State(row["state"]) in FINAL:
                return None
            if row["state"] == State.CANCELLING:
                self._end(connection, row, Ending(State.CANCELLED, CANCELLED))
                return None
            if row["attempts"] >= most_attempts:
                detail = f"It ended the process that worked on it {row['attempts']} times."
                self._end(connection, row, Ending(State.FAILED, POISON, detail))
                return None
            number = row["attempts"] + 1
            now = time.time()
            change(
                connection,
                row,
                state=State.RUNNING,
                attempts=number,
                worker=worker,
                started=row["started"] or now,
            )
            return Attempt(
                job,
                row["tenant"],
                row["kind"],
                row["body"],
                number,
                worker,
                row["code"],
                row["trace"],
            )

    def hand_back(self, attempt: Attempt) -> bool:
        """Put a running job back to the start, this attempt not counted; whether it was ours."""
        with writing(self.engine) as connection:
            row = current(connection, attempt)
            if row is None or row["state"] != State.RUNNING:
                return False
            change(connection, row, state=State.QUEUED, attempts=attempt.number - 1, worker=None)
            return True

    def cancel(self, tenant: str, job: str) -> Job | None:
        """Cancel a job at once if it waits, soon if it runs, not at all if it is final.

        ``None`` if the tenant has no such job.
        """
        with writing(self.engine) as connection:
            row = locked(connection, job, tenant)
            if row is None:
                return None
            if row["state"] == State.QUEUED:
                self._end(connection, row, Ending(State.CANCELLED, CANCELLED))
            elif row["state"] == State.RUNNING:
                change(connection, row, state=State.CANCELLING)
            return shown(connection, job)

    def tell(self, attempt: Attempt, progress: Progress) -> bool:
        """Record how far an attempt has come; whether it is the current one."""
        with writing(self.engine) as connection:
            row = current(connection, attempt)
            if row is None:
                return False
            note(connection, row, "progress", dict(progress), progress=progress)
            return True

    def log(self, attempt: Attempt, text: str) -> bool:
        """Add to a job's log; whether the attempt is the current one."""
        with writing(self.engine) as connection:
            row = current(connection, attempt)
            if row is None:
                return False
            start = row["log_length"]
            connection.execute(insert(LOG_LINES).values(job=attempt.job, start=start, text=text))
            set_values(connection, attempt.job, log_length=start + len(text))
            return True

    def finish(self, attempt: Attempt, ending: Ending) -> bool:
        """Record what became of an attempt; whether it was the current one, of a job going.

        An answer that another version of the code has computed than the one that made its address
        is this job's only.
        """
        if attempt.code != code_version():
            ending = replace(ending, reusable=False)
        with writing(self.engine) as connection:
            row = current(connection, attempt)
            if row is None:
                return False
            self._end(connection, row, ending)
            return True

    def delete(self, tenant: str, job: str) -> bool:
        """Delete a final job with its events, log and answer; whether there was one.

        Raises
        ------
        NotFinalError
            It is still going.
        """
        with writing(self.engine) as connection:
            row = locked(connection, job, tenant)
            if row is None:
                return False
            if State(row["state"]) not in FINAL:
                raise NotFinalError(job)
            remove(connection, [job])
            return True

    def expire(self) -> int:
        """Delete every job whose time is over; how many."""
        with writing(self.engine) as connection:
            over = select(JOBS.c.id).where(JOBS.c.expires <= time.time()).limit(500)
            jobs = list(connection.execute(over).scalars())
            remove(connection, jobs)
            return len(jobs)

    def expire_all(self) -> None:
        """Delete every job whose time is over, however many there are."""
        while self.expire():
            pass

    def beat(self, sign: WorkerBeat) -> None:
        """Record a worker's sign of life."""
        with writing(self.engine) as connection:
            leases.renew(connection, sign)

    def leave(self, workers: Collection[str] | None) -> None:
        """Strike workers that have ended; ``None`` for every one."""
        with writing(self.engine) as connection:
            leases.strike(connection, workers)

    def _accept(self, connection: Connection, tenant: str, order: Order, place: Place) -> Job:
        known = None
        if not order.fresh:
            same = (ANSWERS.c.tenant == tenant) & (ANSWERS.c.address == order.address)
            known = connection.execute(select(ANSWERS.c.id, ANSWERS.c.job).where(same)).first()
        job = str(uuid.uuid4())
        connection.execute(
            insert(JOBS).values(
                id=job,
                tenant=tenant,
                kind=order.kind,
                label=order.label,
                problem=order.problem,
                instance=order.instance,
                edits=list(order.edits),
                edit_count=order.edit_count,
                asks=order.asks,
                variables=order.variables,
                state=State.QUEUED,
                body=order.body,
                body_hash=order.body_hash,
                address=order.address,
                code=order.code,
                idempotency_key=order.idempotency_key,
                trace=order.trace,
                created=time.time(),
                attempts=0,
                seconds=0.0,
                last_event=0,
                log_length=0,
            )
        )
        if order.webhook is not None:
            outbox.add(connection, job, order.webhook)
        row = locked(connection, job)
        assert row is not None
        if known is None:
            change(connection, row, state=State.QUEUED)
            place(connection, job)
        else:
            set_values(connection, job, answer=known.id, answered_from=known.job)
            self._end(connection, row, Ending(State.SUCCEEDED))
        return shown(connection, job)

    def _end(self, connection: Connection, row: RowMapping, ending: Ending) -> None:
        end(connection, row, ending, self._keep_seconds)
