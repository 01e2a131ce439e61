"""Minimum number of suppliers: enough of them each sell a stated share of demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.rules.min_suppliers import MinSuppliers
from models.index import Index
from models.rows import ROW, Row, demand_of, family_rows
from models.sellers import SOLD, most_sold, sellers_of

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.network import Network


def counting_rows(network: Network) -> list[Row[MinSuppliers]]:
    """Return the rows of all rules; a share of no demand asks nothing of anybody."""
    problem = network.problem
    return [row for row in family_rows(problem, MinSuppliers) if demand_of(problem, row) > 0]


def add_min_suppliers(frame: Frame, network: Network) -> None:
    """Add the rows that count sellers and make each counted one sell its share."""
    problem = network.problem
    rows = counting_rows(network)
    index = Index.of(ROW, [row.key for row in rows])
    frame.add_parameter("least_sellers", index, np.array([row.limit for row in rows]))
    frame.add_constraint(enough_sellers, index)

    sellers = {row.head: sellers_of(network, row) for row in rows}
    choices = [(row, seller) for row in rows for seller in sellers[row.head]]
    index = Index.of(
        SOLD, [(row.rule.id, row.line.goods, name, row.node) for row, name in choices]
    )
    least = [row.rule.min_share * demand_of(problem, row) for row, _ in choices]
    frame.add_parameter("least_sold", index, np.array(least))
    frame.add_constraint(seller_sells, index)

    place = {node.id: number for number, node in enumerate(problem.nodes)}
    strict = [(row, seller) for row, seller in choices if row.rule.all_or_none]
    index = Index.of(SOLD, [(row.rule.id, row.line.goods, name, row.node) for row, name in strict])
    most = [
        most_sold(frame, network, sellers[row.head][name])[place[row.node]] for row, name in strict
    ]
    frame.add_parameter("most_sold_if_counted", index, np.array(most))
    frame.add_constraint(all_or_none, index)


def enough_sellers(model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str) -> Any:
    r"""Enough sellers are counted.

    .. math:: \sum_{v \in SELLERS} chosen_{r,g,v,n} + excess_{r,w,g,n} \ge count_r

    For all: minimum-suppliers rule r, goods g, node n at which it holds and g is demanded.
    Units: sellers.
    Source: cardinality of supply, as in multiple-sourcing models; Minner, Int. J. Production
    Economics 81-82 (2003) 265.
    """
    return (
        sum(model.chosen[rule, goods, seller, node] for seller in model.SELLERS[rule, who, goods])
        + model.excess[rule, who, goods, node]
        >= model.least_sellers[rule, who, goods, node]
    )


def seller_sells(model: pyo.ConcreteModel, rule: str, goods: str, seller: str, node: str) -> Any:
    r"""A counted seller sells at least its share of the demand; that direction needs no big-M.

    .. math:: sold_{r,g,v,n} \ge min\_share_r \, D_{g,n}\, chosen_{r,g,v,n}

    For all: minimum-suppliers rule r, goods g, seller v, node n at which it holds and g is
    demanded.
    Units: t in the period of n.
    Source: semi-continuous order quantities; Williams, Model Building in Mathematical Programming
    (2013).
    """
    return (
        model.sold[rule, goods, seller, node]
        >= model.least_sold[rule, goods, seller, node] * model.chosen[rule, goods, seller, node]
    )


def all_or_none(model: pyo.ConcreteModel, rule: str, goods: str, seller: str, node: str) -> Any:
    r"""Who is not counted sells nothing.

    .. math:: sold_{r,g,v,n} \le most_{v,n}\, chosen_{r,g,v,n}

    For all: minimum-suppliers rule r of all or none, goods g, seller v, node n at which it holds
    and g is demanded; most is what the capacities of v's offers and facilities allow.
    Units: t in the period of n.
    Source: semi-continuous order quantities; Williams, Model Building in Mathematical Programming
    (2013).
    """
    return (
        model.sold[rule, goods, seller, node]
        <= model.most_sold_if_counted[rule, goods, seller, node]
        * model.chosen[rule, goods, seller, node]
    )
