from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import column, select, table, update

from service.jobs import leases
from service.jobs.database import connect, migrate, writing
from service.jobs.queue import PENDING, Queue, make_queue
from service.jobs.reader import JobReader
from service.jobs.reaper import Reaper
from service.jobs.record import Attempt, Ending, Order, State, WorkerBeat
from service.jobs.store import JobStore

if TYPE_CHECKING:
    from sqlalchemy import Engine

US = "us"
LEASE = 15.0
REAPERS = 4


class Ward:
    """A database in which workers live and die as the test says."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.store = JobStore(engine)
        self.reader = JobReader(engine)
        self.queue = Queue(engine)
        self.reapers = [Reaper(engine, self.queue, LEASE, None) for _ in range(REAPERS)]

    def beat(self, worker: str, age: float = 0.0) -> None:
        """Have a worker leave a sign of life, some seconds ago."""
        self.store.beat(WorkerBeat(worker, time.time() - 100, time.time() - age, 0, 1))

    def submit(self) -> str:
        order = Order("solve", b"{}", "hash", "tiny", 3, "address", fresh=True)
        return self.store.submit(US, order, self.queue.place).job.id

    def claim(self, job: str, worker: str) -> None:
        """Do as the engine does for a worker that takes a job from the queue."""
        entries = self.queue.entries
        mine = entries.c.workflow_uuid == job
        with writing(self.engine) as connection:
            change = update(entries).where(mine).values(status=PENDING, executor_id=worker)
            assert connection.execute(change).rowcount == 1

    def begin(self, job: str, worker: str) -> Attempt:
        self.claim(job, worker)
        attempt = self.store.begin(job, worker, 3)
        assert attempt is not None
        return attempt

    def state(self, job: str) -> State:
        found = self.reader.get(US, job)
        assert found is not None
        return found.state

    def entry(self, job: str) -> str | None:
        """Return what the queue says of a job."""
        entries = self.queue.entries
        with writing(self.engine) as connection:
            query = select(entries.c.status).where(entries.c.workflow_uuid == job)
            return connection.execute(query).scalar_one_or_none()

    def states(self, job: str) -> list[str]:
        """Return the states that a job has gone through."""
        return [event.data["state"] for event in self.reader.events(job, 0)]

    def reap(self) -> list[str]:
        """Have every reaper reap at the same time; return what each took."""
        ready = threading.Barrier(REAPERS)

        def reap(reaper: Reaper) -> list[str]:
            ready.wait()
            return reaper.reap()

        with ThreadPoolExecutor(REAPERS) as pool:
            return [job for taken in pool.map(reap, self.reapers) for job in taken]


@pytest.fixture
def ward(engine: Engine) -> Ward:
    make_queue(engine.url.render_as_string(hide_password=False))
    return Ward(engine)


def test_of_many_reapers_one_queues_the_job_of_a_dead_worker_again(ward: Ward):
    ward.beat("dead", age=LEASE + 1)
    ward.beat("living", age=LEASE - 5)
    job, other = ward.submit(), ward.submit()
    attempt = ward.begin(job, "dead")
    going = ward.begin(other, "living")
    assert ward.reap() == [job]
    assert ward.states(job) == ["queued", "running", "queued"]
    assert (ward.entry(job), ward.state(other)) == ("ENQUEUED", State.RUNNING)
    assert [sign.worker for sign in ward.reader.workers()] == ["living"]
    # it comes back: whatever it says of the job is refused, before and after another begins it
    assert ward.reader.wanted([attempt, going]) == {going}
    assert not ward.store.finish(attempt, Ending(State.SUCCEEDED, answer=b"[1]"))
    second = ward.begin(job, "living")
    assert second.number == 2
    assert not ward.store.tell(attempt, {"done": 1, "total": 2})
    assert not ward.store.log(attempt, "still here")
    assert not ward.store.hand_back(attempt)
    assert not ward.store.finish(attempt, Ending(State.SUCCEEDED, answer=b"[1]"))
    assert ward.store.finish(second, Ending(State.SUCCEEDED, answer=b"[2]"))
    assert ward.reader.answer(US, job) == b"[2]"
    assert ward.reap() == []


def test_job_that_was_to_be_cancelled_ends_with_its_worker(ward: Ward):
    ward.beat("dead", age=LEASE + 1)
    job = ward.submit()
    ward.begin(job, "dead")
    ward.store.cancel(US, job)
    assert ward.reap() == [job]
    assert (ward.state(job), ward.entry(job)) == (State.CANCELLED, None)


def test_job_claimed_and_not_begun_is_placed_again(ward: Ward):
    # such a worker has left no sign at all: it handed its jobs back and ended
    job = ward.submit()
    ward.claim(job, "gone")
    assert ward.reap() == [job]
    assert (ward.states(job), ward.entry(job)) == (["queued"], "ENQUEUED")
    ward.beat("living")
    ward.claim(job, "living")
    assert ward.reap() == []


def test_job_that_ended_with_its_worker_no_longer_counts_as_running(ward: Ward):
    job = ward.submit()
    attempt = ward.begin(job, "gone")
    ward.store.finish(attempt, Ending(State.SUCCEEDED, answer=b"[1]"))
    assert ward.reap() == []
    assert (ward.state(job), ward.entry(job)) == (State.SUCCEEDED, None)


def test_number_of_an_attempt_handed_back_is_of_no_use_to_who_had_it(ward: Ward):
    job = ward.submit()
    first = ward.begin(job, "first")
    assert ward.store.hand_back(first)
    assert ward.reap() == [job]
    second = ward.begin(job, "second")
    assert second.number == first.number
    # the word of the first had been lost on the way, and is said again
    assert not ward.store.hand_back(first)
    assert not ward.store.finish(first, Ending(State.SUCCEEDED, answer=b"[1]"))
    assert ward.store.finish(second, Ending(State.SUCCEEDED, answer=b"[2]"))


def test_job_that_the_queue_takes_for_done_is_found_and_placed_again(ward: Ward):
    ward.beat("living")
    waiting, never, failed = ward.submit(), ward.submit(), ward.submit()
    ward.begin(failed, "living")
    with writing(ward.engine) as connection:
        ward.queue.remove(connection, never)
        entries = ward.queue.entries
        of_it = entries.c.workflow_uuid == failed
        connection.execute(update(entries).where(of_it).values(status="ERROR"))
    assert ward.reap() == []
    assert ward.reapers[0].search() == sorted([never, failed])
    assert {ward.entry(job) for job in (waiting, never, failed)} == {"ENQUEUED"}
    assert {ward.state(job) for job in (waiting, never, failed)} == {State.QUEUED}
    assert ward.reapers[1].search() == []


def test_places_of_jobs_that_are_over_are_dropped_with_all_that_belongs_to_them(ward: Ward):
    ward.beat("living")
    over, lost, waiting = ward.submit(), ward.submit(), ward.submit()
    ward.store.finish(ward.begin(over, "living"), Ending(State.SUCCEEDED, answer=b"[1]"))
    ward.begin(lost, "living")
    entries = ward.queue.entries
    with writing(ward.engine) as connection:
        for job, status in ((over, "SUCCESS"), (lost, "ERROR")):
            of_it = entries.c.workflow_uuid == job
            connection.execute(update(entries).where(of_it).values(status=status))
    assert ward.queue.forget() == 1
    # that of a job which is going is for the reaper
    assert [ward.entry(job) for job in (over, lost, waiting)] == [None, "ERROR", "ENQUEUED"]
    inputs = table("workflow_input", column("workflow_uuid"), schema=entries.schema)
    with writing(ward.engine) as connection:
        kept = set(connection.execute(select(inputs.c.workflow_uuid)).scalars())
    assert kept == {lost, waiting}
    assert ward.queue.forget() == 0


def test_place_of_no_tenant_is_given_up_for_one_that_has(ward: Ward):
    # as places were before there was a limit by tenant, which nobody would take then
    ward.beat("living")
    waiting, going = ward.submit(), ward.submit()
    ward.begin(going, "living")
    key = ward.queue.entries.c.queue_partition_key
    with writing(ward.engine) as connection:
        connection.execute(update(ward.queue.entries).values(queue_partition_key=None))
    assert ward.reapers[0].search() == [waiting]
    with writing(ward.engine) as connection:
        assert set(connection.execute(select(key)).scalars()) == {US, None}


def test_clock_of_the_database_decides_who_is_silent(
    postgres_database: str, monkeypatch: pytest.MonkeyPatch
):
    engine = connect(postgres_database)
    migrate(engine)
    store, reader = JobStore(engine), JobReader(engine)
    true = time.time
    # a worker whose clock is an hour ahead, and a reader whose clock is an hour behind
    monkeypatch.setattr(time, "time", lambda: true() + 3600)
    store.beat(WorkerBeat("w", time.time(), time.time() - 10, 0, 1))
    monkeypatch.setattr(time, "time", lambda: true() - 3600)
    (sign,) = reader.workers()
    assert time.time() - sign.beat == pytest.approx(10, abs=2)
    with writing(engine) as connection:
        assert leases.living(connection, LEASE) == {"w"}
        assert leases.living(connection, 5) == set()
    engine.dispose()
