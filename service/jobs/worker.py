"""The worker: takes jobs from the queue and runs them, ``python -m service.jobs.worker``.

It starts again under the same name and goes on with what was running. When standard input ends
(its server is gone), and at SIGTERM or SIGINT, it hands running jobs back to the queue and ends.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from contextlib import suppress

from dbos import DBOS
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionError

from service.jobs.database import connect, url_of
from service.jobs.execution import Executions
from service.jobs.queue import APPLICATION, PROTOCOL, QUEUE, WORKFLOW, Queue
from service.jobs.reader import JobReader
from service.jobs.record import WorkerBeat
from service.jobs.store import JobStore
from service.jobs.work_folder import clear_final
from service.logs import start_logging
from service.settings import Settings, from_environment

logger = logging.getLogger(__name__)

POLL_SECONDS = 0.1
"""Time between two looks at the queue."""
BEAT_SECONDS = 3.0
EXPIRE_SECONDS = 600.0
DAY = 86_400.0
NAME = "embedded"
ALIVE = frozenset({"ENQUEUED", "PENDING", "DELAYED"})
"""What the engine calls what it will do or does."""
MOST_RECOVERIES = 1_000_000
"""The engine's own count of attempts, which our own comes before."""


def main() -> None:
    """Run jobs until told to stop."""
    settings = from_environment()
    start_logging(settings, "worker")
    asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    url = settings.database or url_of(settings.folder)
    name = settings.worker or NAME
    engine = connect(url)
    store = JobStore(engine, settings.keep_days * DAY)
    executions = Executions(store, JobReader(engine), settings, name)
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    # a thread that nothing waits for: it may read for ever
    reader = threading.Thread(target=_await_the_servers_end, args=(loop, ended), daemon=True)
    reader.start()
    # in a thread: the engine refuses to start within a loop
    await asyncio.to_thread(_launch, url, name, settings.jobs, executions, loop)
    await asyncio.to_thread(_take_up, Queue(engine), JobReader(engine), store)
    tasks = [
        asyncio.create_task(executions.watch()),
        asyncio.create_task(_beat(store, executions, name, settings.jobs)),
        asyncio.create_task(_expire(store, JobReader(engine), settings)),
    ]
    await ended.wait()
    await executions.hand_back()
    for task in tasks:
        task.cancel()
    with suppress(DBAPIError, NoConnectionError):
        await asyncio.to_thread(store.leave, name)
    # here and at once: were the loop to end, the engine's threads that wait for jobs handed back
    # would learn that these were cancelled, and take them for done
    sys.stderr.flush()
    os._exit(0)


def _launch(
    url: str, name: str, places: int, executions: Executions, loop: asyncio.AbstractEventLoop
) -> None:
    """Start the engine: what ran under this name before is queued again, then jobs are taken."""
    DBOS(
        config={
            "name": APPLICATION,
            "system_database_url": url,
            "executor_id": name,
            "application_version": PROTOCOL,
            "console_log_level": "WARNING",
            "max_executor_threads": places + 4,
        }
    )

    @DBOS.workflow(name=WORKFLOW, max_recovery_attempts=MOST_RECOVERIES)
    def run_job(job: str) -> None:
        asyncio.run_coroutine_threadsafe(executions.run(job), loop).result()

    DBOS.launch()
    DBOS.register_queue(
        QUEUE,
        worker_concurrency=places,
        polling_interval_sec=POLL_SECONDS,
        on_conflict="always_update",
    )


def _take_up(queue: Queue, reader: JobReader, store: JobStore) -> None:
    """Put jobs into the queue that are going by the record and that the engine takes for done."""
    going = reader.going()
    if not going:
        return
    known = DBOS.list_workflows(workflow_ids=going, load_input=False, load_output=False)
    alive = {found.workflow_id for found in known if found.status in ALIVE}
    for job in going:
        if job not in alive:
            logger.warning("job %s was lost to the queue and is placed again", job)
            DBOS.delete_workflow(job)
            store.place_again(job, queue.place)


def _await_the_servers_end(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    while sys.stdin.buffer.read(1):
        pass
    loop.call_soon_threadsafe(ended.set)


async def _beat(store: JobStore, executions: Executions, name: str, places: int) -> None:
    started = time.time()
    while True:
        sign = WorkerBeat(name, started, time.time(), executions.running, places)
        try:
            await asyncio.to_thread(store.beat, sign)
        except (DBAPIError, NoConnectionError) as error:
            logger.warning("no sign of life could be left (%s)", type(error).__name__)
        await asyncio.sleep(BEAT_SECONDS)


async def _expire(store: JobStore, reader: JobReader, settings: Settings) -> None:
    while True:
        with suppress(DBAPIError, NoConnectionError):
            while await asyncio.to_thread(store.expire):
                pass
            # what is left by workers that were killed
            await asyncio.to_thread(clear_final, settings, reader)
        await asyncio.sleep(EXPIRE_SECONDS)


if __name__ == "__main__":
    main()
