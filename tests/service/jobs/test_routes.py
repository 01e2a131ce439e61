"""Every route of jobs and every error of theirs; the test takes the part of the worker."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.jobs.record import Ending, State
from service.jobs.schemas import JobBody, JobList, JobLog
from tests.service.jobs.asked import ENVELOPE, Problem, kind, order, posted, wheres


def test_a_job_is_recorded_before_it_is_answered(api: Any, tiny: Problem):
    answer = api.post(order(tiny, label="base case"))
    assert answer.status_code == 202
    job = answer.json()
    JobBody.model_validate_json(answer.text)
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}" == job["links"]["self"]
    assert (job["state"], job["label"], job["problem"]) == ("queued", "base case", "two-sellers")
    assert job["attempts"] == 0
    assert job["reason"] is job["finished"] is job["progress"] is None
    stored = api.reader.get("local", job["id"])
    assert stored.state is State.QUEUED
    assert api.http.get(answer.headers["location"]).json() == job


def test_what_was_asked_can_be_posted_again(api: Any, tiny: Problem):
    job = posted(api, tiny, label="base case")
    asked = api.http.get(f"/v1/jobs/{job}/order").json()
    assert asked == {"kind": "solve", "label": "base case", "problem": tiny}
    assert api.post(asked).status_code == 202
    assert kind(api.http.get(f"/v1/jobs/{job[:-1]}x/order")) == (404, "unknown-job")


def test_the_request_is_kept_without_what_is_the_orders_own(api: Any, tiny: Problem):
    job = posted(api, tiny, label="x", edits=["rules[cn-cap].max_share=0.3"])
    body = json.loads(api.begin(job).body)
    assert body == {"problem": tiny, "edits": ["rules[cn-cap].max_share=0.3"]}


@pytest.mark.parametrize(
    ("kind_of_job", "more"),
    [
        ("solve", {}),
        ("sweep", {"axes": ["rules[cn-cap].max_share=0:1:3"]}),
        ("frontier", {"rule": "cn-cap"}),
        ("stress", {"who": ["CHN"]}),
        ("alternatives", {"margin": "5 %"}),
        ("explain", {"why": "au"}),
        ("compare", {"changes": ["rules[cn-cap].max_share=0.3"]}),
        ("validate", {}),
    ],
)
def test_every_kind_is_accepted(api: Any, tiny: Problem, kind_of_job: str, more: dict[str, Any]):
    answer = api.post({"kind": kind_of_job, "problem": tiny, "fresh": True, **more})
    assert answer.status_code == 202, answer.text
    assert answer.json()["kind"] == kind_of_job


def test_worth_is_accepted_for_a_problem_with_scenarios(api: Any):
    answer = api.post({"kind": "worth", "instance": "farmer", "flip": ["poor"], "fresh": True})
    assert answer.status_code == 202, answer.text


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ({}, ["kind"]),
        ({"kind": "solv", "label": "", "fresh": 1}, ["kind", "label", "fresh"]),
        ({"kind": ["solve"], "instance": "x"}, ["kind"]),
        ({"kind": "solve"}, [""]),
        ({"kind": "solve", "label": "a\nb", "instance": "galium-usa"}, ["label", "instance"]),
        ({"kind": "solve", "instance": "gallium-usa", "label": "x" * 201}, ["label"]),
        ({"kind": "solve", "instance": "gallium-usa", "label": {"a": 1}}, ["label"]),
        ({"kind": "solve", "instance": "gallium-usa", "axes": []}, ["axes"]),
        ({"kind": "solve", "instance": "farmer", "options": {"shares_of": ["of=CHN"]}}, None),
        ({"kind": "sweep", "instance": "gallium-usa"}, ["sweep"]),
        ({"kind": "sweep", "instance": "gallium-usa", "axes": ["no"], "seed": -1}, ["seed"]),
        ({"kind": "frontier", "instance": "gallium-usa", "rule": "no"}, ["rule"]),
        ({"kind": "frontier", "instance": "gallium-usa"}, ["frontier"]),
        ({"kind": "frontier", "instance": "gallium-usa", "path": "x", "low": 2, "high": 1}, None),
        (
            {"kind": "frontier", "instance": "gallium-usa", "against": "shortfall", "low": 1},
            ["against"],
        ),
        ({"kind": "stress", "instance": "gallium-usa", "who": ["XXX"]}, None),
        ({"kind": "stress", "instance": "gallium-usa", "lengths": ["soon"]}, ["length"]),
        ({"kind": "stress", "instance": "gallium-usa", "onsets": ["never"]}, ["onset"]),
        ({"kind": "alternatives", "instance": "gallium-usa", "margin": -1}, ["alternatives"]),
        ({"kind": "explain", "instance": "gallium-usa", "why": "nobody"}, ["why"]),
        ({"kind": "compare", "instance": "gallium-usa"}, ["changes"]),
        ({"kind": "worth", "instance": "gallium-usa"}, ["scenarios"]),
        ({"kind": "worth", "instance": "farmer", "reference": "no"}, ["reference"]),
        ({"kind": "worth", "instance": "farmer", "flip": ["no"]}, ["flip"]),
        ({"kind": "solve", "instance": "gallium-usa", "options": {"time_limit": 3601}}, None),
    ],
)
def test_an_order_that_cannot_be_done_is_refused_with_all_that_is_wrong(
    api: Any, body: dict[str, Any], found: list[str] | None
):
    before = api.count()
    answer = api.post(body)
    assert kind(answer) == (422, "invalid-input"), answer.text
    if found is not None:
        assert wheres(answer) == found
    assert api.count() == before


def test_a_job_may_take_longer_than_an_answer_at_once(api: Any, tiny: Problem):
    # 60 s at once, an hour as a job
    assert api.post(order(tiny, options={"time_limit": 3600})).status_code == 202


def test_more_points_than_the_server_takes_are_too_large(api: Any, tiny: Problem):
    axes = [f"offers[{name}].price=1:2:1000" for name in ("cn", "au")]
    answer = api.post({"kind": "sweep", "problem": tiny, "axes": axes})
    assert kind(answer) == (413, "problem-too-large")


def test_a_validation_of_what_is_wrong_is_a_job(api: Any, tiny: Problem):
    tiny["offers"][0]["price"] = -1
    answer = api.post({"kind": "validate", "problem": tiny})
    assert (answer.status_code, answer.json()["problem"]) == (202, None)


def test_unknown_jobs_are_not_there_by_any_route(api: Any):
    for job in ("0b9d2f0e-7c53-4a53-9d0f-6f1c5a3f0c1e", "x", "%00", "..%2Fjobs", "é" * 36):
        for method, path in (
            ("GET", ""),
            ("GET", "/result"),
            ("GET", "/events"),
            ("GET", "/log"),
            ("GET", "/webhook"),
            ("POST", "/cancel"),
            ("DELETE", ""),
        ):
            answer = api.http.request(method, f"/v1/jobs/{job}{path}")
            assert kind(answer) in ((404, "unknown-job"), (404, "not-found")), (method, job, path)


def test_jobs_of_another_tenant_are_not_there_by_any_route(api: Any, tiny: Problem):
    job = posted(api, tiny)
    api.store.finish(api.begin(job), Ending(State.SUCCEEDED, answer=ENVELOPE))
    with api.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE jobs SET tenant = 'other' WHERE id = ?", (job,))
    for path in ("", "/result", "/events", "/log", "/webhook"):
        assert kind(api.http.get(f"/v1/jobs/{job}{path}")) == (404, "unknown-job")
    assert kind(api.http.post(f"/v1/jobs/{job}/cancel")) == (404, "unknown-job")
    assert kind(api.http.delete(f"/v1/jobs/{job}")) == (404, "unknown-job")
    assert job not in api.http.get("/v1/jobs?limit=500").text


def test_the_result_is_there_once_the_job_is_over(api: Any, tiny: Problem):
    job = posted(api, tiny)
    early = api.http.get(f"/v1/jobs/{job}/result")
    assert kind(early) == (409, "not-finished")
    assert int(early.headers["retry-after"]) > 0
    attempt = api.begin(job)
    assert kind(api.http.get(f"/v1/jobs/{job}/result")) == (409, "not-finished")
    assert api.store.finish(attempt, Ending(State.SUCCEEDED, answer=ENVELOPE))
    answer = api.http.get(f"/v1/jobs/{job}/result")
    assert answer.headers["content-type"] == "application/json"
    run = {"job": job, "answered_from": None}
    assert answer.json() == {"run": run, **json.loads(ENVELOPE)}
    # what was recorded is handed on byte by byte
    assert answer.content.endswith(ENVELOPE[1:])
    job_now = api.http.get(f"/v1/jobs/{job}").json()
    assert (job_now["state"], job_now["attempts"]) == ("succeeded", 1)
    assert job_now["created"] <= job_now["started"] <= job_now["finished"] < job_now["expires"]


def test_a_failed_job_says_why_instead_of_a_result(api: Any, tiny: Problem):
    job = posted(api, tiny)
    finding = {"where": "w", "what": "is", "value": None, "nearest": None, "remedy": None}
    ending = Ending(State.FAILED, "invalid-input", "w: is", [finding])
    assert api.store.finish(api.begin(job), ending)
    answer = api.http.get(f"/v1/jobs/{job}/result")
    assert kind(answer) == (409, "no-result")
    assert "invalid-input: w: is" in answer.json()["detail"]
    assert answer.json()["findings"] == [finding]
    shown = api.http.get(f"/v1/jobs/{job}").json()
    assert (shown["state"], shown["reason"], shown["detail"]) == (
        "failed",
        "invalid-input",
        "w: is",
    )
    assert shown["findings"] == [finding]


def test_cancelling_says_whether_there_was_something_to_cancel(api: Any, tiny: Problem):
    waiting = posted(api, tiny)
    answer = api.http.post(f"/v1/jobs/{waiting}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (202, "cancelled")
    assert answer.json()["reason"] == "cancelled"
    again = api.http.post(f"/v1/jobs/{waiting}/cancel")
    assert (again.status_code, again.json()["state"]) == (200, "cancelled")
    assert kind(api.http.get(f"/v1/jobs/{waiting}/result")) == (409, "no-result")

    going = posted(api, tiny)
    attempt = api.begin(going)
    answer = api.http.post(f"/v1/jobs/{going}/cancel")
    assert (answer.status_code, answer.json()["state"]) == (202, "cancelling")
    # the best plan that it held is kept
    ending = Ending(State.CANCELLED, "cancelled", answer=ENVELOPE)
    assert api.store.finish(attempt, ending)
    assert api.http.get(f"/v1/jobs/{going}/result").json()["result"]["objective_usd"] == 2200
    assert api.http.post(f"/v1/jobs/{going}/cancel").status_code == 200


def test_only_a_job_that_is_over_is_deleted(api: Any, tiny: Problem):
    job = posted(api, tiny)
    assert kind(api.http.delete(f"/v1/jobs/{job}")) == (409, "not-finished")
    attempt = api.begin(job)
    assert kind(api.http.delete(f"/v1/jobs/{job}")) == (409, "not-finished")
    api.store.finish(attempt, Ending(State.SUCCEEDED, answer=ENVELOPE))
    answer = api.http.delete(f"/v1/jobs/{job}")
    assert (answer.status_code, answer.content) == (204, b"")
    assert kind(api.http.delete(f"/v1/jobs/{job}")) == (404, "unknown-job")
    assert kind(api.http.get(f"/v1/jobs/{job}/result")) == (404, "unknown-job")


def test_the_log_is_read_on_from_where_it_was_left(api: Any, tiny: Problem):
    job = posted(api, tiny)
    attempt = api.begin(job)
    api.store.log(attempt, "Größe\n")
    first = api.http.get(f"/v1/jobs/{job}/log").json()
    # six signs, though two of them take two bytes each
    assert first == {"from": 0, "next": 6, "text": "Größe\n", "complete": False}
    api.store.log(attempt, "two\n")
    api.store.finish(attempt, Ending(State.SUCCEEDED, answer=ENVELOPE))
    answer = api.http.get(f"/v1/jobs/{job}/log?from=6")
    JobLog.model_validate_json(answer.text)
    assert answer.json() == {"from": 6, "next": 10, "text": "two\n", "complete": True}
    assert api.http.get(f"/v1/jobs/{job}/log?from=99").json()["text"] == ""


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("/v1/jobs?state=done", ["state"]),
        ("/v1/jobs?kind=solv&limit=0", ["kind", "limit"]),
        ("/v1/jobs?limit=501", ["limit"]),
        ("/v1/jobs?limit=" + "9" * 5000, ["limit"]),
        ("/v1/jobs?label=", ["label"]),
        ("/v1/jobs?label=%00", ["label"]),
        ("/v1/jobs?cursor=x", ["cursor"]),
        ("/v1/jobs?cursor=WzEuMCwgIngiXQ", ["cursor"]),
        ("/v1/jobs?cursor=%F0%9F%92%A9", ["cursor"]),
        ("/v1/jobs?stat=queued", ["stat"]),
        ("/v1/jobs?limit=1&limit=2", ["limit"]),
        ("/v1/jobs/JOB/log?from=-1", ["from"]),
        ("/v1/jobs/JOB/log?from=9999999999", ["from"]),
        ("/v1/jobs/JOB/log?start=1", ["start"]),
        ("/v1/jobs/JOB/events?after=x", ["after"]),
        ("/v1/jobs/JOB/events?after=1e400", ["after"]),
    ],
)
def test_wrong_parameters_are_findings(api: Any, tiny: Problem, path: str, found: list[str]):
    job = posted(api, tiny)
    answer = api.http.get(path.replace("JOB", job))
    assert kind(answer) == (422, "invalid-input"), answer.text
    assert wheres(answer) == found


def test_a_mistaken_parameter_names_the_nearest(api: Any):
    answer = api.http.get("/v1/jobs?stat=queued")
    assert answer.json()["findings"][0]["nearest"] == "state"


def test_all_methods_of_a_path_are_told(api: Any):
    answer = api.http.put("/v1/jobs")
    assert kind(answer) == (405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, POST"


def test_filters_and_pages_hold_while_jobs_arrive(api: Any, tiny: Problem):
    label = "paged"
    jobs = [posted(api, tiny, label=label) for _ in range(7)]
    api.store.finish(api.begin(jobs[3]), Ending(State.SUCCEEDED, answer=ENVELOPE))
    seen: list[str] = []
    path = f"/v1/jobs?label={label}&limit=3"
    cursor = None
    while True:
        page = api.http.get(path + (f"&cursor={cursor}" if cursor else ""))
        JobList.model_validate_json(page.text)
        seen += [job["id"] for job in page.json()["jobs"]]
        # one more comes while the pages are turned
        posted(api, tiny, label=label)
        cursor = page.json()["next"]
        if cursor is None:
            break
    assert seen == jobs[::-1]
    (only,) = api.http.get(f"/v1/jobs?label={label}&state=succeeded").json()["jobs"]
    assert only["id"] == jobs[3]
    assert api.http.get(f"/v1/jobs?label={label}&kind=sweep").json() == {"jobs": [], "next": None}


def test_readiness_names_what_is_missing(api: Any):
    api.beat()
    ready = api.http.get("/health/ready").json()
    assert ready["checks"] == dict.fromkeys(("database", "queue", "worker", "solver"), "ok")
    api.beat(age=16)
    answer = api.http.get("/health/ready")
    assert kind(answer) == (503, "not-ready")
    assert wheres(answer) == ["worker"]
    assert "16 s ago" in answer.json()["findings"][0]["what"]
    api.store.leave(["test"])
    assert wheres(api.http.get("/health/ready")) == ["worker"]
    api.beat()
    assert api.http.get("/health/ready").status_code == 200
