"""Days of cover: how long a stockpile meets the demand that follows, if nothing else arrives.

The inverse of a stock target in days: the demand of the following periods, of the stockpile's
commodity in its country (in its members' if it is shared), is used up day by day until the stock
is gone. The table of indices has the two conventions that look back instead: 365 * stock / yearly
consumption of the node, and 365 * stock / (consumption - domestic output).
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from instances.periods import beyond, timeline

if TYPE_CHECKING:
    from instances.plan import Plan
    from instances.problem import Problem
    from instances.stockpile import Stockpile
    from instances.tree import Node

LONGEST = 36_500.0
"""Days after which cover is reported as this many: a century."""


def cover_days(problem: Problem, plan: Plan) -> dict[tuple[str, str], float | None]:
    """Return, by stockpile and node, the days covered; ``None`` without demand to cover."""
    held = plan.stocks.groupby(["stockpile", "node"])["stock"].sum().to_dict()
    return {
        (store.id, node.id): _days(problem, store, node, held.get((store.id, node.id), 0.0))
        for store in problem.stockpiles
        for node in problem.nodes
    }


def _days(problem: Problem, store: Stockpile, node: Node, stock: float) -> float | None:
    covered = [
        demand
        for demand in problem.demand
        if demand.commodity == store.commodity and demand.country in store.users
    ]
    if not covered:
        return None
    left, days = stock, 0.0
    for period in chain(timeline(problem.periods), beyond(problem.periods)):
        if period.start < node.period.end:
            continue
        needed = sum(demand.quantity.at(period.start) or 0.0 for demand in covered) * period.years
        if needed > left:
            return days + period.days * left / needed
        left -= needed
        days += period.days
        if days >= LONGEST:
            return LONGEST if stock > 0 else None
    raise AssertionError("the periods beyond the horizon never end")
