"""Goals in order: each is sought, then held within its tolerance while the next is sought.

- ``shortfall``: the sum over demands and nodes of the fraction left unmet, one class of demand
  after the other: defence, essential, civil, then other classes as the problem names them;
- ``cost``: the discounted cost under the problem's perspective;
- ``concentration``: the sum over commodities and nodes with demand of the largest tonnage bought
  from, or made in, one country, relative to demand.

Tonnes of unlike commodities are not summed: shortfall and concentration are fractions of demand.
After the last goal the cheapest plan that holds all of them is taken.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from optimizer.goal_stages import Peaks, Stage, stages_of
from optimizer.highs import Instance
from optimizer.prices import shadow_prices
from optimizer.status import Point, Status, Stop

if TYPE_CHECKING:
    import pandas as pd

    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices
    from optimizer.cuts import Cuts
    from optimizer.options import Options

COLUMNS = ["goal", "demand_class", "least", "value", "unit", "tolerance", "held"]
SLACK = 1e-7
"""Relative room of a goal that is held: the solver's own tolerance."""


@dataclass(frozen=True, eq=False)
class Reached:
    """What was reached.

    Parameters
    ----------
    answer
        Of the stage that sought the cost; of the one that failed where there is no plan.
    values
        The plan that is shown; ``None`` without one.
    goals
        A row for each goal: the least found when it was sought, the value of the plan, and the
        tolerance within which it is held.
    """

    answer: Answer
    values: Floats | None
    goals: pd.DataFrame
    prices: pd.DataFrame | None
    warnings: tuple[str, ...]


def seek(
    problem: Problem,
    matrices: Matrices,
    cuts: Cuts,
    instance: Instance,
    options: Options,
    watch: Watch,
) -> Reached:
    """Return the plan that is best by the goals asked for, in their order."""
    aims = options.aims(problem)
    instance.want_whole_choices()
    peaks = Peaks(problem, matrices)
    count = len(matrices.cost)
    if any(aim.goal == "concentration" for aim in aims):
        peaks.add(instance)
    stages = [stage for aim in aims for stage in stages_of(problem, matrices, peaks, aim)]
    best: list[float] = []
    values: Floats | None = None
    of_cost: Answer | None = None
    late = False
    priced = matrices
    for stage in stages:
        answer = _run(cuts, instance, stage, watch)
        if answer.values is None or answer.objective is None:
            if values is None or answer.status.point is Point.UNBOUNDED:
                return Reached(answer, None, _table(stages, [], None, peaks), None, ())
            late = True
            break
        values = answer.values
        best.append(answer.objective)
        late = late or answer.status.point is not Point.OPTIMAL
        if stage.goal == "cost":
            # sought first, its duals are those of the rows and the cuts so far
            of_cost, priced = answer, cuts.matrices
        _hold(instance, stage, answer.objective)
    assert values is not None
    if not late:
        closed = _close(matrices, cuts, instance, values, watch)
        values, late = (values, True) if closed is None else (closed, False)
    plan = values[:count]
    spent = float(matrices.cost @ plan) + matrices.offset
    if of_cost is None:
        of_cost = replace(answer, objective=spent, bound=None, gap=None)
    warnings: list[str] = []
    if late:
        warnings.append("the solver was stopped before the plan was best by every goal")
        of_cost = replace(of_cost, status=Status(answer.status.stop, Point.FEASIBLE))
    prices = None
    if aims[0].goal == "cost" and not late:
        prices = _prices(problem, priced, of_cost, options, watch)
    else:
        warnings.append("there are no shadow prices: other goals come before the cost")
    table = _table(stages, best, values, peaks)
    return Reached(replace(of_cost, values=plan), plan, table, prices, tuple(warnings))


def _run(cuts: Cuts, instance: Instance, stage: Stage, watch: Watch) -> Answer:
    instance.change_cost(stage.cost, stage.offset)
    return cuts.solve(instance, watch)


def _hold(instance: Instance, stage: Stage, least: float) -> None:
    """Keep a goal within its tolerance from now on."""
    columns = np.flatnonzero(stage.cost)
    if not len(columns):
        return
    size = float(np.abs(stage.cost[columns]).max())
    most = least + stage.tolerance * abs(least) - stage.offset
    room = SLACK * max(abs(most), size)
    instance.add_row(-np.inf, (most + room) / size, columns, stage.cost[columns] / size)


def _close(
    matrices: Matrices, cuts: Cuts, instance: Instance, values: Floats, watch: Watch
) -> Floats | None:
    """Return the cheapest plan with these choices that holds every goal."""
    columns = np.flatnonzero(matrices.integer)
    if len(columns):
        whole = np.round(values[columns])
        instance.drop_integrality(columns)
        instance.change_bounds(columns, whole, whole)
    cost = np.zeros(len(values))
    cost[: len(matrices.cost)] = matrices.cost
    instance.change_cost(cost, matrices.offset)
    answer = cuts.solve(instance, watch)
    if answer.status == Status(Stop.FINISHED, Point.INFEASIBLE):
        return values
    return answer.values


def _prices(
    problem: Problem, matrices: Matrices, answer: Answer, options: Options, watch: Watch
) -> pd.DataFrame | None:
    """Return the shadow prices at least cost, before any other goal was sought."""
    assert answer.values is not None
    count, rows = len(matrices.cost), len(matrices.row_lower)
    if not matrices.integer.any():
        assert answer.row_dual is not None
        values, duals = answer.values[:count], answer.row_dual[:rows]
        return shadow_prices(problem, matrices, values, duals, "lp")
    columns = np.flatnonzero(matrices.integer)
    lower, upper = matrices.lower.copy(), matrices.upper.copy()
    lower[columns] = upper[columns] = np.round(answer.values[columns])
    fixed = replace(matrices, lower=lower, upper=upper, integer=np.zeros_like(matrices.integer))
    found = Instance(fixed, options).run(watch)
    if found.values is None or found.row_dual is None:
        return None
    return shadow_prices(problem, fixed, found.values, found.row_dual, "fixed_integers")


def _table(
    stages: list[Stage], best: list[float], values: Floats | None, peaks: Peaks
) -> pd.DataFrame:
    import pandas as pd

    rows = []
    for number, stage in enumerate(stages):
        value = None if values is None else float(stage.cost @ values) + stage.offset
        if values is not None and stage.goal == "concentration":
            # a peak column is at least the peak
            value = peaks.sum(values)
        rows.append(
            {
                "goal": stage.goal,
                "demand_class": stage.demand_class,
                "least": best[number] + 0.0 if number < len(best) else None,
                "value": None if value is None else value + 0.0,
                "unit": "USD" if stage.goal == "cost" else "demands",
                "tolerance": stage.tolerance,
                "held": number < len(best),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def goal_claims(goals: pd.DataFrame) -> list[tuple[str, str | None, float]]:
    """Return goal, class of demand and value of the plan, for the referee."""
    return [(row["goal"], row["demand_class"], row["value"]) for row in goals.to_dict("records")]
