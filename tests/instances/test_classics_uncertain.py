"""Classics of uncertainty against sums of their own: an extensive form in scipy, a series."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from instances import load
from optimizer import solve, worth

BUILDING = np.array([10.0, 7, 16, 6])
RUNNING = np.array([[40.0, 45, 32, 55], [24, 27, 19.2, 33], [4, 4.5, 3.2, 5.5]])
"""By mode and plant."""
DEMANDS = {3.0: 0.3, 5.0: 0.4, 7.0: 0.3}


def capacity_costs(demands: dict[float, float]) -> float:
    """Return the least expected cost of plants, the extensive form written out.

    Columns are the four plants, then for each demand what every plant runs in every mode.
    """
    modes, plants = RUNNING.shape
    cost = [BUILDING]
    above = [np.r_[-np.ones(plants), np.zeros(RUNNING.size * len(demands))]]
    above.append(np.r_[BUILDING, np.zeros(RUNNING.size * len(demands))])
    limits = [-12.0, 120.0]
    for number, (first, chance) in enumerate(demands.items()):
        cost.append(chance * RUNNING.ravel())
        runs = np.zeros((len(demands), modes, plants))
        for plant in range(plants):
            # all modes share what is built
            runs[:] = 0
            runs[number, :, plant] = 1
            above.append(np.r_[-np.eye(plants)[plant], runs.ravel()])
            limits.append(0)
        for mode, need in enumerate((first, 3.0, 2.0)):
            runs[:] = 0
            runs[number, mode] = -1
            above.append(np.r_[np.zeros(plants), runs.ravel()])
            limits.append(-need)
    return float(linprog(np.concatenate(cost), np.array(above), limits).fun)


def test_generation_capacity_costs_what_its_extensive_form_does() -> None:
    assert capacity_costs(DEMANDS) == pytest.approx(28_639 / 75)
    result = solve(load("generation-capacity"))
    assert result.objective == pytest.approx(28_639 / 75)
    assert result.builds["size_t_per_yr"].tolist() == pytest.approx([8 / 3, 4, 10 / 3, 2])


def test_knowing_demand_is_worth_what_separate_linear_programs_say() -> None:
    found = worth(load("generation-capacity"))
    known = sum(chance * capacity_costs({need: 1.0}) for need, chance in DEMANDS.items())
    # the least capacity of 12 units, which all scenarios together ask for, need not be built for
    # a demand that is known to be less
    alone = {row["scenario"]: row["foresight_usd"] for row in found.to_plain()["scenarios"]}
    assert alone["demand-7"] == pytest.approx(capacity_costs({7.0: 1.0}))
    assert found.foresight is not None
    assert found.foresight <= known
    # a plan for a mean demand of 5 builds 10 units, which cannot meet 7 + 3 + 2
    assert found.mean_plan is None


def long_run_cost(level: float) -> float:
    """Return what a period costs on average when stock is filled up to a level."""
    fails, returns = 0.04, 0.25
    total = 0.0
    for down in range(400):
        chance = returns if down == 0 else fails * returns * (1 - returns) ** (down - 1)
        left = level - 2000 * (down + 1)
        total += chance / (fails + returns) * (0.25 * max(left, 0) + 3 * max(-left, 0))
    return total


def test_a_disrupted_supplier_costs_what_the_series_sums_to() -> None:
    costs = {level: long_run_cost(level) for level in range(0, 20_001, 500)}
    assert min(costs, key=lambda level: costs[level]) == 8000
    result = solve(load("disrupted-supplier"))
    assert result.objective == pytest.approx(costs[8000], rel=1e-9)
    assert result.purchases["bought_t"].sum() == pytest.approx(8000)
