"""The table of offers: what each has for sale, what of it is bought, and what a tonne costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from instances.contract import Contract
from instances.routes import all_lanes
from optimizer.shipment_table import loads

if TYPE_CHECKING:
    from collections.abc import Mapping

    from instances.plan import Plan
    from instances.problem import Problem
    from instances.supply import Offer
    from instances.tree import Node

COLUMNS = [
    "node",
    "offer",
    "tranche",
    "contract",
    "supplier",
    "country",
    "commodity",
    "room_t",
    "bought_t",
    "price_usd_per_t",
    "landed_usd_per_t",
]


def offers(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return a row per way to buy that is for sale at a node, bought or not.

    Returns
    -------
    ``room_t`` is what a tranche sells in the period: null without a limit, and for a contract,
    which takes from its offer. ``landed_usd_per_t`` is the price with the freight and the tariffs
    of the cheapest lane that leads straight to a user, per tonne that arrives: null where none
    does. What a price floor adds and what sharing a lane may cost is not in it.
    """
    bought = plan.purchases.set_index(["offer", "tranche", "node"])["tonnes"].to_dict()
    ways = _ways(problem)
    rows = []
    for node in problem.nodes:
        for offer in problem.offers:
            for number, way in enumerate(problem.ways_to_buy[offer.id]):
                price = way.price_on(node.period.start, node.branch)
                tonnes = float(bought.get((offer.id, number, node.id), 0.0))
                signed = isinstance(way, Contract)
                room = None if signed else _room(offer, number, node)
                if price is None or (tonnes == 0 and (signed or room == 0)):
                    continue
                passed = ways.get((node.id, offer.country, offer.commodity))
                rows.append(
                    {
                        "node": node.id,
                        "offer": offer.id,
                        "tranche": number,
                        "contract": way.id if isinstance(way, Contract) else None,
                        "supplier": offer.supplier,
                        "country": offer.country,
                        "commodity": offer.commodity,
                        "room_t": room,
                        "bought_t": tonnes,
                        "price_usd_per_t": price,
                        "landed_usd_per_t": _landed(price, passed),
                    }
                )
    return pd.DataFrame(rows, columns=COLUMNS)


def _room(offer: Offer, tranche: int, node: Node) -> float | None:
    """Return the tonnes that a tranche sells in the period of a node, ``None`` without a limit."""
    day = node.period.start
    part = (
        (offer.available.at(day, node.branch) or 0.0)
        * offer.delivery_probability
        * node.period.years_within(offer.start, offer.end)
    )
    capacity = offer.slices[tranche].capacity
    if capacity is None:
        return None if part > 0 else 0.0
    return (capacity.at(day, node.branch) or 0.0) * part


def _landed(price: float, passed: list[tuple[float, float]] | None) -> float | None:
    """Return the least cost of a tonne that arrives, over the charges and yields of its ways."""
    if passed is None:
        return None
    return min((price + charge) / arrived for charge, arrived in passed)


def _ways(problem: Problem) -> Mapping[tuple[str, str, str], list[tuple[float, float]]]:
    """Return what a tonne pays, and how much of it arrives, straight from a seller to a user.

    Keyed by node, country of the seller and commodity; one entry per lane.
    """
    users = {(demand.country, demand.commodity) for demand in problem.demand}
    sold = {(offer.country, offer.commodity): None for offer in problem.offers}
    trial: list[dict[str, Any]] = [
        {"node": node.id, "lane": lane.id, "commodity": goods, "tag": lane.origin, "tonnes": 1.0}
        for lane in all_lanes(problem)
        if lane.loss < 1
        for goods in lane.commodities
        if (lane.origin, goods) in sold and (lane.destination, goods) in users
        for node in problem.nodes
    ]
    found: dict[tuple[str, str, str], list[tuple[float, float]]] = {
        (node.id, country, goods): [(0.0, 1.0)]
        for country, goods in sold
        if (country, goods) in users
        for node in problem.nodes
    }
    columns = ["node", "lane", "commodity", "tag", "tonnes"]
    for row in loads(problem, pd.DataFrame(trial, columns=columns)).to_dict("records"):
        key = (row["node"], row["origin"], row["commodity"])
        charge = float(row["freight_usd"]) + float(row["tariff_usd"])
        found.setdefault(key, []).append((charge, float(row["arrived_t"])))
    return found
