"""Generated money: guaranteed prices, tariffs by origin, and budgets."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from instances.generate.draw import Draw

Data = dict[str, Any]


def draw_money(draw: Draw, data: Data, days: list[date]) -> Data:
    """Return the tables of money of a problem whose other tables stand in ``data``.

    Parameters
    ----------
    days
        First day of each period.
    """
    goods = [
        # ore is dear and metal cheap often enough that making it does not pay
        item
        | {
            "market_price": item["customs_value"]
            * (draw.amount(0.3, 1.1) if item["stage"] == "metal" else draw.amount(0.6, 1.5))
        }
        if "customs_value" in item
        else item
        for item in data["commodities"]
    ]
    return {
        "commodities": goods,
        "rules": [*data["rules"], *_owners(draw, data)],
        "price_floors": _floors(draw, data, days),
        "minimum_import_prices": _least_prices(draw, data),
        "tariffs": _tariffs(draw, data, days),
    }


def _owners(draw: Draw, data: Data) -> list[Data]:
    # what all of it costs, at its first price
    built = {
        item["facility"]: item["size"] * _first(item["capex"])
        for item in data.get("expansions", [])
    }
    return [
        {
            "id": f"owner{number}",
            "kind": "participation",
            "facility": facility,
            "rate": draw.amount(0.05, 0.3),
            # a loss that allows a part of it to be built
            "max_loss": draw.amount(0.02, 0.3) * cost if draw.chance(0.6) else 0.0,
        }
        for number, (facility, cost) in enumerate(built.items())
        if draw.chance(0.65)
    ]


def _floors(draw: Draw, data: Data, days: list[date]) -> list[Data]:
    floors: list[Data] = []
    for site in data.get("facilities", []):
        if draw.chance(0.35):
            goods = draw.choice(sorted(site["processes"][0]["outputs"]))
            floors.append({"facility": site["id"], "commodity": goods})
    for offer in data["offers"]:
        if draw.chance(0.1):
            floors.append({"offer": offer["id"], "commodity": offer["commodity"]})
    values = {item["id"]: item.get("customs_value", 100.0) for item in data["commodities"]}
    for number, floor in enumerate(floors):
        value = values[floor["commodity"]]
        floor |= {
            "id": f"floor{number}",
            "floor": draw.amount(0.7, 1.3) * value,
            "reference": draw.over_time(value, 0.4, days[0], date(2040, 1, 1)),
        }
        if draw.chance(0.6):
            floor["clawback"] = draw.amount(0.1, 0.6)
        if draw.chance(0.3):
            floor["clawback_above"] = draw.amount(0.8, 1.2) * value
        if draw.chance(0.2):
            floor[draw.choice(("start", "end"))] = draw.day(days[0], date(2029, 1, 1)).isoformat()
    return floors


def _least_prices(draw: Draw, data: Data) -> list[Data]:
    buyers = list(data["buyers"])
    wider = list(dict.fromkeys([*buyers, data["groups"]["partners"][0]]))
    return [
        {
            "id": f"least{number}",
            "commodity": item["id"],
            "zone": buyers if draw.chance(0.5) else wider,
            "price": draw.amount(0.6, 1.1) * item["customs_value"],
            "goes_to": draw.choice(("seller", "treasury")),
        }
        for number, item in enumerate(data["commodities"])
        if item["stage"] == "metal" and "customs_value" in item and draw.chance(0.45)
    ]


def _tariffs(draw: Draw, data: Data, days: list[date]) -> list[Data]:
    tariffs: list[Data] = []
    for item in data["commodities"]:
        if item["stage"] != "metal" or "customs_value" not in item or not draw.chance(0.4):
            continue
        tariff: Data = {
            "id": f"tariff{len(tariffs)}",
            "of": draw.choice(("rivals", data["groups"]["rivals"][0])),
            "into": data["buyers"][0] if draw.chance(0.6) else list(data["buyers"]),
            "rate": draw.amount(0.05, 0.5),
        }
        tariff |= {"stage": "metal"} if draw.chance(0.1) else {"commodity": item["id"]}
        if draw.chance(0.3):
            tariff["start"] = draw.day(days[0], date(2029, 1, 1)).isoformat()
        tariffs.append(tariff)
    return tariffs


def draw_budgets(draw: Draw, data: Data, days: list[date]) -> list[Data]:
    """Return budgets of a problem whose other tables stand in ``data``.

    On all or some of what is built, on freight and duty, or on what the public gives.

    Parameters
    ----------
    days
        First day of each period.
    """
    rules: list[Data] = []
    if data.get("expansions") and draw.chance(0.85):
        rules.append(_building(draw, data, days))
    if data.get("lanes") and draw.chance(0.35):
        worth = sum(item["customs_value"] for item in data["commodities"])
        rules.append(
            {
                "kind": "budget",
                "amount": draw.amount(0.5, 20) * worth,
                "accounts": ["freight", "tariff", "compliance"],
                "penalty": draw.amount(0.1, 0.9),
            }
        )
    if draw.chance(0.2):
        # what the public gives less what it takes
        rules.append({"kind": "budget", "amount": 0.0, "payer": "public", "accounts": "all"})
    for number, rule in enumerate(rules):
        rule["id"] = f"budget{number}"
    return rules


def _building(draw: Draw, data: Data, days: list[date]) -> Data:
    expansions = data["expansions"]
    sizes = {item["id"]: item["size"] * _first(item["capex"]) for item in expansions}
    chosen = draw.choice(sorted(sizes))
    rule: Data = {
        "kind": "budget",
        # a few hundredths of what all of it costs, or enough for what is built whole
        "amount": (draw.amount(0.02, 0.15) if draw.chance(0.5) else draw.amount(0.3, 1.2))
        * max(sizes.values()),
        "carry_over": draw.chance(0.85),
    }
    if len(days) > 1 and draw.chance(0.3):
        later = draw.choice(days[1:]).isoformat()
        rule["amount"] = {days[0].isoformat(): rule["amount"], later: 2 * rule["amount"]}
    form = draw.randrange(4)
    if form == 0:
        rule["expansions"] = [chosen]
    elif form == 1:
        rule["of"] = next(
            site["country"]
            for site in data["facilities"]
            for item in expansions
            if item["id"] == chosen and item["facility"] == site["id"]
        )
    if draw.chance(0.3):
        rule["accounts"] = ["capex"]
    if draw.chance(0.3):
        rule["penalty"] = draw.amount(0.1, 0.9)
    return rule


def _first(value: Any) -> float:
    """Return a number, or the first of a schedule's."""
    return float(next(iter(value.values())) if isinstance(value, dict) else value)
