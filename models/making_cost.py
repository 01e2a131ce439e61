"""Cost of making and of choices: processing, running, building, qualifying, using again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyomo.environ as pyo


def making(model: pyo.ConcreteModel) -> Any:
    """Everything that making, building, qualifying and using again is charged."""
    return (
        processing(model)
        + qualification(model)
        + fixed(model)
        + capex(model)
        + salvage(model)
        + grant(model)
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
    """Years in which a facility runs, a lane is used or an offer is bought, at the fixed cost."""
    return (
        sum(model.running_cost[f, n] * model.on[f, n] for f, n in model.ON)
        + sum(model.sailing_cost[lane, n] * model.sail[lane, n] for lane, n in model.SAIL)
        + sum(model.ordering_cost[o, n] * model.order[o, n] for o, n in model.ORDER)
    )


def qualification(model: pyo.ConcreteModel) -> Any:
    """Offers qualified, at what that costs once."""
    return sum(model.qualifying_cost[o, n] * model.qualify[o, n] for o, n in model.QUALIFY)


def capex(model: pyo.ConcreteModel) -> Any:
    """Capacity built at its lump or its annuities within the horizon."""
    return sum(model.capex[e, n] * model.build[e, n] for e, n in model.BUILD)


def grant(model: pyo.ConcreteModel) -> Any:
    """What others pay of the capital cost: a transfer from the public to the buyer."""
    return sum(model.grant[e, n] * model.build[e, n] for e, n in model.BUILD)


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
