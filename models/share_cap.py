"""Share caps: a party has at most a stated share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.rules.share_cap import ShareCap
from models.index import Index
from models.rows import ROW

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.network import Network


def add_share_caps(frame: Frame, network: Network) -> None:
    """Add the caps: of demand (a constant), and of supply, deliveries or value (a variable)."""
    rows = network.rows.of(ShareCap)
    of_demand = [row for row in rows if row.rule.denominator == "demand"]
    index = Index.of(ROW, [row.key for row in of_demand])
    most = np.array([row.limit * network.rows.demand(row) for row in of_demand])
    frame.add_parameter("most_counted", index, most)
    frame.add_constraint(share_cap_of_demand, index)

    of_total = [row for row in rows if row.rule.denominator != "demand"]
    index = Index.of(ROW, [row.key for row in of_total])
    frame.add_parameter("max_share", index, np.array([row.limit for row in of_total]))
    frame.add_constraint(share_cap_of_total, index)


def share_cap_of_demand(
    model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str
) -> Any:
    r"""A party has at most a share of the demand of the period.

    .. math:: counted_{r,w,g,n} - excess_{r,w,g,n} \le max\_share_{r,n} \, D_{r,g,n}

    For all: cap r with denominator demand, party w, goods g, node n at which it holds.
    Units: t in the period of n.
    Source: Regulation (EU) 2024/1252, article 5(1)(b): no more than 65 % of annual consumption
    from one third country. A fixed denominator keeps a shortage from shrinking what the cap
    allows.
    """
    return (
        model.counted[rule, who, goods, node] - model.excess[rule, who, goods, node]
        <= model.most_counted[rule, who, goods, node]
    )


def share_cap_of_total(
    model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str
) -> Any:
    r"""A party has at most a share of what is supplied, delivered or spent.

    .. math:: counted_{r,w,g,n} - excess_{r,w,g,n} \le max\_share_{r,n} \, whole_{r,g,n}

    For all: cap r with denominator supply, deliveries or value, party w, goods g, node n at which
    it holds.
    Units: t in the period of n; a cap by value in tonnes of mean price.
    Source: a ratio limit multiplied out by its denominator (Williams, Model Building in
    Mathematical Programming (2013)).
    """
    return (
        model.counted[rule, who, goods, node] - model.excess[rule, who, goods, node]
        <= model.max_share[rule, who, goods, node] * model.whole[rule, goods, node]
    )
