from __future__ import annotations

import threading
import time
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, insert, select

from service.errors import Refusal
from service.gist import Gist
from service.jobs import database
from service.jobs.database import connect, migrate, url_of
from service.jobs.reader import JobReader, Wanted
from service.jobs.record import Ending, State, WorkerBeat
from service.jobs.schemas import shown
from service.jobs.store import JobStore, NotFinalError
from service.jobs.tables import ANSWERS, JOBS, METADATA
from service.people.quotas import Quotas
from service.settings import Settings
from tests.service.jobs.stored import US, Place, begun, order, state_of


def test_migrations_make_the_tables_that_the_program_names(engine: Engine):
    with engine.begin() as connection:
        context = MigrationContext.configure(
            connection, opts={"version_table": "diversify_version"}
        )
        assert compare_metadata(context, METADATA) == []


def test_migrating_again_changes_nothing(engine: Engine, store: JobStore, place: Place):
    job = store.submit(US, order(), place).job
    migrate(engine)
    assert JobReader(engine).get(US, job.id) == job


def test_a_commit_is_on_the_disk_and_readers_do_not_wait(tmp_path: Path):
    engine = connect(url_of(tmp_path))
    with engine.begin() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    engine.dispose()
    assert pragmas == ["wal", 2, 1]


def test_job_goes_from_the_queue_to_its_one_answer(
    store: JobStore, reader: JobReader, place: Place, queue: list[str]
):
    job = store.submit(US, order(body=b'{"x": 1}', label="mine"), place).job
    assert queue == [job.id]
    assert (job.state, job.label, job.attempts, job.has_answer) == ("queued", "mine", 0, False)
    attempt = begun(store, job.id)
    assert (attempt.number, attempt.body) == (1, b'{"x": 1}')
    assert store.tell(attempt, {"done": 1, "total": 2})
    assert store.finish(attempt, Ending(State.SUCCEEDED, answer=b"[7]", seconds=2.5))
    assert not store.finish(attempt, Ending(State.SUCCEEDED, answer=b"[8]"))
    done = reader.get(US, job.id)
    assert done is not None
    assert (done.state, done.progress) == ("succeeded", {"done": 1, "total": 2})
    assert done.finished is not None
    assert done.expires == pytest.approx(done.finished + 3600)
    assert reader.answer(US, job.id) == b"[7]"
    assert reader.seconds(US, done.created) == 2.5
    told = reader.events(job.id, 0)
    assert [event.sequence for event in told] == [1, 2, 3, 4]
    assert [event.data.get("state", event.kind) for event in told] == [
        "queued",
        "running",
        "progress",
        "succeeded",
    ]
    assert reader.events(job.id, 3) == told[3:]
    assert reader.last_events([job.id, "other"]) == {job.id: 4}


def test_what_an_answer_comes_to_is_listed_with_every_job_that_has_it(
    engine: Engine, store: JobStore, reader: JobReader, place: Place
):
    asked = replace(order(), instance="tiny", edits=("a=1",), edit_count=30, asks="rule cap")
    first = store.submit(US, asked, place).job
    assert (first.instance, first.edits, first.edit_count, first.asks) == (
        "tiny",
        ["a=1"],
        30,
        "rule cap",
    )
    assert (first.cost_usd, first.words) == (None, None)
    told = Gist(2200.5, "optimal")
    ending = Ending(State.SUCCEEDED, answer=b"[7]", reusable=True, gist=told)
    assert store.finish(begun(store, first.id), ending)
    # the same was asked before, in other words: it has the same answer, and its own question
    second = store.submit(US, order(), place).job
    assert (second.answered_from, second.edits, second.asks) == (first.id, [], None)
    failed = store.submit(US, order(fresh=True), place).job
    assert store.finish(begun(store, failed.id), Ending(State.FAILED, "crashed"))
    listed = reader.listed(US, Wanted(), 10)
    assert [(job.id, job.cost_usd, job.words) for job in listed] == [
        (failed.id, None, None),
        (second.id, 2200.5, "optimal"),
        (first.id, 2200.5, "optimal"),
    ]
    words = [shown(job).outcome for job in listed]
    assert words == ["no answer: crashed", "optimal", "optimal"]


def test_jobs_of_before_a_migration_stay_and_say_what_is_not_recorded(url: str, place: Place):
    engine = connect(url)
    config = Config()
    config.set_main_option("script_location", str(Path(database.__file__).parent / "migrations"))
    old = {"tenant": US, "created": 5.0}
    job = {
        "id": "j", "kind": "solve", "variables": 3, "state": "succeeded", "body": b"{}",
        "body_hash": "h", "address": "a", "attempts": 1, "seconds": 1.0, "last_event": 3,
        "log_length": 0, "answer": "n",
    }  # fmt: skip
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        answer = {"id": "n", "address": "a", "job": "j", "payload": zlib.compress(b"[7]")}
        connection.execute(insert(ANSWERS).values(**old, **answer))
        connection.execute(insert(JOBS).values(**old, **job))
    migrate(engine)
    reader = JobReader(engine)
    (found,) = reader.listed(US, Wanted(), 10)
    assert (found.instance, found.edits, found.edit_count, found.asks) == (None, None, None, None)
    assert (found.cost_usd, shown(found).outcome) == (None, "not recorded")
    assert reader.answer(US, "j") == b"[7]"
    # its answer is given again
    again = JobStore(engine).submit(US, order(), place).job
    assert (again.answered_from, again.edits, shown(again).outcome) == ("j", [], "not recorded")
    engine.dispose()


def test_what_cannot_be_queued_is_not_recorded(store: JobStore, reader: JobReader):
    def full(_connection: Connection, _job: str) -> None:
        raise RuntimeError("the queue is gone")

    with pytest.raises(RuntimeError, match="gone"):
        store.submit(US, order(), full)
    assert reader.listed(US, Wanted(), 10) == []


def test_of_many_posts_at_once_no_more_are_queued_than_a_tenant_may_have(engine: Engine):
    store = JobStore(engine)
    quotas = Quotas(Settings(tenant_jobs=3), engine)
    refused: list[str] = []

    def post(number: int) -> None:
        try:
            store.submit(
                US,
                order(address=str(number)),
                lambda connection, _job: quotas.admit(connection, US),
            )
        except Refusal as refusal:
            refused.append(str(refusal.kind.name))

    threads = [threading.Thread(target=post, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert quotas.going(US) == 3
    assert refused == ["too-many-jobs"] * 5


def test_waiting_job_is_cancelled_at_once(store: JobStore, reader: JobReader, place: Place):
    job = store.submit(US, order(), place).job
    cancelled = store.cancel(US, job.id)
    assert cancelled is not None
    assert (cancelled.state, cancelled.reason) == ("cancelled", "cancelled")
    assert store.begin(job.id, "w1", 3) is None
    assert store.cancel("jp", job.id) is None
    assert store.cancel(US, job.id) == reader.get(US, job.id)


def test_running_job_keeps_what_it_held_when_cancelled(
    store: JobStore, reader: JobReader, place: Place
):
    job = store.submit(US, order(), place).job
    attempt = begun(store, job.id)
    store.cancel(US, job.id)
    assert state_of(reader, job.id) is State.CANCELLING
    with pytest.raises(NotFinalError):
        store.delete(US, job.id)
    store.finish(attempt, Ending(State.CANCELLED, "cancelled", answer=b"[7]"))
    done = reader.get(US, job.id)
    assert done is not None
    assert (done.state, done.has_answer) == ("cancelled", True)


def test_cancelled_job_of_a_dead_worker_is_not_begun_again(
    store: JobStore, reader: JobReader, place: Place
):
    job = store.submit(US, order(), place).job
    begun(store, job.id)
    store.cancel(US, job.id)
    assert store.begin(job.id, "w2", 3) is None
    assert state_of(reader, job.id) is State.CANCELLED


def test_late_answer_of_a_worker_taken_for_dead_is_refused(
    store: JobStore, reader: JobReader, place: Place
):
    job = store.submit(US, order(), place).job
    late = begun(store, job.id)
    current = begun(store, job.id)
    assert not store.tell(late, {"done": 1, "total": 2})
    assert not store.log(late, "late\n")
    assert not store.finish(late, Ending(State.SUCCEEDED, answer=b"[1]"))
    assert store.finish(current, Ending(State.SUCCEEDED, answer=b"[2]"))
    assert reader.answer(US, job.id) == b"[2]"


def test_job_that_ends_its_worker_each_time_fails(
    store: JobStore, reader: JobReader, place: Place
):
    job = store.submit(US, order(), place).job
    for _ in range(3):
        begun(store, job.id)
    assert store.begin(job.id, "w1", 3) is None
    done = reader.get(US, job.id)
    assert done is not None
    assert (done.state, done.reason, done.attempts) == ("failed", "poison", 3)
    assert done.detail is not None
    assert "3 times" in done.detail


def test_job_handed_back_is_not_counted(store: JobStore, reader: JobReader, place: Place):
    job = store.submit(US, order(), place).job
    for _ in range(5):
        assert store.hand_back(begun(store, job.id))
    done = reader.get(US, job.id)
    assert done is not None
    assert (done.state, done.attempts) == ("queued", 0)


def test_log_is_read_by_offset(store: JobStore, reader: JobReader, place: Place):
    job = store.submit(US, order(), place).job
    attempt = begun(store, job.id)
    for text in ("über\n", "two\n", "three\n"):
        assert store.log(attempt, text)
    # 5 + 4 + 6 characters
    assert (reader.log(job.id, 0).text, reader.log(job.id, 0).end) == ("über\ntwo\nthree\n", 15)
    assert reader.log(job.id, 6).text == "wo\nthree\n"
    assert reader.log(job.id, 2, most=5) == type(reader.log(job.id, 0))("er\ntw", 7)
    assert reader.log(job.id, 15) == type(reader.log(job.id, 0))("", 15)


def test_pages_follow_one_another_while_jobs_arrive(
    store: JobStore, reader: JobReader, place: Place
):
    jobs = [store.submit(US, order(label="odd" if at % 2 else None), place).job for at in range(5)]
    store.submit("jp", order(), place)
    page = reader.listed(US, Wanted(), 2)
    assert page == jobs[:2:-1]
    store.submit(US, order(), place)
    rest = reader.listed(US, Wanted(before=(page[-1].created, page[-1].id)), 10)
    assert rest == jobs[2::-1]
    assert reader.listed(US, Wanted(label="odd"), 10) == [jobs[3], jobs[1]]
    assert reader.listed(US, Wanted(state=State.RUNNING), 10) == []
    assert reader.counts() == {("solve", State.QUEUED): 7}
    assert reader.counts("jp") == {("solve", State.QUEUED): 1}


def test_expired_jobs_go_with_all_that_is_theirs(engine: Engine, place: Place):
    store = JobStore(engine, keep_seconds=-1)
    job = store.submit(US, order(), place).job
    attempt = begun(store, job.id)
    store.log(attempt, "a line\n")
    store.finish(attempt, Ending(State.SUCCEEDED, answer=b"[7]", reusable=True))
    waiting = store.submit(US, order(fresh=True), place).job
    assert store.expire() == 1
    with engine.begin() as connection:
        assert list(connection.execute(select(JOBS.c.id)).scalars()) == [waiting.id]
        assert connection.execute(select(ANSWERS)).all() == []
    assert JobReader(engine).events(job.id, 0) == []
    assert JobReader(engine).log(job.id, 0).text == ""


def test_workers_are_known_by_their_signs(store: JobStore, reader: JobReader):
    now = time.time()
    for age in (60, 5):
        store.beat(WorkerBeat("w1", 0.5, now - age, 1, 2))
    (sign,) = reader.workers()
    assert (sign.worker, sign.started, sign.running, sign.places) == ("w1", 0.5, 1, 2)
    assert sign.beat == pytest.approx(now - 5, abs=1)
    store.leave(["w2"])
    assert len(reader.workers()) == 1
    store.leave(["w1"])
    assert reader.workers() == []
