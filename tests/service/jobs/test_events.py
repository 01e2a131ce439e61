"""Streams of events: in order, resumed where they were left, ended with the job."""

from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from service.jobs.record import Ending, State

if TYPE_CHECKING:
    from pathlib import Path

Problem = dict[str, Any]

ENVELOPE = b'{"status": {"stop": "finished", "point": "optimal"}, "result": {}}'
TOLD = {"seconds": 0.5, "bound_usd": 1.0, "incumbent_usd": 2.0, "gap": 1.0}


def posted(api: Any, problem: Problem) -> str:
    answer = api.post({"kind": "solve", "problem": problem, "fresh": True})
    return str(answer.json()["id"])


def read(text: str) -> list[dict[str, Any]]:
    """Return the events of a stream, each with its number and kind."""
    found = []
    for block in text.split("\n\n"):
        fields = dict(
            line.split(": ", 1) for line in block.splitlines() if not line.startswith(":")
        )
        if "data" in fields:
            found.append(
                {"id": int(fields["id"]), "event": fields["event"], **json.loads(fields["data"])}
            )
    return found


def watched(api: Any, job: str, **headers: str) -> list[dict[str, Any]]:
    """Return all events of a job that is over."""
    answer = api.http.get(f"/v1/jobs/{job}/events", headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream"), answer.text
    return read(answer.text)


def test_events_come_in_order_until_the_end(api: Any, tiny: Problem):
    job = posted(api, tiny)
    with ThreadPoolExecutor() as pool:
        stream = pool.submit(watched, api, job)
        attempt = api.begin(job)
        api.tell(attempt, TOLD)
        api.store.finish(attempt, Ending(State.SUCCEEDED, answer=ENVELOPE))
        events = stream.result(10)
    assert [(event["id"], event["event"], event.get("state")) for event in events] == [
        (1, "state", "queued"),
        (2, "state", "running"),
        (3, "progress", None),
        (4, "state", "succeeded"),
    ]
    assert {name: events[2][name] for name in TOLD} == TOLD
    times = [event["at"] for event in events]
    assert times == sorted(times)
    assert times[0].endswith("Z")


def test_a_broken_stream_is_resumed_without_loss_or_repetition(api: Any, tiny: Problem):
    job = posted(api, tiny)
    attempt = api.begin(job)
    seen: list[dict[str, Any]] = []
    with api.http.stream("GET", f"/v1/jobs/{job}/events") as stream:
        text = ""
        for piece in stream.iter_text():
            text += piece
            if len(read(text)) >= 2:
                break
        seen += read(text)
    api.tell(attempt, TOLD)
    api.tell(attempt, TOLD)
    last = str(seen[-1]["id"])
    with api.http.stream("GET", f"/v1/jobs/{job}/events", headers={"Last-Event-ID": last}) as more:
        text = ""
        for piece in more.iter_text():
            text += piece
            if len(read(text)) >= 1:
                break
        seen += read(text)[:1]
    api.store.finish(attempt, Ending(State.SUCCEEDED, answer=ENVELOPE))
    # what a query says goes before what a browser sends by itself
    answer = api.http.get(
        f"/v1/jobs/{job}/events?after={seen[-1]['id']}", headers={"Last-Event-ID": "1"}
    )
    seen += read(answer.text)
    assert [event["id"] for event in seen] == [1, 2, 3, 4, 5]
    # all is known: a browser is told not to come again
    done = api.http.get(f"/v1/jobs/{job}/events", headers={"Last-Event-ID": "5"})
    assert (done.status_code, done.content) == (204, b"")


def test_a_mistaken_last_event_is_a_finding(api: Any, tiny: Problem):
    job = posted(api, tiny)
    for given in ("x", "-1", "1.5", "9" * 30):
        answer = api.http.get(f"/v1/jobs/{job}/events", headers={"Last-Event-ID": given})
        assert answer.status_code == 422, given
        assert [finding["where"] for finding in answer.json()["findings"]] == ["Last-Event-ID"]


def test_all_who_watch_see_the_same(api: Any, tiny: Problem):
    job = posted(api, tiny)
    with ThreadPoolExecutor(8) as pool:
        streams = [pool.submit(watched, api, job) for _ in range(8)]
        attempt = api.begin(job)
        for number in range(5):
            api.tell(attempt, {"done": number, "total": 5})
        api.store.finish(attempt, Ending(State.PARTIAL, answer=ENVELOPE))
        found = [stream.result(10) for stream in streams]
    assert all(events == found[0] for events in found)
    assert [event["id"] for event in found[0]] == list(range(1, 9))


def test_more_watchers_than_there_is_room_for_are_sent_away(api: Any, tiny: Problem):
    job = posted(api, tiny)
    # half of the 32 connections
    streams = [api.http.stream("GET", f"/v1/jobs/{job}/events") for _ in range(16)]
    try:
        for stream in streams:
            assert stream.__enter__().status_code == 200
        answer = api.http.get(f"/v1/jobs/{job}/events")
        assert (answer.status_code, answer.json()["type"]) == (503, "/problems/busy")
        assert int(answer.headers["retry-after"]) > 0
        # who would wait is answered at once
        begun = time.monotonic()
        again = api.post({"kind": "solve", "problem": tiny, "fresh": True}, Prefer="wait=60")
        assert again.status_code == 202
        assert time.monotonic() - begun < 30
    finally:
        api.store.cancel("local", job)
        for stream in streams:
            stream.__exit__(None, None, None)


def test_the_stream_of_a_deleted_job_ends(api: Any, tiny: Problem):
    job = posted(api, tiny)
    with ThreadPoolExecutor() as pool:
        stream = pool.submit(watched, api, job)
        api.wait_until(lambda: api.watchers == 1)
        with api.engine.begin() as connection:
            connection.exec_driver_sql("DELETE FROM jobs WHERE id = ?", (job,))
        assert [event["state"] for event in stream.result(10)] == ["queued"]


def test_who_watches_does_not_hold_up_the_end_of_the_server(
    api_of: Any, tmp_path: Path, tiny: Problem
):
    api = api_of(tmp_path)
    try:
        api.wait_until_read()
        job = posted(api, tiny)
        with ThreadPoolExecutor() as pool:
            stream = pool.submit(watched, api, job)
            api.wait_until(lambda: api.watchers == 1)
            api.end()
            assert [event["state"] for event in stream.result(10)] == ["queued"]
    finally:
        api.close()


def test_events_are_not_packed_and_come_one_by_one(api: Any, tiny: Problem):
    job = posted(api, tiny)
    packs = {"accept-encoding": "gzip"}
    with api.http.stream("GET", f"/v1/jobs/{job}/events", headers=packs) as stream:
        assert "content-encoding" not in stream.headers
        pieces = stream.iter_text()
        heard = next(pieces)
        while '"queued"' not in heard:
            heard += next(pieces)
        # nothing has happened yet, and what did is here
        attempt = api.begin(job)
        while '"running"' not in heard:
            heard += next(pieces)
        api.store.finish(attempt, Ending(State.SUCCEEDED, answer=ENVELOPE))
        heard += "".join(pieces)
    assert [event.get("state") for event in read(heard)] == ["queued", "running", "succeeded"]


def test_other_answers_are_packed(api: Any):
    packed = api.http.get("/v1/instances/gallium-usa", headers={"accept-encoding": "gzip"})
    plain = api.http.get("/v1/instances/gallium-usa", headers={"accept-encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.json() == plain.json()
