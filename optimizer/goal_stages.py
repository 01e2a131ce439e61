"""Stages of goals: what a unit of each column adds to a shortfall, the cost or concentration."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from optimizer.recipes import recipes_of

if TYPE_CHECKING:
    from instances.goals import Aim
    from instances.problem import Problem
    from optimizer.compile import Floats, Matrices, Positions
    from optimizer.highs import Instance

CLASSES = ("defence", "essential", "civil")
"""Whose shortfall is sought first; other classes follow as the problem names them."""


@dataclass(frozen=True, eq=False)
class Stage:
    """One goal, or one class of it: what a unit of each column adds."""

    goal: str
    demand_class: str | None
    cost: Floats
    offset: float
    tolerance: float


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
