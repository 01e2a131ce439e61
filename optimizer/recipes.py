"""Recipes: what a tonne of activity of each process gives at each node, where it stands."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from instances.problem import Problem


def recipes_of(problem: Problem) -> Callable[[str, str, str], tuple[str, Mapping[str, float]]]:
    """Return a function of facility, process and node: country, and tonnes per tonne of activity.

    Yields that differ by date, or by what happens, are counted.
    """
    known = {
        (site.id, process.id): (site.country, process)
        for site in problem.realised.facilities
        for process in site.processes
    }
    nodes = {node.id: node for node in problem.nodes}

    @cache
    def found(facility: str, process: str, node: str) -> tuple[str, Mapping[str, float]]:
        country, recipe = known[facility, process]
        return country, recipe.given(nodes[node].period.start, nodes[node].branch)

    return found
