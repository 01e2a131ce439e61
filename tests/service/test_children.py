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
