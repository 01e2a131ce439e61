"""Index tables: one integer column per dimension, the truth of which Pyomo's sets are views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

Codes = NDArray[np.int64]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Index:
    """A sparse index set as columns.

    Parameters
    ----------
    dims
        Name of each dimension.
    codes
        One array per dimension, equally long: positions in ``labels``.
    labels
        One sequence per dimension: the labels the codes stand for.
    """

    dims: tuple[str, ...]
    codes: tuple[Codes, ...]
    labels: tuple[Sequence[Hashable], ...]

    def __len__(self) -> int:
        return len(self.codes[0]) if self.codes else 1

    @classmethod
    def of(cls, dims: Sequence[str], keys: Iterable[Hashable | tuple[Hashable, ...]]) -> Index:
        """Return the table of ``keys``: tuples, or plain labels when there is one dimension."""
        rows = [key if isinstance(key, tuple) else (key,) for key in keys]
        codes, labels = [], []
        for position in range(len(dims)):
            known: dict[Hashable, int] = {}
            column = [known.setdefault(row[position], len(known)) for row in rows]
            codes.append(np.asarray(column, dtype=np.int64))
            labels.append(tuple(known))
        return cls(tuple(dims), tuple(codes), tuple(labels))

    def cross(self, other: Index) -> Index:
        """Return every pair of a row here with a row of ``other``, the latter running fastest."""
        here, there = len(self), len(other)
        return Index(
            self.dims + other.dims,
            tuple(np.repeat(column, there) for column in self.codes)
            + tuple(np.tile(column, here) for column in other.codes),
            tuple(self.labels) + tuple(other.labels),
        )

    def column(self, dim: str) -> list[Hashable]:
        """Return the labels of one dimension, row by row."""
        position = self.dims.index(dim)
        labels = self.labels[position]
        return [labels[code] for code in self.codes[position].tolist()]

    def rows(self) -> list[Hashable]:
        """Return the rows as Pyomo keys: tuples, or plain labels when there is one dimension."""
        columns = [self.column(dim) for dim in self.dims]
        return list(columns[0]) if len(columns) == 1 else list(zip(*columns, strict=True))


def stacked(rows: Sequence[Values]) -> Values:
    """Return columns over time one after the other: the values of a cross with the nodes."""
    return np.concatenate(rows) if len(rows) else np.zeros(0)
