"""Flows: what is bought, moved and sold, and the balance of every place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from models.index import Index, stacked
from models.network import Network, tagged
from models.offers import most_bought
from models.voyages import declare_arrivals, most_loaded

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from models.frame import Frame
    from models.horizon import Horizon


def declare_flows(frame: Frame, network: Network, time: Horizon) -> None:
    """Declare purchases, shipments and sales to outlets: tonnes in the node's period."""
    problem = network.problem
    pairs = list(network.offers())
    buy = Index.of(("offer", "tranche"), [(offer.id, tranche) for offer, tranche in pairs])
    buy = buy.cross(time.index)
    frame.add_set("BUY", buy)
    frame.add_variable("buy", "BUY", buy, most_bought(network, time))

    ship = network.loads.index.cross(time.index)
    frame.add_set("SHIP", ship)
    open_ = time.table((lane.available for lane in network.lanes), 0.0)[network.loads.lane]
    frame.add_variable("ship", "SHIP", ship, np.where(open_.ravel() > 0, np.inf, 0.0))
    declare_arrivals(frame, network, time)

    sell = Index.of(("outlet", "tag"), tagged(network, problem.outlets)).cross(time.index)
    frame.add_set("SELL", sell)
    frame.add_variable("sell", "SELL", sell)


def constrain_flows(frame: Frame, network: Network, time: Horizon) -> None:
    """Add the balances and the capacities of lanes and outlets."""
    problem = network.problem
    frame.add_constraint(balance, frame.sets["PLACE_NODE"])

    used = set(network.loads.lane.tolist())
    limited = [
        lane
        for number, lane in enumerate(network.lanes)
        if lane.capacity is not None and number in used
    ]
    rows = Index.of(("lane",), [lane.id for lane in limited]).cross(time.index)
    frame.add_set("LIMITED_LANE", Index.of(("lane",), [lane.id for lane in limited]))
    frame.add_members("CARGO", "LIMITED_LANE", 2, network.loads.by_lane(limited))
    frame.add_parameter(
        "most_shipped",
        rows,
        stacked([most_loaded(lane, time) for lane in limited]),
    )
    frame.add_constraint(lane_capacity, rows)

    takers: dict[Any, list[Any]] = {}
    for outlet_id, tag in tagged(network, problem.outlets):
        takers.setdefault(outlet_id, []).append(tag)
    capped = [
        outlet for outlet in problem.outlets if outlet.capacity is not None and outlet.id in takers
    ]
    rows = Index.of(("outlet",), [outlet.id for outlet in capped]).cross(time.index)
    frame.add_set("LIMITED_OUTLET", Index.of(("outlet",), [outlet.id for outlet in capped]))
    frame.add_members("OUTLET_TAGS", "LIMITED_OUTLET", 1, takers)
    frame.add_parameter(
        "most_sold",
        rows,
        stacked([time.over(outlet.capacity, 0.0) * time.years for outlet in capped]),
    )
    frame.add_constraint(outlet_capacity, rows)


def balance(model: pyo.ConcreteModel, commodity: str, tag: str, country: str, node: str) -> Any:
    r"""What comes to a place in a period leaves it, is used, sold, stored or thrown away.

    Bought, made, recycled, arrived and drawn on one side; loaded, taken by processes, delivered,
    substituted, sold, filled and disposed of on the other.

    .. math::
        \sum_{(o,k)} buy_{o,k,n} + \sum_{(f,p,b)} given_{p,g,n}\, run_{f,p,b,n}
        + \sum_{y} recycle_{y,n}
        + \sum_{l,m} arrives_{l,m,n}\, ship_{l,g,\tau,m} + \sum_{a} landed_{a,n}
        + \sum_{s} draw_{s,\tau,n}
        = \sum_{l} ship_{l,g,\tau,n} + \sum_{(f,p,b)} use_{f,p,b,g,\tau,n}
        + \sum_{d} deliver_{d,\tau,n} + \sum_{u} ratio_u\, substitute_{u,\tau,n}
        + \sum_{x} sell_{x,\tau,n} + \sum_{s} fill_{s,\tau,n} + dispose_{g,\tau,c,n}

    For all: commodity g, tag tau and country c that goods can reach (PLACE), node n; sums over
    what stands at that place, m over the nodes whose cargo arrives in n, dispose only where g is
    made.
    Units: t in the period of n.
    Source: conservation of mass; Ahuja, Magnanti and Orlin, Network Flows (1993), flow balance
    with gains.
    """
    bought = sum(
        model.buy[offer, tranche, node]
        for offer, tranche in model.OFFERED[commodity, tag, country]
    )
    made = sum(
        model.given[facility, process, blend, commodity, node]
        * model.run[facility, process, blend, node]
        for facility, process, blend in model.MADE_BY[commodity, tag, country]
    )
    recycled = sum(
        model.recycle[source, node] for source in model.RECYCLED[commodity, tag, country]
    )
    arrived = sum(
        model.arrives[lane, sent, node] * model.ship[lane, commodity, tag, sent]
        for lane, sent in model.ARRIVING[commodity, tag, country, node]
    )
    landed = sum(model.landed[cargo, node] for cargo in model.AFLOAT[commodity, tag, country])
    drawn = sum(model.draw[store, tag, node] for store in model.STORES[commodity, tag, country])
    shipped = sum(
        model.ship[lane, commodity, tag, node] for lane in model.OUTBOUND[commodity, tag, country]
    )
    used = sum(
        model.use[facility, process, blend, commodity, tag, node]
        for facility, process, blend in model.USED_BY[commodity, tag, country]
    )
    delivered = sum(
        model.deliver[demand, tag, node] for demand in model.SERVED[commodity, tag, country]
    )
    substituted = sum(
        model.ratio[swap] * model.substitute[swap, tag, node]
        for swap in model.SWAPS[commodity, tag, country]
    )
    sold = sum(model.sell[outlet, tag, node] for outlet in model.OUTLETS[commodity, tag, country])
    filled = sum(model.fill[store, tag, node] for store in model.STORES[commodity, tag, country])
    disposed = sum(
        model.dispose[commodity, tag, place, node]
        for place in model.SURPLUS[commodity, tag, country]
    )
    return (
        bought + made + recycled + arrived + landed + drawn
        == shipped + used + delivered + substituted + sold + filled + disposed
    )


def lane_capacity(model: pyo.ConcreteModel, lane: str, node: str) -> Any:
    r"""A lane carries at most its capacity, over all its commodities.

    .. math:: \sum_{(g,\tau) \in CARGO_l} ship_{l,g,\tau,n} \le capacity_{l,n} \, years_n

    For all: lane l with a capacity, node n.
    Units: t in the period of n, counted where it is loaded.
    Source: capacity of a shared arc; Ahuja, Magnanti and Orlin, Network Flows (1993), chapter 17.
    """
    return (
        sum(model.ship[lane, commodity, tag, node] for commodity, tag in model.CARGO[lane])
        <= model.most_shipped[lane, node]
    )


def outlet_capacity(model: pyo.ConcreteModel, outlet: str, node: str) -> Any:
    r"""An outlet takes at most its capacity.

    .. math:: \sum_{\tau} sell_{x,\tau,n} \le capacity_{x,n} \, years_n

    For all: outlet x with a capacity, node n.
    Units: t in the period of n.
    Source: the outlet's record in the problem.
    """
    return (
        sum(model.sell[outlet, tag, node] for tag in model.OUTLET_TAGS[outlet])
        <= model.most_sold[outlet, node]
    )
