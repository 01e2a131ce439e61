"""Minimum number of suppliers: enough of them each sell a stated share of demand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.rules.min_suppliers import MinSuppliers
from models.index import Index
from models.rows import ROW, Row, demand_of, family_rows

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.network import Members, Network

CHOICE = ("rule", "goods", "seller", "node")


def declare_choices(frame: Frame, network: Network) -> None:
    """Declare which sellers are counted: 1 if a seller is, by rule, goods, seller and node."""
    keys = [
        (row.rule.id, row.line.goods, seller, row.node)
        for row in _rows(network)
        for seller in _sold_by(network, row)
    ]
    index = Index.of(CHOICE, keys)
    frame.add_set("CHOICE", index)
    frame.add_variable("chosen", "CHOICE", index, 1.0, binary=True)


def add_min_suppliers(frame: Frame, network: Network) -> None:
    """Add the rows that count sellers and make each counted one sell its share."""
    rows = _rows(network)
    heads = {row.head: row for row in rows}
    frame.add_set("COUNT", Index.of(("rule", "who", "goods"), heads))
    sellers: Members = {head: list(_sold_by(network, row)) for head, row in heads.items()}
    frame.add_members("SELLERS", "COUNT", 1, sellers)
    index = Index.of(ROW, [row.key for row in rows])
    frame.add_parameter("least_sellers", index, np.array([row.limit for row in rows]))
    frame.add_constraint(enough_sellers, index)

    sold: Members = {
        (row.rule.id, row.line.goods, seller): list(offers)
        for row in heads.values()
        for seller, offers in _sold_by(network, row).items()
    }
    frame.add_set("SELLER", Index.of(("rule", "goods", "seller"), sold))
    frame.add_members("SOLD_BY", "SELLER", 2, sold)
    choices = [(row, seller) for row in rows for seller in sellers[row.head]]
    index = Index.of(
        CHOICE, [(row.rule.id, row.line.goods, name, row.node) for row, name in choices]
    )
    least = [_least_sold(network, row) for row, _ in choices]
    frame.add_parameter("least_sold", index, np.array(least))
    frame.add_constraint(seller_sells, index)


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

    .. math:: \sum_{(o,k) \in SOLD\_BY} buy_{o,k,n} \ge min\_share_r \, D_{g,n}\, chosen_{r,g,v,n}

    For all: minimum-suppliers rule r, goods g, seller v, node n at which it holds and g is
    demanded.
    Units: t in the period of n.
    Source: semi-continuous order quantities; Williams, Model Building in Mathematical Programming
    (2013).
    """
    return (
        sum(
            model.buy[offer, tranche, node]
            for offer, tranche in model.SOLD_BY[rule, goods, seller]
        )
        >= model.least_sold[rule, goods, seller, node] * model.chosen[rule, goods, seller, node]
    )


def _rows(network: Network) -> list[Row[MinSuppliers]]:
    """Return the rows of all rules; a share of no demand asks nothing of anybody."""
    problem = network.problem
    return [row for row in family_rows(problem, MinSuppliers) if demand_of(problem, row) > 0]


def _least_sold(network: Network, row: Row[MinSuppliers]) -> float:
    return row.rule.min_share * demand_of(network.problem, row)


def _sold_by(network: Network, row: Row[MinSuppliers]) -> dict[str, list[tuple[str, int]]]:
    """Return the offers of each seller that may be counted."""
    rule = row.rule
    sellers: dict[str, list[tuple[str, int]]] = {}
    for offer, tranche in network.offers():
        if offer.commodity not in row.line.commodities:
            continue
        if row.line.party is not None and not row.line.party.includes(
            offer.country, offer.supplier
        ):
            continue
        seller = offer.supplier if rule.by == "supplier" else offer.country
        sellers.setdefault(seller, []).append((offer.id, tranche))
    return sellers
