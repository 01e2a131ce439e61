"""Plants on a sheet: until when one can be decided and still serve as planned.

The last day is the latest from which it is there on the day of its first run, and costs no more
than on the day on which the plan decides it, in every branch that passes that decision. A day
counts the events that are in force on it: one that lengthens lead time or raises capital cost, in
one branch only, has the last day fall before its first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import prod
from typing import TYPE_CHECKING

from instances.scenarios.hits import hits_of
from models.construction import commissioned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from instances.expansion import Expansion
    from instances.problem import Problem
    from instances.scenarios.event import Event
    from instances.tree import Node
    from optimizer.result import Result

NOTHING = 1e-6
"""Tonnes, or tonnes a year, that are nothing."""
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Built:
    """A plant that is decided before scenarios part.

    Parameters
    ----------
    expansion, facility
        What is built, and where.
    by
        Last day on which deciding it serves.
    serves
        Day of its first run, in the branch that has it first; without a run the day from which it
        could.
    size
        t/yr.
    usd
        Capital cost as the plan decides it, undiscounted, grants deducted.
    """

    expansion: str
    facility: str
    by: date
    serves: date
    size: float
    usd: float


def built_of(result: Result, nodes: Mapping[str, Node]) -> Iterator[Built]:
    """Yield what the plan decides to build at the given nodes."""
    problem = result.problem
    stated = {item.id: item for item in problem.expansions}
    realised = {item.id: item for item in problem.realised.expansions}
    for at, name, site, size in result.builds.itertuples(index=False):
        if at not in nodes or size <= NOTHING:
            continue
        node, expansion = nodes[at], realised[name]
        ready = commissioned(expansion, node)
        first = _first_runs(result, site, ready, node)
        hits = _hits(problem, stated[name], node)
        due = first or dict.fromkeys(hits, ready)
        latest = _latest(stated[name], node, hits, due)
        capex = expansion.capex.at(node.period.start, node.branch) or 0.0
        usd = size * capex * (1.0 - expansion.grant)
        yield Built(name, site, latest, min(first.values(), default=ready), size, usd)


def _first_runs(result: Result, site: str, ready: date, decided: Node) -> dict[str, date]:
    """Return branch to the first day on which a site runs once an expansion is there."""
    runs = result.plan.runs
    running = set(runs.loc[(runs["facility"] == site) & (runs["tonnes"] > NOTHING), "node"])
    first: dict[str, date] = {}
    for node in result.problem.nodes:
        if node.id in running and node.period.end > ready:
            for branch in decided.scenarios:
                if branch in node.scenarios:
                    first.setdefault(branch, max(node.period.start, ready))
    return first


def _hits(problem: Problem, expansion: Expansion, node: Node) -> dict[str, list[Event]]:
    """Return branch to the events that hit the building of an expansion there."""
    place = problem.expansions.index(expansion)
    known: dict[str, bool] = {}
    found: dict[str, list[Event]] = {}
    for branch in problem.branches:
        if branch.id not in node.scenarios:
            continue
        for event in branch.events:
            if event.content not in known:
                known[event.content] = any(
                    hit.table == "expansions" and hit.place == place
                    for hit in hits_of(problem, event)
                )
        found[branch.id] = [event for event in branch.events if known[event.content]]
    return found


def _latest(
    expansion: Expansion,
    node: Node,
    hits: Mapping[str, list[Event]],
    due: Mapping[str, date],
) -> date:
    """Return the latest day from which it is in time and no dearer, whatever the branch."""
    first = max(node.period.start, expansion.start or node.period.start)
    day = max(due.values())
    if expansion.end is not None:
        day = min(day, expansion.end - ONE_DAY)
    while day > first:
        if all(
            day + _lead(expansion, hits[branch], day) <= needed
            and _price(expansion, hits[branch], day) <= _price(expansion, hits[branch], first)
            for branch, needed in due.items()
        ):
            return day
        day -= ONE_DAY
    return first


def _lead(expansion: Expansion, events: list[Event], day: date) -> timedelta:
    """Return the time from decision on a day to commissioning."""
    late = sum(event.lead_time for event in events if _in_force(event, day))
    return timedelta(days=round(expansion.lead_time + (expansion.delay.at(day) or 0.0) + late))


def _price(expansion: Expansion, events: list[Event], day: date) -> float:
    """Return the capital cost of what is decided on a day."""
    price = expansion.capex.at(day) or 0.0
    return price * prod(event.capex for event in events if _in_force(event, day))


def _in_force(event: Event, day: date) -> bool:
    return event.start <= day and (event.until is None or day < event.until)
