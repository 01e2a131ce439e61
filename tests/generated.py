"""Generated problems by seed: which are tried, their results, what costs are measured by."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from instances.generate import random_problem
from instances.problem import Problem
from optimizer import Options, Result, solve

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instances.rules.rule import RuleRecord


FEW = 30
"""Seeds of which the light ones are tried in `make test`."""
MANY = 300
"""More of them, left to `make deep`."""
HEAVY = {1, 11, 21, 29}
"""Seeds with so many yes/no choices that they take as long as all the others together."""
LIGHT = [seed for seed in range(FEW) if seed not in HEAVY]
PLAIN = Options(tie_break=False)


@cache
def result_of(seed: int) -> Result:
    return solve(random_problem(seed))


def planned(seed: int) -> Result:
    """Return the result of the seed, or of the next one that has a plan."""
    while not result_of(seed).has_plan:
        seed += 1_000
    return result_of(seed)


def dollars(result: Result) -> float:
    """Return the dollars that change hands: what a difference in cost is measured by."""
    return float(result.costs["discounted_usd"].abs().sum()) + 1.0


def least_cost(problem: Problem, options: Options = PLAIN) -> float:
    """Return the least cost, infinite without a plan."""
    result = solve(problem, options)
    return float("inf") if result.objective is None else result.objective


def with_rules(problem: Problem, rules: Iterable[RuleRecord]) -> Problem:
    plain = [
        rule.model_dump(mode="json", by_alias=True, exclude_defaults=True) | {"kind": rule.kind}
        for rule in rules
    ]
    return Problem.model_validate(problem.to_plain() | {"rules": plain})
