"""Generated rules: every family, in every form that a problem allows."""

from __future__ import annotations

from datetime import date
from typing import Any

from instances.generate.draw import Draw

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
        if draw.chance(0.35):
            rules.append(_min_suppliers(draw, data, goods))
    rules += [_target(draw, data, store, days) for store in data["stockpiles"] if draw.chance(0.7)]
    _date(draw, rules, days)
    # drawn apart, so that other draws stay what they are
    apart = Draw(f"sellers of {data['name']}")
    more = _on_sellers(apart, data, days)
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


def _on_sellers(draw: Draw, data: Data, days: list[date]) -> list[Data]:
    """Return rules on concentration, on new or small sellers and on capacity."""
    rules: list[Data] = []
    for commodity in metals(data):
        goods = commodity["id"]
        if draw.chance(0.4):
            rules.append(_hhi_cap(draw, data, goods))
        if _limited(data, goods):
            if draw.chance(0.5):
                rules.append(_max_new_sellers(draw, data, goods))
            if draw.chance(0.3):
                rules.append(_all_or_none(draw, goods))
    if draw.chance(0.7) and all(_limited(data, item["id"]) for item in metals(data)):
        rules.append(_benchmark(draw, data, days))
    return rules


def metals(data: Data) -> list[Data]:
    """Return the commodities that are in demand."""
    return [item for item in data["commodities"] if item["stage"] == "metal"]


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
        "max_share": _path(draw, draw.amount(0.2, 0.9), days),
    }
    rule |= _counted(draw, data, goods) | _origin(draw, rule["of"] == large["supplier"])
    return rule | _softness(draw, rule, price, 0.45)


def _floor(draw: Draw, data: Data, goods: str, price: float, days: list[date]) -> Data:
    partners = data["groups"]["partners"]
    rule: Data = {
        "kind": "share_floor",
        "of": draw.choice(("partners", "partners", list(partners), partners[0])),
        "min_share": _path(draw, draw.amount(0.15, 0.7), days),
    }
    rule |= _counted(draw, data, goods)
    if rule["of"] == "partners" and draw.chance(0.3):
        rule["origin"] = "traced"
    return rule | _softness(draw, rule, price, 0.55)


def _origin(draw: Draw, supplier: bool) -> Data:
    """Return how far back a cap looks: ore and steps are those of countries, not of suppliers."""
    if supplier or draw.chance(0.5):
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
        rule["tonnes"] = _path(draw, draw.amount(0.01, 0.2) * size, days)
    else:
        rule["cover_days"] = _path(draw, draw.amount(10, 120), days)
        if draw.chance(0.3):
            rule["demand"] = [local[0]["id"]]
    return rule | _softness(draw, rule, price, 0.4)


def _min_suppliers(draw: Draw, data: Data, goods: str) -> Data:
    by = draw.choice(("supplier", "country"))
    # who makes counts, too, but may not have the capacity yet
    sellers = {offer[by] for offer in data["offers"] if offer["commodity"] == goods}
    rule: Data = {
        "kind": "min_suppliers",
        "commodity": goods,
        "count": min(draw.choice((2, 2, 3)), len(sellers)),
        "min_share": draw.amount(0.02, 0.15),
        "by": by,
    }
    if draw.chance(0.2):
        rule |= {"of": "partners", "count": 1}
    return rule


def _all_or_none(draw: Draw, goods: str) -> Data:
    return {
        "kind": "min_suppliers",
        "commodity": goods,
        "count": 0,
        "min_share": draw.amount(0.05, 0.3),
        "by": draw.choice(("supplier", "country")),
        "all_or_none": True,
    }


def _hhi_cap(draw: Draw, data: Data, goods: str) -> Data:
    rule: Data = {"kind": "hhi_cap", "commodity": goods}
    if draw.chance(0.4):
        rule["counted"] = "deliveries"
    form = draw.choice(("supplier", "country", "as one", "governance"))
    by = "supplier" if form == "supplier" else "country"
    offering = {offer[by] for offer in data["offers"] if offer["commodity"] == goods}
    # among few sellers, and groups are few, the least index is high
    few = 2 if form == "as one" else len(offering)
    least = min(0.7, 1.25 / few)
    rule["max_hhi"] = draw.amount(least, least + 0.3)
    if form == "supplier":
        rule["by"] = "supplier"
    elif form == "as one":
        rule["as_one"] = ["partners"]
    elif form == "governance":
        sellers = sorted({code for code in _sellers(data, goods, "country")})
        stated = {item["id"] for item in data["countries"]}
        data["countries"] += [
            {"id": code, "governance": draw.amount(0.2, 4.5) - 2.5}
            for code in sellers
            if code not in stated
        ]
        risks = [
            (2.5 - item["governance"]) / 0.5 for item in data["countries"] if item["id"] in sellers
        ]
        rule |= {"governance": True, "max_hhi": draw.uniform(0.5, 1.0) * max(risks)}
    return rule


def _benchmark(draw: Draw, data: Data, days: list[date]) -> Data:
    rule: Data = {
        "kind": "benchmark",
        "of": draw.choice(("partners", data["buyers"][0])),
        "stage": "metal",
        "min_share": _path(draw, draw.amount(0.3, 0.95), days),
        "aggregate": draw.chance(0.5),
    }
    price = min(item["customs_value"] for item in metals(data))
    if draw.chance(0.95):
        rule["penalty_per_point"] = draw.amount(0.1, 1.0) * price * draw.amount(0.05, 5.0)
    return rule


def _max_new_sellers(draw: Draw, data: Data, goods: str) -> Data:
    by = draw.choice(("supplier", "country"))
    large = next(offer for offer in data["offers"] if offer["commodity"] == goods)
    rule: Data = {
        "kind": "max_new_sellers",
        "commodity": goods,
        "count": draw.choice((0, 1, 1, 1)),
        "by": by,
    }
    if draw.chance(0.8):
        rule["incumbents"] = [large[by]]
    return rule


def _sellers(data: Data, goods: str, by: str) -> list[str]:
    """Return who sells or makes a commodity, by supplier or country."""
    found = [offer[by] for offer in data["offers"] if offer["commodity"] == goods]
    return found + [
        facility["id" if by == "supplier" else "country"]
        for facility in data["facilities"]
        if any(goods in process["outputs"] for process in facility["processes"])
    ]


def _limited(data: Data, goods: str) -> bool:
    """Return whether everybody who sells or makes a commodity has a capacity."""
    offers = [offer for offer in data["offers"] if offer["commodity"] == goods]
    return all("capacity" in offer or "tranches" in offer for offer in offers) and all(
        "capacity" in facility
        for facility in data["facilities"]
        if any(goods in process["outputs"] for process in facility["processes"])
    )


def _path(draw: Draw, value: float, days: list[date]) -> Any:
    """Return a limit: the same always, or another from a later period on."""
    if len(days) == 1 or draw.chance(0.5):
        return value
    later = draw.choice(days[1:]).isoformat()
    factor = draw.uniform(0.5, 1.1)
    schedule = {days[0].isoformat(): value, later: float(f"{value * factor:.4g}")}
    return schedule | ({"interpolate": True} if draw.chance(0.3) else {})
