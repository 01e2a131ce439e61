"""Every change of a job: a transaction each, and conditional, so that of two only one happens."""

from __future__ import annotations

import time
import uuid
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

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
from service.jobs.rows import SHOWN, job_of
from service.jobs.tables import ANSWERS, EVENTS, JOBS, LOG_LINES, WORKERS
from service.people.usage import use

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
                return Submitted(_shown(connection, found.id), new=False)

    def place_again(self, job: str, place: Place) -> None:
        """Put a job that is not over into the queue, which has lost it."""
        with writing(self.engine) as connection:
            row = _locked(connection, job)
            if row is not None and State(row["state"]) not in FINAL:
                place(connection, job)

    def begin(self, job: str, worker: str, most_attempts: int) -> Attempt | None:
        """Begin a job; ``None`` when there is nothing to do.

        That is so when it is final, gone or cancelled, and when it was begun ``most_attempts``
        times already, which ends it.
        """
        with writing(self.engine) as connection:
            row = _locked(connection, job)
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
            _change(
                connection,
                row,
                state=State.RUNNING,
                attempts=number,
                worker=worker,
                started=row["started"] or now,
            )
            return Attempt(job, row["tenant"], row["kind"], row["body"], number)

    def hand_back(self, attempt: Attempt) -> bool:
        """Put a running job back to the start, this attempt not counted; whether it was ours."""
        with writing(self.engine) as connection:
            row = _current(connection, attempt)
            if row is None or row["state"] != State.RUNNING:
                return False
            _change(connection, row, state=State.QUEUED, attempts=attempt.number - 1, worker=None)
            return True

    def cancel(self, tenant: str, job: str) -> Job | None:
        """Cancel a job at once if it waits, soon if it runs, not at all if it is final.

        ``None`` if the tenant has no such job.
        """
        with writing(self.engine) as connection:
            row = _locked(connection, job, tenant)
            if row is None:
                return None
            if row["state"] == State.QUEUED:
                self._end(connection, row, Ending(State.CANCELLED, CANCELLED))
            elif row["state"] == State.RUNNING:
                _change(connection, row, state=State.CANCELLING)
            return _shown(connection, job)

    def tell(self, attempt: Attempt, progress: Progress) -> bool:
        """Record how far an attempt has come; whether it is the current one."""
        with writing(self.engine) as connection:
            row = _current(connection, attempt)
            if row is None:
                return False
            _note(connection, row, "progress", dict(progress), progress=progress)
            return True

    def log(self, attempt: Attempt, text: str) -> bool:
        """Add to a job's log; whether the attempt is the current one."""
        with writing(self.engine) as connection:
            row = _current(connection, attempt)
            if row is None:
                return False
            start = row["log_length"]
            connection.execute(insert(LOG_LINES).values(job=attempt.job, start=start, text=text))
            _set(connection, attempt.job, log_length=start + len(text))
            return True

    def finish(self, attempt: Attempt, ending: Ending) -> bool:
        """Record what became of an attempt; whether it was the current one, of a job going."""
        with writing(self.engine) as connection:
            row = _current(connection, attempt)
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
            row = _locked(connection, job, tenant)
            if row is None:
                return False
            if State(row["state"]) not in FINAL:
                raise NotFinalError(job)
            _remove(connection, [job])
            return True

    def expire(self) -> int:
        """Delete every job whose time is over; how many."""
        with writing(self.engine) as connection:
            over = select(JOBS.c.id).where(JOBS.c.expires <= time.time()).limit(500)
            jobs = list(connection.execute(over).scalars())
            _remove(connection, jobs)
            return len(jobs)

    def beat(self, sign: WorkerBeat) -> None:
        """Record a worker's sign of life."""
        fields = {
            "started": sign.started,
            "beat": sign.beat,
            "running": sign.running,
            "places": sign.places,
        }
        with writing(self.engine) as connection:
            mine = WORKERS.c.worker == sign.worker
            if not connection.execute(update(WORKERS).where(mine).values(fields)).rowcount:
                connection.execute(insert(WORKERS).values(worker=sign.worker, **fields))

    def leave(self, worker: str) -> None:
        """Strike a worker that ends."""
        with writing(self.engine) as connection:
            connection.execute(delete(WORKERS).where(WORKERS.c.worker == worker))

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
                variables=order.variables,
                state=State.QUEUED,
                body=order.body,
                body_hash=order.body_hash,
                address=order.address,
                idempotency_key=order.idempotency_key,
                created=time.time(),
                attempts=0,
                seconds=0.0,
                last_event=0,
                log_length=0,
            )
        )
        row = _locked(connection, job)
        assert row is not None
        if known is None:
            _change(connection, row, state=State.QUEUED)
            place(connection, job)
        else:
            _set(connection, job, answer=known.id, answered_from=known.job)
            self._end(connection, row, Ending(State.SUCCEEDED))
        return _shown(connection, job)

    def _end(self, connection: Connection, row: RowMapping, ending: Ending) -> None:
        now = time.time()
        values: dict[str, Any] = {
            "reason": ending.reason,
            "detail": ending.detail,
            "findings": ending.findings or None,
            "finished": now,
            "expires": None if self._keep_seconds is None else now + self._keep_seconds,
            "seconds": row["seconds"] + ending.seconds,
            "worker": None,
        }
        if ending.answer is not None:
            values["answer"] = _keep_answer(connection, row, ending)
        if ending.seconds:
            use(connection, row["tenant"], ending.seconds)
        _change(connection, row, state=ending.state, **values)


def _keep_answer(connection: Connection, row: RowMapping, ending: Ending) -> str:
    """Keep an answer and return its id; under its address unless one is there already."""
    assert ending.answer is not None
    answer = str(uuid.uuid4())
    fields = {
        "id": answer,
        "tenant": row["tenant"],
        "job": row["id"],
        "payload": zlib.compress(ending.answer, 6),
        "created": time.time(),
    }
    if ending.reusable:
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(insert(ANSWERS).values(address=row["address"], **fields))
            return answer
    connection.execute(insert(ANSWERS).values(address=None, **fields))
    return answer


def _locked(connection: Connection, job: str, tenant: str | None = None) -> RowMapping | None:
    """Return the row of a job, which nobody else changes while the transaction lasts."""
    wanted = select(JOBS).where(JOBS.c.id == job).with_for_update()
    if tenant is not None:
        wanted = wanted.where(JOBS.c.tenant == tenant)
    return connection.execute(wanted).mappings().one_or_none()


def _current(connection: Connection, attempt: Attempt) -> RowMapping | None:
    """Return the row of a job if ``attempt`` is the one that works on it."""
    row = _locked(connection, attempt.job)
    if row is None or row["attempts"] != attempt.number:
        return None
    return row if row["state"] in (State.RUNNING, State.CANCELLING) else None


def _change(connection: Connection, row: RowMapping, *, state: State, **values: Any) -> None:
    """Bring a job into a state, and tell so."""
    told = {"state": state, "reason": values.get("reason"), "detail": values.get("detail")}
    _note(connection, row, "state", told, state=state, **values)


def _note(
    connection: Connection, row: RowMapping, kind: str, data: dict[str, Any], **values: Any
) -> None:
    sequence = row["last_event"] + 1
    connection.execute(
        insert(EVENTS).values(
            job=row["id"], sequence=sequence, at=time.time(), kind=kind, data=data
        )
    )
    _set(connection, row["id"], last_event=sequence, **values)


def _set(connection: Connection, job: str, **values: Any) -> None:
    connection.execute(update(JOBS).where(JOBS.c.id == job).values(**values))


def _shown(connection: Connection, job: str) -> Job:
    return job_of(connection.execute(select(*SHOWN).where(JOBS.c.id == job)).mappings().one())


def _remove(connection: Connection, jobs: list[str]) -> None:
    held = select(JOBS.c.answer).where(JOBS.c.id.in_(jobs), JOBS.c.answer.is_not(None))
    answers = set(connection.execute(held).scalars())
    connection.execute(delete(JOBS).where(JOBS.c.id.in_(jobs)))
    used = select(JOBS.c.answer).where(JOBS.c.answer.in_(answers))
    left = answers - set(connection.execute(used).scalars())
    connection.execute(delete(ANSWERS).where(ANSWERS.c.id.in_(left)))
