"""Survival: whoever of a list is cut off, enough of what is needed is met."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from instances.rules.survival import Survival, SurvivalLine
from models.index import Index
from models.rows import ROW, family_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyomo.environ as pyo

    from instances.network import Demand
    from instances.problem import Problem
    from instances.rules.rule import RuleRecord
    from models.frame import Frame
    from models.network import Members, Network
    from models.rows import Row


def add_survival(frame: Frame, network: Network) -> None:
    """Add what has to be met in each period of each cut-off."""
    problem = network.problem
    rows = family_rows(problem, Survival)
    index = Index.of(ROW, [row.key for row in rows])
    frame.add_set("SURVIVED", index)
    needs = {row.key: list(_demands(problem, row)) for row in rows}
    tiers: Members = {
        key: [(item.id, tier) for item in demands for tier in range(len(item.tiers) + 1)]
        for key, demands in needs.items()
    }
    owed: Members = {
        key: [item.id for item in demands if item.backlog_cost is not None]
        for key, demands in needs.items()
    }
    frame.add_members("SURVIVED_TIERS", "SURVIVED", 2, tiers)
    frame.add_members("SURVIVED_LATE", "SURVIVED", 1, owed)
    most = np.array([(1.0 - row.limit) * asked_of(problem, row) for row in rows])
    frame.add_parameter("most_unmet", index, most)
    frame.add_constraint(survival_met, index)


def survival_met(model: pyo.ConcreteModel, rule: str, who: str, goods: str, node: str) -> Any:
    r"""While somebody is cut off, little of a class of demand stays unmet.

    .. math::
        \sum_{(d,k)} short_{d,k,n} + \sum_{d} late_{d,n} - excess_{r,w,g,n}
        \le (1 - part_{r,n}) \sum_{d} quantity_{d,n}\, years_n

    For all: survival rule r, case w of those it cuts off, commodity and class of demand g, node n
    of a cut-off of w; d are the demands for the commodity in that class, k their tiers.
    Units: t in the period of n.
    Source: the N-1 criterion of power systems (ENTSO-E Continental Europe Operation Handbook,
    policy 3), as a recourse copy of probability 0 with the first stage in common; fill rate
    (type 2 service) by class.
    """
    return (
        sum(
            model.short[demand, tier, node]
            for demand, tier in model.SURVIVED_TIERS[rule, who, goods, node]
        )
        + sum(model.late[owed, node] for owed in model.SURVIVED_LATE[rule, who, goods, node])
        - model.excess[rule, who, goods, node]
        <= model.most_unmet[rule, who, goods, node]
    )


def asked_of(problem: Problem, row: Row[RuleRecord]) -> float:
    """Return the demand of which a row asks a part to be met, tonnes in the period."""
    return sum(
        (item.quantity.at(row.period.start, row.branch) or 0.0) * row.period.years
        for item in _demands(problem, row)
    )


def _demands(problem: Problem, row: Row[RuleRecord]) -> Iterator[Demand]:
    line = row.line
    assert isinstance(line, SurvivalLine)
    for demand in problem.demand:
        if demand.commodity in line.commodities and demand.demand_class == line.demand_class:
            yield demand
