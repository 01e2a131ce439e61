"""Maximum number of new sellers: few are taken on that did not supply before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.rules.max_new_sellers import MaxNewSellers
from models.horizon import horizon
from models.index import Index
from models.rows import ROW, Row, family_rows
from models.sellers import SOLD, most_sold, sellers_of

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.network import Members, Network
    from models.sellers import Goods


def new_sellers(network: Network, row: Row[MaxNewSellers]) -> dict[str, Goods]:
    """Return the goods of the sellers that did not supply before."""
    return {
        seller: goods
        for seller, goods in sellers_of(network, row).items()
        if seller not in row.rule.incumbents
    }


def add_max_new_sellers(frame: Frame, network: Network) -> None:
    """Add the rows that count who is taken on, and let nobody else sell."""
    time = horizon(network.problem)
    place = {node.id: number for number, node in enumerate(time.nodes)}
    rows = family_rows(network.problem, MaxNewSellers)
    index = Index.of(ROW, [row.key for row in rows])
    frame.add_parameter("most_new_sellers", index, np.array([row.limit for row in rows]))
    frame.add_set("NEWCOMERS", index)
    held = {(row.rule.id, row.node) for row in rows}
    ways = {
        row.key: [earlier for earlier in time.way(row.node) if (row.rule.id, earlier) in held]
        for row in rows
    }
    found = {row.head: new_sellers(network, row) for row in rows}
    taken: Members = {
        row.key: [(seller, at) for seller in found[row.head] for at in ways[row.key]]
        for row in rows
    }
    frame.add_members("TAKEN_ON", "NEWCOMERS", 2, taken)
    frame.add_constraint(few_new_sellers, index)

    sales = {
        (row.rule.id, row.line.goods, seller, row.node): (row, goods)
        for row in rows
        for seller, goods in found[row.head].items()
    }
    index = Index.of(SOLD, sales)
    frame.add_set("NEWCOMER", index)
    since: Members = {key: list(ways[row.key]) for key, (row, _) in sales.items()}
    frame.add_members("SINCE", "NEWCOMER", 1, since)
    most = [most_sold(frame, network, goods)[place[row.node]] for row, goods in sales.values()]
    frame.add_parameter("most_sold_if_new", index, np.array(most))
    frame.add_constraint(new_seller_taken_on, index)


def few_new_sellers(model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str) -> Any:
    r"""Few new sellers have been taken on by the end of a period.

    .. math:: \sum_{v} \sum_{m} chosen_{r,g,v,m} - excess_{r,w,g,n} \le count_r

    For all: rule r on new sellers, goods g, node n at which it holds; v are the sellers that did
    not supply before, m the nodes on the way to n at which r holds.
    Units: sellers.
    Source: fixed-charge selection of suppliers; Aissaoui, Haouari and Hassini, Computers &
    Operations Research 34 (2007) 3516.
    """
    return (
        sum(
            model.chosen[rule, goods, seller, at]
            for seller, at in model.TAKEN_ON[rule, who, goods, node]
        )
        - model.excess[rule, who, goods, node]
        <= model.most_new_sellers[rule, who, goods, node]
    )


def new_seller_taken_on(
    model: pyo.ConcreteModel, rule: str, goods: str, seller: str, node: str
) -> Any:
    r"""A new seller sells only once it is taken on.

    .. math:: sold_{r,g,v,n} \le most_{v,n} \sum_{m} chosen_{r,g,v,m}

    For all: rule r on new sellers, goods g, seller v that did not supply before, node n at which r
    holds; m are the nodes on the way to n at which r holds, most is what the capacities of v's
    offers and facilities allow.
    Units: t in the period of n.
    Source: fixed-charge selection of suppliers; Aissaoui, Haouari and Hassini, Computers &
    Operations Research 34 (2007) 3516.
    """
    return model.sold[rule, goods, seller, node] <= model.most_sold_if_new[
        rule, goods, seller, node
    ] * sum(model.chosen[rule, goods, seller, at] for at in model.SINCE[rule, goods, seller, node])
