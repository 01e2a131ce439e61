"""Metal smelted in Malaysia of Chinese or Australian ore and acid: the problem and its plans."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from instances.plan import Plan
from instances.problem import Problem

PlanMaker = Callable[..., Plan]
GOODS = {"stage": "x", "basis": "product"}


def tracing(**fields: Any) -> Problem:
    """Return a problem of two users of metal made in Malaysia of Chinese or Australian ore.

    The class defence takes none of the party's, counted as the fields say.
    """
    rule = {
        "id": "clean",
        "kind": "share_cap",
        "of": "CHN",
        "commodity": "metal",
        "max_share": 0,
        "denominator": "deliveries",
        "demand_class": "defence",
        "origin": "traced",
    }
    need = {"commodity": "metal", "country": "USA"}
    ore = {"commodity": "ore", "supplier": "Pit"}
    return Problem.model_validate(
        {
            "name": "tracing",
            "periods": {"start": "2026-01-01", "count": 1, "length": "1 yr"},
            "commodities": [{"id": name, **GOODS} for name in ("acid", "ore", "metal")],
            "offers": [
                {"id": "cn", "country": "CHN", "price": 10, **ore},
                {"id": "au", "country": "AUS", "price": 20, **ore},
                {"id": "hcl", "country": "CHN", "commodity": "acid", "supplier": "A", "price": 0},
                {"id": "eau", "country": "MYS", "commodity": "acid", "supplier": "B", "price": 1},
            ],
            "facilities": [
                {
                    "id": "lamp",
                    "country": "MYS",
                    "processes": [
                        {
                            "id": "smelt",
                            "inputs": {"acid": 0.5, "ore": 1},
                            "outputs": {"metal": 1},
                            "carrier": "ore",
                        }
                    ],
                }
            ],
            "demand": [
                {"id": "navy", "quantity": 30, "demand_class": "defence", **need},
                {"id": "civil", "quantity": 70, **need},
            ],
            "rules": [rule | fields],
        }
    )


class Lot(NamedTuple):
    """Metal for a user: the blend, and offer, country and tag of its ore and acid."""

    user: str
    tonnes: float
    blend: str
    ore: tuple[str, str, str]
    acid: tuple[str, str, str]
    tag: str


def smelting(plan_of: PlanMaker, *lots: Lot) -> Plan:
    """Return the plan that buys, ships, smelts and delivers the lots."""
    bought: dict[str, float] = {}
    shipped: dict[tuple[str, str, str], float] = {}
    uses = []
    for lot in lots:
        for goods, amount, (offer, country, tag) in (
            ("ore", lot.tonnes, lot.ore),
            ("acid", lot.tonnes / 2, lot.acid),
        ):
            bought[offer] = bought.get(offer, 0.0) + amount
            uses.append(("2026", "lamp", "smelt", lot.blend, goods, tag, amount))
            if country != "MYS":
                key = (f"free.{country}.MYS", goods, tag)
                shipped[key] = shipped.get(key, 0.0) + amount
        key = ("free.MYS.USA", "metal", lot.tag)
        shipped[key] = shipped.get(key, 0.0) + lot.tonnes
    return plan_of(
        purchases=[("2026", offer, 0, amount) for offer, amount in bought.items()],
        shipments=[("2026", *key, amount) for key, amount in shipped.items()],
        runs=[("2026", "lamp", "smelt", lot.blend, lot.tonnes) for lot in lots],
        uses=uses,
        deliveries=[("2026", lot.user, lot.tag, lot.tonnes) for lot in lots],
    )


TRACED = (
    Lot("navy", 30, "any&ore:AUS", ("au", "AUS", "ore:AUS"), ("eau", "MYS", "any"), "ore:AUS"),
    Lot("civil", 70, "any&ore:CHN", ("cn", "CHN", "ore:CHN"), ("eau", "MYS", "any"), "ore:CHN"),
)
# the acid for the civil metal is Chinese, its ore is not
TOUCHED = (
    Lot("navy", 30, "clean&clean", ("au", "AUS", "clean"), ("eau", "MYS", "clean"), "clean"),
    Lot(
        "civil",
        70,
        "touched:CHN&clean",
        ("au", "AUS", "clean"),
        ("hcl", "CHN", "touched:CHN"),
        "touched:CHN",
    ),
)
