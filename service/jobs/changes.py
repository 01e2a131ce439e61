"""The parts that changes of a job are made of, each within a transaction of the caller's."""

from __future__ import annotations

import time
import uuid
import zlib
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from service.jobs.record import Attempt, Ending, Job, State
from service.jobs.rows import job_of, jobs_shown
from service.jobs.tables import ANSWERS, EVENTS, JOBS
from service.people.usage import use
from service.webhooks.outbox import make_due


def end(
    connection: Connection, row: RowMapping, ending: Ending, keep_seconds: float | None
) -> None:
    """Bring a job to its end, of which ``keep_seconds`` later it is deleted."""
    now = time.time()
    values: dict[str, Any] = {
        "reason": ending.reason,
        "detail": ending.detail,
        "findings": ending.findings or None,
        "finished": now,
        "expires": None if keep_seconds is None else now + keep_seconds,
        "seconds": row["seconds"] + ending.seconds,
        "worker": None,
    }
    if ending.answer is not None:
        values["answer"] = keep_answer(connection, row, ending)
    if ending.seconds:
        use(connection, row["tenant"], ending.seconds)
    change(connection, row, state=ending.state, **values)
    make_due(connection, row["id"])


def keep_answer(connection: Connection, row: RowMapping, ending: Ending) -> str:
    """Keep an answer and return its id; under its address unless one is there already."""
    assert ending.answer is not None
    answer = str(uuid.uuid4())
    fields = {
        "id": answer,
        "tenant": row["tenant"],
        "job": row["id"],
        "payload": zlib.compress(ending.answer, 6),
        "created": time.time(),
        "cost_usd": None if ending.gist is None else ending.gist.cost_usd,
        "words": None if ending.gist is None else ending.gist.words,
    }
    if ending.reusable:
        with suppress(IntegrityError), connection.begin_nested():
            connection.execute(insert(ANSWERS).values(address=row["address"], **fields))
            return answer
    connection.execute(insert(ANSWERS).values(address=None, **fields))
    return answer


def locked(connection: Connection, job: str, tenant: str | None = None) -> RowMapping | None:
    """Return the row of a job, which nobody else changes while the transaction lasts."""
    wanted = select(JOBS).where(JOBS.c.id == job).with_for_update()
    if tenant is not None:
        wanted = wanted.where(JOBS.c.tenant == tenant)
    return connection.execute(wanted).mappings().one_or_none()


def current(connection: Connection, attempt: Attempt) -> RowMapping | None:
    """Return the row of a job if ``attempt`` is the one that works on it.

    An attempt that was handed back has given its number to the next one, of another worker.
    """
    row = locked(connection, attempt.job)
    if row is None or (row["attempts"], row["worker"]) != (attempt.number, attempt.worker):
        return None
    return row if row["state"] in (State.RUNNING, State.CANCELLING) else None


def change(connection: Connection, row: RowMapping, *, state: State, **values: Any) -> None:
    """Bring a job into a state, and tell so."""
    told = {"state": state, "reason": values.get("reason"), "detail": values.get("detail")}
    note(connection, row, "state", told, state=state, **values)


def note(
    connection: Connection, row: RowMapping, kind: str, data: dict[str, Any], **values: Any
) -> None:
    """Add an event to a job, and set values in its row."""
    sequence = row["last_event"] + 1
    connection.execute(
        insert(EVENTS).values(
            job=row["id"], sequence=sequence, at=time.time(), kind=kind, data=data
        )
    )
    set_values(connection, row["id"], last_event=sequence, **values)


def set_values(connection: Connection, job: str, **values: Any) -> None:
    """Set values in the row of a job."""
    connection.execute(update(JOBS).where(JOBS.c.id == job).values(**values))


def shown(connection: Connection, job: str) -> Job:
    """Return a job as its row is now."""
    return job_of(connection.execute(jobs_shown().where(JOBS.c.id == job)).mappings().one())


def remove(connection: Connection, jobs: list[str]) -> None:
    """Delete jobs, and the answers that no other job has."""
    held = select(JOBS.c.answer).where(JOBS.c.id.in_(jobs), JOBS.c.answer.is_not(None))
    answers = set(connection.execute(held).scalars())
    connection.execute(delete(JOBS).where(JOBS.c.id.in_(jobs)))
    used = select(JOBS.c.answer).where(JOBS.c.answer.in_(answers))
    left = answers - set(connection.execute(used).scalars())
    connection.execute(delete(ANSWERS).where(ANSWERS.c.id.in_(left)))
