"""The tree of futures: a node is a period in a branch; branches share their common history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from instances.periods import Period, Periods, timeline
from instances.scenarios.branch import ALONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from instances.scenarios.branch import Branch
    from instances.scenarios.cut_off import CutOff
    from instances.scenarios.event import Event


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
    branch
        A branch that passes here: what holds in this period is the same in all that do.
    waived
        Rules that need not be kept here.
    scenarios
        Ids of all branches that pass here; none in a cut-off.
    cut_off
        The cut-off that a survival rule asks about here, ``None`` where things may come about.
    """

    id: str
    period: Period
    parent: str | None
    probability: float
    last: bool
    branch: str | None = None
    waived: frozenset[str] = frozenset()
    scenarios: tuple[str, ...] = ()
    cut_off: CutOff | None = None


MOST_NODES = 20_000
"""Nodes that a tree may have."""


def grow(periods: Periods, branches: tuple[Branch, ...] = (ALONE,)) -> tuple[Node, ...]:
    """Return the nodes, parents first, those of a period together and in order of their ids.

    Branches share a node as long as what has happened in them, and what is announced, is the same.
    """
    nodes: list[Node] = []
    ordered = tuple(sorted(branches, key=lambda branch: branch.id))
    together: list[tuple[str | None, tuple[Branch, ...]]] = [(None, ordered)]
    line = timeline(periods)
    for period in line:
        parted = [
            (parent, group)
            for parent, members in together
            for group in _parted(members, period, line[-1].end)
        ]
        together = []
        grown = []
        for parent, members in parted:
            name = _name(period, members, len(branches))
            grown.append(
                Node(
                    id=name,
                    period=period,
                    parent=parent,
                    probability=sum(item.probability for item in members),
                    last=period is line[-1],
                    branch=members[0].id,
                    waived=_waived(members[0], period),
                    scenarios=tuple(item.id for item in members),
                )
            )
            together.append((name, members))
        nodes += sorted(grown, key=lambda node: node.id)
    return tuple(nodes)


def nodes_needed(periods: Periods, branches: tuple[Branch, ...]) -> int:
    """Return how many nodes a tree would have; a number beyond `MOST_NODES` once it has more."""
    together: list[tuple[Branch, ...]] = [branches]
    line = timeline(periods)
    count = 0
    for period in line:
        together = [
            group for members in together for group in _parted(members, period, line[-1].end)
        ]
        count += len(together)
        if count > MOST_NODES:
            break
    return count


def _parted(
    members: tuple[Branch, ...], period: Period, horizon: date
) -> Iterator[tuple[Branch, ...]]:
    """Yield the branches that cannot be told apart by the end of a period, in groups."""
    if len(members) == 1:
        yield members
        return
    groups: dict[object, list[Branch]] = {}
    for branch in members:
        seen = (_seen(event, period, horizon) for event in branch.events)
        groups.setdefault(frozenset(item for item in seen if item is not None), []).append(branch)
    yield from (tuple(group) for group in groups.values())


def _seen(event: Event, period: Period, horizon: date) -> tuple[str, date | None] | None:
    """Return what is known of an event by the end of a period, its end if that has come."""
    if min(event.start, event.announced or event.start) >= period.end:
        return None
    end = event.until
    if end is not None and (end >= horizon or not (event.ends_known or end < period.end)):
        end = None
    return event.content, end


def _waived(branch: Branch, period: Period) -> frozenset[str]:
    return frozenset(
        rule
        for event in branch.events
        if event.start < period.end and (event.restored is None or event.restored > period.start)
        for rule in event.waives or ()
    )


def _name(period: Period, members: tuple[Branch, ...], count: int) -> str:
    """Return "2028" where all branches pass, else "2028:ban" or "2028:ban+2" for two more."""
    if len(members) == count:
        return period.label
    # the calmest of them stands for all: what may yet happen to it is not known here
    calmest = min(members, key=lambda branch: (len(branch.events), branch.id))
    more = len(members) - 1
    return f"{period.label}:{calmest.id}" + (f"+{more}" if more else "")


def ways_of(nodes: tuple[Node, ...]) -> Mapping[str, tuple[str, ...]]:
    """Return node id to the ids of the nodes on the way to it, itself last."""
    ways: dict[str, tuple[str, ...]] = {}
    for node in nodes:
        ways[node.id] = (*(ways[node.parent] if node.parent is not None else ()), node.id)
    return ways


def periods_of(nodes: tuple[Node, ...]) -> Mapping[str, Period]:
    """Return node id to period, in order."""
    return {node.id: node.period for node in nodes}
