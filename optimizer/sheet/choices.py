"""The largest choices of a plan, and the price at which each is no longer made.

Choices are ranked by the money they take, undiscounted and expected over scenarios. Each is looked
at by the search of `optimizer.explain.threshold`, which solves on either side. A plan with many
yes/no choices is looked at with these as they are: a plant that stands goes on standing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from instances.errors import SolverFailed
from models.build import build
from optimizer.compile import compile_frame
from optimizer.elastic import breaks
from optimizer.engine.program import Program
from optimizer.explain.asked import asked_of
from optimizer.explain.threshold import Search
from optimizer.fixing import fixed
from optimizer.sheet.plan import goods_from
from optimizer.sheet.replaced import (
    MOST_GAINS,
    gains_of,
    goods_of,
    runs_at,
    set_by_shortfall,
    taken,
)
from optimizer.status import Point

if TYPE_CHECKING:
    from collections.abc import Callable

    from optimizer.answer import Answer, Watch
    from optimizer.compile import Floats, Matrices
    from optimizer.options import Options
    from optimizer.result import Result
    from optimizer.sheet.looks import Looks
    from optimizer.sheet.replaced import Gain

MOST_CHOICES = 10
"""Choices that are looked at."""
NO_PLAN = "without it there is no plan"
"""Why a search for a turn ends where nothing can take the place of a choice."""
HELD_ON = "held as the plan has it, it has to run; what closing it costs was not looked at"
"""Why no turn is known of what cannot stop while yes/no choices are held."""
MOST_FREE = 60
"""Yes/no choices above which they are held as the plan has them."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A choice, and where it turns.

    Parameters
    ----------
    table, id, name
        Which record.
    spent_usd, amount, unit
        What the plan spends on it and how much it takes, undiscounted and expected over scenarios.
    price_usd
        What a unit of it costs on the mean of the plan.
    change_usd
        By how much its price must rise, at all dates, for the plan to do without; ``None`` where
        there is none.
    inside_usd, inside_amount, outside_usd, outside_amount
        A rise just below and one just above, and how much of it the plan then takes, by solves
        (over the whole tree of scenarios, not weighted).
    checked
        Whether both solves agree with the turn.
    instead
        What the plan just above takes more of than the plan of least cost, the most first.
    short_instead
        Whether what the last of it gives way to is mostly left short: the price at which it turns
        is then what going short is charged, and not another supplier's.
    choices_held
        Whether yes/no choices stood as the plan has them.
    vital
        Whether there is no plan without it.
    reason
        Why there is no turn.
    """

    table: str
    id: str
    name: str
    spent_usd: float
    amount: float
    unit: str
    price_usd: float
    change_usd: float | None = None
    inside_usd: float | None = None
    inside_amount: float | None = None
    outside_usd: float | None = None
    outside_amount: float | None = None
    checked: bool = False
    instead: tuple[Gain, ...] = ()
    short_instead: bool = False
    choices_held: bool = False
    vital: bool = False
    reason: str | None = None

    @property
    def turn_usd(self) -> float | None:
        """Return the price at which it turns, USD per unit."""
        return None if self.change_usd is None else self.price_usd + self.change_usd


def largest_choices(result: Result) -> tuple[Turn, ...]:
    """Return what most money is spent on, without turns: purchases, contracts, plants, runs."""
    problem, realised = result.problem, result.problem.realised
    chance = {node.id: node.probability for node in problem.nodes}
    days = {node.id: node.period.start for node in problem.nodes}
    branch = {node.id: node.branch for node in problem.nodes}
    sums: dict[tuple[str, str], list[float]] = {}

    def add(table: str, id: str, node: str, amount: float, usd: float) -> None:
        entry = sums.setdefault((table, id), [0.0, 0.0])
        entry[0] += chance[node] * amount
        entry[1] += chance[node] * usd

    for row in result.purchases.to_dict("records"):
        signed = isinstance(row["contract"], str)
        table, id = ("contracts", row["contract"]) if signed else ("offers", row["offer"])
        add(table, str(id), str(row["node"]), row["bought_t"], row["cost_usd"])
    expansions = {item.id: item for item in realised.expansions}
    for node, name, _, size in result.builds.itertuples(index=False):
        capex = expansions[name].capex.at(days[node], branch[node]) or 0.0
        add("expansions", str(name), str(node), size, size * capex)
    processes = {
        (site.id, process.id): process
        for site in realised.facilities
        for process in site.processes
    }
    runs = result.plan.at(set(days)).runs
    for node, site, process, tonnes in runs[["node", "facility", "process", "tonnes"]].itertuples(
        index=False
    ):
        cost = processes[site, process].cost.at(days[node], branch[node]) or 0.0
        add("facilities", str(site), str(node), tonnes, tonnes * cost)
    found = []
    for (table, id), (amount, usd) in sums.items():
        if usd > 0 and amount > 0:
            asked = asked_of(problem, f"{table}[{id}]")
            if table == "offers":
                name = goods_from(problem, id)
            else:
                name = runs_at(problem, id) if table == "facilities" else asked.name
            found.append(Turn(table, id, name, usd, amount, asked.unit, price_usd=usd / amount))
    found.sort(key=lambda item: (-item.spent_usd, item.table, item.id))
    return tuple(found[:MOST_CHOICES])


def turns_of(result: Result, options: Options, watch: Watch, looks: Looks) -> tuple[Turn, ...]:
    """Return the largest choices with the price at which each turns."""
    choices = largest_choices(result)
    if not choices:
        return ()
    problem = result.problem
    options = options.model_copy(update={"tie_break": False, "time_limit": None})
    matrices = compile_frame(build(problem))
    many = int(matrices.integer.sum()) > MOST_FREE
    nodes = {node.id for node in problem.nodes}
    # a program that has only to find the plan again says what its choices are
    planned = fixed(matrices, result.plan, {name: name for name in nodes}, nodes)
    asked = planned if many else matrices
    base = Program.of(problem.realised, asked, options).run(watch)
    if base.values is None or base.status.point is not Point.OPTIMAL:
        why = "time ran out" if watch.left() <= 0 else f"solved anew, it ends {base.status}"
        return tuple(replace(item, reason=why) for item in choices)
    hold: Callable[[Matrices], Matrices] | None = None
    if many:
        hold = _held_at(np.round(base.values[: len(matrices.integer)]))
        matrices = hold(matrices)
        base = Program.of(problem.realised, matrices, options).run(watch)
    turned = []
    for item in choices:
        turned.append(_turned(result, item, matrices, base, options, watch, hold))
        looks.taken()
    return tuple(turned)


def _why(result: Result, search: Search) -> str:
    """Return what would have to give way without a choice."""
    try:
        gives = breaks(result.problem.realised, search.closed(), search.options, search.watch)
    except SolverFailed:
        # limits that never give stand in the way, as minima of runs do
        return ": no demand left short and no rule broken makes up for it"
    return f": {gives[0].sentence.rstrip('.')}" if gives else ""


def _held_at(values: Floats) -> Callable[[Matrices], Matrices]:
    def hold(matrices: Matrices) -> Matrices:
        lower, upper = matrices.lower.copy(), matrices.upper.copy()
        chosen = matrices.integer
        lower[chosen] = upper[chosen] = values[chosen]
        none = np.zeros_like(matrices.integer)
        return replace(matrices, lower=lower, upper=upper, integer=none)

    return hold


def _turned(
    result: Result,
    choice: Turn,
    matrices: Matrices,
    base: Answer,
    options: Options,
    watch: Watch,
    hold: Callable[[Matrices], Matrices] | None,
) -> Turn:
    choice = replace(choice, choices_held=hold is not None)
    if watch.over:
        return replace(choice, reason="time ran out")
    asked = asked_of(result.problem, f"{choice.table}[{choice.id}]")
    if not asked.prices:
        return replace(choice, reason="it has no price of its own")
    search = Search(result.problem, asked, matrices, options, watch, hold)
    if not search.amount(base):
        return replace(choice, reason="another plan of least cost does without it")
    found, reason = search.threshold(base)
    if found is None:
        if reason == NO_PLAN:
            if hold is not None:
                # a plant held on has to run its minimum: that is no proof of need
                return replace(choice, reason=HELD_ON)
            return replace(choice, vital=True, reason=f"{reason}{_why(result, search)}")
        return replace(choice, reason=reason)
    goods = goods_of(result.problem, choice.table, choice.id)
    plans = [taken(result.problem, matrices, base)]
    for change in (found.inside_change_usd, found.outside_change_usd):
        plans.append(taken(result.problem, *search.beside[change]))
    return replace(
        choice,
        change_usd=found.change_usd,
        inside_usd=found.inside_change_usd,
        inside_amount=found.inside_amount,
        outside_usd=found.outside_change_usd,
        outside_amount=found.outside_amount,
        checked=found.checked,
        instead=gains_of(result.problem, plans[0], plans[2], goods)[:MOST_GAINS],
        short_instead=set_by_shortfall(plans[1], plans[2]),
    )
