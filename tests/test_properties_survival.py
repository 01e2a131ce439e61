"""Properties of random problems in which a seller may be cut off, each with its referee."""

from __future__ import annotations

import pytest

from instances import apply
from instances.generate import random_problem, random_survival
from optimizer import Options, solve

QUICK = Options(tie_break=False)
pytestmark = pytest.mark.slow
SEEDS = [3, *(pytest.param(seed, marks=pytest.mark.deep) for seed in range(40))]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_must_be_survived_never_saves_and_costs_the_more_the_more_is_asked(seed: int) -> None:
    problem = random_survival(seed)
    free = solve(random_problem(seed), QUICK)
    costs = [
        solve(apply(problem, [f"rules[survival].min_met={part}"]), QUICK).objective
        for part in (0.0, 0.5, 0.95)
    ]
    # where no plan survives none is free of cost
    known = [float("inf") if cost is None else cost for cost in costs]
    if free.objective is None:
        assert known == [float("inf")] * 3
        return
    size = 1e-6 * (float(free.verdict.totals["discounted_usd"].abs().sum()) + 1.0)
    assert known[0] == pytest.approx(free.objective, rel=1e-6, abs=size)
    assert known[0] <= known[1] + size
    assert known[1] <= known[2] + size
