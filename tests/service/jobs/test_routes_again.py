"""Orders posted again under a key, answered from what is known, and waited for."""

from __future__ import annotations

import json
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from service.jobs.record import Ending, State
from service.jobs.schemas import AnsweredJob
from tests.service.jobs.asked import ENVELOPE, Problem, kind, order, wheres

LATE = 10
"""Seconds within which what must come is waited for."""


def test_a_key_posted_again_is_the_same_job_and_another_body_is_refused(api: Any, tiny: Problem):
    first = api.post(order(tiny), Idempotency_Key="again")
    # spaced and sorted otherwise, it is the same order
    sent = json.dumps(dict(reversed(order(tiny).items())), indent=3)
    headers = {"Idempotency-Key": "again", "Content-Type": "application/json"}
    again = api.http.post("/v1/jobs", content=sent, headers=headers)
    assert (again.status_code, again.json()["id"]) == (202, first.json()["id"])
    assert again.headers["location"] == first.headers["location"]
    other = api.post(order(tiny, label="else"), Idempotency_Key="again")
    assert kind(other) == (409, "key-reused")


@pytest.mark.parametrize("key", ["", "a b", "x" * 256, "\x7f"])
def test_a_key_that_is_none_is_refused(api: Any, tiny: Problem, key: str):
    answer = api.post(order(tiny), Idempotency_Key=key)
    assert kind(answer) == (422, "invalid-input")
    assert wheres(answer) == ["Idempotency-Key"]


def test_two_keys_are_refused(api: Any, tiny: Problem):
    headers = [("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = api.http.post("/v1/jobs", json=order(tiny), headers=headers)
    assert kind(answer) == (422, "invalid-input")


def test_one_key_posted_by_many_at_once_is_one_job(api: Any, tiny: Problem):
    before = api.count()
    with ThreadPoolExecutor(8) as pool:
        answers = list(
            pool.map(lambda _: api.post(order(tiny), Idempotency_Key="race"), range(16))
        )
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["id"] for answer in answers}) == 1
    assert api.count() == before + 1


def test_one_key_with_two_bodies_at_once_is_one_job(api: Any, tiny: Problem):
    def post(number: int) -> Any:
        return api.post(order(tiny, label=str(number % 2)), Idempotency_Key="duel")

    before = api.count()
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(post, range(16)))
    won = {answer.json()["label"] for answer in answers if answer.status_code == 202}
    lost = [kind(answer) for answer in answers if answer.status_code != 202]
    assert len(won) == 1
    assert lost == [(409, "key-reused")] * 8
    assert api.count() == before + 1


def test_the_same_is_answered_from_what_is_known(api: Any, tiny: Problem):
    tiny["demand"][0]["quantity"] = 101
    asked = {"kind": "solve", "problem": tiny}
    first = api.post(asked).json()["id"]
    ending = Ending(State.SUCCEEDED, answer=ENVELOPE, reusable=True)
    assert api.store.finish(api.begin(first), ending)
    # another wording of the same problem
    tiny["demand"][0]["quantity"] = "101 t/yr"
    again = api.post(asked)
    assert again.status_code == 202
    job = again.json()
    assert (job["state"], job["answered_from"], job["attempts"]) == ("succeeded", first, 0)
    result = api.http.get(f"/v1/jobs/{job['id']}/result").json()
    assert result["run"] == {"job": job["id"], "answered_from": first}
    assert result["result"] == {"objective_usd": 2200.0}
    for more in ({"fresh": True}, {"options": {"gap": 0.01}}, {"diagnose": "always"}):
        assert api.post(asked | more).json()["state"] == "queued"
    waited = api.post(asked, Prefer="wait=5")
    assert waited.status_code == 200
    assert waited.json()["answer"]["run"]["answered_from"] == first


def test_what_was_cut_short_is_nobody_elses_answer(api: Any, tiny: Problem):
    tiny["demand"][0]["quantity"] = 102
    asked = {"kind": "solve", "problem": tiny}
    first = api.post(asked).json()["id"]
    api.store.finish(api.begin(first), Ending(State.SUCCEEDED, answer=ENVELOPE))
    assert api.post(asked).json()["state"] == "queued"


def test_waiting_gives_the_answer_of_a_job_that_ends_in_time(api: Any, tiny: Problem):
    with ThreadPoolExecutor() as pool:
        label = "waited for"
        asked = pool.submit(api.post, order(tiny, label=label), Prefer="respond-async, wait=30")
        job = _by_label(api, label)
        attempt = api.begin(job)
        api.tell(attempt, {"seconds": 0.5, "bound_usd": 1.0, "incumbent_usd": None, "gap": None})
        api.store.finish(attempt, Ending(State.SUCCEEDED, answer=ENVELOPE))
        answer = asked.result(LATE)
    assert answer.status_code == 200
    assert answer.headers["preference-applied"] == "wait=30"
    assert answer.headers["content-location"] == f"/v1/jobs/{job}"
    AnsweredJob.model_validate_json(answer.text)
    assert answer.json()["state"] == "succeeded"
    assert answer.json()["answer"]["result"] == {"objective_usd": 2200.0}


def test_waiting_in_vain_gives_the_job(api: Any, tiny: Problem):
    answer = api.post(order(tiny), Prefer="wait=1")
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert "preference-applied" not in answer.headers


def test_waiting_for_a_job_that_fails_says_why(api: Any, tiny: Problem):
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(api.post, order(tiny, label="fails"), Prefer="wait=30")
        attempt = api.begin(_by_label(api, "fails"))
        api.store.finish(attempt, Ending(State.FAILED, "crashed", "It was ended by SIGSEGV."))
        answer = asked.result(LATE)
    assert answer.status_code == 200
    assert (answer.json()["state"], answer.json()["reason"]) == ("failed", "crashed")
    assert answer.json()["answer"] is None


@pytest.mark.parametrize("prefer", ["wait=0", "wait", "wait=-1", "wait=x", "wait=1e9", "return"])
def test_preferences_without_sense_are_none(api: Any, tiny: Problem, prefer: str):
    assert api.post(order(tiny), Prefer=prefer).status_code == 202


def test_who_hangs_up_while_waiting_leaves_the_job_going(api: Any, tiny: Problem):
    body = json.dumps(order(tiny, label="left alone")).encode()
    head = (
        f"POST /v1/jobs HTTP/1.1\r\nHost: {api.address[0]}\r\nPrefer: wait=60\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection(api.address, 5) as line:
        line.sendall(head.encode() + body)
        job = _by_label(api, "left alone")
    attempt = api.begin(job)
    assert api.http.get(f"/v1/jobs/{job}").json()["state"] == "running"
    assert api.store.finish(attempt, Ending(State.SUCCEEDED, answer=ENVELOPE))
    assert api.http.get(f"/v1/jobs/{job}/result").status_code == 200


def _by_label(api: Any, label: str) -> str:
    deadline = time.monotonic() + LATE
    while True:
        jobs = api.http.get("/v1/jobs", params={"label": label}).json()["jobs"]
        if jobs:
            return str(jobs[0]["id"])
        assert time.monotonic() < deadline
        time.sleep(0.02)
