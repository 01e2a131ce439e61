"""Hidden edits: a random problem that has a plan, broken by one change of one record."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instances import apply
from instances.errors import InputError
from instances.generate import random_problem
from optimizer import Options, Point, explain, solve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instances.problem import Problem

PLAIN = Options(tie_break=False, time_limit=120)
TRIES = 12
"""Edits that are tried on a problem before the next one is drawn."""
SECONDS = 3000.0
"""Time for each explanation: what is asked is whether it is right, not whether it is quick."""
LOOKED_AT = 3
"""Remedies among which what broke the problem has to be."""


@dataclass(frozen=True, eq=False)
class Broken:
    """A problem without a plan, and what was done to it.

    Parameters
    ----------
    problem
        Without a plan.
    edit
        What broke it.
    record
        Table and id of the record that it changed.
    whole_usd
        Least cost before that.
    """

    problem: Problem
    edit: str
    record: tuple[str, str]
    whole_usd: float


def _edits(problem: Problem, draw: random.Random) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield edits that tighten one record each."""
    for rule in problem.rules:
        for lever in rule.levers():
            path = f"rules[{rule.id}].{lever.field}"
            if lever.unit == "fraction":
                number: Any = 0.0 if lever.direction > 0 else 1.0
                yield f"{path}={number}", ("rules", rule.id)
            elif lever.unit == "count":
                yield f"{path}={0 if lever.direction > 0 else 9}", ("rules", rule.id)
            else:
                factor = 0.1 if lever.direction > 0 else draw.choice([20.0, 1000.0])
                yield f"{path}*={factor}", ("rules", rule.id)
    for table, field in (
        ("offers", "available"),
        ("facilities", "capacity"),
        ("lanes", "capacity"),
        ("stockpiles", "opening"),
        ("stockpiles", "fill_rate"),
    ):
        for record in getattr(problem, table):
            if getattr(record, field):
                yield f"{table}[{record.id}].{field}*=0.01", (table, record.id)
    for demand in problem.demand:
        yield f"demand[{demand.id}].quantity*=3", ("demand", demand.id)


def broken_problem(seed: int) -> Broken | None:
    """Return a problem broken by one edit, ``None`` where none of those tried breaks it."""
    draw = random.Random(seed)
    problem = random_problem(seed)
    hard = [f"demand[{item.id}].shortfall_cost=null" for item in problem.demand]
    whole = None
    for edits in (hard, []):
        candidate = _edited(problem, edits)
        result = None if candidate is None else solve(candidate, PLAIN)
        if result is not None and result.status.point is Point.OPTIMAL:
            assert candidate is not None
            problem, whole = candidate, result.objective
            break
    if whole is None:
        return None
    found = list(_edits(problem, draw))
    for edit, record in draw.sample(found, min(TRIES, len(found))):
        candidate = _edited(problem, [edit])
        if candidate is not None and solve(candidate, PLAIN).status.point is Point.INFEASIBLE:
            return Broken(candidate, edit, record, whole)
    return None


def _edited(problem: Problem, edits: list[str]) -> Problem | None:
    """Return the problem after edits, ``None`` where they do not fit it."""
    try:
        return apply(problem, edits)
    except InputError:
        return None


def how_found(broken: Broken) -> tuple[int, str] | None:
    """Return which of the first remedies answers what was done, from 1, and how; ``None``: none.

    It is about the record that was changed, or it is cheaper than to undo the change: explain
    re-solves every remedy, and its cost is that of the plan found.
    """
    told = explain(broken.problem, Options(time_limit=SECONDS))
    for rank, remedy in enumerate(told.remedies[:LOOKED_AT], 1):
        if any((step.table, step.id) == broken.record for step in remedy.steps):
            return rank, "names the record"
        if remedy.cost_usd <= broken.whole_usd * (1 + 1e-9):
            return rank, "is cheaper"
    return None
