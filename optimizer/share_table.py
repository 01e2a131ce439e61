"""The table of shares: who supplies, by country."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from instances.keep import keeps
from instances.tags import UNKNOWN, Tagging, read_tag
from optimizer.tables import deliveries, production, purchases, unmet

if TYPE_CHECKING:
    from instances.plan import Plan
    from instances.problem import Problem


def shares(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return, by country, tonnes bought there, made there and delivered, and their shares.

    Shares of demand and of supply (all that is bought or made) are at the gate of who sells or
    makes it; the share of deliveries counts stock draws and is given only where a rule keeps the
    seller with the lot (custody: by lot).
    """
    keys = ["node", "commodity", "country"]
    bought = purchases(problem, plan).groupby(keys)["bought_t"].sum()
    made = production(problem, plan).groupby(keys)["made_t"].sum()
    delivered = deliveries(problem, plan)
    delivered["seller"] = [
        (read_tag(tag).seller or UNKNOWN).partition("/")[0] if isinstance(tag, str) else UNKNOWN
        for tag in delivered["seller"]
    ]
    by_seller = delivered.groupby(["node", "commodity", "seller"])["delivered_t"].sum()
    supply = bought.add(made, fill_value=0.0)
    # many look-ups of one number each: a dict takes a hundredth of the time of a series
    all_supply = supply.groupby(["node", "commodity"]).sum().to_dict()
    all_delivered = by_seller.groupby(["node", "commodity"]).sum().to_dict()
    needed = unmet(problem, plan).groupby(["node", "commodity"])["needed_t"].sum().to_dict()
    supplied, given_by = supply.to_dict(), by_seller.to_dict()
    bought_at, made_at = bought.to_dict(), made.to_dict()
    kept = keeps(problem)
    sellers: dict[str, dict[str, None]] = {item.id: {} for item in problem.commodities}
    for offer in problem.offers:
        sellers[offer.commodity][offer.country] = None
    for facility in problem.facilities:
        for process in facility.processes:
            for commodity in process.outputs:
                sellers[commodity][facility.country] = None
    for store in problem.stockpiles:
        if store.opening > 0 and kept[store.commodity].seller is not Tagging.NONE:
            sellers[store.commodity][store.opening_country or UNKNOWN] = None
    rows = []
    for node in problem.nodes:
        for commodity, countries in sellers.items():
            traced = kept[commodity].seller is not Tagging.NONE
            for country in countries:
                here = (node.id, commodity)
                amount = float(supplied.get((*here, country), 0.0))
                given = float(given_by.get((*here, country), 0.0)) if traced else None
                rows.append(
                    {
                        "node": node.id,
                        "commodity": commodity,
                        "country": country,
                        "bought_t": float(bought_at.get((*here, country), 0.0)),
                        "made_t": float(made_at.get((*here, country), 0.0)),
                        "share_of_demand": _ratio(amount, needed.get(here, 0.0)),
                        "share_of_supply": _ratio(amount, all_supply.get(here, 0.0)),
                        "delivered_t": given,
                        "share_of_deliveries": None
                        if given is None
                        else _ratio(given, all_delivered.get(here, 0.0)),
                    }
                )
    columns = [*keys, "bought_t", "made_t", "share_of_demand", "share_of_supply"]
    return pd.DataFrame(rows, columns=[*columns, "delivered_t", "share_of_deliveries"])


def _ratio(part: float, whole: float) -> float | None:
    return float(part / whole) if whole > 1e-9 else None
