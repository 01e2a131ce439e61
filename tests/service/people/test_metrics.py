from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from prometheus_client.parser import text_string_to_metric_families

from service.jobs.record import Ending, Order, State, WorkerBeat
from service.jobs.store import JobStore
from service.people.callers import Scope

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection


def nowhere(_connection: Connection, _job: str) -> None:
    """Queue nothing."""


def figures(client: Any) -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200, answer.text
    return {
        (sample.name, *(value for _, value in sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_figures_are_those_of_the_record(place: Callable[..., Any]):
    here = place()
    store = JobStore(here.engine)
    order = Order("solve", b"{}", "hash", "tiny", 3, "address")
    store.submit("acme", order, nowhere)
    told = replace(order, webhook="https://hooks.example/done")
    done = store.submit("other", told, nowhere).job.id
    attempt = store.begin(done, "w1", 3)
    assert attempt is not None
    store.finish(attempt, Ending(State.SUCCEEDED, answer=b"{}"))
    store.beat(WorkerBeat("w1", time.time() - 60, time.time() - 5, 1, 2))
    found = figures(here.client("ops", [Scope.ADMIN]))
    assert found["diversify_jobs", "solve", "queued"] == 1
    assert found["diversify_jobs", "solve", "succeeded"] == 1
    assert 0 <= found["diversify_oldest_queued_seconds",] < 60
    assert 5 <= found["diversify_worker_beat_age_seconds", "w1"] < 60
    assert found["diversify_webhooks", "due"] == 1
    assert found["diversify_orders",] == 0
    assert found["diversify_worker_jobs", "w1"] == 1
    assert found["diversify_worker_places", "w1"] == 2


def test_requests_are_counted_by_route_and_not_by_what_others_think_up(place: Callable[..., Any]):
    here = place()
    reader, ops = here.client("acme", [Scope.READ]), here.client("ops", [Scope.ADMIN])
    for path in ("/v1/instances/gallium-usa", "/v1/instances/nothing", "/no/such", "/.env"):
        reader.get(path)
    found = figures(ops)
    count = "diversify_http_request_seconds_count"
    # labels in the order of their names: method, route, status
    assert found[count, "GET", "/v1/instances/{name}", "200"] == 1
    assert found[count, "GET", "/v1/instances/{name}", "404"] == 1
    assert found[count, "GET", "other", "404"] == 2
    assert not any("acme" in part or ".env" in part for key in found for part in key)


def test_figures_are_for_operators(place: Callable[..., Any]):
    here = place()
    assert here.client("acme", [Scope.READ, Scope.RUN]).get("/metrics").status_code == 403
    assert here.client().get("/metrics").status_code == 401
    # who sits at this machine runs it
    assert place(ask_keys=False).client().get("/metrics").status_code == 200
