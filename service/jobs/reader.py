"""Everything that is asked about jobs; of a tenant's own only, unless it is for operators."""

from __future__ import annotations

import zlib
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Engine, func, select, tuple_

from service.jobs import leases
from service.jobs.database import reading
from service.jobs.record import Attempt, Event, Job, JobKind, State, WorkerBeat
from service.jobs.rows import event_of, job_of, jobs_shown
from service.jobs.tables import ANSWERS, EVENTS, JOBS, LOG_LINES


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which jobs to list; ``None`` for any.

    Parameters
    ----------
    before
        Only jobs older than this one, by time of creation and id: where the last page ended.
    """

    state: State | None = None
    kind: JobKind | None = None
    label: str | None = None
    before: tuple[float, str] | None = None


@dataclass(frozen=True, slots=True)
class LogPiece:
    """A part of a job's log: its text, and the offset of what follows."""

    text: str
    end: int


class JobReader:
    """Reads jobs.

    Parameters
    ----------
    engine
        The database, of which the tables are there.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def get(self, tenant: str, job: str) -> Job | None:
        """Return a job, ``None`` if the tenant has no such job."""
        wanted = jobs_shown().where(JOBS.c.id == job, JOBS.c.tenant == tenant)
        with reading(self.engine) as connection:
            row = connection.execute(wanted).mappings().one_or_none()
        return None if row is None else job_of(row)

    def listed(self, tenant: str, wanted: Wanted, most: int) -> list[Job]:
        """Return at most ``most`` jobs, newest first."""
        query = jobs_shown().where(JOBS.c.tenant == tenant)
        for name in ("state", "kind", "label"):
            value = getattr(wanted, name)
            if value is not None:
                query = query.where(JOBS.c[name] == value)
        if wanted.before is not None:
            query = query.where(tuple_(JOBS.c.created, JOBS.c.id) < wanted.before)
        query = query.order_by(JOBS.c.created.desc(), JOBS.c.id.desc()).limit(most)
        with reading(self.engine) as connection:
            return [job_of(row) for row in connection.execute(query).mappings()]

    def answer(self, tenant: str, job: str) -> bytes | None:
        """Return the answer of a job as JSON; ``None`` if there is no such job or answer."""
        query = (
            select(ANSWERS.c.payload)
            .join(JOBS, JOBS.c.answer == ANSWERS.c.id)
            .where(JOBS.c.id == job, JOBS.c.tenant == tenant)
        )
        with reading(self.engine) as connection:
            payload = connection.execute(query).scalar_one_or_none()
        return None if payload is None else zlib.decompress(payload)

    def order(self, tenant: str, job: str) -> bytes | None:
        """Return the request of a job as JSON; ``None`` if there is no such job."""
        query = select(JOBS.c.body).where(JOBS.c.id == job, JOBS.c.tenant == tenant)
        with reading(self.engine) as connection:
            return connection.execute(query).scalar_one_or_none()

    def events(self, job: str, after: int, most: int = 1000) -> list[Event]:
        """Return a job's events that follow number ``after``, in order."""
        query = (
            select(EVENTS)
            .where(EVENTS.c.job == job, EVENTS.c.sequence > after)
            .order_by(EVENTS.c.sequence)
            .limit(most)
        )
        with reading(self.engine) as connection:
            return [event_of(row) for row in connection.execute(query).mappings()]

    def last_events(self, jobs: Collection[str]) -> dict[str, int]:
        """Return the number of the latest event of each of some jobs; nothing for one deleted."""
        query = select(JOBS.c.id, JOBS.c.last_event).where(JOBS.c.id.in_(jobs))
        with reading(self.engine) as connection:
            return {row.id: row.last_event for row in connection.execute(query)}

    def states(self, jobs: Collection[str]) -> dict[str, State]:
        """Return the state of each of some jobs; nothing for one deleted."""
        query = select(JOBS.c.id, JOBS.c.state).where(JOBS.c.id.in_(jobs))
        with reading(self.engine) as connection:
            return {row.id: State(row.state) for row in connection.execute(query)}

    def wanted(self, attempts: Collection[Attempt]) -> set[Attempt]:
        """Return those of some attempts that work on a job which nobody has cancelled."""
        jobs = [attempt.job for attempt in attempts]
        query = select(JOBS.c.id, JOBS.c.attempts, JOBS.c.worker).where(
            JOBS.c.id.in_(jobs), JOBS.c.state == State.RUNNING
        )
        with reading(self.engine) as connection:
            found = {tuple(row) for row in connection.execute(query)}
        return {one for one in attempts if (one.job, one.number, one.worker) in found}

    def log(self, job: str, start: int, most: int = 1_000_000) -> LogPiece:
        """Return a job's log from an offset on (in characters), at most ``most`` characters."""
        last_before = (
            select(func.max(LOG_LINES.c.start))
            .where(LOG_LINES.c.job == job, LOG_LINES.c.start <= start)
            .scalar_subquery()
        )
        query = (
            select(LOG_LINES.c.start, LOG_LINES.c.text)
            .where(
                LOG_LINES.c.job == job,
                LOG_LINES.c.start >= func.coalesce(last_before, 0),
                LOG_LINES.c.start < start + most,
            )
            .order_by(LOG_LINES.c.start)
        )
        with reading(self.engine) as connection:
            lines = connection.execute(query).all()
        if not lines:
            return LogPiece("", start)
        whole = "".join(line.text for line in lines)
        text = whole[start - lines[0].start :][:most]
        return LogPiece(text, start + len(text))

    def counts(self, tenant: str | None = None) -> dict[tuple[JobKind, State], int]:
        """Return how many jobs there are by kind and state: a tenant's, or all."""
        query = select(JOBS.c.kind, JOBS.c.state, func.count()).group_by(JOBS.c.kind, JOBS.c.state)
        if tenant is not None:
            query = query.where(JOBS.c.tenant == tenant)
        with reading(self.engine) as connection:
            return {
                (kind, State(state)): number for kind, state, number in connection.execute(query)
            }

    def seconds(self, tenant: str, since: float) -> float:
        """Return how many seconds were computed for a tenant in jobs that ended since a time."""
        query = select(func.coalesce(func.sum(JOBS.c.seconds), 0.0)).where(
            JOBS.c.tenant == tenant, JOBS.c.finished >= since
        )
        with reading(self.engine) as connection:
            return float(connection.execute(query).scalar_one())

    def longest_wait(self, now: float) -> float:
        """Return for how many seconds the job has waited that waits longest; 0 if none does."""
        query = select(func.min(JOBS.c.created)).where(JOBS.c.state == State.QUEUED)
        with reading(self.engine) as connection:
            first = connection.execute(query).scalar_one()
        return 0.0 if first is None else max(0.0, now - first)

    def workers(self) -> list[WorkerBeat]:
        """Return every worker's latest sign of life."""
        with reading(self.engine) as connection:
            return leases.signs(connection)
