"""Generated sources besides offers: what is recycled, what serves instead, what is under way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from instances.generate.draw import Draw
    from instances.generate.market import Market

Data = dict[str, Any]


def draw_recycling(
    draw: Draw, market: Market, demands: list[Data], first: date, last: date
) -> Data:
    """Return scrap as given, a part of past deliveries, or both."""
    record: Data = {
        "id": f"{market.id}-scrap",
        "country": demands[0]["country"],
        "commodity": market.id,
        "cost": draw.amount(0.2, 0.7) * market.price,
    }
    form = draw.choice(("given", "returned", "returned", "both"))
    if form != "returned":
        record["given"] = draw.over_time(draw.amount(0.02, 0.15) * market.demand, 0.5, first, last)
    if form != "given":
        record |= {
            "of": [demand["id"] for demand in demands],
            "recovered": draw.over_time(draw.amount(0.05, 0.4), 0.5, first, last),
            "lag": draw.choice((0.0, 60.0, 180.0, 365.0)),
        }
    return record


def draw_substitute(
    draw: Draw, market: Market, demands: list[Data], sellers: tuple[str, ...]
) -> tuple[Data, Data, Data]:
    """Return another commodity, an offer of it, and its use for a demand."""
    good = market.id.replace("metal", "other")
    price = draw.amount(0.4, 1.0) * market.price
    return (
        {"id": good, "stage": "product", "basis": "product", "customs_value": price},
        {
            "id": f"{good}-offer",
            "supplier": "Maker of others",
            "country": sellers[-1],
            "commodity": good,
            "price": price,
        },
        {
            "id": f"{good}-use",
            "demand": draw.choice(demands)["id"],
            "commodity": good,
            "ratio": draw.amount(0.7, 1.5),
            "cost": draw.amount(0.0, 0.4) * market.price,
            "limit": draw.amount(0.1, 0.5),
        },
    )


def draw_cargo(
    draw: Draw,
    market: Market,
    sellers: tuple[str, ...],
    buyers: tuple[str, ...],
    first: date,
    last: date,
) -> Data:
    """Return a cargo small enough to be of use when it comes."""
    cargo: Data = {
        "id": f"{market.id}-cargo",
        "commodity": market.id,
        "country": draw.choice(buyers),
        "tonnes": draw.amount(0.005, 0.04) * market.demand,
        "arrives": draw.day(first, last).isoformat(),
    }
    if draw.chance(0.6):
        cargo["seller"] = draw.choice(sellers)
        if draw.chance(0.7):
            cargo["ore"] = draw.choice(sellers)
    return cargo
