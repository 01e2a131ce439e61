"""Handling: what is put into a reserve and turned over, what comes back, by its policy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.index import Index, stacked
from models.offers import open_part

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyomo.environ as pyo

    from instances.stockpile import Stockpile
    from models.frame import Frame
    from models.horizon import Horizon
    from models.index import Values
    from models.network import Members, Network

STORE = ("stockpile",)


def declare_handling(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare what is rotated and lent of what is drawn, and what loans bring back (t)."""
    stores = network.problem.stockpiles
    index = Index.of(STORE, [store.id for store in stores]).cross(time.index)
    frame.add_set("HANDLING", index)
    nodes = len(time.nodes)
    turned = [np.full(nodes, np.inf if store.rotation > 0 else 0.0) for store in stores]
    lent = [np.full(nodes, np.inf if store.lends else 0.0) for store in stores]
    frame.add_variable("rotate", "HANDLING", index, stacked(turned))
    frame.add_variable("lend", "HANDLING", index, stacked(lent))
    frame.add_variable("restore", "HANDLING", index, stacked(lent))
    # closed, unless an elastic re-solve asks what cannot be rotated or must be filled faster
    frame.add_variable("overdue", "HANDLING", index, 0.0)
    frame.add_variable("overfill", "HANDLING", index, 0.0)


def constrain_handling(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the fill limit of the market, rotation, and what comes back of what is drawn."""
    stores = network.problem.stockpiles
    shy = [store for store in stores if store.market_share is not None]
    most = [(store.market_share or 0.0) * _offered(network, time, store) for store in shy]
    rows = store_rows(time, shy)
    frame.add_parameter("most_of_market", rows, stacked(most))
    frame.add_constraint(market_fill, rows)
    _rotate(frame, network, time)
    handled = store_rows(time, [store for store in stores if store.handles])
    frame.add_constraint(drawn_to_return, handled)
    frame.add_constraint(filled_in_return, handled)


def market_fill(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""A stockpile takes at most a share of what is on offer.

    .. math::
        \sum_{\tau} fill_{s,\tau,n} \le share_s\, \sum_{(o,k)} offered_{o,k,n} + overfill_{s,n}

    For all: stockpile s with a market share, node n; offered is expected capacity times
    availability times the years an offer of its commodity stands open.
    Units: t in the period of n.
    Source: fill rate against the world market, so that a reserve does not bid prices up; staggered
    build-up as CETEx proposes for pooled stocks.
    """
    return (
        sum(model.fill[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile])
        <= model.most_of_market[stockpile, node] + model.overfill[stockpile, node]
    )


def turnover(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""A fraction of what was held is replaced by fresh goods.

    .. math::
        rotate_{s,n} + overdue_{s,n}
        \ge rotation_s\, years_n\, \sum_{\tau} stock_{s,\tau,parent(n)}

    For all: stockpile s with a rotation, node n; opening stock in place of a parent's at a root.
    Units: t in the period of n.
    Source: the stockpile's record; rotation against ageing as reserves of perishable grades do.
    """
    return (
        model.rotate[stockpile, node]
        + model.overdue[stockpile, node]
        - sum(
            model.turned[stockpile, node] * model.stock[stockpile, tag, before]
            for tag, before in model.HELD_BEFORE[stockpile, node]
        )
        >= model.turned_opening[stockpile, node]
    )


def drawn_to_return(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""What is rotated or lent is drawn.

    .. math:: rotate_{s,n} + lend_{s,n} \le \sum_{\tau} draw_{s,\tau,n}

    For all: stockpile s with rotation or loans, node n; what is left of the draw is released.
    Units: t in the period of n.
    Source: inventory accounting by purpose.
    """
    return model.rotate[stockpile, node] + model.lend[stockpile, node] <= sum(
        model.draw[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile]
    )


def filled_in_return(model: pyo.ConcreteModel, stockpile: str, node: str) -> Any:
    r"""What replaces rotated goods and what loans bring back is put in.

    .. math:: rotate_{s,n} + restore_{s,n} \le \sum_{\tau} fill_{s,\tau,n}

    For all: stockpile s with rotation or loans, node n; the rest of the fill adds to the stock.
    Units: t in the period of n.
    Source: inventory accounting by purpose.
    """
    return model.rotate[stockpile, node] + model.restore[stockpile, node] <= sum(
        model.fill[stockpile, tag, node] for tag in model.STORE_TAGS[stockpile]
    )


def store_rows(time: Horizon, stores: Iterable[Stockpile]) -> Index:
    """Return each of ``stores`` at each node."""
    return Index.of(STORE, [store.id for store in stores]).cross(time.index)


def _offered(network: Network, time: Horizon, store: Stockpile) -> Values:
    """Return the tonnes on offer of a stockpile's commodity, by node."""
    offered = np.zeros(len(time.nodes))
    for offer in network.problem.offers:
        if offer.commodity == store.commodity:
            part = open_part(offer, time) * time.years_within(offer.start, offer.end)
            # contracts take of the same output
            for tranche in offer.slices:
                offered = offered + time.over(tranche.capacity, 0.0) * part
    return offered


def _rotate(frame: Frame, network: Network, time: Horizon) -> None:
    turned = [store for store in network.problem.stockpiles if store.rotation > 0]
    rows = store_rows(time, turned)
    frame.add_set("TURNED", rows)
    before: Members = {
        (store.id, node.id): [
            (tag, node.parent) for tag in network.tags(store.commodity, store.country)
        ]
        for store in turned
        for node in time.nodes
        if node.parent is not None
    }
    frame.add_members("HELD_BEFORE", "TURNED", 2, before)
    root = np.array([node.parent is None for node in time.nodes])
    part = [store.rotation * time.years for store in turned]
    opening = [store.opening for store in turned]
    frame.add_parameter("turned", rows, stacked(part))
    due = [np.where(root, share * held, 0.0) for share, held in zip(part, opening, strict=True)]
    frame.add_parameter("turned_opening", rows, stacked(due))
    frame.add_constraint(turnover, rows)
