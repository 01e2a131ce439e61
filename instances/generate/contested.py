"""Generated contests: owners of sellers, reserves, announced capacity, withheld equipment.

All in draws of their own, on top of a random problem.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instances.generate.draw import Draw
from instances.generate.world import random_problem
from instances.parse import parse
from instances.periods import timeline

if TYPE_CHECKING:
    from datetime import date

    from instances.problem import Problem

Data = dict[str, Any]
HOMES = ("CHN", "AUS", "KAZ", "JPN")


def random_contested(seed: int) -> Problem:
    """Return `random_problem` with owners and caps on them, reserves, and announced capacity.

    Where something can be built, equipment for it may be withheld in a scenario; building is cheap
    there, so that some is built. The problem without all this is the random one; not every problem
    has a plan.
    """
    problem = random_problem(seed)
    draw = Draw(f"contested {seed}")
    data = problem.to_plain()
    horizon = timeline(problem.periods)
    held = _held(draw, data)
    _announce(draw, data)
    wanted = sorted({item["commodity"] for item in data["demand"]})
    rules = []
    for goods in wanted:
        value = next(item["customs_value"] for item in data["commodities"] if item["id"] == goods)
        if draw.chance(0.7):
            rules.append(_owner_share(draw, held, goods, value))
    sold = dict.fromkeys(offer["commodity"] for offer in data["offers"])
    rules += [_reserve(draw, data, goods) for goods in sold if draw.chance(0.6)]
    for number, rule in enumerate(rules):
        rule["id"] = f"contested{number}"
    data["rules"] = [*data.get("rules", ()), *rules]
    if data.get("expansions") and draw.chance(0.6):
        data |= _withheld(draw, data, horizon[0].start, horizon[-1].end)
        data["expansions"] = [
            item | {"capex": _times(0.1, item["capex"]), "lead_time": 10.0}
            for item in data["expansions"]
        ]
    return parse(data)


def _held(draw: Draw, data: Data) -> list[str]:
    """State owners of some sellers and sites; return the names of the owners."""
    sellers: dict[tuple[str, str], list[Data]] = {}
    names = []
    for record in (*data["offers"], *data.get("facilities", ())):
        seller = (record.get("supplier", record["id"]), record["country"])
        if seller not in sellers:
            sellers[seller] = _owners(draw, len(sellers)) if draw.chance(0.5) else []
            names += [owner["entity"] for owner in sellers[seller]]
        if sellers[seller]:
            record["owners"] = sellers[seller]
    return names


def _owners(draw: Draw, number: int) -> list[Data]:
    """Return one or two holders; what they leave is held at home."""
    first = draw.choice((0.1, 0.25, 0.4, 0.51, 0.75, 1.0))
    owners = [{"entity": f"Holder {number}", "home": draw.choice(HOMES), "stake": first}]
    if first <= 0.51 and draw.chance(0.5):
        owners.append({"entity": f"Fund {number}", "home": draw.choice(HOMES), "stake": 0.15})
    return owners


def _announce(draw: Draw, data: Data) -> None:
    """Let some capacity be less than certain, and some be the buyers' part already."""
    for offer in data["offers"]:
        if not all("capacity" in part for part in offer.get("tranches", [offer])):
            continue
        if draw.chance(0.2):
            offer["delivery_probability"] = draw.amount(0.6, 0.95)
        if draw.chance(0.1):
            offer["allotted"] = True
    for record in (*data.get("facilities", ()), *data.get("expansions", ())):
        # all that is built has a size, not all that stands a capacity
        if ("facility" in record or record.get("capacity")) and draw.chance(0.4):
            record["delivery_probability"] = draw.amount(0.5, 0.95)


def _owner_share(draw: Draw, held: list[str], goods: str, value: float) -> Data:
    """Return a cap on what owners sell, or a floor under it."""
    rule: Data = {
        "kind": "share_cap",
        "of": draw.choice(("CHN", "CHN", "rivals", *held[:1])),
        "commodity": goods,
        "denominator": draw.choice(("demand", "demand", "supply", "deliveries")),
        "stake": draw.choice((0.15, 0.25, 0.5)),
    }
    if draw.chance(0.2):
        rule |= {"kind": "share_floor", "of": "partners", "min_share": draw.amount(0.1, 0.4)}
        return rule | {"penalty": draw.amount(0.1, 1.0) * value}
    rule["max_share"] = draw.amount(0.2, 0.8)
    return rule | ({"penalty": draw.amount(0.1, 1.0) * value} if draw.chance(0.6) else {})


def _reserve(draw: Draw, data: Data, goods: str) -> Data:
    """Return what the ground still holds of a good, some years of what is sold there."""
    offers = [offer for offer in data["offers"] if offer["commodity"] == goods]
    offer = draw.choice(offers)
    rate = sum(_first(part.get("capacity", 100.0)) for part in offer.get("tranches", [offer]))
    rule: Data = {
        "kind": "reserve_limit",
        "of": draw.choice((offer["country"], offer["supplier"], "partners")),
        "commodity": goods,
        "reserves": draw.amount(0.1, 2.0) * rate,
    }
    if draw.chance(0.6):
        values = {item["id"]: item.get("customs_value", 100.0) for item in data["commodities"]}
        rule["penalty"] = draw.amount(0.1, 1.0) * values[goods]
    return rule


def _withheld(draw: Draw, data: Data, first: date, last: date) -> Data:
    """Return the tables of a tree in which building becomes dearer or slower for a time."""
    chosen = draw.choice(data["expansions"])["facility"]
    site = next(item for item in data["facilities"] if item["id"] == chosen)
    event: Data = {
        "id": "withheld",
        "of": draw.choice((site["id"], site["country"])),
        "start": draw.day(first, first + (last - first) / 3).isoformat(),
    }
    form = draw.choice(("dear", "late", "both"))
    if form != "late":
        event["capex"] = draw.amount(1.2, 3)
    if form != "dear":
        event["lead_time"] = draw.choice((30.0, 100.0, 365.0))
    if draw.chance(0.5):
        event["length"] = draw.choice(("60 d", "200 d", "1 yr"))
    chance = draw.amount(0.2, 0.8)
    calm = {"id": "calm", "probability": 1 - chance}
    struck = {"id": "withheld", "probability": chance, "events": ["withheld"]}
    return {"events": [event], "scenarios": [calm, struck]}


def _times(factor: float, value: Any) -> Any:
    """Return a number or a schedule times ``factor``."""
    if isinstance(value, dict):
        return {
            key: item if key == "interpolate" else factor * item for key, item in value.items()
        }
    return factor * value


def _first(value: Any) -> float:
    """Return a number, or the first of a schedule's."""
    return float(next(iter(value.values())) if isinstance(value, dict) else value)
