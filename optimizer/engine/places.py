"""Places: which numbers of a program an edit reaches, found by comparing, never declared.

Two programs have the same structure when their variables, constraints and index tables are the
same. Whatever else differs (a cost, a bound, a coefficient) is a number at a place, and can be
written into a loaded program without loading it again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from models.index import Index
    from optimizer.compile import Floats, Matrices, Positions
    from optimizer.highs import Instance


@dataclass(frozen=True, eq=False)
class Places:
    """Places of numbers in programs of one structure, each kind in rising order.

    Parameters
    ----------
    costs
        Columns whose cost is meant.
    columns
        Columns whose two bounds are meant.
    rows
        Rows whose two bounds are meant.
    entries
        Entries of the matrix that are meant: column times the number of rows, plus row.
    height
        Number of rows.
    """

    costs: Positions
    columns: Positions
    rows: Positions
    entries: Positions
    height: int

    def __len__(self) -> int:
        return sum(self._sizes)

    @property
    def _sizes(self) -> tuple[int, ...]:
        columns, rows = len(self.columns), len(self.rows)
        return (len(self.costs), columns, columns, rows, rows, len(self.entries), 1)

    def read(self, matrices: Matrices) -> Floats:
        """Return the numbers at these places, one after the other, the constant cost last."""
        return np.concatenate(
            [
                matrices.cost[self.costs],
                matrices.lower[self.columns],
                matrices.upper[self.columns],
                matrices.row_lower[self.rows],
                matrices.row_upper[self.rows],
                _coefficients(matrices, self.entries),
                [matrices.offset],
            ]
        )

    def write(self, instance: Instance, numbers: Floats) -> None:
        """Write ``numbers``, in the order of `read`, into a loaded program."""
        cost, lower, upper, row_lower, row_upper, coefficients, offset = self.parts(numbers)
        if len(self.costs):
            instance.change_some_costs(self.costs, cost)
        if len(self.columns):
            instance.change_bounds(self.columns, lower, upper)
        if len(self.rows):
            instance.change_rows(self.rows, row_lower, row_upper)
        if len(self.entries):
            columns, rows = np.divmod(self.entries, self.height)
            instance.change_coefficients(rows, columns, coefficients)
        instance.change_offset(float(offset[0]))

    def parts(self, numbers: Floats) -> list[Floats]:
        """Return numbers by kind: cost, lower, upper, row lower, row upper, entries, constant.

        Splits along the first dimension.
        """
        return np.split(numbers, np.cumsum(self._sizes)[:-1])

    def joined(self, other: Places) -> Places:
        """Return the places that are in either."""
        return Places(
            np.union1d(self.costs, other.costs),
            np.union1d(self.columns, other.columns),
            np.union1d(self.rows, other.rows),
            np.union1d(self.entries, other.entries),
            self.height,
        )

    def covers(self, other: Places) -> bool:
        """Return whether every place of ``other`` is among these."""
        return len(self.joined(other)) == len(self)


def same_structure(first: Matrices, second: Matrices) -> bool:
    """Return whether two programs have the same columns, rows and yes/no choices by name."""
    return (
        first.columns == second.columns
        and _same_tables(first.variables, second.variables)
        and _same_tables(first.constraints, second.constraints)
        and np.array_equal(first.integer, second.integer)
    )


def difference(first: Matrices, second: Matrices) -> Places:
    """Return the places at which two programs of one structure differ."""
    height = len(first.row_lower)
    return Places(
        np.flatnonzero(first.cost != second.cost),
        np.flatnonzero((first.lower != second.lower) | (first.upper != second.upper)),
        np.flatnonzero(
            (first.row_lower != second.row_lower) | (first.row_upper != second.row_upper)
        ),
        _differing_entries(first, second),
        height,
    )


def _same_tables(first: Mapping[str, Index], second: Mapping[str, Index]) -> bool:
    return list(first) == list(second) and all(
        _same_rows(table, second[name]) for name, table in first.items()
    )


def _same_rows(first: Index, second: Index) -> bool:
    return (
        first.dims == second.dims
        and len(first) == len(second)
        and all(
            tuple(mine) == tuple(theirs)
            for mine, theirs in zip(first.labels, second.labels, strict=True)
        )
        and all(
            np.array_equal(mine, theirs)
            for mine, theirs in zip(first.codes, second.codes, strict=True)
        )
    )


def _differing_entries(first: Matrices, second: Matrices) -> Positions:
    if np.array_equal(first.start, second.start) and np.array_equal(first.rows, second.rows):
        return _entries(first)[np.flatnonzero(first.coefficients != second.coefficients)]
    # a coefficient that is 0 in one of them is no entry there
    every = np.union1d(_entries(first), _entries(second)).astype(np.int64)
    differing: Positions = every[_coefficients(first, every) != _coefficients(second, every)]
    return differing


def _entries(matrices: Matrices) -> Positions:
    height = len(matrices.row_lower)
    width = np.diff(matrices.start)
    columns = np.repeat(np.arange(len(width), dtype=np.int64), width)
    return np.asarray(columns * height + matrices.rows, dtype=np.int64)


def _coefficients(matrices: Matrices, entries: Positions) -> Floats:
    if not len(entries):
        return np.zeros(0)
    known = _entries(matrices)
    if not len(known):
        return np.zeros(len(entries))
    found = np.minimum(np.searchsorted(known, entries), len(known) - 1)
    return np.where(known[found] == entries, matrices.coefficients[found], 0.0)
