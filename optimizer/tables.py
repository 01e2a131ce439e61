"""Tables of a result: long frames, one row per fact, with units in the headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from instances.contract import Contract
from instances.tags import ANY
from optimizer.recipes import recipes_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from instances.plan import Plan
    from instances.problem import Problem


def purchases(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return what is bought: from whom, where, at which price, and what a least price adds."""
    offers = {offer.id: offer for offer in problem.offers}
    nodes = {node.id: node for node in problem.nodes}
    table = plan.purchases
    found = [offers[name] for name in table["offer"]]
    ways = [
        problem.ways_to_buy[name][tranche]
        for name, tranche in zip(table["offer"], table["tranche"], strict=True)
    ]
    price = [
        way.price_on(nodes[node].period.start, nodes[node].branch)
        for way, node in zip(ways, table["node"], strict=True)
    ]
    amount = table["tonnes"].to_numpy(float)
    periods = {node.id: node.period for node in problem.nodes}
    lacking = {"seller": np.zeros(len(table)), "treasury": np.zeros(len(table))}
    for least in problem.minimum_import_prices:
        zone = problem.directory.places(least.zone)
        for number, (offer, node) in enumerate(zip(found, table["node"], strict=True)):
            if offer.commodity == least.commodity and offer.country not in zone:
                period = periods[node]
                short = max(
                    at_or_nothing(least.price, period.start) - float(price[number] or 0.0), 0.0
                )
                part = period.years_within(least.start, least.end) / period.years
                lacking[least.goes_to][number] += short * part
    return pd.DataFrame(
        {
            "node": table["node"],
            "offer": table["offer"],
            "tranche": table["tranche"],
            "contract": [way.id if isinstance(way, Contract) else None for way in ways],
            "supplier": [offer.supplier for offer in found],
            "country": [offer.country for offer in found],
            "commodity": [offer.commodity for offer in found],
            "bought_t": amount,
            "price_usd_per_t": np.array(price, dtype=float),
            "cost_usd": amount * np.array(price, dtype=float),
            "top_up_usd": amount * lacking["seller"],
            "duty_usd": amount * lacking["treasury"],
        }
    )


def contracts(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return every contract at every node: signed there, taken, paid for and not taken.

    ``signed_fraction`` is null where it was signed before the horizon.
    """
    bought = purchases(problem, plan)
    taken = bought.dropna(subset="contract").set_index(["node", "contract"])["bought_t"].to_dict()
    forgone = plan.forgone.set_index(["node", "contract"])["tonnes"].to_dict()
    signed = plan.signings.set_index(["node", "contract"])["share"].to_dict()
    rows = []
    for node in problem.nodes:
        for item in problem.contracts:
            key = (node.id, item.id)
            rows.append(
                {
                    "node": node.id,
                    "contract": item.id,
                    "offer": item.offer,
                    "signed_fraction": float(signed.get(key, 0.0)) if item.optional else None,
                    "taken_t": float(taken.get(key, 0.0)),
                    "forgone_t": float(forgone.get(key, 0.0)),
                    "price_usd_per_t": item.price_on(node.period.start, node.branch),
                }
            )
    columns = ["node", "contract", "offer", "signed_fraction", "taken_t", "forgone_t"]
    return pd.DataFrame(rows, columns=[*columns, "price_usd_per_t"])


def deliveries(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return what the users get, and from which seller where the rules keep track of it."""
    demands = {demand.id: demand for demand in problem.demand}
    table = plan.deliveries
    found = [demands[name] for name in table["demand"]]
    return pd.DataFrame(
        {
            "node": table["node"],
            "demand": table["demand"],
            "commodity": [demand.commodity for demand in found],
            "country": [demand.country for demand in found],
            "demand_class": [demand.demand_class for demand in found],
            "seller": sellers(table["tag"]),
            "delivered_t": table["tonnes"],
        }
    )


def unmet(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return every demand at every node: needed, short (at what cost) or late."""
    starts = _starts(problem)
    short = plan.shortfalls
    rows = []
    left: dict[tuple[str, str], float] = {}
    harm: dict[tuple[str, str], float] = {}
    owed = {(node, name): late for node, name, late in plan.backlogs.itertuples(index=False)}
    demands = {demand.id: demand for demand in problem.demand}
    for node, name, tier, amount in short.itertuples(index=False):
        tiers = demands[name].tiers
        cost = at_or_nothing(tiers[tier].cost, starts[node]) if tier < len(tiers) else 0.0
        left[node, name] = left.get((node, name), 0.0) + amount
        harm[node, name] = harm.get((node, name), 0.0) + amount * cost
    for node in problem.nodes:
        for demand in problem.demand:
            needed = (
                demand.quantity.at(node.period.start, node.branch) or 0.0
            ) * node.period.years
            missing = left.get((node.id, demand.id), 0.0)
            rows.append(
                {
                    "node": node.id,
                    "demand": demand.id,
                    "commodity": demand.commodity,
                    "country": demand.country,
                    "demand_class": demand.demand_class,
                    "needed_t": needed,
                    "unmet_t": missing,
                    "late_t": owed.get((node.id, demand.id), 0.0),
                    "unmet_fraction": missing / needed if needed > 0 else None,
                    "shortfall_usd": harm.get((node.id, demand.id), 0.0),
                }
            )
    columns = ["node", "demand", "commodity", "country", "demand_class", "needed_t", "unmet_t"]
    columns.append("late_t")
    return pd.DataFrame(rows, columns=[*columns, "unmet_fraction", "shortfall_usd"])


def stocks(
    problem: Problem, plan: Plan, cover: Callable[[str, str], float | None]
) -> pd.DataFrame:
    """Return every stockpile at every node: fill, draw, stock and the days it covers.

    Parameters
    ----------
    cover
        Days of the demand that follows which a stockpile covers at the end of a node.
    """
    held = plan.stocks.groupby(["node", "stockpile"])[["fill", "draw", "stock"]].sum()
    sums = {key: tuple(row) for key, row in zip(held.index, held.to_numpy(), strict=True)}
    rows = []
    for node in problem.nodes:
        for store in problem.stockpiles:
            fill, draw, stock = sums.get((node.id, store.id), (0.0, 0.0, 0.0))
            rows.append(
                {
                    "node": node.id,
                    "stockpile": store.id,
                    "commodity": store.commodity,
                    "country": store.country,
                    "fill_t": fill,
                    "draw_t": draw,
                    "stock_t": stock,
                    "cover_d": cover(store.id, node.id),
                }
            )
    columns = [
        "node",
        "stockpile",
        "commodity",
        "country",
        "fill_t",
        "draw_t",
        "stock_t",
        "cover_d",
    ]
    return pd.DataFrame(rows, columns=columns)


def production(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return what facilities make: by process and output, tonnes."""
    recipe = recipes_of(problem)
    rows = [
        {
            "node": node,
            "facility": facility,
            "process": process,
            "country": recipe(facility, process, node)[0],
            "commodity": commodity,
            "made_t": tonnes * ratio,
        }
        for node, facility, process, _, tonnes in plan.runs.itertuples(index=False)
        for commodity, ratio in recipe(facility, process, node)[1].items()
    ]
    columns = ["node", "facility", "process", "country", "commodity", "made_t"]
    return pd.DataFrame(rows, columns=columns).astype({"made_t": float})


def builds(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return what capacity is decided on: expansion, facility and size, when it is decided."""
    facilities = {item.id: item.facility for item in problem.expansions}
    return pd.DataFrame(
        {
            "node": plan.builds["node"],
            "expansion": plan.builds["expansion"],
            "facility": [facilities[name] for name in plan.builds["expansion"]],
            "size_t_per_yr": plan.builds["size"].astype(float),
        }
    )


def sellers(tags: pd.Series[Any]) -> list[str | None]:
    """Return what a reader is told of a lot's tag: nothing where nothing is remembered."""
    return [None if tag == ANY else str(tag) for tag in tags]


def _starts(problem: Problem) -> dict[str, Any]:
    return {node.id: node.period.start for node in problem.nodes}


def at_or_nothing(schedule: Any, day: Any, branch: str | None = None) -> float:
    """Return a schedule on a day, 0 where it has no value."""
    return 0.0 if schedule is None else float(schedule.at(day, branch) or 0.0)
