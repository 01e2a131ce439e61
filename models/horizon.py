"""Time on the model: nodes, parents, lengths, probabilities and discount factors as columns."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from instances.supply import Tranche
from models.index import Index, Values

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from instances.contract import Contract
    from instances.network import Lane
    from instances.problem import Problem
    from instances.schedule import Schedule
    from instances.tree import Node
    from models.frame import Frame

    Pair = tuple[str, str, float]
    """Two nodes and a number."""


@dataclass(frozen=True, eq=False)
class Horizon:
    """The tree as columns, one entry per node, parents first.

    Parameters
    ----------
    nodes
        The nodes.
    index
        The nodes as an index table.
    years
        Length of each node's period in years.
    worth
        Probability of the node times the discount factor of its period.
    worth_at_end
        Probability of the node times the discount factor of the last day of its period.
    worth_at_last
        Probability of the node times the discount factor of the last day of the horizon.
    """

    nodes: tuple[Node, ...]
    index: Index
    years: Values
    worth: Values
    worth_at_end: Values
    worth_at_last: Values

    @cached_property
    def likely(self) -> Values:
        """1 for nodes that may be reached, 0 for those of probability 0."""
        return np.array([float(node.probability > 0) for node in self.nodes])

    def shared(self, by: Hashable, work_out: Callable[[], Iterable[Pair]]) -> tuple[Pair, ...]:
        """Return numbers by two nodes, worked out once for all records with the same ``by``."""
        found = self._pairs.get(by)
        if found is None:
            found = self._pairs[by] = tuple(work_out())
        return found

    @cached_property
    def _pairs(self) -> dict[Hashable, tuple[Pair, ...]]:
        return {}

    @cached_property
    def cut_off(self) -> NDArray[np.bool_]:
        """Whether a node belongs to a cut-off, which only survival rules ask about."""
        return np.array([node.cut_off is not None for node in self.nodes], dtype=bool)

    def lead(self, lane: Lane) -> Values:
        """Return the whole days from loading to arrival, by node of loading."""
        return np.round(lane.lead_time + self.over(lane.delay, 0.0))

    def over(self, schedule: Schedule | None, missing: float) -> Values:
        """Return ``schedule`` at the first day of each node; ``missing`` where it has no value."""
        if schedule is None:
            return np.full(len(self.nodes), missing)
        if schedule.constant:
            return np.full(len(self.nodes), schedule.points[0][1])
        values = (schedule.at(node.period.start, node.branch) for node in self.nodes)
        return np.array([missing if value is None else value for value in values])

    def table(self, schedules: Iterable[Schedule | None], missing: float) -> Values:
        """Return a row of `over` for each of ``schedules``; equal ones are worked out once."""
        known: dict[int, Values] = {}
        kept = list(schedules)
        rows = np.empty((len(kept), len(self.nodes)))
        for number, schedule in enumerate(kept):
            if schedule is None:
                rows[number] = missing
            elif schedule.constant:
                rows[number] = schedule.points[0][1]
            else:
                found = known.get(id(schedule))
                if found is None:
                    found = known[id(schedule)] = self.over(schedule, missing)
                rows[number] = found
        return rows

    def price(self, way: Tranche | Contract) -> Values:
        """Return the price of a way to buy on the first day of each node, 0 where none is said."""
        if isinstance(way, Tranche):
            return self.over(way.price, 0.0)
        return np.array(
            [way.price_on(node.period.start, node.branch) or 0.0 for node in self.nodes]
        )

    def prices(self, ways: Sequence[Tranche | Contract]) -> Values:
        """Return a row of `price` for each way to buy."""
        tranches = [way.price if isinstance(way, Tranche) else None for way in ways]
        rows = self.table(tranches, 0.0)
        for number, way in enumerate(ways):
            if not isinstance(way, Tranche):
                rows[number] = self.price(way)
        return rows

    def years_within(self, start: date | None, end: date | None) -> Values:
        """Return the years of each node's period that lie from ``start`` on and before ``end``."""
        if start is None and end is None:
            return self.years
        return np.array([node.period.years_within(start, end) for node in self.nodes])

    def node(self, name: str) -> Node:
        """Return the node with the id ``name``."""
        return self._by_id[name]

    def way(self, name: str) -> tuple[str, ...]:
        """Return the nodes on the way to a node, itself last."""
        way = [name]
        while (parent := self._by_id[way[-1]].parent) is not None:
            way.append(parent)
        return tuple(reversed(way))

    @cached_property
    def _by_id(self) -> dict[str, Node]:
        return {node.id: node for node in self.nodes}


def horizon(problem: Problem) -> Horizon:
    """Return the columns of the problem's tree."""
    nodes = problem.nodes
    base = nodes[0].period.start
    discount = problem.discount
    chance = np.array([node.probability for node in nodes])
    worth = np.array([discount.factor(base, node.period.start, node.period.end) for node in nodes])
    at_end = np.array([discount.factor_at(base, node.period.end) for node in nodes])
    return Horizon(
        nodes=nodes,
        index=Index.of(("node",), [node.id for node in nodes]),
        years=np.array([node.period.years for node in nodes]),
        worth=chance * worth,
        worth_at_end=chance * at_end,
        worth_at_last=chance * discount.factor_at(base, nodes[-1].period.end),
    )


def declare_horizon(frame: Frame, time: Horizon) -> None:
    """Declare the set ``NODE``, and for each node ``PATH``, the way to it, and ``PARENT``."""
    frame.add_set("NODE", time.index)
    parents: dict[Hashable, list[Hashable]] = {
        item.id: [item.parent] for item in time.nodes if item.parent is not None
    }
    frame.add_members("PARENT", "NODE", 1, parents)
    frame.add_members("PATH", "NODE", 1, {item.id: list(time.way(item.id)) for item in time.nodes})


def roots(time: Horizon) -> Index:
    """Return the nodes without a parent."""
    return Index.of(("node",), [node.id for node in time.nodes if node.parent is None])


def steps(time: Horizon) -> Index:
    """Return (node, parent) for every node with a parent."""
    return Index.of(
        ("node", "parent"),
        [(node.id, node.parent) for node in time.nodes if node.parent is not None],
    )


def ends(time: Horizon) -> Index:
    """Return the nodes at which the horizon ends."""
    return Index.of(("node",), [node.id for node in time.nodes if node.last])
