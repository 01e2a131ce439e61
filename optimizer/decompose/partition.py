r"""Partition: the compiled extensive form as a first stage and the sub-problems behind it.

Every column and row of the extensive form belongs to a node of the tree of scenarios. What is
decided before the first branching is the first stage; every branch that leaves it makes a
sub-problem of its own, with all that may branch off later inside it. With x of the first stage

.. math:: \min_x c x + \sum_k Q_k(x), \qquad
    Q_k(x) = \min_y \{ c_k y : l_k \le T_k x + W_k y \le u_k \}

Nothing is formulated anew: c, T and W are parts of the arrays that `compile_frame` gave.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from optimizer.compile import Matrices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from instances.tree import Node
    from optimizer.compile import Floats, Positions

FIRST = -1
"""Number of the first stage among the sub-problems."""


@dataclass(frozen=True, eq=False)
class Part:
    """The first stage or a sub-problem: positions in the extensive form.

    Parameters
    ----------
    columns, rows
        What is its own.
    links
        Columns of the first stage that occur in its rows; none for the first stage itself.
    """

    columns: Positions
    rows: Positions
    links: Positions


@dataclass(frozen=True, eq=False)
class Partition:
    """A first stage and the sub-problems behind it.

    Parameters
    ----------
    matrices
        The extensive form.
    first
        What is decided before the first branching.
    blocks
        The sub-problems, in the order of their first nodes.
    names
        Id of the first node of each sub-problem.
    chances
        Probability of each sub-problem.
    ties
        Constraints with a row that ties several sub-problems together, or the cost of what is
        decided in one to another: where there are any, the problem does not fall apart.
    """

    matrices: Matrices
    first: Part
    blocks: tuple[Part, ...]
    names: tuple[str, ...]
    chances: Floats
    ties: tuple[str, ...]

    def matrices_of(self, number: int) -> Matrices:
        """Return a sub-problem (-1: the first stage) as a program.

        Its links come first, at no cost.
        """
        part = self.first if number == FIRST else self.blocks[number]
        found = self._program(
            np.concatenate([part.links, part.columns]), part.rows, self._entries(number)
        )
        links = len(part.links)
        found.cost[:links] = 0.0
        if number != FIRST:
            # choices that the first stage makes, or that have one value only, are no choices here
            found.integer[:] = False
        return found

    def alone(self, number: int) -> Matrices:
        """Return the problem in which one sub-problem is certain, the first stage first."""
        part = self.blocks[number]
        found = self._program(
            np.concatenate([self.first.columns, part.columns]),
            np.concatenate([self.first.rows, part.rows]),
            np.concatenate([self._entries(FIRST), self._entries(number)]),
        )
        found.cost[len(self.first.columns) :] *= self.chances.sum() / self.chances[number]
        found.integer[:] = False
        return found

    def _program(self, columns: Positions, rows: Positions, entries: Positions) -> Matrices:
        """Return the program of some columns and rows, which ``entries`` are in."""
        whole = self.matrices
        place = _places(columns, self._columns[entries])
        order = np.argsort(place, kind="stable")
        start = np.zeros(len(columns) + 1, dtype=np.int32)
        np.cumsum(np.bincount(place, minlength=len(columns)), out=start[1:])
        entries = entries[order]
        return Matrices(
            start=start,
            rows=_places(rows, whole.rows[entries].astype(np.int64)).astype(np.int32),
            coefficients=whole.coefficients[entries],
            cost=whole.cost[columns],
            lower=whole.lower[columns],
            upper=whole.upper[columns],
            integer=whole.integer[columns],
            row_lower=whole.row_lower[rows],
            row_upper=whole.row_upper[rows],
            offset=0.0,
            columns={},
            row_positions={},
            variables={},
            constraints={},
        )

    def _entries(self, number: int) -> Positions:
        return self._order[self._ends[number + 1] : self._ends[number + 2]]

    @cached_property
    def _columns(self) -> Positions:
        """Column of each entry of the extensive form."""
        return np.repeat(np.arange(len(self.matrices.cost)), np.diff(self.matrices.start))

    @cached_property
    def _order(self) -> Positions:
        """Entries of the extensive form by the sub-problem of their rows."""
        return np.argsort(self._rows[self.matrices.rows], kind="stable")

    @cached_property
    def _ends(self) -> Positions:
        """Where in `_order` the entries of the first stage and of each sub-problem begin."""
        behind = self._rows[self.matrices.rows[self._order]]
        return np.searchsorted(behind, np.arange(FIRST, len(self.blocks) + 1))

    @cached_property
    def _rows(self) -> Positions:
        """Sub-problem of each row."""
        owners = np.full(len(self.matrices.row_lower), FIRST)
        for number, part in enumerate(self.blocks):
            owners[part.rows] = number
        return owners


def partition(nodes: Sequence[Node], matrices: Matrices) -> Partition:
    """Return the extensive form over ``nodes`` as a first stage and sub-problems."""
    places, names, chances = _stages(nodes)
    of_column = _of_columns(places, matrices)
    width = np.diff(matrices.start)
    of_entry = np.repeat(of_column, width)
    height = len(matrices.row_lower)
    least = np.full(height, len(names), dtype=np.int64)
    most = np.full(height, FIRST, dtype=np.int64)
    later = of_entry >= 0
    np.minimum.at(least, matrices.rows[later], of_entry[later])
    np.maximum.at(most, matrices.rows[later], of_entry[later])
    tied = (most >= 0) & (least != most)
    of_row = most
    by_column, by_row = _grouped(of_column, len(names)), _grouped(of_row, len(names))
    column_of_entry = np.repeat(np.arange(len(width)), width)
    crossing = (of_entry == FIRST) & (of_row[matrices.rows] >= 0)
    behind = of_row[matrices.rows[crossing]]
    some = column_of_entry[crossing]
    order = np.argsort(behind, kind="stable")
    ends = np.searchsorted(behind[order], np.arange(len(names) + 1))
    nothing = np.zeros(0, dtype=np.int64)
    return Partition(
        matrices=matrices,
        first=Part(by_column[0], by_row[0], nothing),
        blocks=tuple(
            Part(columns, rows, np.unique(some[order[low:high]]))
            for columns, rows, low, high in zip(
                by_column[1:], by_row[1:], ends[:-1], ends[1:], strict=True
            )
        ),
        names=names,
        chances=chances,
        ties=tuple(
            name for name, at in matrices.row_positions.items() if len(at) and tied[at].any()
        ),
    )


def _stages(nodes: Sequence[Node]) -> tuple[Mapping[str, int], tuple[str, ...], Floats]:
    """Return node id to sub-problem (-1: first stage), and the sub-problems' names and chances."""
    children: dict[str | None, list[Node]] = {}
    for node in nodes:
        children.setdefault(node.parent, []).append(node)
    places: dict[str, int] = {}
    following = children[None]
    while len(following) == 1:
        places[following[0].id] = FIRST
        following = children.get(following[0].id, [])
    for number, node in enumerate(following):
        places[node.id] = number
    for node in nodes:
        if node.id not in places:
            assert node.parent is not None
            places[node.id] = places[node.parent]
    chances = np.array([node.probability for node in following], dtype=float)
    return places, tuple(node.id for node in following), chances


def _of_columns(places: Mapping[str, int], matrices: Matrices) -> Positions:
    """Return the sub-problem of each column; what has no node is decided first."""
    found = np.full(len(matrices.cost), FIRST, dtype=np.int64)
    for name, index in matrices.variables.items():
        if "node" in index.dims and len(index):
            at = index.dims.index("node")
            labels = np.array([places.get(str(label), FIRST) for label in index.labels[at]])
            found[matrices.span(name)] = labels[index.codes[at]]
    return found


def _grouped(owners: Positions, count: int) -> list[Positions]:
    """Return the positions that belong to the first stage, then those of each sub-problem."""
    order = np.argsort(owners, kind="stable")
    ends = np.searchsorted(owners[order], np.arange(FIRST, count + 1))
    return [order[low:high] for low, high in pairwise(ends.tolist())]


def _places(labels: Positions, sought: Positions) -> Positions:
    """Return where among ``labels`` each of ``sought`` stands."""
    order = np.argsort(labels, kind="stable")
    return order[np.searchsorted(labels, sought, sorter=order)]
