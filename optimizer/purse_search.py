"""The search for the best that a sum of money buys: money and goals are limited in turn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from instances.check import check
from instances.errors import CheckFailed
from instances.goals import Aim
from models.build import build
from optimizer.compile import compile_frame
from optimizer.cuts import Cuts
from optimizer.extract import plan_of
from optimizer.goal_stages import Peaks, stages_of
from optimizer.highs import Instance
from optimizer.limited import Limited
from optimizer.rates import rates_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instances.plan import Plan
    from instances.problem import Problem
    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices
    from optimizer.options import Options

PurseGoal = Literal["unmet", "reliance", "cover"]
PURSE_GOALS: tuple[PurseGoal, ...] = get_args(PurseGoal)
HARM = ("short", "late", "excess")
"""Variables whose cost is no money."""


@dataclass(frozen=True, slots=True)
class Bought:
    """The best plan by a goal for a sum of money.

    Parameters
    ----------
    budget_usd, goal
        What may be spent at most, and what is sought.
    spent_usd
        What the plan spends; ``None`` where no plan keeps the rules within the sum, or time ran
        out.
    unmet, reliance, cover
        What it comes to, in demands, demands and years; cover is ``None`` without a stockpile of
        anything that is needed.
    reason
        Why there is no plan.
    """

    budget_usd: float
    goal: PurseGoal
    spent_usd: float | None = None
    unmet: float | None = None
    reliance: float | None = None
    cover: float | None = None
    reason: str | None = None


class Search:
    """One loaded program, in which money, unmet, reliance and cover take turns."""

    def __init__(self, problem: Problem, options: Options, watch: Watch) -> None:
        self._problem, self._watch = problem, watch
        self._data = problem.realised
        self._matrices = matrices = compile_frame(build(problem))
        self._cuts = Cuts(self._data, matrices, options.hhi_tolerance)
        self._instance = Instance(matrices, options, quiet=True)
        if matrices.integer.any():
            self._instance.want_whole_choices()
        peaks = Peaks(self._data, matrices)
        peaks.add(self._instance)
        self._peaks = peaks
        covers = covers_of(self._data, matrices)
        count = len(matrices.cost) + peaks.count
        self._covers = list(covers)
        width = count + len(self._covers)
        self._share = {}
        for ways in covers.values():
            least = self._instance.add_column(0.0)
            self._share[least] = ways[0][2]
            for columns, numbers, _ in ways:
                self._instance.add_row(
                    0.0, np.inf, np.append(columns, least), np.append(numbers, -1.0)
                )
        spent = matrices.cost.copy()
        for name in HARM:
            spent[matrices.span(name)] = 0.0
        short = sum(
            (stage.cost for stage in stages_of(self._data, matrices, peaks, Aim("shortfall"))),
            np.zeros(count),
        )
        (spread,) = stages_of(self._data, matrices, peaks, Aim("concentration"))
        held = np.zeros(width)
        for column, weight in self._share.items():
            held[column] = -weight
        self._money = Limited(self._instance, _wide(spent, width), matrices.offset)
        self._sought: dict[PurseGoal, Limited] = {
            "unmet": Limited(self._instance, _wide(short, width), 0.0),
            "reliance": Limited(self._instance, _wide(spread.cost, width), 0.0),
            "cover": Limited(self._instance, held, 0.0),
        }
        self._cost = _wide(matrices.cost, width)

    def cheapest(self) -> float | None:
        """Return what the plan of least cost spends, ``None`` where there is none."""
        answer = self._run(self._cost, self._matrices.offset)
        if answer is None or answer.values is None:
            return None
        return float(self._money.weights @ answer.values) + self._money.offset

    def best(self, budget: float, goals: Sequence[PurseGoal]) -> list[Bought]:
        """Return the best plan by each goal for a sum of money."""
        self._money.limit(budget)
        unmet = self._sought["unmet"]
        least = self._run(unmet.weights)
        if least is None or least.objective is None:
            over = self._watch.over
            why = "time ran out" if over else "no plan keeps every rule within it"
            self._money.limit(np.inf)
            return [Bought(budget, goal, reason=why) for goal in goals]
        unmet.limit(least.objective)
        found = [self._by(budget, goal) for goal in goals]
        unmet.limit(np.inf)
        self._money.limit(np.inf)
        return found

    def _by(self, budget: float, goal: PurseGoal) -> Bought:
        blank = Bought(budget, goal, reason="time ran out")
        if goal == "cover" and not self._share:
            return replace(blank, reason="nothing that is needed can be stored")
        sought = self._sought[goal]
        if goal != "unmet":
            answer = self._run(sought.weights)
            if answer is None or answer.objective is None:
                return blank
            sought.limit(answer.objective)
        closed = self._run(self._money.weights, self._money.offset)
        if goal != "unmet":
            sought.limit(np.inf)
        if closed is None or closed.values is None:
            return blank
        values = closed.values
        plan = self._judged(values)
        return Bought(
            budget,
            goal,
            float(self._money.weights @ values) + self._money.offset,
            float(self._sought["unmet"].weights @ values) + 0.0,
            self._peaks.sum(values) + 0.0,
            self._cover(plan),
        )

    def _judged(self, values: Floats) -> Plan:
        own = values[: len(self._matrices.cost)]
        plan = plan_of(self._data, self._matrices, own)
        claimed = float(self._matrices.cost @ own) + self._matrices.offset
        faults = check(self._problem, plan, claimed=claimed).faults
        if faults:
            raise CheckFailed(faults)
        return plan

    def _cover(self, plan: Plan) -> float | None:
        """Return the cover of a plan, from its stocks."""
        if not self._share:
            return None
        goods = {store.id: store.commodity for store in self._data.stockpiles}
        held: dict[tuple[str, str], float] = {}
        for node, store, tonnes in plan.stocks[["node", "stockpile", "stock"]].itertuples(
            index=False
        ):
            key = node, goods[store]
            held[key] = held.get(key, 0.0) + tonnes
        rates = rates_of(self._data)
        total = 0.0
        for node, weight in zip(self._covers, self._share.values(), strict=True):
            stored = {name for name in goods.values() if (node, name) in rates}
            total += weight * min(
                held.get((node, name), 0.0) / rates[node, name] for name in stored
            )
        return total

    def _run(self, weights: Floats, offset: float = 0.0) -> Answer | None:
        if self._watch.over:
            return None
        self._instance.change_cost(weights, offset)
        answer = self._cuts.solve(self._instance, self._watch)
        return None if answer.values is None else answer


def covers_of(problem: Problem, matrices: Matrices) -> dict[str, list[tuple[Any, Floats, float]]]:
    """Return, by node, each commodity's columns of stock, the years a tonne is, and a weight.

    The weight of a node is its probability times its part of the horizon.
    """
    nodes = {node.id: node for node in problem.nodes}
    goods = {store.id: store.commodity for store in problem.stockpiles}
    rates = rates_of(problem)
    index, first = matrices.variables["stock"], matrices.columns["stock"]
    columns: dict[tuple[str, str], list[int]] = {}
    pairs = zip(index.column("stockpile"), index.column("node"), strict=True)
    for place, (store, node) in enumerate(pairs):
        key = str(node), goods[str(store)]
        if key in rates and str(node) in nodes:
            columns.setdefault(key, []).append(first + place)
    years = sum(node.probability * node.period.years for node in problem.nodes)
    found: dict[str, list[tuple[Any, Floats, float]]] = {}
    for (name, commodity), places in columns.items():
        node = nodes[name]
        weight = node.probability * node.period.years / years
        numbers = np.full(len(places), 1.0 / rates[name, commodity])
        found.setdefault(name, []).append((np.array(places), numbers, weight))
    return found


def _wide(weights: Floats, width: int) -> Floats:
    return np.append(weights, np.zeros(width - len(weights)))
