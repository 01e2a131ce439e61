"""The report of a job: a file to save, of what was recorded."""

from __future__ import annotations

import json
import re
from typing import Any

from service.jobs.record import Ending, State

ANSWER = {
    "status": {"stop": "finished", "point": "optimal"},
    "result": {"name": "two-sellers", "objective_usd": 2200.0, "about": "</script><b>"},
}


def kind(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def posted(api: Any, order: dict[str, Any]) -> str:
    answer = api.post(order)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def test_a_report_is_a_file_to_save(api: Any, tiny: dict[str, Any]) -> None:
    job = posted(api, {"kind": "solve", "problem": tiny, "fresh": True})
    path = f"/v1/jobs/{job}/report"
    assert kind(api.http.get(path)) == (409, "not-finished")
    ending = Ending(State.SUCCEEDED, answer=json.dumps(ANSWER).encode())
    assert api.store.finish(api.begin(job), ending)
    answer = api.http.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="two-sellers.html"'
    # shown as a page of this server it may do nothing
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    (held,) = re.findall(r'data-path="/page/answer.json">(.*?)</script>', answer.text)
    assert json.loads(held) == {"run": {"job": job, "answered_from": None}, **ANSWER}


def test_only_a_solve_of_ones_own_has_a_report(api: Any, tiny: dict[str, Any]) -> None:
    order = {"kind": "explain", "problem": tiny, "fresh": True}
    job = posted(api, order)
    assert api.store.finish(api.begin(job), Ending(State.SUCCEEDED, answer=b'{"result": {}}'))
    assert kind(api.http.get(f"/v1/jobs/{job}/report")) == (409, "no-report")
    with api.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE jobs SET tenant = 'other' WHERE id = ?", (job,))
    assert kind(api.http.get(f"/v1/jobs/{job}/report")) == (404, "unknown-job")
