"""Tie-break: among the plans of least cost, the one whose largest suppliers are smallest.

The first solve's duals describe the whole face of optimal plans: a column with a reduced cost, or
a row with a dual, stays where it is on every one of them. With those fixed, a second linear
program minimises, summed over commodities and nodes, the largest tonnage bought from one country
relative to demand; with a tiny weight what is run, moved, stored and drawn, so that nothing is
made, carried about or turned over to no purpose; and with another by id, so that repeated solves
give one plan. In cut-offs, where no cost counts, it leaves as little unmet as can be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices, Positions
    from optimizer.cuts import Cuts
    from optimizer.highs import Instance

Flags = NDArray[np.bool_]
DETERMINED = 1e-9
"""A reduced cost or dual below this fraction of the typical cost is noise and pins no value."""
ID_WEIGHT = 1e-6
"""Weight of the order of ids against shares of demand."""
MOTIONS = ("run", "ship", "fill", "draw")
MOTION_WEIGHT = 1e-5
"""Weight of a run, shipment, fill or draw of the size of a demand against shares of demand."""
UNMET_WEIGHT = 1e-3
"""Weight of what stays unmet in a cut-off, of the size of a demand, against shares of demand."""
SAME_COST = 1e-9
"""Relative difference at which two plans cost the same."""


def break_ties(
    problem: Problem,
    matrices: Matrices,
    cuts: Cuts,
    instance: Instance,
    first: Answer,
    watch: Watch,
) -> Floats | None:
    """Return the values of the least concentrated plan of least cost.

    Parameters
    ----------
    matrices, cuts
        The model that gave ``first``, and what adds to it the cuts that other plans need.
    instance
        The instance that gave ``first``; it is changed.
    first
        Optimal answer of a linear program, with duals.

    Returns
    -------
    Values of the columns, or ``None`` when they are the first plan's, time ran out, or the second
    solve did not keep the cost.
    """
    assert first.values is not None
    assert first.row_dual is not None
    assert first.column_dual is not None
    assert first.objective is not None
    size = DETERMINED * _typical(matrices.cost)
    pinned = np.abs(first.column_dual) > size
    tight = np.abs(first.row_dual) > size
    columns = np.flatnonzero(pinned)
    at = _nearest(first.values, matrices.lower, matrices.upper)[columns]
    instance.change_bounds(columns, at, at)
    # which of its two bounds a tight row sits on follows from the sign of its dual
    level = np.where(first.row_dual > 0, matrices.row_lower, matrices.row_upper)
    rows = np.flatnonzero(tight & np.isfinite(level))
    instance.change_rows(rows, level[rows], level[rows])
    cost = np.zeros(len(matrices.cost))
    groups = _groups(problem, matrices)
    span = matrices.span("buy")
    order = np.argsort(np.argsort(_names(matrices), kind="stable"), kind="stable")
    cost[span] = ID_WEIGHT * (order + 1) / max(len(order), 1) / _demand_of_buy(problem, matrices)
    for name in MOTIONS:
        cost[matrices.span(name)] = MOTION_WEIGHT / _typical_demand(problem)
    if problem.cut_offs:
        cost[_short_in_cut_offs(problem, matrices)] = UNMET_WEIGHT / _typical_demand(problem)
    instance.change_cost(cost)
    for demand, countries in groups:
        # in tonnes: as a share of demand its cost would lie beyond what the solver can bear
        peak = instance.add_column(1.0 / demand)
        for bought in countries:
            numbers = np.append(np.ones(len(bought)), -1.0)
            instance.add_row(-np.inf, 0.0, np.append(bought, peak), numbers)
    second = cuts.solve(instance, watch)
    if second.values is None or not second.status.has_plan:
        return None
    values = second.values[: len(matrices.cost)]
    spent = float(matrices.cost @ values) + matrices.offset
    if abs(spent - first.objective) > SAME_COST * max(1.0, abs(first.objective)):
        return None
    return None if np.allclose(values, first.values, rtol=1e-9, atol=1e-9) else values


def _typical(cost: Floats) -> float:
    """Return the geometric mean of the costs that are not 0; a single one may be vast."""
    sizes = np.abs(cost[cost != 0])
    return float(np.exp(np.mean(np.log(sizes)))) if len(sizes) else 1.0


def _nearest(values: Floats, lower: Floats, upper: Floats) -> Floats:
    """Return the bound each value sits on."""
    down, up = np.abs(values - lower), np.abs(values - upper)
    return np.where(down <= up, lower, upper)


def _names(matrices: Matrices) -> list[str]:
    index = matrices.variables["buy"]
    return [" ".join(map(str, key)) for key in zip(*map(index.column, index.dims), strict=True)]


def _typical_demand(problem: Problem) -> float:
    sizes = [amount for amount in _demand(problem).values() if amount > 0]
    return float(np.mean(sizes)) if sizes else 1.0


def _demand_of_buy(problem: Problem, matrices: Matrices) -> Floats:
    commodity = {offer.id: offer.commodity for offer in problem.offers}
    demand = _demand(problem)
    index = matrices.variables["buy"]
    pairs = zip(index.column("offer"), index.column("node"), strict=True)
    return np.array([demand.get((commodity[str(o)], str(n)), 0.0) or 1.0 for o, n in pairs])


def _groups(problem: Problem, matrices: Matrices) -> list[tuple[float, list[Positions]]]:
    """Return, for each commodity and node with demand, that demand and each country's columns."""
    offers = {offer.id: offer for offer in problem.offers}
    demand = _demand(problem)
    index = matrices.variables["buy"]
    first = matrices.columns["buy"]
    found: dict[tuple[str, str], dict[str, list[int]]] = {}
    pairs = zip(index.column("offer"), index.column("node"), strict=True)
    for position, (offer_id, node) in enumerate(pairs):
        offer = offers[str(offer_id)]
        if demand.get((offer.commodity, str(node)), 0.0) > 0:
            countries = found.setdefault((offer.commodity, str(node)), {})
            countries.setdefault(offer.country, []).append(first + position)
    return [
        (demand[key], [np.array(columns) for columns in countries.values()])
        for key, countries in found.items()
        if len(countries) > 1
    ]


def _short_in_cut_offs(problem: Problem, matrices: Matrices) -> Positions:
    hidden = {node.id for node in problem.nodes if node.cut_off is not None}
    nodes = matrices.variables["short"].column("node")
    return matrices.columns["short"] + np.flatnonzero([node in hidden for node in nodes])


def _demand(problem: Problem) -> dict[tuple[str, str], float]:
    total: dict[tuple[str, str], float] = {}
    for demand in problem.demand:
        for node in problem.without_cut_offs.nodes:
            rate = demand.quantity.at(node.period.start, node.branch) or 0.0
            key = (demand.commodity, node.id)
            total[key] = total.get(key, 0.0) + rate * node.period.years
    return total
