"""What a worker does with a job: begin it, have a child process compute it, record the ending."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, ParamSpec, TypeVar

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from service.children import Reply, ask, environment
from service.forks import Forks
from service.jobs.reader import JobReader
from service.jobs.record import CANCELLED, Attempt, Ending, Progress, State
from service.jobs.store import JobStore
from service.jobs.told import in_words
from service.jobs.work_folder import clear, work_folder
from service.logs import note
from service.outcome import Outcome
from service.settings import Settings
from service.telemetry import span

logger = logging.getLogger(__name__)

Given = ParamSpec("Given")
Found = TypeVar("Found")

WATCH_SECONDS = 0.25
"""Time between two looks at what is to be cancelled."""
TELL_SECONDS = 1.0
"""Least time between two records of how far a job has come."""
RETRY_SECONDS = (0.1, 0.5, 2.0, 5.0, 10.0, 30.0)
"""Pauses between tries to write, when the database cannot be reached."""
TIME_LIMIT = "time-limit"
"""Reason of an analysis that found nothing before its time was over."""


class Executions:
    """Runs jobs, each in a child process of its own.

    Parameters
    ----------
    store, reader
        The record of jobs.
    settings
        Limits; those of jobs apply.
    worker
        Name of this worker.
    """

    def __init__(
        self, store: JobStore, reader: JobReader, settings: Settings, worker: str
    ) -> None:
        self._store = store
        self._reader = reader
        self._settings = settings.for_jobs
        self._forks = Forks(environment())
        self._worker = worker
        self._stops: dict[Attempt, asyncio.Event] = {}
        self._going: dict[Attempt, asyncio.Task[Any]] = {}
        self._closing = False
        # the database is asked in threads: nothing here may hold up the children's words
        self._threads = ThreadPoolExecutor(4, "record")

    @property
    def running(self) -> int:
        """How many jobs run."""
        return len(self._going)

    async def run(self, job: str) -> None:
        """Run a job to its end, whatever that is; nothing if there is nothing to do."""
        note(job=job)
        attempt = await self._try(
            self._store.begin, job, self._worker, self._settings.most_attempts
        )
        if attempt is None:
            return
        note(tenant=attempt.tenant)
        about: dict[str, str | int] = {"job": job, "tenant": attempt.tenant}
        with span(f"job {attempt.kind}", attempt.trace, attempt=attempt.number, **about):
            await self._follow(attempt)

    async def _follow(self, attempt: Attempt) -> None:
        """Compute what an attempt is at, and record how it ended."""
        work = asyncio.create_task(self._compute(attempt))
        self._going[attempt] = work
        try:
            ending = await work
        except asyncio.CancelledError:
            if not self._closing:
                raise
            # handed back: it must not count as done, and this process is about to end
            await asyncio.Event().wait()
            raise
        finally:
            self._going.pop(attempt, None)
            self._stops.pop(attempt, None)
        if not await self._try(self._store.finish, attempt, ending):
            logger.warning("job %s: attempt %d is no longer the one", attempt.job, attempt.number)
            return
        await self._thread(clear, self._settings, attempt.job)

    async def watch(self) -> None:
        """Look for jobs that are to be cancelled or were taken away, for as long as this runs."""
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            working = [attempt for attempt, stop in self._stops.items() if not stop.is_set()]
            if not working:
                continue
            with suppress(DBAPIError, NoConnectionError):
                wanted = await self._thread(self._reader.wanted, working)
                for attempt in working:
                    if attempt not in wanted and attempt in self._stops:
                        self._stops[attempt].set()

    async def hand_back(self) -> None:
        """End every child and put its job back to the start of the queue, uncounted."""
        self._closing = True
        going = dict(self._going)
        for work in going.values():
            work.cancel()
        await asyncio.gather(*going.values(), return_exceptions=True)
        await self._forks.close()
        for attempt in going:
            await self._try(self._store.hand_back, attempt)

    async def _compute(self, attempt: Attempt) -> Ending:
        begun = time.monotonic()
        stop = self._stops.setdefault(attempt, asyncio.Event())
        teller = _Teller(self, attempt)
        telling = asyncio.create_task(teller.run())
        logger.info("attempt %d to %s begins", attempt.number, attempt.kind)
        await self._log(attempt, f"attempt {attempt.number} on {self._worker}")
        work = asyncio.create_task(
            ask(
                attempt.kind,
                attempt.body,
                self._settings,
                told=teller.tell,
                stop=stop,
                forks=self._forks,
                folder=work_folder(self._settings, attempt.job),
            )
        )
        try:
            with span(f"compute {attempt.kind}"):
                reply = await self._patiently(work, stop)
        finally:
            work.cancel()
            telling.cancel()
            await asyncio.gather(work, telling, return_exceptions=True)
        seconds = time.monotonic() - begun
        await teller.flush()
        ending = ending_of(reply, cancelled=stop.is_set(), seconds=seconds)
        words = f": {ending.detail}" if ending.detail else ""
        words = f"{ending.state} after {seconds:.1f} s{words}"
        logger.info("%s", words)
        await self._log(attempt, words)
        return ending

    async def _patiently(self, work: asyncio.Task[Reply], stop: asyncio.Event) -> Reply | None:
        """Return what came of the work; ``None`` if it did not end in time once asked to stop."""
        stopped = asyncio.create_task(stop.wait())
        await asyncio.wait((work, stopped), return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not work.done():
            await asyncio.wait((work,), timeout=self._settings.cancel_seconds)
        return work.result() if work.done() else None

    async def _log(self, attempt: Attempt, line: str) -> None:
        now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        await self._try(self._store.log, attempt, f"{now} {line}\n")

    async def tell(self, attempt: Attempt, progress: Progress) -> None:
        """Record how far an attempt has come, in the job and in its log."""
        with suppress(DBAPIError, NoConnectionError):
            await self._thread(self._store.tell, attempt, progress)
            await self._log(attempt, in_words(progress))

    async def _try(
        self, what: Callable[Given, Found], *given: Given.args, **more: Given.kwargs
    ) -> Found:
        """Do something with the database, again and again while it cannot be reached."""
        for pause in RETRY_SECONDS:
            try:
                return await self._thread(what, *given, **more)
            except (DBAPIError, NoConnectionError) as error:
                logger.warning("the database cannot be reached (%s)", type(error).__name__)
                await asyncio.sleep(pause)
        return await self._thread(what, *given, **more)

    async def _thread(
        self, what: Callable[Given, Found], *given: Given.args, **more: Given.kwargs
    ) -> Found:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: what(*given, **more))


class _Teller:
    """Passes on how far a job has come, the latest word at most once a second."""

    def __init__(self, executions: Executions, attempt: Attempt) -> None:
        self._executions = executions
        self._attempt = attempt
        self._latest: Progress | None = None
        self._news = asyncio.Event()

    def tell(self, progress: Progress) -> None:
        """Take the latest word."""
        self._latest = progress
        self._news.set()

    async def run(self) -> None:
        """Pass words on, for as long as this runs."""
        while True:
            await self._news.wait()
            await self.flush()
            await asyncio.sleep(TELL_SECONDS)

    async def flush(self) -> None:
        """Pass on the latest word, if it has not been."""
        progress, self._latest = self._latest, None
        self._news.clear()
        if progress is not None:
            await self._executions.tell(self._attempt, progress)


def ending_of(reply: Reply | None, *, cancelled: bool, seconds: float) -> Ending:
    """Return what is recorded of a child's reply; ``None`` for one that was ended by force."""
    if reply is None:
        detail = "It did not stop when asked and was ended; what it held is lost."
        return Ending(State.CANCELLED, CANCELLED, detail, seconds=seconds)
    if reply.outcome is not Outcome.ANSWER:
        words = json.loads(reply.payload)
        state, reason = State.FAILED, str(reply.outcome)
        if cancelled:
            state, reason = State.CANCELLED, CANCELLED
        return Ending(state, reason, words["detail"], words["findings"], seconds=seconds)
    analysis = reply.status.get("state", "complete")
    whole = analysis == "complete" and reply.status.get("stop", "finished") == "finished"
    if cancelled and not whole:
        return Ending(
            State.CANCELLED, CANCELLED, answer=reply.payload, seconds=seconds, gist=reply.gist
        )
    if analysis == "failed":
        detail = "Nothing was found before its time was over."
        return Ending(
            State.FAILED, TIME_LIMIT, detail, None, reply.payload, seconds=seconds, gist=reply.gist
        )
    state = State.PARTIAL if analysis == "partial" else State.SUCCEEDED
    return Ending(state, answer=reply.payload, reusable=whole, seconds=seconds, gist=reply.gist)
