"""Generated worlds: a few countries sell to one or two buyers, some goods move over lanes.

The first seller of every commodity is cheap and large, so that limits on reliance bind; most
demand may stay unmet at a price, so that most problems have a plan. Outlets and stock at the end
of the horizon are worth less than any offer costs, or limited: no problem is unbounded.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.generate.chain import draw_chain
from instances.generate.contracts import draw_contracts
from instances.generate.draw import Draw
from instances.generate.fund import draw_fund
from instances.generate.limits import draw_rules
from instances.generate.market import (
    Market,
    draw_demand,
    draw_lanes,
    draw_offers,
    draw_outlet,
    draw_policy,
    draw_stockpile,
)
from instances.generate.money import draw_budgets, draw_money
from instances.generate.pool import draw_pool
from instances.generate.sources import draw_cargo, draw_recycling, draw_substitute
from instances.periods import Periods, timeline
from instances.problem import Problem

if TYPE_CHECKING:
    from datetime import date

SELLERS = ("CHN", "AUS", "KAZ", "CAN")
BUYERS = ("USA", "JPN")
FAST = 1.0
"""Pace, per year, from which a release is limited in tonnes, too."""


def random_problem(seed: int) -> Problem:
    """Return a random problem of up to three markets, eight countries and five periods.

    Periods differ in length; goods move freely or over lanes with freight, tariff, loss and
    capacity; offers have tranches, dates, unlimited or partly available capacity; demand is hard
    or tiered; there may be stockpiles (of known or unknown opening seller), outlets, discounting,
    and hard and soft rules of every family in all their forms.

    Most problems have a chain, too: ore is bought or mined, shipped over lanes that take time,
    separated with a co-product and made into a metal at facilities that may be built or expanded;
    some metal is recycled, under way at the start, or replaced by something else. Months may stand
    inside years. Not every problem has a plan.

    Parameters
    ----------
    seed
        Equal seeds give equal problems.
    """
    draw = Draw(seed)
    periods = _periods(draw)
    horizon = timeline(Periods.model_validate(periods))
    first, last = horizon[0].start, horizon[-1].end
    buyers = BUYERS[: draw.randint(1, 2)]
    sellers = SELLERS[: draw.choice((1, 2, 3, 3, 3, 4, 4, 4))]
    markets = [
        Market(f"metal{number}", draw.amount(1e3, 1e5), draw.amount(5, 500), draw.chance(0.3))
        for number in range(1, draw.choice((1, 1, 2, 3)) + 1)
    ]
    chains = [
        draw_chain(draw, market, sellers, buyers, first, last)
        for market in markets
        if draw.chance(0.75)
    ]
    makers = [record["country"] for chain in chains for record in chain["facilities"]]
    origins = tuple(dict.fromkeys((*sellers, *(code for code in makers if code not in buyers))))
    data: dict[str, Any] = {
        "name": f"random-{seed}",
        "about": "Generated at random: none of its numbers is a fact.",
        "buyers": buyers,
        "periods": periods,
        "perspective": draw.choice(("buyer", "buyer", "system")),
        "countries": [],
        "groups": {"rivals": sellers[:1], "partners": (*sellers[1:], "USA")},
    }
    data |= _trade(draw, markets, sellers, buyers, origins, first, last)
    for chain in chains:
        for table, records in chain.items():
            data[table] = [*data.get(table, ()), *records]
    data |= _other_sources(draw, data, markets, sellers, buyers, first, last)
    if draw.chance(0.5):
        data["discount"] = {
            "rate": draw.amount(0.01, 0.1),
            "timing": draw.choice(("start", "middle", "end")),
        }
    data["stockpiles"] = _reserves(draw, data, first, last)
    _limit(draw, seed, data, markets, [period.start for period in horizon], last)
    return Problem.model_validate(data)


def _trade(
    draw: Draw,
    markets: list[Market],
    sellers: tuple[str, ...],
    buyers: tuple[str, ...],
    origins: tuple[str, ...],
    first: date,
    last: date,
) -> dict[str, Any]:
    """Return the tables of what is sold, moved, needed, resold, stored and agreed on."""
    tables: dict[str, Any] = {
        "commodities": [
            {"id": m.id, "stage": "metal", "basis": "product", "customs_value": m.price}
            for m in markets
        ],
        "offers": [
            row for item in markets for row in draw_offers(draw, item, sellers, first, last)
        ],
        "lanes": draw_lanes(draw, [m for m in markets if draw.chance(0.5)], origins, buyers),
        "demand": [
            row for item in markets for row in draw_demand(draw, item, buyers, first, last)
        ],
        "outlets": [draw_outlet(draw, m, buyers) for m in markets if draw.chance(0.3)],
        "stockpiles": [
            draw_stockpile(draw, m, sellers, buyers) for m in markets if draw.chance(0.85)
        ],
    }
    tables["contracts"] = [
        row
        for m in markets
        for row in draw_contracts(
            draw, m, [o for o in tables["offers"] if o["commodity"] == m.id], last
        )
    ]
    return tables


def _limit(
    draw: Draw,
    seed: int,
    data: dict[str, Any],
    markets: list[Market],
    days: list[date],
    last: date,
) -> None:
    """Add to ``data`` the rules, and then money, funds and pools.

    These have draws of their own: the rest of a problem does not hang on them.

    Parameters
    ----------
    days
        First day of each period.
    """
    data["rules"] = draw_rules(draw, data, days)
    purse = Draw(f"money {seed}")
    data["rules"] += draw_budgets(purse, data, days)
    data |= draw_money(purse, data, days)
    data |= draw_fund(Draw(f"fund {seed}"), data, markets, days[0], last)
    data["stockpiles"] = draw_pool(Draw(f"pool {seed}"), data, markets)


def _reserves(draw: Draw, data: dict[str, Any], first: date, last: date) -> list[dict[str, Any]]:
    """Return the stockpiles of ``data``, most of them with a policy."""
    stores = []
    for store in data["stockpiles"]:
        policy = {}
        if draw.chance(0.75):
            offers = [item for item in data["offers"] if item["commodity"] == store["commodity"]]
            parts = [part for item in offers for part in item.get("tranches", [item])]
            limited = all("capacity" in part for part in parts)
            price = next(
                item["customs_value"]
                for item in data["commodities"]
                if item["id"] == store["commodity"]
            )
            policy = draw_policy(draw, price, limited, first, last)
            users = {
                item["demand_class"]
                for item in data["demand"]
                if (item["commodity"], item["country"]) == (store["commodity"], store["country"])
            }
            if not users.issuperset(policy.get("serves", ())):
                del policy["serves"]
            if policy.get("pace", 0.0) > FAST and "opening" in store:
                # fast, but not as much as it could be; no draw, so that nothing else shifts
                policy["release_rate"] = float(f"{store['opening'] / 2:.4g}")
        stores.append(store | policy)
    return stores


def _other_sources(
    draw: Draw,
    data: dict[str, Any],
    markets: list[Market],
    sellers: tuple[str, ...],
    buyers: tuple[str, ...],
    first: date,
    last: date,
) -> dict[str, Any]:
    """Return the tables of ``data`` that change when markets get other sources than offers."""
    tables: dict[str, Any] = {
        "commodities": list(data["commodities"]),
        "offers": list(data["offers"]),
        "facilities": data.get("facilities", []),
        "recycling": [],
        "substitutions": [],
        "in_transit": [],
    }
    for market in markets:
        demands = [item for item in data["demand"] if item["commodity"] == market.id]
        if draw.chance(0.35):
            tables["recycling"].append(draw_recycling(draw, market, demands, first, last))
        if draw.chance(0.35):
            good, offer, use = draw_substitute(draw, market, demands, sellers)
            tables["commodities"].append(good)
            tables["offers"].append(offer)
            tables["substitutions"].append(use)
        if draw.chance(0.3):
            tables["in_transit"].append(draw_cargo(draw, market, sellers, buyers, first, last))
    return tables


def _periods(draw: Draw) -> dict[str, Any]:
    form = draw.randrange(5)
    if form == 0:
        return {"start": "2026-01-01", "count": draw.randint(1, 4), "length": "1 yr"}
    if form == 1:
        length = draw.choice(("90 d", "45 d", "2 quarters"))
        return {"start": "2028-01-01", "count": draw.randint(2, 4), "length": length}
    if form == 4:
        months = draw.randint(1, 2)
        runs = ((months, "1 month"), (1, f"{12 - months} months"), (draw.randint(1, 2), "1 yr"))
        parts = [{"count": count, "length": length} for count, length in runs]
        return {"start": "2026-01-01", "parts": parts}
    lengths = ("6 months", "1 yr") if form == 2 else ("1 quarter", "2 yr")
    parts = [{"count": draw.randint(1, 2), "length": length} for length in lengths]
    return {"start": "2027-07-01" if form == 2 else "2027-01-01", "parts": parts}
