"""Cost of making: processing, running, building, recycling, substituting and throwing away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.construction import charges, left
from models.index import Index, stacked

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pyomo.environ as pyo

    from models.frame import Frame
    from models.horizon import Horizon
    from models.network import Network


def add_making_cost(
    frame: Frame, network: Network, time: Horizon, counts: Mapping[str, int]
) -> None:
    """Declare the worth on the first day of a unit of each account."""
    problem = network.problem

    opex = time.table((blend.process.cost for blend in network.blends), 0.0) * time.worth
    frame.add_parameter("processing_cost", frame.sets["RUN"], counts["processing"] * opex.ravel())

    chosen = [item for item in problem.facilities if item.chooses]
    index = Index.of(("facility",), [item.id for item in chosen]).cross(time.index)
    fixed = [time.over(item.fixed_cost, 0.0) * time.years * time.worth for item in chosen]
    frame.add_parameter("running_cost", index, counts["fixed"] * stacked(fixed))
    lanes = [lane for lane in network.lanes if lane.chooses]
    index = Index.of(("lane",), [lane.id for lane in lanes]).cross(time.index)
    fixed = [time.over(lane.fixed_cost, 0.0) * time.years * time.worth for lane in lanes]
    frame.add_parameter("sailing_cost", index, counts["fixed"] * stacked(fixed))

    worth = dict(zip([node.id for node in time.nodes], time.worth.tolist(), strict=True))
    capex = np.zeros((len(problem.expansions), len(time.nodes)))
    place = {node.id: number for number, node in enumerate(time.nodes)}
    for number, item in enumerate(problem.expansions):
        paid = counts["capex"] + counts["grant"] * item.grant
        for decided, charged, dollars in charges(item, time):
            capex[number, place[decided]] += paid * dollars * worth[charged]
    index = Index.of(("expansion",), [item.id for item in problem.expansions]).cross(time.index)
    frame.add_parameter("capex", index, capex.ravel())
    worth_at_end = dict(zip([node.id for node in time.nodes], time.worth_at_end, strict=True))
    salvage = np.zeros_like(capex)
    for number, item in enumerate(problem.expansions):
        owned = counts["salvage"] + counts["granted_salvage"] * item.grant
        for decided, last, dollars in left(item, time):
            salvage[number, place[decided]] += owned * dollars * worth_at_end[last]
    frame.add_parameter("salvage_value", index, salvage.ravel())

    index = Index.of(("recycling",), [item.id for item in problem.recycling]).cross(time.index)
    cost = [time.over(item.cost, 0.0) * time.worth for item in problem.recycling]
    frame.add_parameter("recycling_cost", index, counts["recycling"] * stacked(cost))
    index = Index.of(("substitution",), [item.id for item in problem.substitutions])
    cost = [time.over(item.cost, 0.0) * time.worth for item in problem.substitutions]
    numbers = counts["substitution"] * stacked(cost)
    frame.add_parameter("substitution_cost", index.cross(time.index), numbers)
    index = Index.of(("commodity",), [item.id for item in problem.commodities]).cross(time.index)
    cost = [time.over(item.disposal_cost, 0.0) * time.worth for item in problem.commodities]
    frame.add_parameter("disposal_cost", index, counts["disposal"] * stacked(cost))


def making(model: pyo.ConcreteModel) -> Any:
    """Everything that making, building and using again is charged."""
    return (
        processing(model)
        + fixed(model)
        + capex(model)
        + salvage(model)
        + recycling(model)
        + substitution(model)
        + disposal(model)
    )


def processing(model: pyo.ConcreteModel) -> Any:
    """Tonnes of activity at the cost of their process."""
    return sum(
        model.processing_cost[f, p, b, n] * model.run[f, p, b, n] for f, p, b, n in model.RUN
    )


def fixed(model: pyo.ConcreteModel) -> Any:
    """Years in which a facility runs or a lane is used, at their fixed cost."""
    return sum(model.running_cost[f, n] * model.on[f, n] for f, n in model.ON) + sum(
        model.sailing_cost[lane, n] * model.sail[lane, n] for lane, n in model.SAIL
    )


def capex(model: pyo.ConcreteModel) -> Any:
    """Capacity built at its lump or its annuities within the horizon, less what others grant."""
    return sum(model.capex[e, n] * model.build[e, n] for e, n in model.BUILD)


def salvage(model: pyo.ConcreteModel) -> Any:
    """Capacity built at what is left of its lump on the last day, an income."""
    return sum(model.salvage_value[e, n] * model.build[e, n] for e, n in model.BUILD)


def recycling(model: pyo.ConcreteModel) -> Any:
    """Tonnes recovered at their cost."""
    return sum(model.recycling_cost[y, n] * model.recycle[y, n] for y, n in model.RECYCLE)


def substitution(model: pyo.ConcreteModel) -> Any:
    """Tonnes of demand served by substitutes at the cost of serving them so."""
    return sum(
        model.substitution_cost[u, n] * model.substitute[u, tag, n]
        for u, tag, n in model.SUBSTITUTE
    )


def disposal(model: pyo.ConcreteModel) -> Any:
    """Tonnes of surplus thrown away at their cost."""
    return sum(
        model.disposal_cost[g, n] * model.dispose[g, tag, c, n] for g, tag, c, n in model.DISPOSE
    )
