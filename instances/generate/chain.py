"""Generated chains: ore is bought or mined, separated with a co-product, and made into a metal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.generate.draw import Draw

if TYPE_CHECKING:
    from datetime import date

    from instances.generate.market import Market

Data = dict[str, Any]
Tables = dict[str, list[Data]]
ABROAD = "MYS"
"""A country that sells nothing itself but may process what others sell."""
HUB = "SGP"
"""A country that goods only pass through."""


def draw_chain(
    draw: Draw,
    market: Market,
    sellers: tuple[str, ...],
    buyers: tuple[str, ...],
    first: date,
    last: date,
) -> Tables:
    """Return the tables of a chain of one or two stages that ends in the metal of ``market``.

    What it makes costs about as much as what is on offer. Ore is limited, so that no chain runs
    without end for the sake of its co-product.
    """
    number = market.id.removeprefix("metal")
    ore, oxide = f"ore{number}", f"oxide{number}"
    basket = draw.amount(0.1, 0.6)
    worth, need = basket * market.price, market.demand / basket
    places = (*sellers[1:], ABROAD, "USA")
    tables: Tables = {"commodities": [_good(ore, "mine", 0.4 * worth)]}
    outputs = {market.id: basket}
    if two_stages := draw.chance(0.5):
        tables["commodities"].append(_good(oxide, "oxide", 0.6 * market.price))
        outputs = {oxide: basket}
    if draw.chance(0.7):
        _add_co_product(draw, market, f"extra{number}", buyers, tables, outputs)
    site = draw.choice(places)
    separation: Data = {
        "id": "separate",
        "inputs": {ore: 1.0},
        "outputs": outputs,
        "cost": draw.over_time(draw.amount(0.02, 0.1) * worth, 0.3, first, last),
    }
    refinery = _facility(draw, f"refinery{number}", site, separation, need, worth)
    tables["facilities"] = [refinery]
    if two_stages:
        tables["facilities"].append(_smelter(draw, market, number, places))
    tables["offers"] = _ore_offers(draw, ore, sellers, need, worth)
    if draw.chance(0.5):
        tables["facilities"].append(_mine(draw, number, ore, site, need, worth))
    tables["expansions"] = [
        _expansion(draw, facility, size, value, first, last)
        for facility, size, value in zip(
            tables["facilities"], (need, market.demand), (worth, market.price), strict=False
        )
        if facility.get("capacity") == 0.0 or ("capacity" in facility and draw.chance(0.8))
    ]
    if draw.chance(0.8):
        origins = dict.fromkeys(offer["country"] for offer in tables["offers"])
        tables["lanes"] = _ore_lanes(draw, ore, tuple(origins), site, worth)
    return tables


def _add_co_product(
    draw: Draw,
    market: Market,
    extra: str,
    buyers: tuple[str, ...],
    tables: Tables,
    outputs: dict[str, float],
) -> None:
    """Add to ``tables`` and ``outputs`` what comes with the metal, and perhaps who takes it."""
    extra_good = _good(extra, "oxide", 0.2 * market.price)
    if draw.chance(0.5):
        extra_good["disposal_cost"] = draw.amount(0.01, 0.05) * market.price
    elif draw.chance(0.6):
        extra_good["disposable"] = False
    tables["commodities"].append(extra_good)
    outputs[extra] = draw.amount(0.1, 0.5)
    if draw.chance(0.4):
        tables["outlets"] = [_outlet(draw, market, extra, buyers)]


def _good(id: str, stage: str, value: float) -> Data:
    return {"id": id, "stage": stage, "basis": "product", "customs_value": float(f"{value:.4g}")}


def _outlet(draw: Draw, market: Market, good: str, buyers: tuple[str, ...]) -> Data:
    return {
        "id": f"{good}-outlet",
        "commodity": good,
        "country": buyers[0],
        "price": draw.amount(0.02, 0.1) * market.price,
        "capacity": draw.amount(0.05, 0.3) * market.demand,
    }


def _facility(draw: Draw, id: str, country: str, process: Data, need: float, worth: float) -> Data:
    """Return a facility that can meet a part of ``need``; or one that is yet to be built."""
    capacity = draw.amount(0.3, 1.0) * need
    facility: Data = {"id": id, "country": country, "processes": [process], "capacity": capacity}
    if draw.chance(0.4):
        facility["capacity"] = 0.0
    elif draw.chance(0.1):
        del facility["capacity"]
        return facility
    for field, chance, low, high, unit in (
        ("minimum_run", 0.4, 0.2, 0.8, capacity),
        ("fixed_cost", 0.35, 0.005, 0.05, capacity * worth),
        ("growth", 0.35, 0.1, 0.5, capacity),
        ("utilisation", 0.25, 0.7, 0.95, 1.0),
    ):
        if draw.chance(chance):
            facility[field] = draw.amount(low, high) * unit
    if "fixed_cost" in facility and draw.chance(0.3):
        facility["fixed_cost"] = {
            2000: facility["fixed_cost"],
            2028: draw.amount(0, 2) * facility["fixed_cost"],
        }
    return facility


def _smelter(draw: Draw, market: Market, number: str, places: tuple[str, ...]) -> Data:
    """Return a facility that makes the metal of its oxide."""
    melting: Data = {
        "id": "melt",
        "inputs": {f"oxide{number}": draw.amount(1.0, 1.3)},
        "outputs": {market.id: 1.0},
        "cost": draw.amount(0.02, 0.08) * market.price,
    }
    site = draw.choice(places)
    return _facility(draw, f"smelter{number}", site, melting, market.demand, market.price)


def _mine(draw: Draw, number: str, ore: str, country: str, need: float, worth: float) -> Data:
    return {
        "id": f"mine{number}",
        "country": country,
        "processes": [
            {"id": "dig", "outputs": {ore: 1.0}, "cost": draw.amount(0.3, 0.45) * worth}
        ],
        "capacity": draw.amount(0.2, 0.8) * need,
    }


def _ore_offers(
    draw: Draw, ore: str, sellers: tuple[str, ...], need: float, worth: float
) -> list[Data]:
    """Return an offer of ore by the cheap seller and one by another."""
    offers: list[Data] = [
        {
            "id": f"{ore}-offer{place}",
            "supplier": f"{country} ore",
            "country": country,
            "commodity": ore,
            "price": draw.amount(0.3, 0.35 + 0.15 * place) * worth,
            "capacity": draw.amount(0.4, 1.2) * need,
        }
        for place, country in enumerate((sellers[0], draw.choice(sellers[1:] or sellers)))
    ]
    if draw.chance(0.4):
        # little of it is cheap: a plant would rather run low, or not more than it must
        for offer in offers:
            cheap = draw.amount(0.1, 0.4) * need
            offer["tranches"] = [
                {"price": 0.5 * offer["price"], "capacity": cheap},
                {"price": draw.amount(0.7, 1.1) * worth, "capacity": offer.pop("capacity")},
            ]
            del offer["price"]
    return offers


def _expansion(
    draw: Draw, facility: Data, size: float, worth: float, first: date, last: date
) -> Data:
    annual = draw.chance(0.5)
    expansion: Data = {
        "id": f"{facility['id']}-line",
        "facility": facility["id"],
        "size": draw.amount(0.3, 0.9) * size,
        "capex": draw.over_time(
            draw.amount(0.05, 0.6 if annual else 0.2) * worth, 0.3, first, last
        ),
        "capex_mode": "annual" if annual else "lump",
        "lumpy": draw.chance(0.5),
    }
    if annual:
        expansion |= {"life": draw.amount(2, 20), "rate": draw.amount(0.02, 0.12)}
    else:
        expansion |= _salvage(Draw(f"{facility['id']} {size} {worth}"))
    if draw.chance(0.6):
        expansion["grant"] = draw.amount(0.1, 0.5)
    if draw.chance(0.5):
        expansion["lead_time"] = draw.choice((30.0, 90.0, 200.0, 365.0))
    if draw.chance(0.6):
        expansion["ramp"] = draw.choice(([0.5], [0.3, 0.6], [0.8]))
    if draw.chance(0.15):
        expansion[draw.choice(("start", "end"))] = draw.day(first, last).isoformat()
    return expansion


def _salvage(draw: Draw) -> Data:
    """Return what is left of a lump, by draws of its own: the others stay what they were."""
    if draw.chance(0.2):
        return {}
    return {
        "life": draw.amount(2, 20),
        "salvage": draw.choice(("straight_line", draw.amount(0.1, 0.9))),
    }


def _ore_lanes(
    draw: Draw, ore: str, origins: tuple[str, ...], site: str, worth: float
) -> list[Data]:
    """Return lanes on which ore comes to its refinery, through a hub or not."""
    through = HUB if draw.chance(0.65) else site
    ends = [(origin, through) for origin in origins if origin != through]
    if through == HUB:
        ends.append((HUB, site))
    lanes = []
    for origin, destination in ends:
        lane: Data = {
            "id": f"{ore}-{origin}-{destination}",
            "origin": origin,
            "destination": destination,
            "commodities": [ore],
            "freight": draw.amount(0, 0.05) * worth,
        }
        if draw.chance(0.4):
            lane["lead_time"] = draw.choice((10.0, 30.0, 60.0))
        if draw.chance(0.2):
            lane["compliance_cost"] = draw.amount(0.005, 0.03) * worth
        lanes.append(lane)
    return lanes
