"""What is seen of a result: one material, one way through the tree, one period."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from instances.errors import Finding, InputError, nearest_name
from optimizer.plot.colours import Palette, palette

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd

    from instances.tree import Node
    from optimizer.result import Result

LEAST = 1e-6
"""Tonnes that are none."""


@dataclass(frozen=True)
class Sight:
    """One material on one way through the tree.

    Parameters
    ----------
    result
        What is looked at; it has a plan.
    good
        The material.
    branch
        The scenario, ``None`` where there is one way only.
    nodes
        The nodes on that way, in order of time.
    at
        The one that pictures of one period show.
    """

    result: Result
    good: str
    branch: str | None
    nodes: tuple[Node, ...]
    at: Node

    @classmethod
    def of(
        cls,
        result: Result,
        good: str | None = None,
        branch: str | None = None,
        period: str | None = None,
    ) -> Sight:
        """Return the sight of a result.

        Parameters
        ----------
        good
            A commodity; that of the first demand if not given.
        branch
            A scenario; the first if not given.
        period
            Label of a period; the last if not given.

        Raises
        ------
        InputError
            There is no such commodity, scenario or period.
        NoPlan
            The result has no plan.
        """
        _ = result.plan
        problem = result.problem.realised.without_cut_offs
        commodities = [item.id for item in problem.commodities]
        first = problem.demand[0].commodity if problem.demand else commodities[0]
        good = _chosen("good", good, commodities, first)
        branches = [item.id for item in problem.branches]
        branch = _chosen("branch", branch, branches, branches[0])
        way = tuple(node for node in problem.nodes if branch in node.scenarios)
        labels = [node.period.label for node in way]
        label = _chosen("period", period, labels, labels[-1])
        known = branch if len(branches) > 1 else None
        return cls(result, good, known, way, way[labels.index(label)])

    @property
    def name(self) -> str:
        """The material's name."""
        return self.result.problem.names.commodity(self.good)

    @property
    def periods(self) -> list[str]:
        """Labels of the periods."""
        return [node.period.label for node in self.nodes]

    @property
    def scenario(self) -> str:
        """The scenario in words for a title, "" where there is one way only."""
        return "" if self.branch is None else f", scenario {self.branch}"

    @cached_property
    def colours(self) -> Palette:
        """The colours of countries."""
        return palette(self.result)

    def country(self, code: str) -> str:
        """Return a country's name."""
        return self.result.problem.names.country(code)

    def here(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return the rows of a table on the way; of the material where the table has one."""
        kept = table["node"].isin({node.id for node in self.nodes})
        if "commodity" in table:
            kept &= table["commodity"] == self.good
        return table[kept]

    def now(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return those rows of `here` that are of the period shown."""
        found = self.here(table)
        return found[found["node"] == self.at.id]

    def over_time(self, values: pd.Series[Any]) -> list[float]:
        """Return numbers by node, in order of time; 0 where there is none."""
        numbers = values.to_dict()
        return [float(numbers.get(node.id, 0.0)) for node in self.nodes]


def _chosen(what: str, asked: str | None, known: Sequence[str], first: str) -> str:
    if asked is None:
        return first
    if asked in known:
        return asked
    near = nearest_name(asked, known)
    remedy = f"Choose among: {_listed(known)}."
    raise InputError([Finding(what, "is not in the problem", asked, near, remedy)])


def _listed(names: Iterable[str]) -> str:
    some = list(names)
    return ", ".join(some[:8]) + (", ..." if len(some) > 8 else "")
