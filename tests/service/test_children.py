from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from service.children import Reply, ask
from service.outcome import Outcome
from service.settings import Settings

Problem = dict[str, Any]


def asked(problem: Problem, **limits: float) -> Reply:
    body = json.dumps({"problem": problem}).encode()
    return asyncio.run(ask("solve", body, Settings.model_validate(limits)))


def test_answer_comes_back(tiny: Problem):
    reply = asked(tiny)
    assert reply.outcome is Outcome.ANSWER
    assert json.loads(reply.payload)["result"]["objective_usd"] == pytest.approx(2200)


@pytest.mark.parametrize(
    ("limit", "value", "outcome"),
    [
        # the start of the solver alone takes longer
        ("wall_seconds", 0.2, Outcome.WALL_TIME),
        ("cpu_seconds", 1, Outcome.CPU_TIME),
        ("variables", 100, Outcome.TOO_LARGE),
        ("answer_bytes", 100, Outcome.TOO_LARGE),
    ],
)
def test_limits_are_told_apart(hard: Problem, limit: str, value: float, outcome: Outcome):
    reply = asked(hard, solve_seconds=1, **{limit: value})
    assert reply.outcome is outcome, reply.payload
    assert json.loads(reply.payload)["detail"]


# 140 MiB do not hold the libraries, 220 MiB not the solver
@pytest.mark.parametrize("mebibytes", [140, 220])
def test_too_little_memory_is_named_wherever_it_runs_out(hard: Problem, mebibytes: int):
    reply = asked(hard, solve_seconds=1, memory_bytes=mebibytes * 2**20)
    assert reply.outcome is Outcome.OUT_OF_MEMORY, reply.payload
    assert f"{mebibytes} MiB" in json.loads(reply.payload)["detail"]


def test_stop_keeps_the_best_plan_and_the_way_to_it_is_told(hard: Problem):
    told: list[dict[str, float | None]] = []
    body = json.dumps({"problem": hard}).encode()

    async def stopped_with_a_plan() -> Reply:
        stop = asyncio.Event()

        def watch(progress: dict[str, float | None]) -> None:
            told.append(progress)
            if None not in progress.values():
                stop.set()

        return await ask("solve", body, Settings(), told=watch, stop=stop)

    reply = asyncio.run(stopped_with_a_plan())
    assert reply.outcome is Outcome.ANSWER, reply.payload
    answer = json.loads(reply.payload)
    assert answer["status"] == {"stop": "cancelled", "point": "feasible"}
    seen = told[-1]
    assert seen["bound_usd"] <= answer["result"]["objective_usd"]
    # minimised: what is held at the end costs no more than what was told of
    assert answer["result"]["objective_usd"] <= seen["incumbent_usd"] * (1 + 1e-9)


def test_sweep_tells_its_points_and_keeps_those_done(tiny: Problem):
    told: list[dict[str, float | None]] = []
    # each of these is compiled: far more than a second's work
    scenarios = {f"s{at}": [f"demand[us].quantity={100 + at}"] for at in range(1000)}
    body = json.dumps({"problem": tiny, "scenarios": scenarios}).encode()

    async def stopped_midway() -> Reply:
        stop = asyncio.Event()

        def watch(progress: dict[str, float | None]) -> None:
            told.append(progress)
            stop.set()

        return await ask("sweep", body, Settings(), told=watch, stop=stop)

    answer = json.loads(asyncio.run(stopped_midway()).payload)
    assert told[0]["total"] == 1000
    assert answer["status"] == {"state": "partial"}
    assert answer["result"]["counts"]["optimal"] >= told[0]["done"]
    assert answer["result"]["counts"]["missing"] >= 1
