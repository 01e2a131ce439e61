"""Properties of random problems to which something may happen, each with its referee's recount."""

from __future__ import annotations

import itertools
import random
from functools import cache

import pytest

from instances.generate import random_tree
from instances.problem import Problem
from optimizer import Options, Result, solve

# the first two have yes/no choices that take long to solve many times over
LONG = [pytest.param(seed, marks=pytest.mark.deep) for seed in range(2)]
SEEDS = pytest.mark.parametrize("seed", [*LONG, 2])
pytestmark = pytest.mark.slow
QUICK = Options(tie_break=False)


@cache
def _solved(seed: int) -> Result:
    """Return the first planned tree from a seed on, without risk unless it was drawn."""
    while not (result := solve(random_tree(seed), QUICK)).has_plan:
        seed += 100
    return result


def _size(result: Result) -> float:
    return float(result.verdict.totals["discounted_usd"].abs().sum()) + 1.0


def _cost(problem: Problem) -> float:
    cost = solve(problem, QUICK).objective
    assert cost is not None
    return cost


def _with(problem: Problem, **tables: object) -> Problem:
    return Problem.model_validate(problem.to_plain() | tables)


@SEEDS
def test_the_order_of_scenarios_and_copies_of_them_change_nothing(seed: int) -> None:
    result = _solved(seed)
    plain = result.problem.to_plain()
    scenarios = []
    for item in plain["scenarios"]:
        half = {**item, "probability": item["probability"] / 2}
        scenarios += [half, {**half, "id": f"{item['id']}-again"}]
    random.Random(seed).shuffle(scenarios)
    other = _with(result.problem, scenarios=scenarios)
    assert len(other.nodes) == len(result.problem.nodes)
    near = 1e-6 * _size(result)
    assert _cost(other) == pytest.approx(result.objective, rel=1e-6, abs=near)


@SEEDS
def test_knowing_what_comes_never_costs_more(seed: int) -> None:
    result = _solved(seed)
    problem = _with(result.problem, risk=None)
    known = [
        branch.probability * _cost(problem.under(branch))
        for branch in problem.branches
        if branch.probability > 0
    ]
    assert sum(known) <= _cost(problem) + 1e-6 * _size(result)


@SEEDS
def test_the_optimum_never_falls_with_level_weight_or_doubt(seed: int) -> None:
    result = _solved(seed)
    near = 1e-6 * _size(result)
    for risks in (
        [{"level": level, "tail_weight": 0.5} for level in (0.0, 0.8, 0.99)],
        [{"worst_weight": weight} for weight in (0.0, 0.5, 1.0)],
        [{"probability_range": spread} for spread in (0.0, 0.3, 1.0)],
    ):
        costs = [_cost(_with(result.problem, risk=risk)) for risk in risks]
        assert all(low <= high + near for low, high in itertools.pairwise(costs))
