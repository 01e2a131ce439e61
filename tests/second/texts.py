"""Problem files drawn at random as text: schedules, units, caps, stock, odd periods, scenarios."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Any

import yaml

from tests.second.raw import Data, day, periods

if TYPE_CHECKING:
    from collections.abc import Callable

SELLERS = ("CHN", "AUS", "KAZ")
HORIZONS: tuple[Data, ...] = (
    {"start": "2026-01-01", "count": 3, "length": "1 yr"},
    {"start": "2027-07-01", "count": 4, "length": "6 months"},
    {"start": "2028-01-01", "count": 3, "length": "90 d"},
    {
        "start": "2026-10-01",
        "parts": [{"count": 1, "length": "1 quarter"}, {"count": 2, "length": "1 yr"}],
    },
)


def text_of(
    seed: int, whole: bool = False, more: Callable[[int, Data], None] | None = None
) -> str:
    """Return a problem file.

    Parameters
    ----------
    whole
        Two offers with a least lot and a yearly fee, two periods: yes or no in each, little else.
    more
        Adds to what was drawn, by the seed.
    """
    plain = _tiny(Random(f"whole {seed}")) if whole else _drawn(Random(seed))
    if more is not None:
        more(seed, plain)
    return yaml.safe_dump(plain)


def over_time(draw: Random, plain: Data, value: float, unit: str) -> Any:
    """Return a figure with its unit: always the same, in a step, or on a straight line."""
    if draw.random() < 0.4:
        return f"{value:.6g} {unit}"
    spans = periods(plain)
    last = spans[-1][1]
    later = draw.choice([spans[-1][0].isoformat(), day(last.year).isoformat(), last.isoformat()])
    if later == spans[0][0].isoformat():
        return f"{value:.6g} {unit}"
    said: Data = {
        spans[0][0].year - 1: f"{value:.6g} {unit}",
        later: f"{value * draw.uniform(0.6, 1.4):.6g} {unit}",
    }
    return said | ({"interpolate": True} if draw.random() < 0.5 else {})


def _offer(draw: Random, plain: Data, good: str, country: str) -> Data:
    price = draw.uniform(20, 90)
    offer: Data = {
        "id": f"{country.lower()}-{good}",
        "supplier": f"{country} mine",
        "country": country,
        "commodity": good,
    }
    if draw.random() < 0.3:
        offer["tranches"] = [
            {"price": f"{price:.6g} USD/t", "capacity": f"{draw.uniform(10, 40):.6g} t/yr"},
            {"price": f"{price / 500:.6g} USD/kg", "capacity": f"{draw.uniform(9, 40):.6g} t/yr"},
        ]
    else:
        offer["price"] = (
            over_time(draw, plain, price / 1000, "USD/kg")
            if draw.random() < 0.5
            else over_time(draw, plain, price, "USD/t")
        )
        offer["capacity"] = (
            over_time(draw, plain, draw.uniform(0.02, 0.09), "kt/yr")
            if draw.random() < 0.5
            else over_time(draw, plain, draw.uniform(20, 90), "t/yr")
        )
    if draw.random() < 0.4:
        offer["available"] = over_time(draw, plain, draw.uniform(50, 70), "%")
    if draw.random() < 0.2:
        offer["delivery_probability"] = f"{draw.randint(60, 95)} %"
    spans = periods(plain)
    if draw.random() < 0.3:
        # some day in the second period
        offer["start"] = (spans[1][0] + (spans[1][1] - spans[1][0]) / 3).isoformat()
    return offer


def _lane(draw: Random, plain: Data, origin: str, destination: str) -> Data:
    lane: Data = {
        "id": f"{origin}-{destination}".lower(),
        "origin": origin,
        "destination": destination,
        "commodities": ["alloy"],
        "freight": over_time(draw, plain, draw.uniform(2, 9), "USD/t"),
    }
    if draw.random() < 0.5:
        lane["tariff"] = f"{draw.randint(2, 25)} %"
    if draw.random() < 0.5:
        lane["loss"] = f"{draw.randint(1, 5)} %"
    if draw.random() < 0.3:
        lane["capacity"] = f"{draw.uniform(20, 60):.6g} t/yr"
    return lane


def _drawn(draw: Random) -> Data:
    plain: Data = {
        "name": "second",
        "periods": draw.choice(HORIZONS),
        "discount": {
            "rate": f"{draw.randint(1, 12)} %/yr",
            "timing": draw.choice(["start", "middle", "end"]),
        },
        # what no lane names moves freely; alloy is shipped
        "commodities": [
            {"id": "metal", "stage": "metal", "basis": "product"},
            {"id": "alloy", "stage": "alloy", "basis": "product", "customs_value": "0.05 USD/kg"},
        ],
        "groups": {"partners": ["AUS", "KAZ"]},
    }
    goods = ("metal", "alloy")
    plain["offers"] = [_offer(draw, plain, good, seller) for good in goods for seller in SELLERS]
    plain["lanes"] = [
        _lane(draw, plain, seller, buyer) for seller in SELLERS for buyer in ("USA", "JPN")
    ]
    plain["demand"] = [
        {
            "id": f"{buyer.lower()}-{good}",
            "commodity": good,
            "country": buyer,
            "quantity": over_time(draw, plain, draw.uniform(20, 50), "t/yr"),
            "shortfall_cost": f"{draw.uniform(0.2, 0.6):.6g} USD/kg",
        }
        for good in goods
        for buyer in ("USA", "JPN")
    ]
    plain["stockpiles"] = [_stockpile(draw, good) for good in goods if draw.random() < 0.8]
    plain["rules"] = [*_caps(draw, plain), *_targets(draw, plain)]
    if draw.random() < 0.6:
        plain |= _branches(draw, plain)
    return plain


def _stockpile(draw: Random, good: str) -> Data:
    store: Data = {
        "id": f"{good}-vault",
        "commodity": good,
        "country": "USA",
        "opening": f"{draw.uniform(0, 9):.6g} t",
        "holding_cost": f"{draw.uniform(0.5, 4) / 1000:.6g} USD/kg/yr",
        "terminal_value": f"{draw.uniform(0, 30):.6g} USD/t",
        "decay": f"{draw.choice([0, 3])} %/yr",
    }
    if draw.random() < 0.5:
        store["fill_rate"] = f"{draw.uniform(9, 30):.6g} t/yr"
    if draw.random() < 0.5:
        store["draw_rate"] = f"{draw.uniform(9, 30):.6g} t/yr"
    if draw.random() < 0.4:
        store["capacity"] = f"{draw.uniform(20, 40):.6g} t"
    return store


def _caps(draw: Random, plain: Data) -> list[Data]:
    caps = []
    for good in ("metal", "alloy"):
        of = draw.choice(["CHN", "partners", "AUS"])
        cap: Data = {
            "id": f"{good}-cap",
            "kind": "share_cap",
            "of": of,
            "commodity": good,
            "max_share": over_time(draw, plain, draw.uniform(30, 60), "%"),
            "denominator": "demand",
        }
        if draw.random() < 0.4:
            cap["penalty"] = f"{draw.uniform(5, 90):.6g} USD/t"
        caps.append(cap)
    return caps


def _targets(draw: Random, plain: Data) -> list[Data]:
    targets = []
    for store in plain["stockpiles"]:
        target: Data = {
            "id": f"{store['id']}-target",
            "kind": "stock_target",
            "stockpile": store["id"],
            "tonnes": over_time(draw, plain, draw.uniform(2, 9), "t"),
        }
        if draw.random() < 0.6:
            target["penalty"] = f"{draw.uniform(5, 90):.6g} USD/t"
        targets.append(target)
    return targets


def _branches(draw: Random, plain: Data) -> Data:
    """Return two or three scenarios: nothing, China sells less, and perhaps Australia does."""
    spans = periods(plain)
    first, last = spans[0][0], spans[-1][1]
    events, scenarios = [], []
    for of in ("CHN", "AUS")[: draw.randint(1, 2)]:
        start = first + (last - first) * draw.uniform(0.1, 0.8)
        events.append(
            {
                "id": f"{of.lower()}-stop",
                "of": of,
                "commodities": [draw.choice(["metal", "alloy"])],
                "availability": f"{draw.choice([0, 30, 60])} %",
                "start": start.isoformat(),
                "length": draw.choice(["60 d", "200 d", "400 d"]),
            }
        )
        scenarios.append({"id": of.lower(), "probability": "20 %", "events": [events[-1]["id"]]})
    rest = 100 - 20 * len(scenarios)
    return {
        "events": events,
        "scenarios": [{"id": "calm", "probability": f"{rest} %"}, *scenarios],
    }


def _tiny(draw: Random) -> Data:
    plain: Data = {
        "name": "second-whole",
        "periods": {"start": "2027-01-01", "count": 2, "length": "6 months"},
        "discount": {"rate": "6 %/yr"},
        "commodities": [{"id": "metal", "stage": "metal", "basis": "product"}],
    }
    plain["offers"] = [
        {
            "id": f"{country.lower()}-metal",
            "supplier": f"{country} mine",
            "country": country,
            "commodity": "metal",
            "price": over_time(draw, plain, draw.uniform(20, 60), "USD/t"),
            "capacity": f"{draw.uniform(30, 80):.6g} t/yr",
            "minimum_lot": f"{draw.uniform(10, 25):.6g} t/yr",
            "fixed_cost": f"{draw.uniform(50, 900):.6g} USD/yr",
        }
        for country in ("CHN", "AUS")
    ]
    plain["demand"] = [
        {
            "id": "usa-metal",
            "commodity": "metal",
            "country": "USA",
            "quantity": over_time(draw, plain, draw.uniform(20, 70), "t/yr"),
            "shortfall_cost": f"{draw.uniform(50, 200):.6g} USD/t",
        }
    ]
    plain["stockpiles"] = [
        {
            "id": "metal-vault",
            "commodity": "metal",
            "country": "USA",
            "holding_cost": "2 USD/t/yr",
            "fill_rate": "30 t/yr",
        }
    ]
    plain["rules"] = [
        {
            "id": "metal-cap",
            "kind": "share_cap",
            "of": "CHN",
            "commodity": "metal",
            "max_share": f"{draw.randint(40, 90)} %",
            "denominator": "demand",
        }
    ]
    return plain
