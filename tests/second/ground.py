"""Drawn on top of a problem file: who holds sellers, what lies in the ground, what is dug."""

from __future__ import annotations

from random import Random
from typing import Any

from tests.second.raw import Data, periods
from tests.second.texts import SELLERS, over_time, text_of

HOMES = ("CHN", "AUS", "KAZ", "JPN")


def text_on_ground(seed: int) -> str:
    """Return the file of `text_of` with owners, reserves and a pit, in draws of their own."""
    return text_of(seed, more=_add)


def _add(seed: int, plain: Data) -> None:
    draw = Random(f"ground {seed}")
    held = {seller: _owners(draw) for seller in SELLERS if draw.random() < 0.6}
    for offer in plain["offers"]:
        # whoever sells two goods is held by the same in both
        if offer["country"] in held:
            offer["owners"] = [dict(owner) for owner in held[offer["country"]]]
        if draw.random() < 0.3:
            offer["ore"] = draw.choice(SELLERS)
        if draw.random() < 0.2:
            offer["allotted"] = True
    plain["facilities"] = [_pit(draw, plain, good) for good in ("metal", "alloy")]
    plain["expansions"] = [_expansion(draw, plain, pit) for pit in plain["facilities"]]
    plain["rules"] += [_owner_cap(draw, plain, held), *_reserves(draw, plain)]
    if draw.random() < 0.8:
        _withhold(draw, plain)


def _owners(draw: Random) -> list[Data]:
    """Return one or two holders of at most the whole; the rest is held where it is sold."""
    first = draw.randint(5, 95)
    shares = [first, draw.randint(1, 100 - first)][: draw.randint(1, 2)]
    return [
        {"entity": f"Holder {place}", "home": draw.choice(HOMES), "stake": f"{share} %"}
        for place, share in enumerate(shares)
    ]


def _pit(draw: Random, plain: Data, good: str) -> Data:
    give: Data = {good: round(draw.uniform(0.3, 1.2), 3)}
    dig = {
        "id": "dig",
        "outputs": give,
        "cost": over_time(draw, plain, draw.uniform(5, 30), "USD/t"),
    }
    if draw.random() < 0.3:
        dig["yields"] = round(draw.uniform(0.6, 1), 3)
    pit: Data = {
        "id": f"{good}-pit",
        "country": draw.choice(SELLERS),
        "capacity": over_time(draw, plain, draw.choice([0.001, 20]), "t/yr"),
        "processes": [dig],
    }
    if draw.random() < 0.5:
        pit["owners"] = _owners(draw)
    if draw.random() < 0.4:
        pit["delivery_probability"] = f"{draw.randint(50, 95)} %"
    if draw.random() < 0.4:
        pit["utilisation"] = over_time(draw, plain, draw.uniform(50, 70), "%")
    return pit


def _expansion(draw: Random, plain: Data, pit: Data) -> Data:
    expansion: Data = {
        "id": f"{pit['id']}-more",
        "facility": pit["id"],
        "size": f"{draw.uniform(20, 60):.6g} t/yr",
        "capex": over_time(draw, plain, draw.uniform(0.01, 0.1), "USD/kg"),
        "lead_time": f"{draw.choice([0, 30, 90, 200, 365])} d",
        "lumpy": draw.random() < 0.4,
    }
    if draw.random() < 0.5:
        expansion |= {
            "capex_mode": "annual",
            "rate": f"{draw.randint(0, 12)} %/yr",
            "life": f"{draw.randint(5, 20)} yr",
        }
    else:
        salvage = draw.choice(["straight_line", f"{draw.randint(5, 40)} %"])
        expansion |= {"capex_mode": "lump", "life": "8 yr", "salvage": salvage}
    if draw.random() < 0.5:
        expansion["delivery_probability"] = f"{draw.randint(50, 95)} %"
    if draw.random() < 0.3:
        expansion["grant"] = f"{draw.randint(5, 60)} %"
    if draw.random() < 0.4:
        expansion["ramp"] = [f"{draw.randint(20, 80)} %"]
    return expansion


def _owner_cap(draw: Random, plain: Data, held: dict[str, list[Data]]) -> Data:
    named = [owner["entity"] for owners in held.values() for owner in owners]
    cap: Data = {
        "id": "owner-cap",
        "kind": "share_cap",
        "of": draw.choice(["CHN", "partners", "KAZ", *named[:1]]),
        "stake": f"{draw.choice([10, 25, 50])} %",
        "commodity": draw.choice(["metal", "alloy"]),
        "max_share": over_time(draw, plain, draw.uniform(20, 50), "%"),
        "denominator": "demand",
    }
    if draw.random() < 0.4:
        cap["penalty"] = f"{draw.uniform(5, 90):.6g} USD/t"
    return cap


def _reserves(draw: Random, plain: Data) -> list[Data]:
    """Return what a country, a group, a seller or a pit still holds of a good."""
    limits = []
    for good in ("metal", "alloy"):
        limit: Data = {
            "id": f"{good}-ground",
            "kind": "reserve_limit",
            "of": draw.choice(["CHN", "partners", "KAZ", "AUS mine", f"{good}-pit"]),
            "commodity": good,
            "reserves": f"{draw.uniform(5, 60):.6g} t",
        }
        if draw.random() < 0.4:
            limit["penalty"] = f"{draw.uniform(5, 60):.6g} USD/t"
        limits.append(limit)
    return limits


def _withhold(draw: Random, plain: Data) -> None:
    """Let equipment be dear, late or both: for sure, in its own branch, or in one there is."""
    spans = periods(plain)
    first, last = spans[0][0], spans[-1][1]
    pit = draw.choice(plain["facilities"])
    dear: Data = {
        "id": "withheld",
        "of": draw.choice([pit["id"], pit["country"]]),
        "start": (first + (last - first) * draw.uniform(0, 0.25)).isoformat(),
        "length": draw.choice(["60 d", "200 d", "400 d"]),
    }
    form = draw.choice(["dear", "late", "both"])
    if form != "late":
        dear["capex"] = round(draw.uniform(0.7, 3), 3)
    if form != "dear":
        dear["lead_time"] = f"{draw.choice([30, 120, 365])} d"
    plain["events"] = [*plain.get("events", ()), dear]
    scenarios: list[Any] = plain.get("scenarios", [])
    if not scenarios:
        scenarios = [{"id": "calm", "probability": "70 %"}]
        scenarios.append({"id": "withheld", "probability": "30 %", "events": ["withheld"]})
        if draw.random() < 0.3:
            scenarios = [{"id": "all", "probability": 1, "events": ["withheld"]}]
    else:
        scenarios[-1]["events"].append("withheld")
    plain["scenarios"] = scenarios
