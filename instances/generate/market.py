"""Generated markets: what is sold, needed, resold, stored and moved of a commodity."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from instances.generate.draw import Draw

Data = dict[str, Any]
CLASSES = ("civil", "defence")


@dataclass(frozen=True, slots=True)
class Market:
    """One commodity of a generated problem.

    Parameters
    ----------
    id
        The commodity.
    price
        About what it costs, USD/t.
    demand
        About what is needed, t/yr.
    tied
        Whether offers cost the same more often than not, so that several plans are the cheapest.
    """

    id: str
    price: float
    demand: float
    tied: bool


def draw_offers(
    draw: Draw, market: Market, sellers: tuple[str, ...], first: date, last: date
) -> list[Data]:
    """Return two to five offers: the first is cheap and large, the others small."""
    offers = []
    for number in range(draw.randint(2, 5)):
        large = number == 0
        country = sellers[0] if large else draw.choice(sellers[1:] or sellers)
        offer: Data = {
            "id": f"{market.id}-offer{number}",
            "supplier": f"{country} {'A' if large else draw.choice('ABC')}",
            "country": "USA" if not large and draw.chance(0.1) else country,
            "commodity": market.id,
        }
        factor = draw.uniform(0.5, 0.7) if large else draw.uniform(0.7, 1.6)
        price = market.price * (round(factor) if market.tied else factor)
        size = market.demand * (draw.uniform(1.0, 2.0) if large else draw.uniform(0.2, 1.0))
        if draw.chance(0.35):
            shares = (0.6, 0.4) if draw.chance(0.6) else (0.3, 0.3, 0.4)
            offer["tranches"] = [
                {"price": price * (1 + 0.2 * place), "capacity": size * share}
                for place, share in enumerate(shares)
            ]
            if draw.chance(0.5):
                _fall(draw, offer, price)
        else:
            offer["price"] = draw.over_time(price, 0.2, first, last)
            if not draw.chance(0.1):
                offer["capacity"] = draw.over_time(size, 0.5, first, last)
        if draw.chance(0.2):
            offer["available"] = draw.over_time(draw.amount(0.6, 0.9), 0.1, first, last)
        if draw.chance(0.2):
            offer["ore"] = draw.choice(sellers)
            if draw.chance(0.5):
                offer["via"] = [draw.choice(sellers)]
        if not large and draw.chance(0.25):
            offer[draw.choice(("start", "end"))] = draw.day(first, last).isoformat()
        limited = "tranches" in offer or "capacity" in offer
        if not large and limited and draw.chance(0.3):
            offer |= _by_order(draw, price, size, first, last)
        offers.append(offer)
    return offers


def _fall(draw: Draw, offer: Data, price: float) -> None:
    """Let the prices of an offer's tranches fall, for what is beyond or for all."""
    offer["pricing"] = draw.choice(("incremental", "all_units"))
    for place, tranche in enumerate(offer["tranches"]):
        tranche["price"] = price * (1.1 - 0.12 * place)


def _by_order(draw: Draw, price: float, size: float, first: date, last: date) -> Data:
    """Return what makes buying a choice: a lot, a fixed cost, a qualification."""
    fields: Data = {}
    for form in draw.sample(("lot", "cost", "qualification"), draw.choice((1, 2, 2))):
        if form == "lot":
            fields["minimum_lot"] = draw.amount(0.3, 0.9) * size
        elif form == "cost":
            fixed = draw.amount(0.005, 0.05) * size * price
            fields["fixed_cost"] = draw.over_time(fixed, 0.5, first, last)
        else:
            fields["qualification_cost"] = draw.amount(0.001, 0.01) * size * price
            if draw.chance(0.8):
                fields["qualification_time"] = draw.choice((30.0, 90.0, 150.0, 240.0))
    return fields


def draw_lanes(
    draw: Draw, markets: list[Market], sellers: tuple[str, ...], buyers: tuple[str, ...]
) -> list[Data]:
    """Return a lane from everyone to every buyer, shared by all commodities that need lanes."""
    if not markets:
        return []
    price, demand = min(market.price for market in markets), sum(m.demand for m in markets)
    lanes = []
    for origin in (*sellers, *buyers):
        for destination in buyers:
            if origin == destination:
                continue
            lane: Data = {
                "id": f"{origin}-{destination}",
                "origin": origin,
                "destination": destination,
                "commodities": [market.id for market in markets],
                "freight": draw.amount(0, 0.1) * price,
            }
            if len(markets) > 1 and draw.chance(0.4):
                own = draw.choice(markets)
                freight = draw.amount(0, 0.15) * own.price
                lane["freights"] = [{"commodity": own.id, "freight": freight}]
            if draw.chance(0.3):
                lane["tariff"] = draw.amount(0.02, 0.25)
            if draw.chance(0.3):
                lane["loss"] = draw.amount(0.01, 0.1)
            if draw.chance(0.25):
                lane["capacity"] = draw.amount(0.3, 1.0) * demand
            if draw.chance(0.35):
                lane["lead_time"] = draw.choice((10.0, 30.0, 75.0, 150.0))
                lane["terminal_value"] = draw.amount(0.0, 0.25) * price
            if draw.chance(0.2):
                lane["compliance_cost"] = draw.amount(0.005, 0.05) * price
            if draw.chance(0.2):
                lane["capacity"] = draw.amount(0.5, 1.5) * demand
                lane |= _by_choice(draw, lane["capacity"], price)
            lanes.append(lane)
    return lanes


def _by_choice(draw: Draw, capacity: float, price: float) -> Data:
    """Return what makes the use of a lane a choice: a fixed cost, a minimum load or both."""
    form = draw.choice(("cost", "load", "both"))
    fields: Data = {}
    if form != "load":
        fields["fixed_cost"] = draw.amount(0.005, 0.05) * capacity * price
    if form != "cost":
        fields["minimum_load"] = draw.amount(0.05, 0.3) * capacity
    return fields


def draw_demand(
    draw: Draw, market: Market, buyers: tuple[str, ...], first: date, last: date
) -> list[Data]:
    """Return a demand by buyer and class: hard, at one cost of shortfall, or in slices of it."""
    users = [(buyer, use) for buyer in buyers for use in CLASSES[: draw.randint(1, 2)]]
    demands = []
    for buyer, use in users:
        demand: Data = {
            "id": f"{market.id}-{buyer}-{use}",
            "commodity": market.id,
            "country": buyer,
            "demand_class": use,
            "quantity": draw.over_time(market.demand / len(users), 0.4, first, last),
        }
        form = draw.random()
        if form < 0.55:
            demand["shortfall_cost"] = draw.amount(2, 8) * market.price
        elif form < 0.95:
            shares = (0.2, 0.3, 0.5) if draw.chance(0.85) else (0.2, 0.3)
            demand["shortfall_cost"] = [
                {"share": share, "cost": draw.amount(1, 2) * 2**place * market.price}
                for place, share in enumerate(shares)
            ]
        if draw.chance(0.2):
            demand["backlog_cost"] = draw.amount(0.05, 0.4) * market.price
        demands.append(demand)
    return demands


def draw_outlet(draw: Draw, market: Market, buyers: tuple[str, ...]) -> Data:
    """Return a buyer of surplus: without a limit only at a price below any offer's."""
    limited = draw.chance(0.6)
    outlet: Data = {
        "id": f"{market.id}-outlet",
        "commodity": market.id,
        "country": buyers[0],
        "price": draw.amount(0.05, 1.0 if limited else 0.3) * market.price,
    }
    if limited:
        outlet["capacity"] = draw.amount(0.1, 0.5) * market.demand
    return outlet


def draw_stockpile(
    draw: Draw, market: Market, sellers: tuple[str, ...], buyers: tuple[str, ...]
) -> Data:
    """Return a store with some of the limits it may have, opened by a known or unknown seller."""
    store: Data = {
        "id": f"{market.id}-vault",
        "commodity": market.id,
        "country": draw.choice(buyers),
        "holding_cost": draw.amount(0, 0.05) * market.price,
    }
    if draw.chance(0.6):
        store["opening"] = draw.amount(0.05, 0.5) * market.demand
        if draw.chance(0.5):
            store["opening_country"] = draw.choice(sellers)
            if draw.chance(0.5):
                store["opening_ore"] = draw.choice(sellers)
    for field, chance, low, high in (
        ("capacity", 0.4, 0.5, 0.9),
        ("fill_rate", 0.3, 0.1, 0.8),
        ("draw_rate", 0.3, 0.2, 1.0),
    ):
        if draw.chance(chance):
            store[field] = draw.amount(low, high) * market.demand
    if draw.chance(0.5):
        # what is worth more than it costs must be limited
        most = 1.3 if "capacity" in store else 0.3
        store["terminal_value"] = draw.amount(0.05, most) * market.price
    if draw.chance(0.3):
        store["decay"] = draw.amount(0.01, 0.1)
    return store


def draw_policy(draw: Draw, price: float, limited: bool, first: date, last: date) -> Data:
    """Return some of the policy that a stockpile may be run by.

    Parameters
    ----------
    price
        About what its commodity costs, USD/t.
    limited
        Whether every offer of its commodity has a capacity.
    """
    policy: Data = {}
    # what must be turned over has to be bought: more than the market gives has no plan
    if draw.chance(0.5):
        policy["rotation"] = draw.amount(0.1, 0.8)
        policy["rotation_cost"] = draw.amount(0.05, 0.4) * price
    elif limited and draw.chance(0.8):
        policy["market_share"] = draw.amount(0.02, 0.15)
    if draw.chance(0.65):
        policy["release"] = "declared"
        if draw.chance(0.85):
            start = draw.day(first, last)
            days = sorted({start, draw.day(first, last), last})[:2]
            if len(days) == 2:
                policy["declared"] = [{"start": days[0].isoformat(), "end": days[1].isoformat()}]
        if draw.chance(0.6):
            policy["pace"] = draw.amount(0.1, 1.5)
        if draw.chance(0.85):
            policy["loan_days"] = draw.choice((30.0, 90.0, 200.0, 400.0))
    if draw.chance(0.45):
        policy["serves"] = [draw.choice(CLASSES)]
    return policy
