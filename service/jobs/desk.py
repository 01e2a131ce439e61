"""The desk of jobs: the database in threads, the clerks, and the watch, for the routes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from service.errors import Refusal
from service.jobs.clerks import Clerks
from service.jobs.queue import Queue
from service.jobs.reader import JobReader
from service.jobs.record import Job
from service.jobs.store import JobStore
from service.jobs.watch import Watch
from service.people.quotas import Quotas
from service.settings import Settings
from service.webhooks.outbox import Outbox

Given = ParamSpec("Given")
Found = TypeVar("Found")

READS = 4
"""Reads of the database at the same time."""
RETRY_SECONDS = 2
DAY = 86_400.0


class JobDesk:
    """All that the routes of jobs need.

    Parameters
    ----------
    settings
        The limits.
    engine
        The database, of which the tables are there.
    queue
        Takes the jobs.
    """

    def __init__(self, settings: Settings, engine: Engine, queue: Queue) -> None:
        self.settings = settings
        self.queue = queue
        self.reader = JobReader(engine)
        self.quotas = Quotas(settings, engine)
        self.outbox = Outbox(engine, settings.webhook_attempts, settings.webhook_seconds)
        self.store = JobStore(engine, settings.keep_days * DAY)
        self.clerks = Clerks(settings)
        self.watch = Watch(lambda jobs: self.read(self.reader.last_events, jobs))
        self.waiting = 0
        self._reads = ThreadPoolExecutor(READS, "reads")
        # SQLite takes one writer at a time: those of this process queue here, not in the database
        self._writes = ThreadPoolExecutor(1, "writes")

    async def read(
        self, what: Callable[Given, Found], *given: Given.args, **more: Given.kwargs
    ) -> Found:
        """Return what a read of the database finds.

        Raises
        ------
        Refusal
            The database cannot be reached.
        """
        return await _run(self._reads, lambda: what(*given, **more))

    async def write(
        self, what: Callable[Given, Found], *given: Given.args, **more: Given.kwargs
    ) -> Found:
        """Return what comes of a write; errors as `read`."""
        return await _run(self._writes, lambda: what(*given, **more))

    async def job(self, tenant: str, job: str) -> Job:
        """Return a job.

        Raises
        ------
        Refusal
            The tenant has no such job.
        """
        found = await self.read(self.reader.get, tenant, job) if is_id(job) else None
        if found is None:
            raise unknown(job)
        return found

    @property
    def crowded(self) -> bool:
        """Whether as many connections are held by those who wait as may be.

        Half of all are left to those who are answered at once.
        """
        return self.watch.count >= max(1, self.settings.connections // 2)

    async def close(self) -> None:
        """End all that runs for it."""
        await self.watch.close()
        await self.clerks.close()
        self._reads.shutdown()
        self._writes.shutdown()


def is_id(text: str) -> bool:
    """Return whether a text can be the id of a job."""
    return len(text) == 36 and text.isascii() and text.isprintable()


def unknown(job: str) -> Refusal:
    """Return the refusal for a job that is not there."""
    shown = job if is_id(job) else "That"
    return Refusal("unknown-job", f"{shown} is no job of yours; it may have expired.")


async def _run(pool: ThreadPoolExecutor, what: Callable[[], Found]) -> Found:
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, what)
    except (OperationalError, InterfaceError, NoConnectionError) as error:
        # without the statement and its values, which are the caller's
        cause = getattr(error, "orig", None) or error
        detail = f"It said {type(cause).__name__}."
        headers = {"Retry-After": str(RETRY_SECONDS)}
        raise Refusal("no-database", detail, headers=headers) from error
