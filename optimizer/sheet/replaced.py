"""What takes the place of a choice that is no longer made: what two solved plans differ by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from optimizer.sheet.plan import goods_from

if TYPE_CHECKING:
    from instances.problem import Problem
    from optimizer.answer import Answer
    from optimizer.compile import Matrices

MOST_GAINS = 2
"""Gains that are told."""
PART = 1e-3
"""Part of the largest gain below which one is none."""
Way = Literal["buy", "run", "short"]
OWNER: dict[Way, str] = {"buy": "offer", "run": "facility", "short": "demand"}
Taken = dict[tuple[Way, str], float]
"""What a plan takes: way and record to tonnes over the horizon, expected over scenarios."""


@dataclass(frozen=True, slots=True)
class Gain:
    """What a plan takes more of.

    Parameters
    ----------
    way, id, name
        Bought of an offer, run at a facility, or left short of a demand; which, in words.
    tonnes
        How much more over the horizon, expected over scenarios.
    """

    way: Way
    id: str
    name: str
    tonnes: float


def taken(problem: Problem, matrices: Matrices, answer: Answer) -> Taken:
    """Return what a solved plan takes."""
    assert answer.values is not None
    chance = {node.id: node.probability for node in problem.nodes}
    found: Taken = {}
    for way, owner in OWNER.items():
        if way not in matrices.variables:
            continue
        index, span = matrices.variables[way], matrices.span(way)
        for id, node, amount in zip(
            index.column(owner), index.column("node"), answer.values[span], strict=True
        ):
            more = chance.get(str(node), 0.0) * float(amount)
            found[way, str(id)] = found.get((way, str(id)), 0.0) + more
    return found


def gains_of(
    problem: Problem, before: Taken, after: Taken, goods: frozenset[str]
) -> tuple[Gain, ...]:
    """Return what is taken more of that has to do with some goods, the most first."""
    more = {
        key: after[key] - before.get(key, 0.0)
        for key in after
        if not goods.isdisjoint(_goods(problem, *key))
    }
    least = PART * max((*more.values(), 0.0))
    kept = [key for key in more if more[key] > max(least, 1e-6)]
    kept.sort(key=lambda key: (-more[key], key))
    return tuple(Gain(way, id, _named(problem, way, id), more[way, id]) for way, id in kept)


def set_by_shortfall(before: Taken, after: Taken) -> bool:
    """Return whether at least half of what is gained is left short."""
    more = {key: max(after[key] - before.get(key, 0.0), 0.0) for key in after}
    short = sum(amount for (way, _), amount in more.items() if way == "short")
    return short > 0 and short >= 0.5 * sum(more.values())


def _goods(problem: Problem, way: Way, id: str) -> set[str]:
    """Return what an offer sells, a facility makes or a demand needs."""
    if way == "run":
        site = next(item for item in problem.facilities if item.id == id)
        return {name for process in site.processes for name in process.outputs}
    records = problem.offers if way == "buy" else problem.demand
    return {item.commodity for item in records if item.id == id}


def goods_of(problem: Problem, table: str, id: str) -> frozenset[str]:
    """Return the goods that a choice gives: of an offer, a contract, a facility or a plant."""
    if table == "contracts":
        id = next(item.offer for item in problem.contracts if item.id == id)
    if table == "expansions":
        id = next(item.facility for item in problem.expansions if item.id == id)
    way: Way = "buy" if table in ("offers", "contracts") else "run"
    return frozenset(_goods(problem, way, id))


def _named(problem: Problem, way: Way, id: str) -> str:
    if way == "buy":
        return goods_from(problem, id)
    if way == "run":
        return runs_at(problem, id)
    demand = next(item for item in problem.demand if item.id == id)
    return f"{problem.names.commodity(demand.commodity)} ({demand.demand_class}) left short"


def runs_at(problem: Problem, facility: str) -> str:
    """Return what a facility makes and where it is: "gallium made at smelter (Australia)"."""
    site = next(item for item in problem.facilities if item.id == facility)
    made = dict.fromkeys(
        problem.names.commodity(name) for process in site.processes for name in process.outputs
    )
    goods = " and ".join(list(made)[:2]) + (" and others" if len(made) > 2 else "")
    return f"{goods} made at {facility} ({problem.names.country(site.country)})"
