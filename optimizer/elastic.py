"""Elastic re-solve: when no plan keeps every rule, what has to give, and by how much."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from instances.errors import SolverFailed
from instances.rules import (
    Benchmark,
    Budget,
    HHICap,
    MaxNewSellers,
    MinSuppliers,
    Participation,
    ShareFloor,
    StockTarget,
    Survival,
)
from instances.words import money, percent, tonnes
from models.benchmark import consumed
from models.funds import MILLION
from models.rows import THOUSAND, all_rows, charge_of, demand_of
from models.share import row_unit, unit_value
from optimizer.cuts import Cuts
from optimizer.highs import Instance
from optimizer.status import Point, Status, Stop

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from instances.problem import Problem
    from instances.rules.rule import RuleRecord
    from models.rows import Row
    from optimizer.answer import Watch
    from optimizer.compile import Floats, Matrices
    from optimizer.options import Options


TOLD = 1e-6
NOISE = 1e-9


@dataclass(frozen=True, slots=True)
class Break:
    """A demand or a rule that had to give.

    Parameters
    ----------
    kind, id
        "demand", "rule", "fund" or "stockpile", and which.
    node
        When.
    amount, unit
        By how much: "t", "USD" for a rule by value, "count", or "fraction".
    sentence
        The same in words.
    """

    kind: Literal["demand", "rule", "fund", "stockpile"]
    id: str
    node: str
    amount: float
    unit: Literal["t", "USD", "count", "fraction"]
    sentence: str

    def to_plain(self) -> dict[str, Any]:
        """Return the break as plain data."""
        return asdict(self)


@dataclass(frozen=True, eq=False)
class Opened:
    """A model in which every hard demand and rule may give, at a cost of effort.

    Parameters
    ----------
    matrices
        The model with the effort for its cost.
    rows, hard
        The rows of all rules, and which of them are hard.
    elastic
        Which columns of ``short`` are those that hard demands lack.
    """

    matrices: Matrices
    rows: list[Row[RuleRecord]]
    hard: NDArray[np.bool_]
    elastic: NDArray[np.bool_]


def opened_up(problem: Problem, matrices: Matrices) -> Opened:
    """Return the model in which everything that is hard may give."""
    rows = all_rows(problem)
    upper, cost = matrices.upper.copy(), np.zeros(len(matrices.cost))
    excess = matrices.span("excess")
    hard = np.array([charge_of(problem, row) is None for row in rows], dtype=bool)
    upper[excess] = np.where(hard, np.inf, upper[excess])
    cost[excess] = np.where(hard, np.array([_weight(problem, row) for row in rows]), 0.0)
    short = matrices.span("short")
    last = {demand.id: len(demand.tiers) for demand in problem.demand}
    index = matrices.variables["short"]
    names, tiers = index.column("demand"), index.column("tier")
    ends = [last[str(name)] == tier for name, tier in zip(names, tiers, strict=True)]
    # in a cut-off demand may stay unmet anyway
    elastic = np.array(ends, dtype=bool) & (upper[short] == 0)
    upper[short] = np.where(elastic, np.inf, upper[short])
    cost[short] = np.where(elastic, 1.0, 0.0)
    for name in POLICIES:
        upper[matrices.span(name)] = np.inf
        cost[matrices.span(name)] = 1.0
    relaxed = replace(matrices, upper=upper, cost=cost, offset=0.0)
    return Opened(relaxed, rows, hard, elastic)


def breaks(
    problem: Problem, matrices: Matrices, options: Options, watch: Watch
) -> tuple[Break, ...]:
    """Return what gives when every hard demand and rule may, at one unit of effort per tonne.

    So may what funds must pay, per million USD, and what stockpiles must rotate or may take of
    the market, per tonne.
    A missing supplier weighs the tonnes it would have to sell, a new one too many the demand, a
    dollar the tonnes of mean price it buys. Time-limited runs may give more than the
    least; an empty tuple means time ran out.

    Raises
    ------
    SolverFailed
        HiGHS called the model infeasible, yet nothing has to give, or giving does not help.
    """
    opened = opened_up(problem, matrices)
    relaxed = opened.matrices
    answer = Cuts(problem, relaxed, options.hhi_tolerance).solve(Instance(relaxed, options), watch)
    if answer.status == Status(Stop.FINISHED, Point.INFEASIBLE):
        raise SolverFailed("HiGHS finds no plan even where every demand and every rule may give")
    if answer.values is None:
        return ()
    return broken_in(problem, opened, answer.values)


def broken_in(problem: Problem, opened: Opened, values: Floats) -> tuple[Break, ...]:
    """Return what gives at a point of the model in which everything may.

    Raises
    ------
    SolverFailed
        Nothing does.
    """
    matrices, rows, hard, elastic = opened.matrices, opened.rows, opened.hard, opened.elastic
    excess, short = matrices.span("excess"), matrices.span("short")
    index = matrices.variables["short"]
    names = index.column("demand")
    policies = {name: values[matrices.span(name)] for name in POLICIES}
    least = _least(values[short][elastic], values[excess][hard], *policies.values())
    found = [
        _broken_demand(problem, str(name), str(node), amount)
        for name, node, amount, open_ in zip(
            names, index.column("node"), values[short], elastic, strict=True
        )
        if open_ and amount > least
    ]
    giving = [
        (row, float(amount))
        for row, amount, is_hard in zip(rows, values[excess], hard, strict=True)
        if is_hard and amount > least
    ]
    found += [_broken_rule(problem, row, amount) for row, amount in _folded(problem, giving)]
    for name, (head, tell) in POLICIES.items():
        index = matrices.variables[name]
        found += [
            tell(str(id), str(node), float(amount))
            for id, node, amount in zip(
                index.column(head), index.column("node"), policies[name], strict=True
            )
            if amount > least
        ]
    if not found:
        raise SolverFailed(
            "HiGHS calls the model infeasible, yet no demand and no rule has to give"
        )
    return tuple(found)


def _folded(
    problem: Problem, giving: list[tuple[Row[RuleRecord], float]]
) -> list[tuple[Row[RuleRecord], float]]:
    """Return the rows that give; of those of a rule, party and goods in cut-offs the worst."""
    hidden = {node.id for node in problem.nodes if node.cut_off is not None}
    worst: dict[tuple[str, ...], tuple[Row[RuleRecord], float]] = {}
    for row, amount in giving:
        key = row.head if row.node in hidden else row.key
        if key not in worst or amount > worst[key][1]:
            worst[key] = (row, amount)
    return list(worst.values())


def _least(*amounts: Floats) -> float:
    """Return the least amount told: more than solver noise, unless nothing else is there."""
    largest = max(float(amount.max(initial=0.0)) for amount in amounts)
    return TOLD if largest > TOLD else NOISE


def _weight(problem: Problem, row: Row[RuleRecord]) -> float:
    if isinstance(row.rule, MinSuppliers):
        return max(row.rule.min_share * demand_of(problem, row), 1e-3)
    if isinstance(row.rule, MaxNewSellers):
        return max(demand_of(problem, row), 1e-3)
    if isinstance(row.rule, Benchmark):
        return max(consumed(problem, row) * row.period.years, 1e-3)
    if isinstance(row.rule, Budget | Participation):
        return THOUSAND / unit_value(problem, tuple(item.id for item in problem.commodities))
    return 1.0


def _broken_demand(problem: Problem, name: str, node: str, amount: float) -> Break:
    demand = next(item for item in problem.demand if item.id == name)
    place = next(item for item in problem.nodes if item.id == node)
    needed = (demand.quantity.at(place.period.start, place.branch) or 0.0) * place.period.years
    goods = problem.names.commodity(demand.commodity)
    sentence = (
        f"Demand {name} needs {tonnes(needed)} of {goods} in {place.id}: "
        f"{tonnes(amount)} cannot be supplied."
    )
    return Break("demand", name, node, float(amount), "t", sentence)


def _broken_fund(name: str, node: str, millions: float) -> Break:
    dollars = millions * MILLION
    sentence = f"Fund {name} cannot pay what it must by {node}: {money(dollars)} are missing."
    return Break("fund", name, node, dollars, "USD", sentence)


def _broken_rotation(name: str, node: str, amount: float) -> Break:
    sentence = f"Stockpile {name} must rotate its stock in {node}: {tonnes(amount)} cannot be."
    return Break("stockpile", name, node, amount, "t", sentence)


def _broken_fill(name: str, node: str, amount: float) -> Break:
    sentence = (
        f"Stockpile {name} may take no more than its share of the market in {node}: "
        f"{tonnes(amount)} too much."
    )
    return Break("stockpile", name, node, amount, "t", sentence)


POLICIES: dict[str, tuple[str, Callable[[str, str, float], Break]]] = {
    "overdraft": ("fund", _broken_fund),
    "overdue": ("stockpile", _broken_rotation),
    "overfill": ("stockpile", _broken_fill),
}
"""Variables that are closed but here, whose they are, and what is told of them."""


def _broken_rule(problem: Problem, row: Row[RuleRecord], amount: float) -> Break:
    rule = row.rule
    said = rule.sentence(problem.names, row.line, row.period)
    if row.node != row.period.label and not isinstance(rule, Survival):
        # a sentence names the period (and who is cut off): in a tree that is not enough
        said += f", in {row.node}"
    if isinstance(rule, MinSuppliers):
        missing = f"{amount:.0f} of them cannot be found"
        return Break("rule", rule.id, row.node, float(amount), "count", f"{said}: {missing}.")
    if isinstance(rule, MaxNewSellers):
        return Break(
            "rule",
            rule.id,
            row.node,
            float(amount),
            "count",
            f"{said}: {amount:.0f} more are needed.",
        )
    size = float(amount) * row_unit(problem, row)
    if isinstance(rule, Benchmark):
        text = f"{said}: {percent(size)} of consumption are missing."
        return Break("rule", rule.id, row.node, size, "fraction", text)
    if isinstance(rule, HHICap):
        text = f"{said}: the root of the sum of squares lies {tonnes(size)} beyond it."
        return Break("rule", rule.id, row.node, size, "t", text)
    by_value = (
        isinstance(rule, Budget | Participation) or getattr(rule, "denominator", None) == "value"
    )
    shown = money(size) if by_value else tonnes(size)
    over = (
        "are missing"
        if isinstance(rule, ShareFloor | StockTarget | Participation | Survival)
        else "too much"
    )
    return Break(
        "rule", rule.id, row.node, size, "USD" if by_value else "t", f"{said}: {shown} {over}."
    )
