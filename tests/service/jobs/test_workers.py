"""Two workers by themselves, on one database of either kind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import func, select

from service.jobs.database import FILE, connect, migrate, reading
from service.jobs.queue import Queue, make_queue
from service.jobs.reader import JobReader
from service.jobs.record import Order, State
from service.jobs.store import JobStore
from service.jobs.tables import ANSWERS, JOBS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from service.jobs.record import Job

ROOT = Path(__file__).parents[3]
US = "us"


class Workers:
    """Workers as processes, and the record that they share."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._processes: dict[str, subprocess.Popen[str]] = {}
        self.engine = connect(url)
        migrate(self.engine)
        make_queue(url)
        self.store = JobStore(self.engine)
        self.reader = JobReader(self.engine)
        self._queue = Queue(self.engine)

    def start(self, name: str, **settings: str) -> None:
        """Start a worker."""
        settings = {"LEASE_SECONDS": "3", "JOBS": "1", "WORKER": name, **settings}
        if self._url.startswith("sqlite"):
            settings["DATA"] = self._url.removeprefix("sqlite:///").removesuffix(FILE)
        else:
            settings["DATABASE"] = self._url
        kept = {key: it for key, it in os.environ.items() if not key.startswith("DIVERSIFY_")}
        given = {f"DIVERSIFY_{key}": value for key, value in settings.items()}
        self._processes[name] = subprocess.Popen(
            [sys.executable, "-P", "-m", "service.jobs.worker"],
            env={**kept, "PYTHONPATH": str(ROOT), **given},
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def signal(self, name: str, number: int) -> None:
        self._processes[name].send_signal(number)

    def kill(self, name: str) -> None:
        process = self._processes.pop(name)
        process.kill()
        process.communicate()

    def close(self) -> None:
        for process in self._processes.values():
            process.kill()
            process.communicate()
        self.engine.dispose()

    def submit(self, problem: Any, tenant: str = US, **request: Any) -> str:
        body = json.dumps({"problem": problem, **request}).encode()
        order = Order("solve", body, "hash", "name", 3, "address", fresh=True)
        return self.store.submit(tenant, order, self._queue.place).job.id

    def job(self, job: str, tenant: str = US) -> Job:
        found = self.reader.get(tenant, job)
        assert found is not None
        return found

    def wait(self, condition: Callable[[], bool], seconds: float = 180) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, "it did not come about in time"
            time.sleep(0.02)

    def holder(self, job: str, attempt: int) -> str:
        """Return the name of the worker of a job's attempt, once it computes."""

        def told() -> str:
            return self.reader.log(job, 0).text.partition(f"attempt {attempt} on ")[2]

        self.wait(lambda: bool(told()))
        return told().partition(".")[0]

    def ended(self, job: str) -> Job:
        self.wait(lambda: self.job(job).state.final)
        return self.job(job)

    def answers(self, job: str) -> int:
        """Return how many answers of a job there are."""
        with reading(self.engine) as connection:
            query = select(func.count()).where(ANSWERS.c.job == job)
            return int(connection.execute(query).scalar_one())

    def states(self, job: str) -> list[str]:
        return [
            event.data["state"] for event in self.reader.events(job, 0) if event.kind == "state"
        ]


@pytest.fixture
def workers(url: str) -> Iterator[Workers]:
    workers = Workers(url)
    yield workers
    workers.close()


def test_job_of_a_worker_that_dies_or_falls_silent_is_finished_by_the_other(
    workers: Workers, hard: dict[str, Any]
):
    workers.start("a", TENANT_RUNNING="2")
    workers.start("b", TENANT_RUNNING="2")
    job = workers.submit(hard, options={"time_limit": 1})
    silent = workers.holder(job, 1)
    other = "b" if silent == "a" else "a"
    workers.signal(silent, signal.SIGSTOP)
    done = workers.ended(job)
    assert (done.state, done.attempts) == (State.SUCCEEDED, 2)
    assert workers.states(job) == ["queued", "running", "queued", "running", "succeeded"]
    answer = workers.reader.answer(US, job)
    # it goes on as if nothing had been, and is refused
    workers.signal(silent, signal.SIGCONT)

    last = workers.submit(hard, options={"time_limit": 1})
    dead = workers.holder(last, 1)
    workers.kill(dead)
    done = workers.ended(last)
    assert (done.state, done.attempts) == (State.SUCCEEDED, 2)
    alive = other if dead == silent else silent
    assert f"attempt 2 on {alive}." in workers.reader.log(last, 0).text

    assert [workers.answers(one) for one in (job, last)] == [1, 1]
    assert workers.reader.answer(US, job) == answer
    with reading(workers.engine) as connection:
        assert set(connection.execute(select(JOBS.c.state)).scalars()) == {"succeeded"}


def test_tenant_with_a_limit_of_one_does_not_hold_up_another(
    workers: Workers, hard: dict[str, Any], tiny: dict[str, Any]
):
    workers.start("a", JOBS="2", TENANT_RUNNING="1")
    first, second = (workers.submit(hard, options={"time_limit": 1}) for _ in range(2))
    small = [workers.submit(tiny) for _ in range(4)]
    other = workers.submit(tiny, tenant="jp")
    before, after = workers.ended(first), workers.ended(second)
    last = [workers.ended(job) for job in small]
    beside = workers.job(other, "jp")
    assert {job.state for job in (before, after, beside, *last)} == {State.SUCCEEDED}
    # one after the other, as they were posted, although within one second
    began = [job.started or 0 for job in (before, after, *last)]
    assert began == sorted(began)
    assert None not in (before.finished, after.started, beside.started)
    # one place was free all the time: it was for the other tenant's job, posted last
    assert before.finished <= after.started
    assert beside.started < after.started
