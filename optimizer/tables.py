"""Tables of a result: long frames, one row per fact, with units in the headers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from instances.contract import Contract
from instances.keep import keeps
from instances.routes import all_lanes
from instances.tags import ANY, UNKNOWN, Tagging, read_tag
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
                short = max(_at(least.price, period.start) - float(price[number] or 0.0), 0.0)
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


def shipments(problem: Problem, plan: Plan) -> pd.DataFrame:
    """Return what moves: on which lane, how much is loaded and arrives, what it pays."""
    lanes = {lane.id: lane for lane in all_lanes(problem)}
    values = {item.id: item.customs_value for item in problem.commodities}
    nodes = {node.id: node for node in problem.nodes}
    table = plan.shipments
    found = [lanes[name] for name in table["lane"]]
    loaded = table["tonnes"].to_numpy(float)
    arrived = loaded * np.array([1 - lane.loss for lane in found])
    when = [(nodes[node].period.start, nodes[node].branch) for node in table["node"]]
    freight = np.array(
        [
            lane.freight_of(commodity).at(*spot)
            for lane, commodity, spot in zip(found, table["commodity"], when, strict=True)
        ],
        float,
    )
    duty = [
        _at(lane.tariff, *spot) * _at(values[commodity], *spot)
        for lane, spot, commodity in zip(found, when, table["commodity"], strict=True)
    ]
    return pd.DataFrame(
        {
            "node": table["node"],
            "lane": table["lane"],
            "origin": [lane.origin for lane in found],
            "destination": [lane.destination for lane in found],
            "commodity": table["commodity"],
            "seller": _seller(table["tag"]),
            "loaded_t": loaded,
            "arrived_t": arrived,
            "freight_usd": loaded * freight,
            "tariff_usd": arrived * (np.array(duty, dtype=float) + _by_origin(problem, table)),
        }
    )


def _by_origin(problem: Problem, table: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Return USD per tonne that arrives of the tariffs by origin, for each shipment."""
    directory = problem.directory
    periods = {node.id: node.period for node in problem.nodes}
    lanes = {lane.id: lane for lane in all_lanes(problem)}
    values = {item.id: item.customs_value for item in problem.commodities}
    duty = np.zeros(len(table))
    for tariff in problem.tariffs:
        goods = directory.goods(tariff.commodity, tariff.stage)
        into, of = directory.places(tariff.into), directory.places(tariff.of)
        columns = (table[name] for name in ("node", "lane", "commodity", "tag"))
        for number, (node, name, commodity, tag) in enumerate(zip(*columns, strict=True)):
            lane, period = lanes[name], periods[node]
            seller = (read_tag(tag).seller or UNKNOWN).partition("/")[0]
            enters = lane.destination in into and lane.origin not in into
            if enters and commodity in goods and seller in of:
                part = period.years_within(tariff.start, tariff.end) / period.years
                rate = _at(tariff.rate, period.start) * part
                duty[number] += rate * _at(values[commodity], period.start)
    return duty


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
            "seller": _seller(table["tag"]),
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
        cost = _at(tiers[tier].cost, starts[node]) if tier < len(tiers) else 0.0
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
    all_supply = supply.groupby(["node", "commodity"]).sum()
    all_delivered = by_seller.groupby(["node", "commodity"]).sum()
    needed = unmet(problem, plan).groupby(["node", "commodity"])["needed_t"].sum()
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
                amount = float(supply.get((*here, country), 0.0))
                given = float(by_seller.get((*here, country), 0.0)) if traced else None
                rows.append(
                    {
                        "node": node.id,
                        "commodity": commodity,
                        "country": country,
                        "bought_t": float(bought.get((*here, country), 0.0)),
                        "made_t": float(made.get((*here, country), 0.0)),
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


def _ratio(part: float, whole: float) -> float | None:
    return float(part / whole) if whole > 1e-9 else None


def _seller(tags: pd.Series[Any]) -> list[str | None]:
    return [None if tag == ANY else str(tag) for tag in tags]


def _starts(problem: Problem) -> dict[str, Any]:
    return {node.id: node.period.start for node in problem.nodes}


def _at(schedule: Any, day: Any, branch: str | None = None) -> float:
    return 0.0 if schedule is None else float(schedule.at(day, branch) or 0.0)
