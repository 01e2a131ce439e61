"""Mutants: a model with one constraint spoilt on purpose gives plans that the referee refuses.

A plan that costs less than the least cost must break something: whenever a mutant finds one, the
referee must say so. Every constraint, and every bound, is spoilt in every way that fits it until
the damage shows on a generated problem on which the constraint is at work.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from instances import Problem, load
from instances.check import check
from instances.generate import random_problem, random_tree
from models import build
from optimizer.answer import Watch
from optimizer.compile import Matrices, compile_frame
from optimizer.cuts import Cuts
from optimizer.extract import plan_of
from optimizer.highs import Instance
from optimizer.options import Options

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

TRIED = 150
"""Problems on which a mutant is given the chance to show its damage."""
CHOICES = 70
"""Most yes/no choices of a problem that is tried: a mutant of more may take minutes."""
FEW = 30
"""The same in `make test`: such small problems show nearly all damage, and in no time."""
NEARLY = Options(gap=1e-4)
"""How mutants are solved: any plan that is clearly too cheap is damage, the cheapest or not."""


@dataclass(frozen=True, eq=False)
class Solved:
    """A problem with its matrices and their answer."""

    problem: Problem
    matrices: Matrices
    values: Any
    cost: float
    duals: Any
    """Of the rows, with the yes/no choices as they are."""

    def works(self, constraint: str) -> bool:
        """Return whether a constraint has a price here, or leaves choices no room.

        Where it does neither, no plan nearby is cheaper without it.
        """
        rows = self.matrices.row_positions[constraint]
        if np.abs(self.duals[rows]).max(initial=0.0) > 1e-9:
            return True
        columns = np.repeat(np.arange(len(self.values)), np.diff(self.matrices.start))
        entries = self.matrices.coefficients * self.values[columns]
        sums = np.bincount(self.matrices.rows, entries, len(self.duals))[rows]
        near = 1e-6 * np.maximum(1.0, np.abs(sums))
        tight = (sums <= self.matrices.row_lower[rows] + near) | (
            sums >= self.matrices.row_upper[rows] - near
        )
        chosen = self.matrices.integer[columns]
        choices = np.bincount(self.matrices.rows, chosen, len(self.duals))[rows]
        return bool((tight & (choices > 0)).any())

    @property
    def size(self) -> float:
        return float(np.abs(self.matrices.cost * self.values).sum()) + 1.0


@cache
def _solved(
    seed: int, most: int = FEW, draw: Callable[[int], Problem] = random_problem
) -> Solved | None:
    problem = draw(seed)
    matrices = compile_frame(build(problem))
    if matrices.integer.sum() > most:
        return None
    cuts = Cuts(problem, matrices, Options().hhi_tolerance)
    answer = cuts.solve(Instance(cuts.matrices, Options()), Watch())
    if answer.values is None or answer.objective is None:
        return None
    fixed = _fixed(cuts.matrices, answer.values)
    duals = Instance(fixed, Options()).run(Watch()).row_dual
    return Solved(problem, cuts.matrices, answer.values, answer.objective, duals)


def _fixed(matrices: Matrices, values: Any) -> Matrices:
    """Return the linear program in which the choices stand as they are."""
    lower, upper, chosen = matrices.lower.copy(), matrices.upper.copy(), matrices.integer
    lower[chosen] = upper[chosen] = np.round(values[chosen])
    return replace(matrices, lower=lower, upper=upper, integer=np.zeros_like(chosen))


def _problems(most: int = FEW) -> Iterator[Solved]:
    return (solved for seed in range(TRIED) if (solved := _solved(seed, most)) is not None)


def _problems_with(constraint: str, most: int = CHOICES) -> Iterator[Solved]:
    if constraint not in (*RISK, "survival_met"):
        return (solved for solved in _problems(most) if solved.works(constraint))
    if constraint == "survival_met":
        few = (_solved(seed, most, _survival) for seed in range(4))
        return (solved for solved in few if solved is not None)
    trees = (_solved(seed, most, random_tree) for seed in range(TRIED))
    return (tree for tree in trees if tree is not None and tree.works(constraint))


def _survival(seed: int) -> Problem:
    """Return G7 with a rule in place of its cut-offs of probability 0, which bites at once."""
    rule = {"id": "hold", "kind": "survival", "of": {"each": ["CHN", "AUS", "KAZ"]}}
    rule |= {"length": "1 yr", "min_met": 0.6 + 0.1 * seed, "at_once": 1 + seed % 2}
    plain = load("survival").to_plain() | {"events": [], "scenarios": [], "rules": [rule]}
    return Problem.model_validate(plain)


def _without(matrices: Matrices, constraint: str) -> Matrices:
    """Drop the rows."""
    lower, upper = matrices.row_lower.copy(), matrices.row_upper.copy()
    rows = matrices.row_positions[constraint]
    lower[rows], upper[rows] = -np.inf, np.inf
    return replace(matrices, row_lower=lower, row_upper=upper)


def _looser(matrices: Matrices, constraint: str) -> Matrices:
    """Move the right-hand sides a little to the side that allows more."""
    lower, upper = matrices.row_lower.copy(), matrices.row_upper.copy()
    rows = matrices.row_positions[constraint]
    lower[rows] -= _little(constraint) * np.abs(lower[rows])
    upper[rows] += _little(constraint) * np.abs(upper[rows])
    return replace(matrices, row_lower=lower, row_upper=upper)


def _skewed(matrices: Matrices, constraint: str, place: int, factor: float) -> Matrices:
    """Multiply one coefficient of each row."""
    numbers = matrices.coefficients.copy()
    for row in matrices.row_positions[constraint]:
        numbers[np.flatnonzero(matrices.rows == row)[place]] *= factor
    return replace(matrices, coefficients=numbers)


def _skews(matrices: Matrices, constraint: str) -> Iterator[Matrices]:
    """Make the first or the last coefficient larger or smaller: some of these allow more."""
    less = 1 - _little(constraint)
    for place in (0, -1):
        for factor in (less, 1 / less):
            yield _skewed(matrices, constraint, place, factor)


def _little(constraint: str) -> float:
    """Return a tenth; a count of sellers is whole and takes a larger push."""
    return {"enough_sellers": 0.6, "few_new_sellers": 1.1}.get(constraint, 0.1)


WAYS: dict[str, Callable[[Matrices, str], Iterable[Matrices]]] = {
    "without": lambda matrices, constraint: [_without(matrices, constraint)],
    "looser": lambda matrices, constraint: [_looser(matrices, constraint)],
    "skewed": _skews,
}
RISK = {
    "node_charged",
    "branch_charged",
    "beyond_threshold",
    "worst_branch",
    "doubted_branch",
}
"""Constraints that weigh branches: without them what is minimised falls without end."""
HOMOGENEOUS = {
    *RISK,
    "balance",
    "budget_spent",
    "share_counted",
    "share_whole",
    "share_cap_of_total",
    "share_floor_of_total",
    "seller_sells",
    "seller_sold",
    "all_or_none",
    "new_seller_taken_on",
    "hhi_cut",
    "stock_balance",
    "process_input",
    "whole_lump",
    "run_if_on",
    "minimum_run",
    "load_if_used",
    "minimum_load",
    "drawn_to_return",
    "filled_in_return",
    "undeclared_release",
    "release_by_class",
    "loans_due",
    "loans_owed",
    "pool_drawn",
    "pool_refilled",
    "borrowing_due",
    "borrowing_owed",
    "member_shipped",
    "member_used",
    "tranche_if_reached",
    "tranche_earned",
    "buy_if_ordered",
    "minimum_lot",
    "buy_if_qualified",
    "take_if_signed",
    "signed_whole",
    "shared_with_buyer",
    "shared_with_seller",
    "shared_up_to_cap",
    "purchase_allotted",
    "fill_paid",
    "paid_filled",
    "fund_cash",
    "fund_debt",
    "debt_due",
    "debt_covered",
}
"""Constraints without a right-hand side to loosen."""
WHOLE = {"one_price", "qualified_once"}
"""Constraints on sums of choices, which a little more room does not change."""
TWICE = {
    "run_if_on",
    "load_if_used",
    "all_or_none",
    "new_seller_taken_on",
    "tranche_if_reached",
    "buy_if_ordered",
}
"""Constraints whose coefficients another one states, too: the capacity is their big-M."""
TIDY = {"signed_once"}
"""Constraints that no cheaper plan breaks: signing twice brings no more than signing once."""
CONSTRAINTS = sorted(set(compile_frame(build(random_problem(0))).row_positions) - TIDY)
LATE = {
    "beyond_threshold-skewed",
    "branch_charged-skewed",
    "doubted_branch-skewed",
    "node_charged-skewed",
    "borrowing_limit-looser",
    "borrowing_limit-skewed",
    "borrowing_limit-without",
    "debt_covered-skewed",
    "debt_covered-without",
    "debt_due-skewed",
    "enough_sellers-skewed",
    "expansion_size-looser",
    "expansion_size-skewed",
    "expansion_size-without",
    "filled_in_return-skewed",
    "fund_cash-without",
    "material_reached-looser",
    "material_reached-skewed",
    "minimum_run-skewed",
    "qualified_once-without",
    "release_tonnage-skewed",
    "run_growth-looser",
    "run_growth-skewed",
    "run_growth-without",
    "shared_up_to_cap-skewed",
    "shared_up_to_cap-without",
    "signed_whole-skewed",
    "whole_lump-skewed",
}
"""Mutants whose damage shows on few random problems: left to `make deep`."""
MUTANTS = [
    pytest.param(
        constraint,
        way,
        marks=[pytest.mark.deep] if f"{constraint}-{way}" in LATE else (),
        id=f"{constraint}-{way}",
    )
    for constraint in CONSTRAINTS
    for way in WAYS
    if not (way == "looser" and constraint in HOMOGENEOUS)
    if not (way == "skewed" and constraint in TWICE)
    if not (way == "without" and constraint in RISK)
    if not (way != "without" and constraint in WHOLE)
]


def _is_caught(solved: Solved, mutant: Matrices) -> bool:
    """Return whether the mutant does damage; the referee must then say which.

    A cost that falls without end is damage that needs no referee.
    """
    answer = Instance(mutant, NEARLY).run(Watch())
    if answer.values is None or answer.objective is None:
        return False
    if answer.objective >= solved.cost - 1e-4 * solved.size:
        return False
    plan = plan_of(solved.problem, solved.matrices, answer.values)
    # the referee recounts what the solver claims, as in a solve
    assert check(solved.problem, plan, claimed=answer.objective).faults != (), solved.problem.name
    return True


@pytest.mark.parametrize(("constraint", "way"), MUTANTS)
def test_a_spoilt_constraint_is_caught(constraint: str, way: str) -> None:
    most = CHOICES if f"{constraint}-{way}" in LATE else FEW
    assert any(
        _is_caught(solved, mutant)
        for solved in _problems_with(constraint, most)
        for mutant in WAYS[way](solved.matrices, constraint)
    )


@pytest.mark.parametrize("variable", ["buy", "short", "excess"])
def test_a_loosened_bound_is_caught(variable: str) -> None:
    def mutant(matrices: Matrices) -> Matrices:
        upper, span = matrices.upper.copy(), matrices.span(variable)
        upper[span] = np.inf if variable == "excess" else upper[span] * 1.1
        return replace(matrices, upper=upper)

    assert any(_is_caught(solved, mutant(solved.matrices)) for solved in _problems())


@pytest.mark.parametrize("variable", ["buy", "ship", "stock", "short", "excess", "sell"])
def test_a_wrong_cost_is_caught(variable: str) -> None:
    found = 0
    for solved in _problems():
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
        _is_caught(solved, mutant)
        for solved in _problems_with(constraint)
        for spoil in WAYS.values()
        for mutant in spoil(solved.matrices, constraint)
    )
    assert caught >= 3
