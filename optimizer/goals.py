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
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.highs import Instance
from optimizer.prices import shadow_prices
from optimizer.recipes import recipes_of
from optimizer.status import Point, Status, Stop

if TYPE_CHECKING:
    import pandas as pd

    from instances.goals import Aim
    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices, Positions
    from optimizer.cuts import Cuts
    from optimizer.options import Options

CLASSES = ("defence", "essential", "civil")
"""Whose shortfall is sought first; other classes follow as the problem names them."""
COLUMNS = ["goal", "demand_class", "least", "value", "unit", "tolerance", "held"]
SLACK = 1e-7
"""Relative room of a goal that is held: the solver's own tolerance."""


@dataclass(frozen=True, eq=False)
class Stage:
    """One goal, or one class of it: what a unit of each column adds."""

    goal: str
    demand_class: str | None
    cost: Floats
    offset: float
    tolerance: float


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


def stages_of(problem: Problem, matrices: Matrices, peaks: Peaks, aim: Aim) -> list[Stage]:
    """Return the stages of a goal: one, or for the shortfall one for each class of demand."""
    cost = np.zeros(len(matrices.cost) + peaks.count)
    if aim.goal == "cost":
        cost[: len(matrices.cost)] = matrices.cost
        return [Stage("cost", None, cost, matrices.offset, aim.tolerance)]
    if aim.goal == "concentration":
        cost[len(matrices.cost) :] = 1.0
        return [Stage("concentration", None, cost, 0.0, aim.tolerance)]
    return [
        Stage("shortfall", name, _shortfall(problem, matrices, cost, name), 0.0, aim.tolerance)
        for name in classes(problem)
    ]


def classes(problem: Problem) -> list[str]:
    """Return the classes of demand in the order in which their shortfall is sought."""
    found = dict.fromkeys(demand.demand_class for demand in problem.demand)
    return [name for name in CLASSES if name in found] + [
        name for name in found if name not in CLASSES
    ]


def _shortfall(problem: Problem, matrices: Matrices, cost: Floats, demand_class: str) -> Floats:
    """Return the part of its demand that a tonne of each shortfall is, for one class."""
    demands = {demand.id: demand for demand in problem.demand}
    nodes = {node.id: node for node in problem.nodes}
    found = cost.copy()
    index = matrices.variables["short"]
    pairs = zip(index.column("demand"), index.column("node"), strict=True)
    for position, (name, at) in enumerate(pairs, matrices.columns["short"]):
        demand, node = demands[str(name)], nodes[str(at)]
        needed = (demand.quantity.at(node.period.start, node.branch) or 0.0) * node.period.years
        if demand.demand_class == demand_class and needed > 0:
            found[position] = node.probability / needed
    return found


class Peaks:
    """The largest tonnage of one country, for every commodity and node with demand."""

    def __init__(self, problem: Problem, matrices: Matrices) -> None:
        self._problem, self._matrices = problem, matrices
        self.count = 0

    def sum(self, values: Floats) -> float:
        """Return the sum of the largest shares in a plan."""
        return sum(
            max(float(numbers @ values[columns]) for columns, numbers in countries)
            for countries in self._groups().values()
        )

    def add(self, instance: Instance) -> None:
        """Add a column for every commodity and node, at least as large as any country's share."""
        for countries in self._groups().values():
            peak = instance.add_column(0.0)
            self.count += 1
            for columns, numbers in countries:
                instance.add_row(-np.inf, 0.0, np.append(columns, peak), np.append(numbers, -1.0))

    def _groups(self) -> dict[tuple[str, str], list[tuple[Positions, Floats]]]:
        """Return, by commodity and node, each country's columns and the share a tonne is."""
        demand: dict[tuple[str, str], float] = {}
        for item in self._problem.demand:
            for node in self._problem.nodes:
                tonnes = (
                    item.quantity.at(node.period.start, node.branch) or 0.0
                ) * node.period.years
                key = item.commodity, node.id
                demand[key] = demand.get(key, 0.0) + tonnes
        chance = {node.id: node.probability for node in self._problem.nodes}
        found: dict[tuple[str, str], dict[str, list[tuple[int, float]]]] = {}
        for commodity, node, country, column, tonnes in self._supply():
            needed = demand.get((commodity, node), 0.0)
            if needed > 0:
                share = chance[node] * tonnes / needed
                countries = found.setdefault((commodity, node), {})
                countries.setdefault(country, []).append((column, share))
        return {
            key: [
                (np.array([column for column, _ in rows]), np.array([part for _, part in rows]))
                for rows in countries.values()
            ]
            for key, countries in found.items()
        }

    def _supply(self) -> Any:
        """Yield the commodity, node, country, column and tonnes of every purchase and output."""
        offers = {offer.id: offer for offer in self._problem.offers}
        index = self._matrices.variables["buy"]
        pairs = zip(index.column("offer"), index.column("node"), strict=True)
        for column, (name, node) in enumerate(pairs, self._matrices.columns["buy"]):
            offer = offers[str(name)]
            yield offer.commodity, str(node), offer.country, column, 1.0
        recipe = recipes_of(self._problem)
        index = self._matrices.variables["run"]
        keys = zip(*(index.column(dim) for dim in ("facility", "process", "node")), strict=True)
        for column, (site, process, node) in enumerate(keys, self._matrices.columns["run"]):
            country, outputs = recipe(str(site), str(process), str(node))
            for commodity, tonnes in outputs.items():
                yield commodity, str(node), country, column, tonnes


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
