"""Stock targets: a stockpile holds stated tonnes, or the demand of stated days."""

from __future__ import annotations

from datetime import timedelta
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from instances.periods import beyond, timeline
from instances.rules.stock_target import StockTarget
from models.index import Index
from models.rows import ROW, Row, family_rows

if TYPE_CHECKING:
    import pyomo.environ as pyo

    from instances.problem import Problem
    from models.frame import Frame
    from models.network import Network


def add_stock_targets(frame: Frame, network: Network) -> None:
    """Add the targets; days of cover are tonnes by now, since the demand that follows is data."""
    problem = network.problem
    rows = family_rows(problem, StockTarget)
    index = Index.of(ROW, [row.key for row in rows])
    required = np.array([tonnes_required(problem, row) for row in rows])
    frame.add_parameter("required", index, required)
    frame.add_constraint(stock_target, index)


def stock_target(model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str) -> Any:
    r"""A stockpile holds at least its target at the end of the period.

    .. math:: \sum_{\tau} stock_{s,\tau,n} + excess_{r,n} \ge required_{r,n}

    with required the stated tonnes, or the demand of the stated days that follow the period: over
    each following period, its demand times the share of its days that lie within.

    For all: target r on stockpile s (its goods), node n at which it holds.
    Units: t at the end of the period of n.
    Source: days of cover of forward consumption, as in the stock obligations of Japan (60 to 180
    days) and Korea (100 days); IEA policy database, entries 16639 and 17940.
    """
    return (
        sum(model.stock[goods, tag, node] for tag in model.STORE_TAGS[goods])
        + model.excess[rule, who, goods, node]
        >= model.required[rule, who, goods, node]
    )


def tonnes_required(problem: Problem, row: Row[StockTarget]) -> float:
    """Return the target of a row in tonnes."""
    rule = row.rule
    if rule.tonnes is not None:
        return row.limit
    store = next(item for item in problem.stockpiles if item.id == rule.stockpile)
    covered = [
        demand
        for demand in problem.demand
        if (
            demand.id in rule.demand
            if rule.demand is not None
            else demand.commodity == store.commodity and demand.country in store.users
        )
    ]
    until = row.period.end + timedelta(days=int(row.limit))
    part_of_day = row.limit - int(row.limit)
    total = 0.0
    for period in chain(timeline(problem.periods), beyond(problem.periods)):
        if period.end <= row.period.end:
            continue
        rate = sum(demand.quantity.at(period.start) or 0.0 for demand in covered)
        days = float((min(until, period.end) - period.start).days)
        if until < period.end:
            days += part_of_day
        total += rate * period.years * days / period.days
        if until < period.end:
            return total
    raise AssertionError("the periods beyond the horizon never end")
