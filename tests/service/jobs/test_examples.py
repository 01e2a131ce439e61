"""Every documented example of jobs is true: posted to a real server, run by a real worker."""

from __future__ import annotations

import time
from typing import Any

LATE = 60


def covers(answer: Any, documented: Any) -> bool:
    """Return whether ``answer`` holds everything that is documented, numbers to 1e-6."""
    if isinstance(documented, dict):
        return all(key in answer and covers(answer[key], documented[key]) for key in documented)
    if isinstance(documented, list):
        return len(answer) >= len(documented) and all(map(covers, answer, documented))
    if isinstance(documented, float):
        return abs(answer - documented) <= 1e-6 * abs(documented)
    return bool(answer == documented)


def operations(server: Any) -> dict[tuple[str, str], dict[str, Any]]:
    described = server.http.get("/openapi.json").json()
    return {
        (method, path): operation
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if path.startswith("/v1/jobs")
    }


def documented(operation: dict[str, Any], status: str) -> dict[str, Any]:
    content = operation["responses"][status]["content"]["application/json"]
    return {name: example["value"] for name, example in content["examples"].items()}


def finished(server: Any, path: str) -> dict[str, Any]:
    deadline = time.monotonic() + LATE
    while True:
        job: dict[str, Any] = server.http.get(path).json()
        if job["state"] not in ("queued", "running", "cancelling"):
            return job
        assert time.monotonic() < deadline, job
        time.sleep(0.1)


def test_every_documented_example_of_jobs_is_true(server: Any):
    found = operations(server)
    post = found["post", "/v1/jobs"]
    bodies = post["requestBody"]["content"]["application/json"]["examples"]
    queued = documented(post, "202")
    assert queued.keys() == bodies.keys()
    paths = {}
    for name, example in bodies.items():
        answer = server.http.post("/v1/jobs", json=example["value"])
        assert answer.status_code == 202, answer.text
        assert covers(answer.json(), queued[name]), answer.text
        paths[name] = answer.headers["location"]
    for name, answered in documented(post, "200").items():
        wait = {"Prefer": "wait=60"}
        answer = server.http.post("/v1/jobs", json=bodies[name]["value"], headers=wait)
        assert answer.status_code == 200, answer.text
        assert covers(answer.json(), answered), answer.text
    for path in paths.values():
        assert finished(server, path)["state"] == "succeeded"
    told = 0
    for method, route in (
        ("get", "/v1/jobs/{job}"),
        ("get", "/v1/jobs/{job}/order"),
        ("get", "/v1/jobs/{job}/result"),
        ("get", "/v1/jobs/{job}/log"),
        ("post", "/v1/jobs/{job}/cancel"),
    ):
        path = route.replace("/v1/jobs/{job}", paths["solve"])
        answer = server.http.request(method, path)
        assert answer.status_code == 200, answer.text
        for example in documented(found[method, route], "200").values():
            assert covers(answer.json(), example), answer.text
            told += 1
    assert told == 5
    (example,) = documented(found["get", "/v1/jobs"], "200").values()
    filters = "label=base%20case&state=succeeded"
    assert covers(server.http.get(f"/v1/jobs?{filters}").json(), example)
    events = server.http.get(paths["solve"] + "/events").text
    shown = found["get", "/v1/jobs/{job}/events"]["responses"]["200"]["content"]
    (stream,) = shown["text/event-stream"]["examples"].values()
    kinds = [line for line in stream["value"].splitlines() if line.startswith("event: ")]
    # a solve of milliseconds tells of no progress on the way
    told_kinds = [line for line in events.splitlines() if line.startswith("event: ")]
    assert set(told_kinds) <= set(kinds)
    assert server.http.delete(paths["solve"]).status_code == 204


def test_the_answer_of_a_job_is_that_of_its_route(server: Any):
    body = {"instance": "gallium-usa", "edits": ["demand[*].quantity*=1.1"]}
    wait = {"Prefer": "wait=60"}
    job = server.http.post("/v1/jobs", json={"kind": "solve", **body}, headers=wait)
    assert job.status_code == 200, job.text
    at_once = server.http.post("/v1/solve", json=body).json()
    answer = job.json()["answer"]
    assert answer["status"] == at_once["status"]
    assert answer["result"]["tables"] == at_once["result"]["tables"]
    # asked again it is known, and says from which job
    again = server.http.post("/v1/jobs", json={"kind": "solve", **body}).json()
    assert (again["state"], again["answered_from"]) == ("succeeded", job.json()["id"])
