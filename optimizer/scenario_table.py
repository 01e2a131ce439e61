"""The table of scenarios: what each costs, what stays unmet, from when on and for how long."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from datetime import date

    from instances.check import Verdict
    from instances.plan import Plan
    from instances.problem import Problem
    from instances.scenarios.branch import Branch
    from instances.tree import Node

COLUMNS = [
    "scenario",
    "probability",
    "node",
    "cost_usd",
    "unmet_t",
    "first_unmet",
    "survive_d",
    "recover_d",
]
NOTHING = 1e-6
"""Tonnes that are no shortfall."""


def scenario_table(problem: Problem, plan: Plan, verdict: Verdict) -> pd.DataFrame:
    """Return a row per scenario.

    ``cost_usd`` is discounted, under the problem's perspective. ``unmet_t`` counts all demands,
    ``first_unmet`` is the first day of the first period in which any stays unmet. ``survive_d``
    are the days from the first event to that day, ``recover_d`` those to the end of the last
    period with a shortfall: null without one, and ``recover_d`` where it lasts to the end of the
    horizon. Shortfall is known by period: shorter ones tell days more finely.
    """
    nodes = {node.id: node for node in problem.nodes}
    short = plan.shortfalls.groupby("node")["tonnes"].sum().to_dict()
    cost = dict(zip(verdict.branches["node"], verdict.branches["cost_usd"], strict=True))
    last = {name: node for node in nodes.values() if node.last for name in node.scenarios}
    rows = []
    for branch in problem.branches:
        node = last[branch.id]
        way = [node]
        while (parent := way[-1].parent) is not None:
            way.append(nodes[parent])
        missing = {item.id: float(short.get(item.id, 0.0)) for item in reversed(way)}
        gaps = [nodes[name].period for name, tonnes in missing.items() if tonnes > NOTHING]
        first = gaps[0].start if gaps else None
        onset = _onset(branch, node)
        over = gaps[-1].end if gaps and gaps[-1].end < node.period.end else None
        rows.append(
            {
                "scenario": branch.id,
                "probability": branch.probability,
                "node": node.id,
                "cost_usd": cost[node.id],
                "unmet_t": sum(missing.values()),
                "first_unmet": None if first is None else first.isoformat(),
                "survive_d": _days(onset, first),
                "recover_d": _days(onset, over),
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS)


def _onset(branch: Branch, last: Node) -> date | None:
    """Return the first day of the first event that is not certain, ``None`` without one."""
    days = [event.start for event in branch.events if not event.certain]
    first = min(days, default=None)
    return first if first is not None and first < last.period.end else None


def _days(onset: date | None, day: date | None) -> int | None:
    return None if onset is None or day is None else max((day - onset).days, 0)


def calmest_way(problem: Problem) -> list[str]:
    """Return the nodes of the scenario with the fewest events, the likeliest of those."""
    branch = min(problem.branches, key=lambda item: (len(item.events), -item.probability, item.id))
    return [node.id for node in problem.nodes if branch.id in node.scenarios]
