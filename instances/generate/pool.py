"""Generated pools: a stockpile that the buyers share, most of it of the one who needs less."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from instances.generate.draw import Draw
    from instances.generate.market import Market

Data = dict[str, Any]


def draw_pool(draw: Draw, data: Data, markets: list[Market]) -> list[Data]:
    """Return the stockpiles of ``data``, and a pool where there are two buyers to share it.

    It opens with enough for some time, so that one member runs out before the other does.
    """
    buyers, stores = list(data["buyers"]), list(data["stockpiles"])
    if len(buyers) < 2 or draw.chance(0.1):
        return stores
    market = draw.choice(markets)
    draw.shuffle(buyers)
    part = draw.amount(0.05, 0.3)
    members: list[Data] = [
        {"country": buyers[0], "share": part},
        {"country": buyers[1], "share": round(1 - part, 6)},
    ]
    pool: Data = {
        "id": f"{market.id}-common",
        "commodity": market.id,
        "country": draw.choice(buyers),
        "opening": draw.amount(0.2, 1.5) * market.demand,
        "holding_cost": draw.amount(0.01, 0.1) * market.price,
        "members": members,
    }
    if draw.chance(0.3):
        pool["decay"] = draw.amount(0.01, 0.1)
    if draw.chance(0.15):
        pool["rotation"] = draw.amount(0.05, 0.3)
    if draw.chance(0.95):
        pool["loan_days"] = draw.choice((60.0, 200.0, 400.0, 800.0))
        for member in members:
            if draw.chance(0.4):
                member["borrowing"] = draw.amount(0.05, 0.3) * market.demand
    return [*stores, pool]
