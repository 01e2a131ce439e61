"""Allotments: which purchases a fund pays for a stockpile, as much as is added to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from models.horizon import ends
from models.index import Index
from models.network import Members, Network, tagged

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.horizon import Horizon


def declare_allotments(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare the purchases that funds pay for (t)."""
    paid = Index.of(("stockpile", "offer", "tranche"), paid_purchases(network)).cross(time.index)
    frame.add_set("ALLOT", paid)
    frame.add_variable("allot", "ALLOT", paid)


def constrain_allotments(frame: Frame, network: Network, time: Horizon) -> None:
    """Add that funds pay for what is bought, and for what is added to their stockpiles."""
    paid = paid_purchases(network)
    payers: Members = {}
    for store, offer, tranche in paid:
        payers.setdefault((offer, tranche), []).append(store)
    heads = Index.of(("offer", "tranche"), list(payers))
    frame.add_set("ALLOTTED", heads)
    frame.add_members("FUNDED_BY", "ALLOTTED", 1, payers)
    frame.add_constraint(purchase_allotted, heads.cross(time.index))
    funded = network.problem.funded
    rows = Index.of(("stockpile",), list(funded)).cross(time.index)
    frame.add_set("FUNDED", rows)
    buys: Members = {}
    fills: Members = {}
    tags = tagged(network, list(funded.values()))
    for node in time.nodes:
        for before in time.way(node.id):
            for store, offer, tranche in paid:
                buys.setdefault((store, node.id), []).append((offer, tranche, before))
            for store, tag in tags:
                fills.setdefault((store, node.id), []).append((tag, before))
    frame.add_members("PAID_BUYS", "FUNDED", 3, buys)
    frame.add_members("PAID_FILLS", "FUNDED", 2, fills)
    frame.add_constraint(fill_paid, rows)
    heads = Index.of(("stockpile",), list(funded))
    frame.add_constraint(paid_filled, heads.cross(ends(time)))


def purchase_allotted(model: pyo.ConcreteModel, offer: str, tranche: int, node: str) -> Any:
    r"""What funds pay for is bought.

    .. math:: \sum_{s} allot_{s,o,k,n} \le buy_{o,k,n}

    For all: tranche k of offer o of a commodity that a funded stockpile keeps, node n.
    Units: t in the period of n.
    Source: allotment of purchases to those who pay them.
    """
    return (
        sum(model.allot[store, offer, tranche, node] for store in model.FUNDED_BY[offer, tranche])
        <= model.buy[offer, tranche, node]
    )


def fill_paid(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""What is added to a funded stockpile has been paid for by its fund.

    .. math::
        \sum_{m} \Bigl( \sum_{(o,k)} allot_{s,o,k,m} - \sum_{\tau} fill_{s,\tau,m}
        + rotate_{s,m} + restore_{s,m} \Bigr) \ge 0

    For all: funded stockpile s, node n; m are the nodes on the way to n: goods may be paid some
    time before they arrive. What is rotated or comes back from a loan is replaced in kind.
    Units: t.
    Source: goods are paid by whom they are bought for; purchase accounting at cost.
    """
    return (
        sum(
            model.allot[stockpile, offer, tranche, before]
            for offer, tranche, before in model.PAID_BUYS[stockpile, node]
        )
        - sum(
            model.fill[stockpile, tag, before] for tag, before in model.PAID_FILLS[stockpile, node]
        )
        + sum(
            model.rotate[stockpile, before] + model.restore[stockpile, before]
            for before in model.PATH[node]
        )
        >= 0
    )


def paid_filled(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""At the end a fund has paid for what was added to its stockpile and for nothing else.

    .. math::
        \sum_{m} \Bigl( \sum_{(o,k)} allot_{s,o,k,m} - \sum_{\tau} fill_{s,\tau,m}
        + rotate_{s,m} + restore_{s,m} \Bigr) \le 0

    For all: funded stockpile s, node n at which the horizon ends; m are the nodes on the way to n.
    Units: t.
    Source: a fund buys for its stockpiles; purchases of users are not its expense.
    """
    return (
        sum(
            model.allot[stockpile, offer, tranche, before]
            for offer, tranche, before in model.PAID_BUYS[stockpile, node]
        )
        - sum(
            model.fill[stockpile, tag, before] for tag, before in model.PAID_FILLS[stockpile, node]
        )
        + sum(
            model.rotate[stockpile, before] + model.restore[stockpile, before]
            for before in model.PATH[node]
        )
        <= 0
    )


def paid_purchases(network: Network) -> list[tuple[str, str, int]]:
    """Return every funded stockpile with each tranche of the offers of its commodity."""
    return [
        (store.id, offer.id, tranche)
        for store in network.problem.funded.values()
        for offer, tranche in network.offers()
        if offer.commodity == store.commodity
    ]
