"""Refine: from the solver's first answer to the point that is reported, with its prices."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.errors import SolverFailed
from optimizer.leakage import leak_words, leaks
from optimizer.prices import DualKind, shadow_prices
from optimizer.status import Point, Status, Stop
from optimizer.tie_break import break_ties

if TYPE_CHECKING:
    import pandas as pd

    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices
    from optimizer.cuts import Cuts
    from optimizer.goals import Reached
    from optimizer.highs import Instance
    from optimizer.options import Options

SAME = 1e-6
"""Relative difference of costs that is the solver's own tolerance."""


@dataclass(frozen=True, eq=False)
class Refined:
    """The point that is reported, with its prices."""

    values: Floats
    cost: float
    prices: pd.DataFrame | None
    warnings: tuple[str, ...]
    facts: dict[str, Any]


def refine(
    problem: Problem,
    options: Options,
    cuts: Cuts,
    instance: Instance,
    first: Answer,
    watch: Watch,
) -> Refined:
    """Fix yes/no choices, take duals, and break ties."""
    assert first.values is not None
    assert first.objective is not None
    kind: DualKind = "lp"
    answer, matrices = first, cuts.matrices
    if matrices.integer.any():
        kind = "fixed_integers"
        matrices, answer = _fix_integers(cuts, instance, first, watch)
    if answer.row_dual is None or answer.values is None:
        note = "the solver was stopped before shadow prices could be taken"
        return Refined(first.values, first.objective, None, (note,), {"tie_break": "not run"})
    prices = shadow_prices(problem, matrices, answer.values, answer.row_dual, kind)
    facts = {"tie_break": "off"}
    values = None
    if options.tie_break and first.status.point is Point.OPTIMAL:
        start = time.perf_counter()
        values = break_ties(problem, matrices, cuts, instance, answer, watch)
        facts = {
            "tie_break": "kept the first plan" if values is None else "chose among equal plans"
        }
        facts["tie_break_seconds"] = f"{time.perf_counter() - start:.3f}"
    chosen = answer.values if values is None else values
    cost = float(matrices.cost @ chosen) + matrices.offset
    return Refined(chosen, cost, prices, (), facts)


def refined_by_cuts(problem: Problem, matrices: Matrices, first: Answer) -> Refined:
    """Return the point that the L-shaped loop led to."""
    assert first.values is not None
    cost = float(matrices.cost @ first.values) + matrices.offset
    facts = {"tie_break": "off: the L-shaped loop does not know the other plans of least cost"}
    if first.row_dual is None:
        note = "the solver was stopped before shadow prices could be taken"
        return Refined(first.values, cost, None, (note,), facts)
    kind: DualKind = "fixed_integers" if matrices.integer.any() else "lp"
    prices = shadow_prices(problem, matrices, first.values, first.row_dual, kind)
    return Refined(first.values, cost, prices, (), facts)


def refined_by_goals(matrices: Matrices, reached: Reached) -> Refined:
    """Return the point that several goals led to."""
    assert reached.values is not None
    cost = float(matrices.cost @ reached.values) + matrices.offset
    facts = {"tie_break": "off: goals decide"}
    return Refined(reached.values, cost, reached.prices, reached.warnings, facts)


def whole_choices(
    cuts: Cuts, instance: Instance, first: Answer, watch: Watch
) -> tuple[Answer, tuple[str, ...]]:
    """Return an answer whose choices are whole if there is one, and what to say if there is not.

    A choice that the solver takes for whole may let through more than rounding. It is then asked
    again, as exactly as it can.
    """
    if first.values is None or not leaks(cuts.matrices, first.values):
        return first, ()
    instance.want_whole_choices()
    second = cuts.solve(instance, watch)
    if second.values is not None or second.status.stop is Stop.FINISHED:
        first = second
    left = () if first.values is None else leaks(cuts.matrices, first.values)
    return first, (leak_words(left),) if left else ()


def at_its_cost(first: Answer, cost: float, options: Options) -> Answer:
    """Return the answer at the cost of the plan that is shown.

    Choices that are rounded may cost more than the solver counted for them; what it proved is
    the bound, and the gap to it.
    """
    assert first.objective is not None
    size = max(1.0, abs(cost))
    if cost - first.objective <= SAME * size:
        return first
    gap = None if first.bound is None else abs(cost - first.bound) / max(abs(cost), 1e-12)
    point = Point.OPTIMAL if gap is not None and gap <= options.gap else Point.FEASIBLE
    return replace(first, status=Status(first.status.stop, point), objective=cost, gap=gap)


def _fix_integers(
    cuts: Cuts, instance: Instance, first: Answer, watch: Watch
) -> tuple[Matrices, Answer]:
    """Return the linear program in which the integers stand as in ``first``, and its answer."""
    assert first.values is not None
    columns = np.flatnonzero(cuts.matrices.integer)
    whole = np.round(first.values[columns])
    instance.drop_integrality(columns)
    instance.change_bounds(columns, whole, whole)
    answer = cuts.solve(instance, watch)
    matrices = cuts.matrices
    lower, upper = matrices.lower.copy(), matrices.upper.copy()
    lower[columns] = upper[columns] = whole
    fixed = replace(matrices, lower=lower, upper=upper, integer=np.zeros_like(matrices.integer))
    if answer.status == Status(Stop.FINISHED, Point.INFEASIBLE):
        words = leak_words(leaks(matrices, first.values))
        raise SolverFailed(f"the plan found does not hold with whole choices: {words}")
    return fixed, answer
