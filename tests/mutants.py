"""Mutants: matrices with one constraint spoilt on purpose; the referee must see the damage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from instances.check import check
from instances.generate import random_problem
from models import build
from optimizer.answer import Watch
from optimizer.compile import Matrices, compile_frame
from optimizer.extract import plan_of
from optimizer.highs import Instance
from optimizer.options import Options
from tests.mutant_problems import RISK, Solved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

NEARLY = Options(gap=1e-4)
"""How mutants are solved: any plan that is clearly too cheap is damage, the cheapest or not."""
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


PAIRS = [
    (constraint, way)
    for constraint in CONSTRAINTS
    for way in WAYS
    if not (way == "looser" and constraint in HOMOGENEOUS)
    if not (way == "skewed" and constraint in TWICE)
    if not (way == "without" and constraint in RISK)
    if not (way != "without" and constraint in WHOLE)
]
"""Every constraint with every way to spoil it that fits it."""


def is_caught(solved: Solved, mutant: Matrices) -> bool:
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
