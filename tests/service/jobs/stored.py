"""Orders as tests of the store submit them, and how far they have come."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from service.jobs.record import Attempt, Order, State

if TYPE_CHECKING:
    from service.jobs.reader import JobReader
    from service.jobs.store import JobStore

Place = Callable[[Connection, str], None]
US = "us"


def order(
    *,
    body: bytes = b"{}",
    address: str = "a",
    key: str | None = None,
    fresh: bool = False,
    label: str | None = None,
) -> Order:
    return Order("solve", body, f"hash of {body!r}", "tiny", 3, address, label, key, fresh)


def begun(store: JobStore, job: str, most_attempts: int = 3) -> Attempt:
    attempt = store.begin(job, "w1", most_attempts)
    assert attempt is not None
    return attempt


def state_of(reader: JobReader, job: str) -> State:
    found = reader.get(US, job)
    assert found is not None
    return found.state
