"""The worker: takes jobs from the queue and runs them, ``python -m service.jobs.worker``.

Its name is this process's alone; what dead workers held is taken up by those that live. At SIGTERM
or SIGINT it hands running jobs back to the queue and ends. With a name given as an argument it has
a server, and ends as well when standard input does: then the server is gone.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from dbos import DBOS
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from service.jobs.code import code_version
from service.jobs.database import connect, url_of
from service.jobs.execution import Executions
from service.jobs.leases import name_of
from service.jobs.queue import APPLICATION, PROTOCOL, QUEUE, WORKFLOW, Queue
from service.jobs.reader import JobReader
from service.jobs.reaper import Reaper
from service.jobs.record import WorkerBeat
from service.jobs.store import JobStore
from service.jobs.work_folder import clear_final
from service.logs import start_logging
from service.settings import Settings, from_environment
from service.telemetry import flush, start_telemetry
from service.webhooks.sender import LOOK_SECONDS, sender_of

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.1
"""Time between two looks at the queue."""
BEATS = 5
"""Signs of life within a lease; the dead are looked for as often."""
SEARCH_SECONDS = 60.0
EXPIRE_SECONDS = 600.0
DAY = 86_400.0
MOST_RECOVERIES = 1_000_000
"""The engine's own count of attempts, which our own comes before."""


def main() -> None:
    """Run jobs until told to stop."""
    settings = from_environment()
    start_logging(settings, "worker")
    start_telemetry(settings, "worker")
    # a name is given by the server whose worker this is
    if len(sys.argv) > 1:
        work(settings, sys.argv[1], supervised=True)
    else:
        work(settings, name_of(settings))


def work(settings: Settings, name: str, *, supervised: bool = False) -> None:
    """Run jobs until told to stop; this process ends with it.

    Parameters
    ----------
    settings
        The limits, and where the database is.
    name
        A name that no other process has had.
    supervised
        Whether the end of standard input is that of the server.
    """
    asyncio.run(_serve(settings, name, supervised))


async def _serve(settings: Settings, name: str, supervised: bool) -> None:
    url = settings.database or url_of(settings.folder)
    keep_seconds = settings.keep_days * DAY
    # now: the files may be another version's while this process runs on
    code_version()
    engine = connect(url)
    store = JobStore(engine, keep_seconds)
    queue = Queue(engine)
    reaper = Reaper(engine, queue, settings.lease_seconds, keep_seconds)
    reader = JobReader(engine)
    executions = Executions(store, reader, settings, name)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    if supervised:
        # a thread that nothing waits for: it may read for ever
        waiter = threading.Thread(target=_await_the_servers_end, args=(loop, ended), daemon=True)
        waiter.start()
    pause = settings.lease_seconds / BEATS
    # before anything is claimed: who holds a job without a lease is dead
    store.beat(WorkerBeat(name, time.time(), time.time(), 0, settings.jobs))
    # in a thread: the engine refuses to start within a loop
    await asyncio.to_thread(_launch, url, name, settings, executions, loop)
    tasks = [
        asyncio.create_task(executions.watch()),
        asyncio.create_task(_beat(store, executions, name, settings.jobs, pause)),
        asyncio.create_task(_again(reaper.reap, pause)),
        asyncio.create_task(_again(reaper.search, SEARCH_SECONDS)),
        asyncio.create_task(_again(store.expire_all, EXPIRE_SECONDS)),
        asyncio.create_task(_again(queue.forget, EXPIRE_SECONDS)),
        # what is left by workers that were killed
        asyncio.create_task(_again(partial(clear_final, settings, reader), EXPIRE_SECONDS)),
    ]
    if settings.webhook_secret:
        sender = sender_of(settings, engine, settings.webhook_secret)
        tasks.append(asyncio.create_task(_again(sender.send_due, LOOK_SECONDS)))
    await ended.wait()
    await executions.hand_back()
    for task in tasks:
        task.cancel()
    with suppress(DBAPIError, NoConnectionError):
        await asyncio.to_thread(store.leave, [name])
    # here and at once: were the loop to end, the engine's threads that wait for jobs handed back
    # would learn that these were cancelled, and take them for done
    flush()
    sys.stderr.flush()
    os._exit(0)


def _launch(
    url: str,
    name: str,
    settings: Settings,
    executions: Executions,
    loop: asyncio.AbstractEventLoop,
) -> None:
    """Start the engine: jobs are taken from now on."""
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": url,
            "executor_id": name,
            "application_version": PROTOCOL,
            "console_log_level": "WARNING",
            "max_executor_threads": settings.jobs + 4,
        }
    )

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MOST_RECOVERIES)
    def run_job(job: str) -> None:
        asyncio.run_coroutine_threadsafe(executions.run(job), loop).result()

    DBOS.launch()
    DBOS.register_queue(
        QUEUE,
        worker_concurrency=settings.jobs,
        partition_concurrency=settings.tenant_running,
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )


def _await_the_servers_end(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    while sys.stdin.buffer.read(1):
        pass
    loop.call_soon_threadsafe(ended.set)


async def _beat(
    store: JobStore, executions: Executions, name: str, places: int, pause: float
) -> None:
    started = time.time()
    while True:
        sign = WorkerBeat(name, started, time.time(), executions.running, places)
        try:
            await asyncio.to_thread(store.beat, sign)
        except (DBAPIError, NoConnectionError) as error:
            logger.warning("no sign of life could be left (%s)", type(error).__name__)
        await asyncio.sleep(pause)


async def _again(what: Callable[[], object], pause: float) -> None:
    """Do something again and again; what the database refuses is done the next time."""
    while True:
        with suppress(DBAPIError, NoConnectionError):
            await asyncio.to_thread(what)
        await asyncio.sleep(pause)


if __name__ == "__main__":
    main()
