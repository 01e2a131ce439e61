"""Which orders are answered by a job that is there: by their key, or by what is known."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Engine, update

from service.jobs.record import Ending, State
from service.jobs.store import JobStore, KeyReusedError
from service.jobs.tables import JOBS
from tests.service.jobs.stored import US, Place, begun, order

if TYPE_CHECKING:
    from service.jobs.reader import JobReader


def test_key_names_one_job(store: JobStore, place: Place, queue: list[str]):
    first = store.submit(US, order(key="k"), place)
    again = store.submit(US, order(key="k"), place)
    assert (first.new, again.new) == (True, False)
    assert again.job.id == first.job.id
    assert queue == [first.job.id]
    with pytest.raises(KeyReusedError):
        store.submit(US, order(key="k", body=b"[]"), place)
    # keys of others are others'
    assert store.submit("jp", order(key="k"), place).new


def test_of_many_posts_with_a_key_at_once_one_is_a_job(engine: Engine, place: Place):
    store = JobStore(engine)
    seen: list[tuple[str, bool]] = []

    def post() -> None:
        came = store.submit(US, order(key="k"), place)
        seen.append((came.job.id, came.new))

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({job for job, _ in seen}) == 1
    assert [new for _, new in seen].count(True) == 1


def test_known_answer_is_given_without_computing(
    store: JobStore, reader: JobReader, place: Place, queue: list[str]
):
    first = store.submit(US, order(), place).job
    store.finish(begun(store, first.id), Ending(State.SUCCEEDED, answer=b"[7]", reusable=True))
    second = store.submit(US, order(), place).job
    assert (second.state, second.answered_from, second.attempts) == ("succeeded", first.id, 0)
    assert reader.answer(US, second.id) == b"[7]"
    assert queue == [first.id]
    fresh = store.submit(US, order(fresh=True), place).job
    assert fresh.state == "queued"
    # equal orders of two tenants are two computations
    assert store.submit("jp", order(), place).job.state == "queued"
    # the answer stays as long as somebody's job shows it
    assert store.delete(US, first.id)
    assert reader.answer(US, second.id) == b"[7]"
    store.finish(begun(store, fresh.id), Ending(State.SUCCEEDED, answer=b"[9]", reusable=True))
    assert reader.answer(US, fresh.id) == b"[9]"
    assert store.delete(US, second.id)
    assert store.submit(US, order(), place).job.state == "queued"


def test_answer_that_was_cut_short_is_not_given_again(store: JobStore, place: Place):
    job = store.submit(US, order(), place).job
    store.finish(begun(store, job.id), Ending(State.PARTIAL, answer=b"[7]"))
    assert store.submit(US, order(), place).job.state == "queued"


def test_answer_of_other_code_is_not_given_again(
    store: JobStore, reader: JobReader, place: Place, monkeypatch: pytest.MonkeyPatch
):
    # the API that took the order is newer than the worker, as during an upgrade
    job = store.submit(US, replace(order(), code="newer"), place).job
    attempt = begun(store, job.id)
    assert attempt.code == "newer"
    assert store.finish(attempt, Ending(State.SUCCEEDED, answer=b"[old]", reusable=True))
    assert reader.answer(US, job.id) == b"[old]"
    # the same order to the newer API is computed again, and a newer worker's answer is kept
    again = store.submit(US, replace(order(), code="newer"), place).job
    assert (again.state, again.answered_from) == (State.QUEUED, None)
    monkeypatch.setattr("service.jobs.store.code_version", lambda: "newer")
    ending = Ending(State.SUCCEEDED, answer=b"[new]", reusable=True)
    assert store.finish(begun(store, again.id), ending)
    third = store.submit(US, replace(order(), code="newer"), place).job
    assert (third.state, third.answered_from) == (State.SUCCEEDED, again.id)
    assert reader.answer(US, third.id) == b"[new]"


def test_job_of_before_versions_were_kept_is_not_given_again(
    engine: Engine, store: JobStore, place: Place
):
    job = store.submit(US, order(), place).job
    with engine.begin() as connection:
        connection.execute(update(JOBS).values(code=None))
    assert store.finish(begun(store, job.id), Ending(State.SUCCEEDED, answer=b"1", reusable=True))
    assert store.submit(US, order(), place).job.state is State.QUEUED
