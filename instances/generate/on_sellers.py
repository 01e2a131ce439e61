"""Generated rules on who sells: how many, how concentrated, how new, and with what capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from instances.generate.draw import Draw

Data = dict[str, Any]


def draw_on_sellers(draw: Draw, data: Data, days: list[date]) -> list[Data]:
    """Return rules on concentration, on new or small sellers and on capacity."""
    rules: list[Data] = []
    for commodity in metals(data):
        goods = commodity["id"]
        if _limited(data, goods):
            if draw.chance(0.35):
                rules.append(_max_new_sellers(draw, data, goods))
            if draw.chance(0.2):
                rules.append(_all_or_none(draw, goods))
    # every cap on concentration takes rounds of solves: one is enough
    if draw.chance(0.65):
        rules.append(_hhi_cap(draw, data, draw.choice(metals(data))["id"]))
    if draw.chance(0.85) and all(_limited(data, item["id"]) for item in metals(data)):
        rules.append(_benchmark(draw, data, days))
    return rules


def metals(data: Data) -> list[Data]:
    """Return the commodities that are in demand."""
    return [item for item in data["commodities"] if item["stage"] == "metal"]


def draw_min_suppliers(draw: Draw, data: Data, goods: str) -> Data:
    """Return a least number of sellers, no more than sell all the time."""
    by = draw.choice(("supplier", "country"))
    sellers = _steady(data, goods, by)
    rule: Data = {
        "kind": "min_suppliers",
        "commodity": goods,
        "count": min(draw.choice((2, 2, 3)), len(sellers)),
        "min_share": draw.amount(0.02, 0.1),
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
    # among few sellers, and groups are few, the least index is high
    few = 2 if form == "as one" else len(_steady(data, goods, by))
    least = min(0.75, 1.25 / few)
    rule["max_hhi"] = draw.amount(least, least + 0.25)
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
        rule |= {"governance": True, "max_hhi": draw.uniform(0.35, 0.9) * max(risks)}
    return rule


def _benchmark(draw: Draw, data: Data, days: list[date]) -> Data:
    rule: Data = {
        "kind": "benchmark",
        "of": draw.choice(("partners", data["buyers"][0])),
        "stage": "metal",
        "min_share": draw.path(draw.amount(0.4, 0.9), days),
        "aggregate": draw.chance(0.5),
    }
    price = min(item["customs_value"] for item in metals(data))
    if draw.chance(0.97):
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


def _steady(data: Data, goods: str, by: str) -> set[str]:
    """Return who offers a commodity all the time; there is the first offer at least.

    Who makes it is another seller, but may not have the capacity yet.
    """
    return {
        offer[by]
        for offer in data["offers"]
        if offer["commodity"] == goods
        if not {"start", "end", "qualification_time"} & offer.keys()
    }


def _limited(data: Data, goods: str) -> bool:
    """Return whether everybody who sells or makes a commodity has a capacity."""
    offers = [offer for offer in data["offers"] if offer["commodity"] == goods]
    return all("capacity" in offer or "tranches" in offer for offer in offers) and all(
        "capacity" in facility
        for facility in data["facilities"]
        if any(goods in process["outputs"] for process in facility["processes"])
    )
