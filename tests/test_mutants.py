"""Mutants: a model with one constraint spoilt on purpose gives plans that the referee refuses.

A plan that costs less than the least cost must break something: whenever a mutant finds one, the
referee must say so. Every constraint, and every bound, is spoilt in every way that fits it until
the damage shows on a generated problem on which the constraint is at work.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from instances.check import check
from optimizer.extract import plan_of
from tests.mutant_problems import CHOICES, FEW, problems, problems_with
from tests.mutants import CONSTRAINTS, PAIRS, WAYS, is_caught

if TYPE_CHECKING:
    from optimizer.compile import Matrices

LATE = {
    "beyond_threshold-skewed",
    "branch_charged-skewed",
    "debt_covered-skewed",
    "debt_covered-without",
    "debt_due-skewed",
    "doubted_branch-skewed",
    "enough_sellers-skewed",
    "equity_called-skewed",
    "expansion_size-looser",
    "expansion_size-skewed",
    "expansion_size-without",
    "filled_in_return-skewed",
    "fund_cash-without",
    "material_reached-looser",
    "material_reached-skewed",
    "minimum_run-skewed",
    "node_charged-skewed",
    "qualified_once-without",
    "release_tonnage-skewed",
    "run_growth-looser",
    "run_growth-skewed",
    "run_growth-without",
    "shared_up_to_cap-skewed",
    "shared_up_to_cap-without",
    "signed_whole-skewed",
    "signed_whole-without",
    "whole_lump-skewed",
    "whole_lump-without",
}
"""Mutants whose damage shows on few random problems: left to `make deep`."""
MUTANTS = [
    pytest.param(
        constraint,
        way,
        marks=[pytest.mark.deep] if f"{constraint}-{way}" in LATE else (),
        id=f"{constraint}-{way}",
    )
    for constraint, way in PAIRS
]


@pytest.mark.parametrize(("constraint", "way"), MUTANTS)
def test_a_spoilt_constraint_is_caught(constraint: str, way: str) -> None:
    most = CHOICES if f"{constraint}-{way}" in LATE else FEW
    assert any(
        is_caught(solved, mutant)
        for solved in problems_with(constraint, most)
        for mutant in WAYS[way](solved.matrices, constraint)
    )


@pytest.mark.parametrize("variable", ["buy", "short", "excess"])
def test_a_loosened_bound_is_caught(variable: str) -> None:
    def mutant(matrices: Matrices) -> Matrices:
        upper, span = matrices.upper.copy(), matrices.span(variable)
        upper[span] = np.inf if variable == "excess" else upper[span] * 1.1
        return replace(matrices, upper=upper)

    assert any(is_caught(solved, mutant(solved.matrices)) for solved in problems())


@pytest.mark.parametrize("variable", ["buy", "ship", "stock", "short", "excess", "sell"])
def test_a_wrong_cost_is_caught(variable: str) -> None:
    found = 0
    for solved in problems():
        span = solved.matrices.span(variable)
        wrong = 0.1 * float(solved.matrices.cost[span] @ solved.values[span])
        if abs(wrong) > 1e-4 * solved.size:
            plan = plan_of(solved.problem, solved.matrices, solved.values)
            assert check(solved.problem, plan, claimed=solved.cost).faults == ()
            faults = check(solved.problem, plan, claimed=solved.cost + wrong).faults
            assert len(faults) == 1
            assert "but the solver claims" in faults[0]
            found += 1
        if found == 3:
            return
    pytest.fail(f"no problem pays for what it does by {variable}")


@pytest.mark.deep
@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_no_damage_escapes_on_any_problem(constraint: str) -> None:
    caught = sum(
        is_caught(solved, mutant)
        for solved in problems_with(constraint)
        for spoil in WAYS.values()
        for mutant in spoil(solved.matrices, constraint)
    )
    assert caught >= 3
