"""Share floors: a party has at least a stated share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.rules.share_floor import ShareFloor
from models.index import Index
from models.rows import ROW

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.network import Network


def add_share_floors(frame: Frame, network: Network) -> None:
    """Add the floors: of demand (a constant), and of supply, deliveries or value (a variable)."""
    rows = network.rows.of(ShareFloor)
    of_demand = [row for row in rows if row.rule.denominator == "demand"]
    index = Index.of(ROW, [row.key for row in of_demand])
    least = np.array([row.limit * network.rows.demand(row) for row in of_demand])
    frame.add_parameter("least_counted", index, least)
    frame.add_constraint(share_floor_of_demand, index)

    of_total = [row for row in rows if row.rule.denominator != "demand"]
    index = Index.of(ROW, [row.key for row in of_total])
    frame.add_parameter("min_share", index, np.array([row.limit for row in of_total]))
    frame.add_constraint(share_floor_of_total, index)


def share_floor_of_demand(
    model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str
) -> Any:
    r"""A party has at least a share of the demand of the period.

    .. math:: counted_{r,w,g,n} + excess_{r,w,g,n} \ge min\_share_{r,n} \, D_{r,g,n}

    For all: floor r with denominator demand, party w, goods g, node n at which it holds.
    Units: t in the period of n.
    Source: Regulation (EU) 2024/1252, article 5(1)(a): domestic output as a share of annual
    consumption.
    """
    return (
        model.counted[rule, who, goods, node] + model.excess[rule, who, goods, node]
        >= model.least_counted[rule, who, goods, node]
    )


def share_floor_of_total(
    model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str
) -> Any:
    r"""A party has at least a share of what is supplied, delivered or spent.

    .. math:: counted_{r,w,g,n} + excess_{r,w,g,n} \ge min\_share_{r,n} \, whole_{r,g,n}

    For all: floor r with denominator supply, deliveries or value, party w, goods g, node n at
    which it holds.
    Units: t in the period of n; a floor by value in tonnes of mean price.
    Source: 26 US Code 30D(e) (as in force to 2025): a percentage of the value of critical
    minerals.
    """
    return (
        model.counted[rule, who, goods, node] + model.excess[rule, who, goods, node]
        >= model.min_share[rule, who, goods, node] * model.whole[rule, goods, node]
    )
