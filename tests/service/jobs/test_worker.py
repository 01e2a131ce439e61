from __future__ import annotations

import json
import os
import signal
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text

from service.children import Reply
from service.jobs.database import connect, url_of, writing
from service.jobs.execution import ending_of
from service.jobs.folder import open_database
from service.jobs.queue import Queue
from service.jobs.reader import JobReader
from service.jobs.record import Order, State
from service.jobs.store import JobStore
from service.jobs.work_folder import clear_final, work_folder
from service.outcome import Outcome
from service.settings import Settings
from service.work import Limits, do

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from service.jobs.record import Job

Problem = dict[str, Any]
US = "us"
POINTS = 40
LIMITS = Limits(solve_seconds=60, threads=1, variables=100_000, points=100)


@dataclass
class Bench:
    """A server, and the record of its jobs."""

    server: Any
    folder: Path
    store: JobStore
    reader: JobReader
    queue: Queue

    def post(self, kind: Any = "solve", **request: Any) -> str:
        body = json.dumps(request).encode()
        address = str(time.monotonic_ns())
        order = Order(kind, body, "hash", "name", 3, address)
        return self.store.submit(US, order, self.queue.place).job.id

    def job(self, job: str) -> Job:
        found = self.reader.get(US, job)
        assert found is not None
        return found

    def wait(self, job: str, condition: Callable[[Job], bool], seconds: float = 60) -> Job:
        self.server.wait_until(lambda: condition(self.job(job)), seconds)
        return self.job(job)

    def ended(self, job: str) -> Job:
        return self.wait(job, lambda found: found.state.final)

    def answer(self, job: str) -> Any:
        found = self.reader.answer(US, job)
        assert found is not None
        return json.loads(found)


def held(job: Job) -> bool:
    """Return whether a running solve holds a plan."""
    return bool(job.progress) and None not in job.progress.values()


def bench_of(server: Any, folder: Path) -> Bench:
    engine = connect(url_of(folder))
    return Bench(server, folder, JobStore(engine), JobReader(engine), Queue(engine))


@pytest.fixture(scope="module")
def bench(
    running: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bench]:
    """A server that runs one job at a time and begins each at most twice."""
    folder = tmp_path_factory.mktemp("data")
    with running(DATA=str(folder), JOBS="1", MOST_ATTEMPTS="2") as server:
        bench = bench_of(server, folder)
        yield bench
        bench.store.engine.dispose()


def test_job_has_the_answer_of_a_direct_solve(bench: Bench, tiny: Problem):
    job = bench.post(problem=tiny)
    done = bench.ended(job)
    assert (done.state, done.attempts) == (State.SUCCEEDED, 1)
    direct = do("solve", json.dumps({"problem": tiny}).encode(), LIMITS)
    answer = bench.answer(job)
    assert answer["status"] == direct["status"]
    assert answer["result"]["objective_usd"] == direct["result"]["objective_usd"]
    log = bench.reader.log(job, 0).text
    assert "attempt 1 on embedded" in log
    assert "succeeded after" in log


def test_wrong_input_fails_with_its_findings(bench: Bench, tiny: Problem):
    job = bench.post(problem=tiny, edits=["offers[xyz].price=1"])
    done = bench.ended(job)
    assert (done.state, done.reason) == (State.FAILED, "invalid-input")
    assert "offers[xyz]" in json.dumps(done.findings)


def test_cancelled_solve_keeps_its_best_plan(bench: Bench, hard: Problem):
    job = bench.post(problem=hard)
    bench.wait(job, held)
    bench.store.cancel(US, job)
    done = bench.ended(job)
    assert (done.state, done.reason, done.has_answer) == (State.CANCELLED, "cancelled", True)
    answer = bench.answer(job)
    assert answer["status"] == {"stop": "cancelled", "point": "feasible"}
    log = bench.reader.log(job, 0).text
    assert "best plan" in log


def test_job_whose_child_is_killed_fails_and_the_next_one_runs(
    bench: Bench, hard: Problem, tiny: Problem, computing: Callable[[int], list[int]]
):
    job = bench.post(problem=hard)
    after = bench.post(problem=tiny)
    bench.wait(job, lambda found: found.state is State.RUNNING)
    worker = bench.server.worker()
    bench.server.wait_until(lambda: bool(computing(worker)))
    (child,) = computing(worker)
    os.kill(child, signal.SIGKILL)
    done = bench.ended(job)
    assert (done.state, done.reason) == (State.FAILED, "crashed")
    assert done.detail is not None
    assert "SIGKILL" in done.detail
    assert bench.ended(after).state is State.SUCCEEDED


def test_job_goes_on_when_its_worker_is_killed_and_fails_when_it_is_each_time(
    bench: Bench, hard: Problem, alive: Callable[[int], bool]
):
    job = bench.post(problem=hard, options={"time_limit": 3})
    bench.wait(job, lambda found: found.state is State.RUNNING)
    worker = bench.server.worker()
    os.kill(worker, signal.SIGKILL)
    bench.server.wait_until(lambda: not alive(worker), 30)
    done = bench.ended(job)
    assert (done.state, done.attempts) == (State.SUCCEEDED, 2)
    states = [
        event.data["state"] for event in bench.reader.events(job, 0) if event.kind == "state"
    ]
    assert states == ["queued", "running", "queued", "running", "succeeded"]

    poison = bench.post(problem=hard)
    for attempt in (1, 2):
        bench.wait(poison, lambda found, at=attempt: found.attempts == at)
        os.kill(bench.server.worker(), signal.SIGKILL)
    done = bench.ended(poison)
    assert (done.state, done.reason) == (State.FAILED, "poison")


def test_sweep_whose_worker_is_killed_solves_only_the_points_that_are_left(
    bench: Bench, tiny: Problem, alive: Callable[[int], bool]
):
    # each of these is compiled, so that there is time to kill between two
    scenarios = {f"s{at}": [f"demand[us].quantity={100 + at}"] for at in range(POINTS)}
    job = bench.post("sweep", problem=tiny, scenarios=scenarios)
    bench.wait(job, lambda found: bool(found.progress and found.progress["done"]))
    worker = bench.server.worker()
    os.kill(worker, signal.SIGKILL)
    bench.server.wait_until(lambda: not alive(worker), 30)
    (points,) = (bench.folder / "work" / job).glob("*/points.jsonl")
    kept = [json.loads(line) for line in points.read_text().splitlines()]
    assert 1 <= len(kept) < POINTS
    done = bench.ended(job)
    assert (done.state, done.attempts) == (State.SUCCEEDED, 2)
    answer = bench.answer(job)["result"]
    assert answer["counts"] == {"optimal": POINTS}
    # the seconds that a solve takes are never the same twice
    seconds = {point["point"]: point["seconds"] for point in answer["points"]}
    assert {point["point"]: point["seconds"] for point in kept}.items() <= seconds.items()
    bench.server.wait_until(lambda: not (bench.folder / "work" / job).exists())


def test_what_final_and_deleted_jobs_have_kept_is_dropped(tmp_path: Path, tiny: Problem):
    settings = Settings(data=tmp_path)
    engine = open_database(settings)
    store, reader = JobStore(engine), JobReader(engine)
    body = json.dumps({"problem": tiny}).encode()
    final, going = (
        store.submit(US, Order("solve", body, "hash", "tiny", 3, name), Queue(engine).place).job.id
        for name in ("first", "second")
    )
    store.cancel(US, final)
    for job in (final, going, "deleted"):
        work_folder(settings, job).mkdir(parents=True)
    clear_final(settings, reader)
    assert [path.name for path in (tmp_path / "work").iterdir()] == [going]
    engine.dispose()


def test_server_that_ends_leaves_its_jobs_to_the_next_one(
    running: Callable[..., Any], tmp_path: Path, hard: Problem, alive: Callable[[int], bool]
):
    with running(DATA=str(tmp_path)) as server:
        first = bench_of(server, tmp_path)
        job = first.post(problem=hard)
        first.wait(job, lambda found: found.state is State.RUNNING)
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(60) == 0
    # Ctrl-C: back in the queue, as if it had not been begun
    handed_back = first.job(job)
    assert (handed_back.state, handed_back.attempts) == (State.QUEUED, 0)
    assert first.reader.workers() == []
    with running(DATA=str(tmp_path)) as server:
        again = bench_of(server, tmp_path)
        again.wait(job, lambda found: found.state is State.RUNNING)
        worker = server.worker()
        server.process.kill()
        server.process.wait()
        # nothing of it outlives it
        server.wait_until(lambda: not alive(worker), 30)
    with running(DATA=str(tmp_path)) as server:
        last = bench_of(server, tmp_path)
        last.wait(job, held)
        last.store.cancel(US, job)
        assert last.ended(job).state is State.CANCELLED
        assert last.answer(job)["result"]["objective_usd"] is not None


def test_job_that_the_queue_has_lost_is_placed_again(
    running: Callable[..., Any], tmp_path: Path, tiny: Problem
):
    engine = open_database(Settings(data=tmp_path))
    store = JobStore(engine)
    order = Order("solve", json.dumps({"problem": tiny}).encode(), "hash", "tiny", 3, "address")
    # one that never was there, and one that the engine takes for done
    never = store.submit(US, order, lambda _connection, _job: None).job.id
    done = store.submit(US, order, Queue(engine).place).job.id
    with writing(engine) as connection:
        connection.execute(text("UPDATE workflow_status SET status = 'ERROR'"))
    with running(DATA=str(tmp_path)) as server:
        bench = bench_of(server, tmp_path)
        assert bench.ended(never).state is State.SUCCEEDED
        assert bench.ended(done).state is State.SUCCEEDED
    engine.dispose()


def test_two_servers_do_not_share_a_data_directory(
    running: Callable[..., Any], start: Callable[..., Any], tmp_path: Path
):
    with running(DATA=str(tmp_path)):
        second = start("serve", "--port", "0", DIVERSIFY_DATA=str(tmp_path))
        _, words = second.communicate(timeout=30)
    assert second.returncode == 2
    assert "is in use by another server" in words


@pytest.mark.parametrize(
    ("reply", "cancelled", "state", "reason", "reusable"),
    [
        (Reply(Outcome.ANSWER, b"{}", {"stop": "finished"}), False, "succeeded", None, True),
        (Reply(Outcome.ANSWER, b"{}", {"stop": "time_limit"}), False, "succeeded", None, False),
        (
            Reply(Outcome.ANSWER, b"{}", {"stop": "cancelled"}),
            True,
            "cancelled",
            "cancelled",
            False,
        ),
        # it was done before the word came
        (Reply(Outcome.ANSWER, b"{}", {"stop": "finished"}), True, "succeeded", None, True),
        (Reply(Outcome.ANSWER, b"{}", {"state": "complete"}), False, "succeeded", None, True),
        (Reply(Outcome.ANSWER, b"{}", {"state": "partial"}), False, "partial", None, False),
        (Reply(Outcome.ANSWER, b"{}", {"state": "failed"}), False, "failed", "time-limit", False),
        (Reply(Outcome.ANSWER, b"{}", {}), False, "succeeded", None, True),
        (None, True, "cancelled", "cancelled", False),
    ],
)
def test_what_a_child_says_is_recorded_as_what_it_means(
    reply: Reply | None, cancelled: bool, state: str, reason: str | None, reusable: bool
):
    ending = ending_of(reply, cancelled=cancelled, seconds=1.0)
    assert (ending.state, ending.reason, ending.reusable) == (state, reason, reusable)
    assert (ending.answer is None) == (reply is None)


@pytest.mark.parametrize("outcome", sorted(set(Outcome) - {Outcome.ANSWER}))
def test_every_way_to_fail_is_its_own_reason(outcome: Outcome):
    payload = json.dumps({"detail": "words", "findings": []}).encode()
    ending = ending_of(Reply(outcome, payload), cancelled=False, seconds=1.0)
    assert (ending.state, ending.reason, ending.detail) == ("failed", outcome, "words")
