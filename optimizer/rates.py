"""Rates: how much of a commodity is needed a year, at every node."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from instances.problem import Problem


def rates_of(problem: Problem) -> dict[tuple[str, str], float]:
    """Return node and commodity to the tonnes per year that are needed, where any are."""
    found: dict[tuple[str, str], float] = {}
    for demand in problem.demand:
        for node in problem.nodes:
            rate = demand.quantity.at(node.period.start, node.branch) or 0.0
            if rate > 0:
                key = node.id, demand.commodity
                found[key] = found.get(key, 0.0) + rate
    return found
