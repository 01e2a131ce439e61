"""Windows: what is spread evenly over a period falls, some days later, in the nodes it overlaps.

The fraction of node m's amount that falls in node n after d days is

    days of [start(m) + d, end(m) + d) within n / days of m

for n = m and for every n that has m in its history, and 0 for any other n.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from instances.tree import Node

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Join(NamedTuple):
    """Pairs of rows with one key: row of the left table, row of the right one."""

    left: Ints
    right: Ints


def joined(left: Ints, right: Ints) -> Join:
    """Return every pair of rows of ``left`` and ``right`` with the same key.

    Parameters
    ----------
    left
        Keys in any order.
    right
        Keys in rising order.
    """
    first = np.searchsorted(right, left, side="left")
    count = np.searchsorted(right, left, side="right") - first
    row = np.repeat(np.arange(len(left)), count)
    step = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    return Join(row, first[row] + step)


def days_after(day: date, days: float) -> date:
    """Return the day ``days`` (rounded to whole days) after ``day``, at most the last there is."""
    try:
        return day + timedelta(days=round(days))
    except OverflowError:
        return date.max


def anniversary(day: date, years: int) -> date:
    """Return ``day`` in a later year; the 1st of March for the 29th of February."""
    if day.year + years > date.max.year:
        return date.max
    if (day.month, day.day) == (2, 29):
        return date(day.year + years, 2, 28) + timedelta(days=1)
    return day.replace(year=day.year + years)


class Windows:
    """The nodes in days, and what of one falls in which others.

    Parameters
    ----------
    nodes
        Parents first.
    parents
        Position of each node's parent, -1 for a root.
    """

    def __init__(self, nodes: tuple[Node, ...], parents: Ints) -> None:
        self._parents = parents
        self._start = np.array([node.period.start.toordinal() for node in nodes], dtype=float)
        self._end = np.array([node.period.end.toordinal() for node in nodes], dtype=float)
        self._last = np.array([node.last for node in nodes], dtype=bool)

    @cached_property
    def lineage(self) -> NDArray[np.bool_]:
        """Whether the row's node is the column's or lies in its history."""
        count = len(self._parents)
        table = np.eye(count, dtype=bool)
        for number, parent in enumerate(self._parents):
            if parent >= 0:
                table[:, number] |= table[:, parent]
        return table

    def falling(self, days: int) -> Floats:
        """Return the fraction of the row's node that falls in the column's ``days`` later."""
        late = np.minimum(self._end[:, None] + days, self._end)
        early = np.maximum(self._start[:, None] + days, self._start)
        within = np.clip(late - early, 0.0, None) / (self._end - self._start)[:, None]
        return np.asarray(within * self.lineage, dtype=np.float64)

    def beyond(self, days: int) -> Floats:
        """Return, by node, the fraction that falls ``days`` later behind each last node.

        The columns are all nodes; those at which the horizon does not end have 0.
        """
        ahead = 1.0 - self.falling(days) @ self.lineage
        return np.asarray(ahead * self.lineage * self._last, dtype=np.float64)

    def spread(self, node: Ints, days: Ints) -> tuple[Ints, Ints, Floats]:
        """Return where rows at ``node`` fall, each ``days`` later.

        Returns
        -------
        tuple
            The row, the node it falls in, and the fraction of it that does; a row per overlap.
        """
        rows: list[Ints] = [np.zeros(0, dtype=np.int64)]
        places: list[Ints] = [np.zeros(0, dtype=np.int64)]
        shares: list[Floats] = [np.zeros(0)]
        for delay in np.unique(days):
            table = self.falling(int(delay))
            source, target = np.nonzero(table)
            among = np.flatnonzero(days == delay)
            pair = joined(node[among], source)
            rows.append(among[pair.left])
            places.append(target[pair.right])
            shares.append(table[source[pair.right], target[pair.right]])
        return np.concatenate(rows), np.concatenate(places), np.concatenate(shares)
