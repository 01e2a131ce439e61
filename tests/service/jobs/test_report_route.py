"""The report of a job: a file to save, of what was recorded."""

from __future__ import annotations

import json
import re
from typing import Any

import instances
from service.jobs.record import Ending, State

ANSWER = {
    "status": {"stop": "finished", "point": "optimal"},
    "result": {
        "name": "two-sellers",
        "objective_usd": 2200.0,
        "about": "</script><b>",
        "record": {"inputs_hash": "0123456789"},
    },
}


def kind(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def posted(api: Any, order: dict[str, Any]) -> str:
    answer = api.post(order)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def held(answer: Any, name: str) -> Any:
    (text,) = re.findall(rf'data-path="/page/{name}.json">(.*?)</script>', answer.text)
    return json.loads(text)


def test_a_report_is_a_file_to_save(api: Any, tiny: dict[str, Any]) -> None:
    edits = ["demand[us].quantity=50"]
    job = posted(api, {"kind": "solve", "problem": tiny, "edits": edits, "fresh": True})
    path = f"/v1/jobs/{job}/report"
    assert kind(api.http.get(path)) == (409, "not-finished")
    ending = Ending(State.SUCCEEDED, answer=json.dumps(ANSWER).encode())
    assert api.store.finish(api.begin(job), ending)
    answer = api.http.get(path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    named = 'attachment; filename="two-sellers-1-change-01234567.html"'
    assert answer.headers["content-disposition"] == named
    assert "<title>two-sellers, demand[us].quantity=50: report of Diversify</title>" in answer.text
    # shown as a page of this server it may do nothing
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert held(answer, "answer") == {"run": {"job": job, "answered_from": None}, **ANSWER}
    asked = held(answer, "asked")
    assert (asked["job"], asked["instance"], asked["edits"]) == (job, None, edits)
    assert asked["solved"].startswith("20")
    shown = api.http.get(f"{path}?good=gallium&year=2026")
    assert held(shown, "view") == {"good": "gallium", "branch": None, "year": "2026"}
    assert held(shown, "found") == {}
    assert kind(api.http.get(f"{path}?goood=gallium")) == (422, "invalid-input")


def test_a_problem_under_the_name_of_a_shipped_one_is_told_from_it(api: Any) -> None:
    def report(order: dict[str, Any], solved: dict[str, Any], file: str) -> Any:
        job = posted(api, {"kind": "solve", "fresh": True, **order})
        answer = json.dumps(
            {"result": {"problem": solved, "record": {"inputs_hash": "abcdefgh01"}}}
        ).encode()
        assert api.store.finish(api.begin(job), Ending(State.SUCCEEDED, answer=answer))
        return api.http.get(f"/v1/jobs/{job}/report?file={file}")

    shipped = instances.load("gallium-usa")
    own = instances.apply(shipped, ["offers[chn-gallium].price=450000"]).to_plain()
    answer = report({"problem": own}, own, "mine.json")
    title = "<title>gallium-usa, not as it ships (mine.json): report of Diversify</title>"
    assert title in answer.text
    named = 'attachment; filename="gallium-usa-not-as-it-ships-abcdefgh.html"'
    assert answer.headers["content-disposition"] == named
    asked = held(answer, "asked")
    assert (asked["file"], asked["edits"]) == ("mine.json", [])
    first = [["offers[chn-gallium].price", 380_000, 450_000]]
    told = {"name": "gallium-usa", "same": False, "count": 1, "first": first}
    assert asked["shipped"] == told
    plain = shipped.to_plain()
    for order in ({"problem": plain}, {"instance": "gallium-usa"}):
        answer = report(order, plain, "mine.json")
        assert "<title>gallium-usa: report of Diversify</title>" in answer.text
        assert held(answer, "asked")["shipped"]["same"] is True
    # a shipped instance comes from no file of the caller's
    assert held(answer, "asked")["file"] is None


def test_a_report_shows_a_stress_test_of_the_same_problem(api: Any, tiny: dict[str, Any]) -> None:
    def over(what: str, result: dict[str, Any]) -> str:
        job = posted(api, {"kind": what, "problem": tiny, "fresh": True})
        answer = json.dumps({"result": result}).encode()
        assert api.store.finish(api.begin(job), Ending(State.SUCCEEDED, answer=answer))
        return job

    solve = over("solve", {"record": {"inputs_hash": "a"}})
    same, other = over("stress", {"hash": "a"}), over("stress", {"hash": "b"})
    path = f"/v1/jobs/{solve}/report?stress="
    assert held(api.http.get(path + same), "found") == {"stress": {"hash": "a"}}
    for wrong, why in ((other, "another problem"), (solve, "kind solve")):
        answer = api.http.get(path + wrong)
        assert kind(answer) == (422, "invalid-input")
        assert why in answer.json()["findings"][0]["what"]
    assert kind(api.http.get(path + "none")) == (404, "unknown-job")


def test_only_a_solve_of_ones_own_has_a_report(api: Any, tiny: dict[str, Any]) -> None:
    order = {"kind": "explain", "problem": tiny, "fresh": True}
    job = posted(api, order)
    assert api.store.finish(api.begin(job), Ending(State.SUCCEEDED, answer=b'{"result": {}}'))
    assert kind(api.http.get(f"/v1/jobs/{job}/report")) == (409, "no-report")
    with api.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE jobs SET tenant = 'other' WHERE id = ?", (job,))
    assert kind(api.http.get(f"/v1/jobs/{job}/report")) == (404, "unknown-job")
