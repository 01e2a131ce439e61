"""The tree of futures: a node is a period in a branch; branches share their common history."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from instances.periods import Period, Periods, timeline

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Node:
    """A period in a branch.

    Parameters
    ----------
    id
        The period's label, followed by the branch where there is more than one.
    period
        When.
    parent
        Id of the node before it, ``None`` for the first.
    probability
        Probability that this node is reached.
    last
        Whether the horizon ends here.
    """

    id: str
    period: Period
    parent: str | None
    probability: float
    last: bool


@lru_cache(maxsize=256)
def grow(periods: Periods) -> tuple[Node, ...]:
    """Return the nodes, parents first: without scenarios one branch."""
    periods_in_order = timeline(periods)
    nodes: list[Node] = []
    for number, period in enumerate(periods_in_order):
        nodes.append(
            Node(
                id=period.label,
                period=period,
                parent=nodes[-1].id if nodes else None,
                probability=1.0,
                last=number == len(periods_in_order) - 1,
            )
        )
    return tuple(nodes)


def ways_of(nodes: tuple[Node, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return node id to the ids of the nodes on the way to it, itself last."""
    ways: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        ways[node.id] = (*(ways[node.parent] if node.parent is not None else ()), node.id)
    return ways


def periods_of(nodes: tuple[Node, ...]) -> Mapping[str, Period]:
    """Return node id to period, in order."""
    return {node.id: node.period for node in nodes}
