"""Sweeps that are jobs on a Dask cluster: the same answer, a cancel, a cluster that is gone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from service.analysis_work import ALONE
from service.work import Limits, do

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.farm import Farm

LIMITS = Limits(solve_seconds=60.0, threads=1, variables=10**6, points=100)
FINAL = ("succeeded", "failed", "cancelled")
SCENARIOS = {f"s{at}": [f"demand[us].quantity={100 + at}"] for at in range(6)}


def finished(server: Any, order: dict[str, Any]) -> dict[str, Any]:
    """Return a job that is posted, once it is final."""
    posted = server.http.post("/v1/jobs", json=order)
    assert posted.status_code == 202, posted.text
    path = f"/v1/jobs/{posted.json()['id']}"
    server.wait_until(lambda: server.http.get(path).json()["state"] in FINAL)
    job: dict[str, Any] = server.http.get(path).json()
    return job


@pytest.mark.slow
def test_a_sweep_on_a_cluster_answers_as_one_here_and_is_cancelled_there(
    running: Callable[..., Any], farm: Farm, tiny: dict[str, Any], hard: dict[str, Any]
) -> None:
    with running(CLUSTER=farm.address) as server:
        server.wait_until_ready()
        order = {"kind": "sweep", "problem": tiny, "scenarios": SCENARIOS}
        job = finished(server, order)
        answer = server.http.get(f"/v1/jobs/{job['id']}/result").json()
        direct = do(
            "sweep", json.dumps({"problem": tiny, "scenarios": SCENARIOS}).encode(), LIMITS
        )
        assert answer["status"] == direct["status"] == {"state": "complete"}
        costs, expected = (
            {point["point"]: point["objective_usd"] for point in result["points"]}
            for result in (answer["result"], direct["result"])
        )
        assert costs == pytest.approx(expected, rel=1e-9)
        assert answer["result"]["warnings"] == []

        # each point would take minutes
        first = hard["offers"][0]["id"]
        scenarios = {f"s{at}": [f"offers[{first}].price={100 + at}"] for at in range(6)}
        order = {"kind": "sweep", "problem": hard, "scenarios": scenarios}
        path = f"/v1/jobs/{server.http.post('/v1/jobs', json=order).json()['id']}"
        server.wait_until(lambda: farm.busy() > 0)
        server.http.post(f"{path}/cancel")
        server.wait_until(lambda: server.http.get(path).json()["state"] in FINAL)
        assert server.http.get(path).json()["state"] == "cancelled"
        server.wait_until(lambda: not farm.busy())


@pytest.mark.slow
def test_a_sweep_whose_cluster_is_gone_is_solved_by_its_own_process(
    running: Callable[..., Any], tiny: dict[str, Any]
) -> None:
    with running(CLUSTER="tcp://127.0.0.1:9") as server:
        job = finished(server, {"kind": "sweep", "problem": tiny, "scenarios": SCENARIOS})
        answer = server.http.get(f"/v1/jobs/{job['id']}/result").json()
    assert answer["result"]["counts"] == {"optimal": len(SCENARIOS)}
    assert answer["result"]["warnings"] == [ALONE]
