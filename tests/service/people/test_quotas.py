from __future__ import annotations

import time
import uuid
from typing import TYPE_CHECKING, Any

import pytest

from service.errors import Refusal
from service.jobs.record import Ending, Order, State
from service.jobs.store import JobStore
from service.people.quotas import Quotas

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection


def order(address: str) -> Order:
    return Order("solve", b"{}", address, "tiny", 3, address)


def nowhere(_connection: Connection, _job: str) -> None:
    """Queue nothing."""


def finished(store: JobStore, tenant: str, seconds: float) -> str:
    job = store.submit(tenant, order(str(time.monotonic_ns())), nowhere).job.id
    attempt = store.begin(job, "w", 3)
    assert attempt is not None
    store.finish(attempt, Ending(State.SUCCEEDED, answer=b"{}", seconds=seconds))
    return job


def test_seconds_of_a_day_are_used_up_though_jobs_are_deleted(place: Callable[..., Any]):
    here = place(tenant_seconds=100)
    store, quotas = JobStore(here.engine), Quotas(here.settings, here.engine)
    job = finished(store, "acme", 60)
    store.delete("acme", job)
    quotas.refuse_spent("acme")
    finished(store, "acme", 39.5)
    quotas.note("acme", 0.5)
    # 60 + 39.5 + 0.5
    assert quotas.seconds("acme") == 100
    with pytest.raises(Refusal) as refusal:
        quotas.refuse_spent("acme")
    assert refusal.value.kind.status == 429
    quotas.refuse_spent("other")

    with here.client("acme") as runner:
        answer = runner.post("/v1/jobs", json={"kind": "solve", "instance": "gallium-usa"})
        assert (answer.status_code, answer.json()["type"]) == (429, "/problems/day-used-up")
        # until midnight, UTC
        assert 0 < int(answer.headers["retry-after"]) <= 86_400
        answer = runner.post("/v1/solve", json={"instance": "gallium-usa"})
        assert answer.json()["type"] == "/problems/day-used-up"
        shown = runner.get("/v1/limits").json()
        assert shown["used"] == {"jobs": 0, "running": 0, "seconds": 100.0}
        assert shown["limits"]["tenant_seconds"] == 100


def test_only_so_many_jobs_of_a_tenant_wait(place: Callable[..., Any]):
    here = place(tenant_jobs=2)
    store = JobStore(here.engine)
    with here.client("acme") as runner:
        posted = {"kind": "solve", "instance": "gallium-usa"}
        first = runner.post("/v1/jobs", json=posted, headers={"Idempotency-Key": "k"})
        assert first.status_code == 202
        jobs = [first.json()["id"], store.submit("acme", order("a"), nowhere).job.id]
        answer = runner.post("/v1/jobs", json=posted)
        assert (answer.status_code, answer.json()["type"]) == (429, "/problems/too-many-jobs")
        assert answer.headers["retry-after"] == "10"
        # what was accepted is still told to who asks again, and is no job more
        again = runner.post("/v1/jobs", json=posted, headers={"Idempotency-Key": "k"})
        assert (again.status_code, again.json()["id"]) == (202, jobs[0])
        store.begin(jobs[1], "w", 3)
        used = here.client("acme").get("/v1/limits").json()["used"]
        assert (used["jobs"], used["running"]) == (2, 1)
        assert here.client("other").get("/v1/limits").json()["used"]["jobs"] == 0
        store.cancel("acme", jobs[0])
        assert runner.post("/v1/jobs", json=posted).status_code == 202


def test_jobs_of_others_do_not_exist_by_any_route(place: Callable[..., Any]):
    here = place()
    store = JobStore(here.engine)
    job = finished(store, "acme", 1)
    theirs, mine = here.client("other"), here.client("acme")
    tried = 0
    for method, path in here.requests(job=job):
        if job not in path:
            continue
        tried += 1
        answer = theirs.request(method, path)
        if path.startswith(("/sweeps/", "/answers/")):
            # a page, which is the same whatever it is to show
            other = theirs.request(method, path.replace(job, str(uuid.uuid4())))
            assert (answer.status_code, answer.text) == (200, other.text)
            continue
        assert answer.status_code == 404, (method, path, answer.text)
        assert answer.json()["type"] == "/problems/unknown-job"
        assert "acme" not in answer.text
    assert tried >= 6
    assert theirs.get("/v1/jobs").json() == {"jobs": [], "next": None}
    assert [shown["id"] for shown in mine.get("/v1/jobs").json()["jobs"]] == [job]
    # what others tried changed nothing
    assert mine.get(f"/v1/jobs/{job}/result").status_code == 200


def test_known_answers_of_others_are_not_given(place: Callable[..., Any]):
    here = place()
    store = JobStore(here.engine)
    first = store.submit("acme", order("same"), nowhere).job.id
    attempt = store.begin(first, "w", 3)
    assert attempt is not None
    store.finish(attempt, Ending(State.SUCCEEDED, answer=b"{}", reusable=True))
    assert store.submit("other", order("same"), nowhere).job.state is State.QUEUED
    assert store.submit("acme", order("same"), nowhere).job.state is State.SUCCEEDED
