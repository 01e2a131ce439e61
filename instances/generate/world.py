"""Generated worlds: a few countries sell to one or two buyers, some goods move over lanes.

The first seller of every commodity is cheap and large, so that limits on reliance bind; most
demand may stay unmet at a price, so that most problems have a plan. Outlets and stock at the end
of the horizon are worth less than any offer costs, or limited: no problem is unbounded.
"""

from __future__ import annotations

from typing import Any

from instances.generate.draw import Draw
from instances.generate.limits import draw_rules
from instances.generate.market import (
    Market,
    draw_demand,
    draw_lanes,
    draw_offers,
    draw_outlet,
    draw_stockpile,
)
from instances.periods import Periods, timeline
from instances.problem import Problem

SELLERS = ("CHN", "AUS", "KAZ", "CAN")
BUYERS = ("USA", "JPN")


def random_problem(seed: int) -> Problem:
    """Return a random problem of up to three commodities, six countries and four periods.

    Periods differ in length; goods move freely or over lanes with freight, tariff, loss and
    capacity; offers have tranches, dates, unlimited or partly available capacity; demand is hard
    or tiered; there may be stockpiles (of known or unknown opening seller), outlets, discounting,
    and hard and soft rules of every family in all their forms. Not every problem has a plan.

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
    data: dict[str, Any] = {
        "name": f"random-{seed}",
        "about": "Generated at random: none of its numbers is a fact.",
        "buyers": buyers,
        "periods": periods,
        "perspective": draw.choice(("buyer", "buyer", "system")),
        "groups": {"rivals": sellers[:1], "partners": (*sellers[1:], "USA")},
        "commodities": [
            {"id": m.id, "stage": "metal", "basis": "product", "customs_value": m.price}
            for m in markets
        ],
        "offers": [
            row for item in markets for row in draw_offers(draw, item, sellers, first, last)
        ],
        "lanes": draw_lanes(draw, [m for m in markets if draw.chance(0.5)], sellers, buyers),
        "demand": [
            row for item in markets for row in draw_demand(draw, item, buyers, first, last)
        ],
        "outlets": [draw_outlet(draw, m, buyers) for m in markets if draw.chance(0.3)],
        "stockpiles": [
            draw_stockpile(draw, m, sellers, buyers) for m in markets if draw.chance(0.75)
        ],
    }
    if draw.chance(0.5):
        data["discount"] = {
            "rate": draw.amount(0.01, 0.1),
            "timing": draw.choice(("start", "middle", "end")),
        }
    data["rules"] = draw_rules(draw, data, [period.start for period in horizon])
    return Problem.model_validate(data)


def _periods(draw: Draw) -> dict[str, Any]:
    form = draw.randrange(4)
    if form == 0:
        return {"start": "2026-01-01", "count": draw.randint(1, 4), "length": "1 yr"}
    if form == 1:
        length = draw.choice(("90 d", "45 d", "2 quarters"))
        return {"start": "2028-01-01", "count": draw.randint(2, 4), "length": length}
    lengths = ("6 months", "1 yr") if form == 2 else ("1 quarter", "2 yr")
    parts = [{"count": draw.randint(1, 2), "length": length} for length in lengths]
    return {"start": "2027-07-01" if form == 2 else "2027-01-01", "parts": parts}
