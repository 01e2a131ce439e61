"""Sweeps, frontiers and alternatives over HTTP: answers, limits, refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

Problem = dict[str, Any]
Run = Callable[..., Any]
Save = Callable[[Problem], Any]
Running = Callable[..., AbstractContextManager[Any]]

CAP = "rules[cn-cap].max_share"


def kind(answer: Any) -> tuple[int, str]:
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def test_sweep_is_that_of_the_command_line(
    server: Any, diversify: Run, saved: Save, tiny: Problem
):
    axes = [f"{CAP}=0:1:3", "offers[au].price=30,40"]
    flags = [word for axis in axes for word in ("--axis", axis)]
    run = diversify("sweep", saved(tiny), *flags, "--json")
    answer = server.http.post("/v1/sweep", json={"problem": tiny, "axes": axes})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == {"state": "complete"}
    here, there = json.loads(run.stdout)["points"], answer.json()["result"]["points"]
    for field in ("point", "values", "status", "objective_usd", "figures"):
        assert [point[field] for point in there] == [point[field] for point in here]


def test_scenarios_with_and_without_sense_stand_side_by_side(server: Any, tiny: Problem):
    body = {"problem": tiny, "scenarios": {"good": [f"{CAP}=0.5"], "bad": ["no[x].way=1"]}}
    answer = server.http.post("/v1/sweep", json=body).json()
    assert answer["status"] == {"state": "partial"}
    assert [point["status"] for point in answer["result"]["points"]] == ["optimal", "invalid"]


def test_frontier_of_two_objectives(server: Any, tiny: Problem):
    tiny["rules"] = []
    answer = server.http.post("/v1/frontier", json={"problem": tiny, "against": "concentration"})
    assert answer.status_code == 200, answer.text
    points = answer.json()["result"]["points"]
    # all from China at 10 USD/t, or half from Australia at 30
    assert [row["objective_usd"] for row in points] == pytest.approx([1000, 2000], rel=1e-5)
    assert [row["concentration"] for row in points] == pytest.approx([1, 0.5], rel=1e-5)


def test_frontier_and_alternatives_without_a_plan_are_answers(server: Any, impossible: Problem):
    body = {"problem": impossible, "rule": "cn-cap", "high": 0.4}
    answer = server.http.post("/v1/frontier", json=body).json()
    assert answer["status"] == {"state": "complete"}
    assert answer["result"]["vertices"] == []
    answer = server.http.post("/v1/alternatives", json={"problem": impossible}).json()
    assert answer["status"] == {"state": "complete"}
    assert answer["result"]["status"]["point"] == "infeasible"


@pytest.mark.parametrize(
    ("verb", "body", "wheres"),
    [
        ("sweep", {"axis": ["x=1"], "seed": -1}, ["axis", "seed"]),
        ("sweep", {"axes": ["offers[cn].prise=1", "no"]}, ["offers[cn].prise", "no"]),
        ("sweep", {}, ["sweep"]),
        ("frontier", {"rule": "cn-cup"}, ["rule"]),
        ("frontier", {"rule": "cn-cap", "most": 1, "edits": "x"}, ["most", "edits"]),
        ("alternatives", {"margin": "3 pc", "count": 0}, ["margin", "count"]),
        ("alternatives", {"margin": -0.1}, ["alternatives"]),
    ],
)
def test_every_finding_comes_at_once(
    server: Any, tiny: Problem, verb: str, body: dict[str, Any], wheres: list[str]
):
    answer = server.http.post(f"/v1/{verb}", json={"problem": tiny, **body})
    assert kind(answer) == (422, "invalid-input")
    assert [finding["where"] for finding in answer.json()["findings"]] == wheres


def test_more_points_than_the_server_takes_are_refused_before_they_are_laid_out(
    server: Any, tiny: Problem
):
    # 10^15 points
    axes = [f"offers[{name}].price=1:2:100000" for name in ("cn", "au", "*")]
    answer = server.http.post("/v1/sweep", json={"problem": tiny, "axes": axes})
    assert kind(answer) == (413, "problem-too-large")
    assert "1,000,000,000,000,000 points" in answer.json()["detail"]
    body = {"problem": tiny, "rule": "cn-cap", "most": 5000}
    assert kind(server.http.post("/v1/frontier", json=body)) == (413, "problem-too-large")


def test_time_that_runs_out_leaves_a_partial_sweep(running: Running, tiny: Problem):
    # each of these is compiled: far more than a second's work
    edits = {f"s{at}": [f"demand[us].quantity={100 + at}"] for at in range(1000)}
    with running(SOLVE_SECONDS="1") as hasty:
        hasty.wait_until_ready()
        answer = hasty.http.post("/v1/sweep", json={"problem": tiny, "scenarios": edits})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == {"state": "partial"}
    counts = answer.json()["result"]["counts"]
    assert counts["optimal"] >= 1
    assert counts["missing"] >= 1
    assert sum(counts.values()) == 1000


def test_longer_limits_than_the_server_has_are_refused(server: Any, tiny: Problem):
    body = {"problem": tiny, "rule": "cn-cap", "options": {"time_limit": 61}}
    answer = server.http.post("/v1/frontier", json=body)
    assert kind(answer) == (422, "invalid-input")
    assert answer.json()["findings"][0]["where"] == "options.time_limit"


def test_options_of_a_solve_are_not_passed_over_in_silence(server: Any, tiny: Problem):
    body = {"problem": tiny, "options": {"rule_prices": True, "goals": ["cost", "concentration"]}}
    answer = server.http.post("/v1/alternatives", json=body)
    assert kind(answer) == (422, "invalid-input")
    wheres = [finding["where"] for finding in answer.json()["findings"]]
    assert wheres == ["options.goals", "options.rule_prices"]


def test_rule_prices_are_an_option_of_a_solve(server: Any, tiny: Problem):
    body = {"problem": tiny, "options": {"rule_prices": True}}
    answer = server.http.post("/v1/solve", json=body)
    (row,) = answer.json()["result"]["tables"]["rule_prices"]
    assert [row["dual"], row["relaxing"], row["tightening"]] == pytest.approx([2000] * 3)


@pytest.mark.deep
def test_worth_is_that_of_the_command_line(server: Any, diversify: Run):
    run = diversify("worth", "farmer", "--flip", "poor", "--json")
    answer = server.http.post("/v1/worth", json={"instance": "farmer", "flip": ["poor"]})
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == {"state": "complete"}
    assert answer.json()["result"] == json.loads(run.stdout)
    wrong = {"instance": "farmer", "reference": "far", "flips": ["poor"]}
    refused = server.http.post("/v1/worth", json=wrong)
    assert kind(refused) == (422, "invalid-input")
    assert [finding["where"] for finding in refused.json()["findings"]] == ["flips"]


def test_solve_explains_when_there_is_no_plan_unless_told_not_to(server: Any, tiny: Problem):
    # 40 t from China and 50 t from Australia are 10 t too few
    few = ["offers[au].capacity=50"]
    answer = server.http.post("/v1/solve", json={"problem": tiny, "edits": few}).json()["result"]
    assert answer["explanation"]["about"] == "infeasible"
    assert answer["explanation"]["remedies"][0]["edits"] == ["rules[cn-cap].max_share=0.5"]
    for edits, diagnose, about in (
        (few, "never", None),
        ([], "when_detected", None),
        ([], "always", "plan"),
    ):
        body = {"problem": tiny, "edits": edits, "diagnose": diagnose}
        answer = server.http.post("/v1/solve", json=body).json()["result"]
        assert answer.get("explanation", {"about": None})["about"] == about
    wrong = server.http.post("/v1/solve", json={"problem": tiny, "diagnose": "perhaps"})
    assert kind(wrong) == (422, "invalid-input")
    finding = wrong.json()["findings"][0]
    assert finding["where"] == "diagnose"
    assert finding["what"] == "must be never, when_detected or always"
