"""Two servers and two workers, each a process by itself, on one PostgreSQL database."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Any

import pytest

from service.client import Client
from service.jobs.record import State

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WORKERS = ("a", "b")


@pytest.fixture
def clients(
    running: Callable[..., Any], start: Callable[..., Any], postgres_database: str, tmp_path: Path
) -> Iterator[list[Client]]:
    """A client of each of two servers that run no jobs, while two workers do."""
    shared = {"DATABASE": postgres_database, "EMBEDDED": "false"}
    with ExitStack() as held:
        servers = [held.enter_context(running(**shared)) for _ in range(2)]
        for name in WORKERS:
            given = {**shared, "WORKER": name, "JOBS": "1", "DATA": str(tmp_path / name)}
            start("worker", **{f"DIVERSIFY_{key}": value for key, value in given.items()})
        for server in servers:
            ready = server.http
            server.wait_until(lambda at=ready: at.get("/health/ready").status_code == 200, 180)
        yield [held.enter_context(Client(server.url, patience=60)) for server in servers]


def test_servers_and_workers_are_one_service(
    clients: list[Client], tiny: dict[str, Any], hard: dict[str, Any]
):
    _, second = clients
    # the same order with the same key, posted to both at the same time, is one job
    with ThreadPoolExecutor(2) as pool:
        posted = pool.map(lambda at: at.submit(tiny, idempotency_key="k"), clients)
        one, same = list(posted)
    assert one.id == same.id
    # what was posted to one is told, event by event, by the other
    assert same.wait().state is State.SUCCEEDED
    states = [event.data["state"] for event in same.events() if event.kind == "state"]
    assert states == ["queued", "running", "succeeded"]
    assert same.answer()["result"] == one.refresh().answer()["result"]
    assert second.submit(tiny).refresh().shown["answered_from"] == one.id

    # two that take long run at the same time, one on each worker
    long = [at.submit(hard, label="long", fresh=True) for at in clients]
    for job, other in zip(long, reversed(clients), strict=True):
        seen = other.job(job.id)
        with closing(seen.events()) as events:
            assert any(event.kind == "progress" for event in events)
        # and are cancelled by way of the server that they were not posted to
        seen.cancel()
    assert {job.wait().state for job in long} == {State.CANCELLED}
    names = {re.findall(r"attempt 1 on (\w)\.", job.log())[0] for job in long}
    assert names == set(WORKERS)
    assert [len(list(at.jobs(label="long"))) for at in clients] == [2, 2]
