"""Rows of rules: which limits hold at which node, and the excess that soft rules may buy.

Every row of every rule has an ``excess``: what lies beyond its limit. It is closed (bound 0) on
hard rules unless an elastic re-solve opens it, and costs the rule's penalty on soft ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar, cast

import numpy as np

from instances.rules.rule import RuleRecord
from models.index import Index

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.periods import Period
    from instances.problem import Problem
    from instances.rules.rule import Line
    from models.frame import Frame
    from models.network import Network

Family = TypeVar("Family", bound=RuleRecord)
Kind_co = TypeVar("Kind_co", bound=RuleRecord, covariant=True)
ROW = ("rule", "who", "goods", "node")
THOUSAND = 1000.0
"""USD in the unit of rows of money, which keeps 0.1 to 1e7 USD a tonne within 1e-4 to 1e4."""


@dataclass(frozen=True, eq=False)
class Row(Generic[Kind_co]):
    """One limit of one rule at one node.

    Parameters
    ----------
    rule, line
        Whose, and on what.
    node, period
        When.
    limit
        The limit in the rule's unit.
    branch
        A branch that passes the node.
    """

    rule: Kind_co
    line: Line
    node: str
    period: Period
    limit: float
    branch: str | None = None

    @cached_property
    def key(self) -> tuple[str, str, str, str]:
        """Rule, who, goods, node."""
        return (self.rule.id, self.line.who, self.line.goods, self.node)

    @cached_property
    def head(self) -> tuple[str, str, str]:
        """Rule, who, goods."""
        return (self.rule.id, self.line.who, self.line.goods)


def rows_of(problem: Problem, rule: Family) -> Iterator[Row[Family]]:
    """Yield the rows of ``rule``: each of its lines at each node at which it holds."""
    held = [
        (node, limit)
        for node in rule.nodes(problem.nodes)
        if rule.id not in node.waived and (limit := rule.limit(node.period)) is not None
    ]
    for line in rule.lines(problem.directory):
        for node, limit in held:
            if not rule.stands(line, node):
                continue
            yield Row(rule, line, node.id, node.period, limit, node.branch)


def family_rows(problem: Problem, family: type[Family]) -> list[Row[Family]]:
    """Return the rows of all rules of one family."""
    return [
        row for rule in problem.rules if isinstance(rule, family) for row in rows_of(problem, rule)
    ]


def all_rows(problem: Problem) -> list[Row[RuleRecord]]:
    """Return the rows of all rules."""
    return [row for rule in problem.rules for row in rows_of(problem, rule)]


def demand_of(problem: Problem, row: Row[RuleRecord]) -> float:
    """Return the demand a row's share is a share of, tonnes in the period."""
    rule = row.rule
    buyers = getattr(rule, "buyers", None)
    user = getattr(rule, "demand_class", None)
    total = 0.0
    for demand in problem.demand:
        if demand.commodity not in row.line.commodities:
            continue
        if (buyers and demand.country not in buyers) or (user and demand.demand_class != user):
            continue
        total += (demand.quantity.at(row.period.start, row.branch) or 0.0) * row.period.years
    return total


def charge_of(problem: Problem, row: Row[RuleRecord]) -> float | None:
    """Return USD per unit of a row's excess, ``None`` where there may be none."""
    return row.rule.charge(demand_of(problem, row))


class RuleRows:
    """The rows of all rules of one problem, and what each is a share of, worked out once.

    Rows of many parties share a demand: that of their rule, goods and node.
    """

    def __init__(self, problem: Problem) -> None:
        self._problem = problem
        self._demand: dict[tuple[str, tuple[str, ...], str], float] = {}

    @cached_property
    def all(self) -> list[Row[RuleRecord]]:
        """The rows of all rules, in their order."""
        return all_rows(self._problem)

    @cached_property
    def index(self) -> Index:
        """The rows as an index table."""
        return Index.of(ROW, [row.key for row in self.all])

    def of(self, family: type[Family]) -> list[Row[Family]]:
        """Return the rows of one family."""
        rows = [row for row in self.all if isinstance(row.rule, family)]
        return cast("list[Row[Family]]", rows)

    def demand(self, row: Row[RuleRecord]) -> float:
        """Return the demand a row's share is a share of, as `demand_of`."""
        key = (row.rule.id, row.line.commodities, row.node)
        found = self._demand.get(key)
        if found is None:
            found = self._demand[key] = demand_of(self._problem, row)
        return found

    def charge(self, row: Row[RuleRecord]) -> float | None:
        """Return USD per unit of a row's excess, as `charge_of`."""
        return row.rule.charge(self.demand(row))


def declare_excess(frame: Frame, network: Network) -> None:
    """Declare the excess of every row: tonnes, thousand USD of a budget, or a count.

    For a cap by value it is in tonnes of mean price.
    """
    rows = network.rows
    frame.add_set("EXCESS", rows.index)
    most = np.array([0.0 if rows.charge(row) is None else np.inf for row in rows.all])
    frame.add_variable("excess", "EXCESS", rows.index, most)
