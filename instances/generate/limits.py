"""Generated rules: every family, in every form that a problem allows."""

from __future__ import annotations

from datetime import date
from typing import Any

from instances.generate.draw import Draw
from instances.generate.on_sellers import draw_min_suppliers, draw_on_sellers, metals

Data = dict[str, Any]


def draw_rules(draw: Draw, data: Data, days: list[date]) -> list[Data]:
    """Return the rules of a problem whose other tables stand in ``data``.

    Parameters
    ----------
    days
        First day of each period.
    """
    rules: list[Data] = []
    for commodity in metals(data):
        goods = commodity["id"]
        price = commodity["customs_value"]
        if draw.chance(0.85):
            rules.append(_cap(draw, data, goods, price, days))
        if draw.chance(0.35):
            rules.append(_cap(draw, data, goods, price, days))
        if draw.chance(0.7):
            rules.append(_floor(draw, data, goods, price, days))
        if draw.chance(0.25):
            rules.append(draw_min_suppliers(draw, data, goods))
    rules += [_target(draw, data, store, days) for store in data["stockpiles"] if draw.chance(0.7)]
    _date(draw, rules, days)
    # drawn apart, so that other draws stay what they are
    apart = Draw(f"sellers of {data['name']}")
    more = draw_on_sellers(apart, data, days)
    _date(apart, more, days)
    rules += more
    for number, rule in enumerate(rules):
        rule["id"] = f"rule{number}"
    return rules


def _date(draw: Draw, rules: list[Data], days: list[date]) -> None:
    """Let some rules begin later, and some end early."""
    for rule in rules:
        if draw.chance(0.1):
            rule["start"] = draw.choice(days).isoformat()
        elif draw.chance(0.1):
            rule["end"] = draw.day(days[0], date(2040, 1, 1)).isoformat()


def _made(data: Data) -> set[str]:
    return {
        name
        for facility in data["facilities"]
        for process in facility["processes"]
        for name in process["outputs"]
    }


def _cap(draw: Draw, data: Data, goods: str, price: float, days: list[date]) -> Data:
    rivals = data["groups"]["rivals"]
    large = next(offer for offer in data["offers"] if offer["commodity"] == goods)
    rule: Data = {
        "kind": "share_cap",
        "of": draw.choice(
            (rivals[0], rivals[0], "rivals", large["supplier"], {"each": "partners"})
        ),
        "max_share": draw.path(draw.amount(0.2, 0.9), days),
    }
    rule |= _counted(draw, data, goods) | _origin(draw, rule["of"] == large["supplier"])
    return rule | _softness(draw, rule, price, 0.55)


def _floor(draw: Draw, data: Data, goods: str, price: float, days: list[date]) -> Data:
    partners = data["groups"]["partners"]
    rule: Data = {
        "kind": "share_floor",
        "of": draw.choice(("partners", "partners", list(partners), partners[0])),
        "min_share": draw.path(draw.amount(0.15, 0.6), days),
    }
    rule |= _counted(draw, data, goods)
    if rule["of"] == "partners" and draw.chance(0.3):
        rule["origin"] = "traced"
    return rule | _softness(draw, rule, price, 0.75)


def _origin(draw: Draw, supplier: bool) -> Data:
    """Return how far back a cap looks: ore and steps are those of countries, not of suppliers."""
    if supplier or draw.chance(0.4):
        return {}
    return {"origin": draw.choice(("traced", "touched"))}


def _counted(draw: Draw, data: Data, goods: str) -> Data:
    """Return what a share is of, and for whom."""
    form: Data = {"commodity": goods}
    priced = [item["id"] for item in metals(data) if item["id"] not in _made(data)]
    kinds = ["demand", "demand", "supply", "deliveries"]
    form["denominator"] = draw.choice(kinds + (["value"] if goods in priced else []))
    if form["denominator"] == "value":
        if draw.chance(0.4):
            form["commodity"] = priced
        return form
    if draw.chance(0.2):
        form["commodity"] = {"each": [item["id"] for item in metals(data)]}
    elif draw.chance(0.1):
        del form["commodity"]
        form["stage"] = "metal"
    if draw.chance(0.25):
        form["buyers"] = [data["buyers"][-1]]
    if form["denominator"] != "supply" and draw.chance(0.2):
        form["demand_class"] = data["demand"][0]["demand_class"]
    if form["denominator"] == "demand" and draw.chance(0.15):
        form["counts_fill"] = False
    if draw.chance(0.5):
        form["counts_unknown"] = draw.chance(0.5)
    return form


def _softness(draw: Draw, rule: Data, price: float, chance: float) -> Data:
    if not draw.chance(chance):
        return {}
    # a rule by value is charged per dollar, any other per tonne
    by_value = rule.get("denominator") == "value"
    if rule.get("denominator") == "demand" and draw.chance(0.3):
        # a point of the demand is its hundredth
        return {"penalty_per_point": draw.amount(0.1, 1.0) * price * draw.amount(0.05, 5.0)}
    return {"penalty": draw.amount(0.1, 1.0) * (1.0 if by_value else price)}


def _target(draw: Draw, data: Data, store: Data, days: list[date]) -> Data:
    goods, country = store["commodity"], store["country"]
    local = [
        demand
        for demand in data["demand"]
        if (demand["commodity"], demand["country"]) == (goods, country)
    ]
    price = next(item["customs_value"] for item in data["commodities"] if item["id"] == goods)
    rule: Data = {"kind": "stock_target", "stockpile": store["id"]}
    if draw.chance(0.4):
        offers = [offer for offer in data["offers"] if offer["commodity"] == goods]
        size = next((offer["capacity"] for offer in offers if "capacity" in offer), 100.0)
        size = size if isinstance(size, float) else 50.0
        rule["tonnes"] = draw.path(draw.amount(0.01, 0.15) * size, days)
    else:
        rule["cover_days"] = draw.path(draw.amount(10, 90), days)
        if draw.chance(0.3):
            rule["demand"] = [local[0]["id"]]
    return rule | _softness(draw, rule, price, 0.65)
