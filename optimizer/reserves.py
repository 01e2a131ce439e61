"""Reserves: where the money of funds buys the most cover, by stockpile."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from instances.plan import Plan
    from instances.problem import Problem

COLUMNS = [
    "stockpile",
    "fund",
    "commodity",
    "spent_usd",
    "most_held_t",
    "most_cover_d",
    "cover_d_per_musd",
    "released_t",
    "avoided_usd",
    "avoided_usd_per_usd",
]


def reserves(problem: Problem, plan: Plan, stocks: pd.DataFrame) -> pd.DataFrame:
    """Return, by funded stockpile, what was spent on it and what that bought, most avoided first.

    What is avoided is the shortfall that would be there if what is released were not: in each node
    its tonnes at the cost of the next tiers of demand that are not short yet.

    Parameters
    ----------
    stocks
        Every stockpile at every node, with days of cover.
    """
    payer = {name: fund.id for fund in problem.funds for name in fund.stockpiles}
    spent = _spent(problem, plan)
    released = _released(plan)
    rows = []
    for name, store in problem.funded.items():
        held = stocks[stocks["stockpile"] == name]
        cover = held["cover_d"].astype(float).max()
        dollars = spent.get(name, 0.0)
        given = {node.id: released.get((node.id, name), 0.0) for node in problem.nodes}
        avoided = sum(_avoided(problem, plan, name, node, t) for node, t in given.items())
        covered = None if pd.isna(cover) else float(cover)
        some = dollars > 1.0
        rows.append(
            {
                "stockpile": name,
                "fund": payer[name],
                "commodity": store.commodity,
                "spent_usd": dollars,
                "most_held_t": float(held["stock_t"].max()),
                "most_cover_d": covered,
                "cover_d_per_musd": covered / dollars * 1e6 if some and covered else None,
                "released_t": sum(given.values()),
                "avoided_usd": avoided,
                "avoided_usd_per_usd": avoided / dollars if some else None,
            }
        )
    table = pd.DataFrame(rows, columns=COLUMNS)
    order = table["avoided_usd"].sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def _spent(problem: Problem, plan: Plan) -> dict[str, float]:
    nodes = {node.id: node for node in problem.nodes}
    spent: dict[str, float] = {}
    for node, store, offer, tranche, amount in plan.allotments.itertuples(index=False):
        way = problem.ways_to_buy[offer][tranche]
        price = way.price_on(nodes[node].period.start, nodes[node].branch)
        spent[store] = spent.get(store, 0.0) + (price or 0.0) * amount
    return spent


def _released(plan: Plan) -> dict[tuple[str, str], float]:
    released: dict[tuple[str, str], float] = {}
    for node, name, amount in plan.stocks[["node", "stockpile", "draw"]].itertuples(index=False):
        released[node, name] = released.get((node, name), 0.0) + amount
    for node, name, rotated, lent, _ in plan.handling.itertuples(index=False):
        released[node, name] = released.get((node, name), 0.0) - rotated - lent
    return released


def _avoided(problem: Problem, plan: Plan, store: str, node: str, released: float) -> float:
    """Return the USD of shortfall that ``released`` tonnes spare the demands of their place."""
    if released <= 0:
        return 0.0
    reserve = next(item for item in problem.stockpiles if item.id == store)
    place_in_time = next(item for item in problem.nodes if item.id == node)
    period = place_in_time.period
    short = plan.shortfalls
    slices = []
    for demand in problem.demand:
        if demand.commodity != reserve.commodity or demand.country not in reserve.users:
            continue
        needed = (demand.quantity.at(period.start, place_in_time.branch) or 0.0) * period.years
        for number, tier in enumerate(demand.tiers):
            here = (short["node"] == node) & (short["demand"] == demand.id)
            gone = float(short.loc[here & (short["tier"] == number), "tonnes"].sum())
            slices.append((tier.cost.at(period.start) or 0.0, tier.share * needed - gone))
    left, dollars = released, 0.0
    for cost, room in sorted(slices):
        taken = min(left, room)
        dollars += cost * taken
        left -= taken
    return dollars
