"""Rules and reserve of a problem from facts: paths of caps, days of cover, and what to hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from instances.from_facts.sellers import LEADER, marked, rounded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instances.from_facts.markets import Market

UNKNOWN_SHARE, LEAST_START, LAST = 0.9, 0.3, 0.25
OTHERS = 0.65
"""The EU's CRMA holds any third country to 65 % of use; here a yardstick for every seller."""
LAG = 0.05
FIRST_COVER, LAST_COVER = 60, 180
HOLDING, THRIFT, STOP = 0.015, 3.0, 20.0
"""Yearly holding, the first tenth of shortfall and all beyond, as multiples of the price."""


def path(first: int, last: int, start: float, end: float) -> Any:
    """Return a straight line from a first year to a last; one value if they are the same."""
    if first == last:
        return end
    return {str(first): start, str(last): end, "interpolate": True}


def rules(market: Market, offers: Sequence[dict[str, Any]], first: int, last: int) -> list[Any]:
    """Return the caps on China and any other seller, scarce reserves, and the target of cover."""
    codes = {offer["country"] for offer in offers} - {"USA"}
    made: list[Any] = []
    if LEADER in codes:
        present = market.sold(LEADER) / market.tonnes
        start = max(LEAST_START, math.ceil(present * 20) / 20) if present else UNKNOWN_SHARE
        end = min(LAST, start / 2)
        told = f"China's present share of use is {present:.0%}" if present else "not known"
        why = f"The planner's choice: {told}; a straight path to {end:.0%}."
        caps = (("cn-cap", "demand", 0.0), ("cn-delivered", "deliveries", LAG))
        for name, denominator, lag in caps:
            made.append(
                {
                    "id": name,
                    "kind": "share_cap",
                    "of": LEADER,
                    "commodity": market.mineral,
                    "denominator": denominator,
                    "max_share": path(first, last, rounded(start + lag), rounded(end + lag)),
                    "assumption": why
                    if not lag
                    else "The planner's choice: what users receive may lag by five points.",
                }
            )
    if others := sorted(codes - {LEADER}):
        present = max(market.sold(code) / market.tonnes for code in others)
        made.append(
            {
                "id": "others-cap",
                "kind": "share_cap",
                "of": {"each": "others"},
                "commodity": market.mineral,
                "denominator": "demand",
                "max_share": path(first, last, max(OTHERS, math.ceil(present * 20) / 20), OTHERS),
                "assumption": "The planner's choice: the 65 % of use that the EU sets for any one "
                "country, reached from today's share.",
            }
        )
    made += _reserves(market, offers, last - first + 1)
    begin = min(first + 1, last)
    made.append(
        {
            "id": "cover",
            "kind": "stock_target",
            "stockpile": f"{market.mineral}-reserve",
            "cover_days": path(begin, last, FIRST_COVER, LAST_COVER),
            "assumption": "The planner's choice: Japan's and Korea's range of 60 to 180 days.",
        }
    )
    return made


def _reserves(market: Market, offers: Sequence[dict[str, Any]], years: int) -> Iterator[Any]:
    """Yield what is left in the ground where it does not outlast the horizon at today's output."""
    for offer in offers:
        code = offer["country"]
        held = market.reserves.get(code)
        if held is None or offer["id"] != f"{code.lower()}-{market.mineral}":
            continue
        tonnes, row = held
        life = tonnes / offer["capacity"]
        if life < years:
            part = offer.get("available", 1.0)
            yield {
                "id": f"{code.lower()}-reserves",
                "kind": "reserve_limit",
                "of": code,
                "commodity": market.mineral,
                "reserves": rounded(part * tonnes),
                "assumption": f"What is open to US users ({part:.3g}) of its reserves, which last "
                f"{life:.1f} years at the output found: others claim the rest. ({row.cited})",
            }


def reserve(market: Market) -> dict[str, Any]:
    """Return the stockpile, which opens empty."""
    price = market.usd_per_tonne
    return {
        "id": f"{market.mineral}-reserve",
        "commodity": market.mineral,
        "country": "USA",
        "holding_cost": rounded(HOLDING * price),
        "terminal_value": rounded(price),
        "assumption": {
            "holding_cost": "Storage and insurance, 1.5 % of the price a year.",
            "terminal_value": "Stock at the end is worth the price found.",
        },
    }


def demand(market: Market) -> dict[str, Any]:
    """Return US use, held flat, and what going without costs."""
    price = market.usd_per_tonne
    record: dict[str, Any] = {
        "id": f"usa-{market.mineral}",
        "commodity": market.mineral,
        "country": "USA",
        "quantity": market.tonnes,
        "shortfall_cost": [
            {"share": 0.1, "cost": rounded(THRIFT * price)},
            {"share": 0.9, "cost": rounded(STOP * price)},
        ],
        "assumption": {
            "shortfall_cost": "Thrift at three times the price for a tenth, then users stop, at "
            "twenty times: set to be avoided.",
        },
    }
    use = market.use
    stands_in = use.row["metric"] == "imports"
    counted = " Gross weight, taken as it is." if stands_in else ""
    marked(
        record,
        use,
        "quantity",
        f"Imports of {use.row['year']} stand in for use, held flat.{counted}"
        if stands_in
        else ("Held flat." if use.status != "found" else ""),
    )
    return record
