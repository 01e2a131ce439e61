"""Index tables: one integer column per dimension, the truth of which Pyomo's sets are views.

Labels are stored once per table, or shared by many; a row is never a Python object unless somebody
asks for it by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

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
        One sequence per dimension: the labels the codes stand for. They differ from one another;
        not all need occur.
    factors
        The two tables of which this is the cross, if it is one: a row is then looked up in each.
    """

    dims: tuple[str, ...]
    codes: tuple[Codes, ...]
    labels: tuple[Sequence[Hashable], ...]
    factors: tuple[Index, Index] | None = None

    def __len__(self) -> int:
        return len(self.codes[0]) if self.codes else 1

    @classmethod
    def of(cls, dims: Sequence[str], keys: Iterable[Hashable | tuple[Hashable, ...]]) -> Index:
        """Return the table of ``keys``: tuples, or plain labels when there is one dimension."""
        rows = list(keys)
        columns: Iterable[Sequence[Hashable]]
        if not rows:
            columns = [()] * len(dims)
        elif isinstance(rows[0], tuple):
            columns = zip(*rows, strict=True)
        else:
            columns = [rows]
        codes, labels = [], []
        for column in columns:
            known = dict.fromkeys(column)
            place = dict(zip(known, count(), strict=False))
            found = map(place.__getitem__, column)
            codes.append(np.fromiter(found, dtype=np.int64, count=len(rows)))
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
            (self, other),
        )

    def take(self, rows: NDArray[np.int64] | NDArray[np.bool_]) -> Index:
        """Return the rows at the positions ``rows``, or where ``rows`` is true."""
        return Index(self.dims, tuple(column[rows] for column in self.codes), self.labels)

    def only(self, *dims: str) -> Index:
        """Return the columns ``dims``, in that order; rows that become equal all stay."""
        places = [self.dims.index(dim) for dim in dims]
        return Index(
            dims, tuple(self.codes[at] for at in places), tuple(self.labels[at] for at in places)
        )

    def column(self, dim: str) -> list[Hashable]:
        """Return the labels of one dimension, row by row."""
        position = self.dims.index(dim)
        labels = self.labels[position]
        return [labels[code] for code in self.codes[position].tolist()]

    @cached_property
    def places(self) -> Mapping[Hashable, int]:
        """Position of each row, by its Pyomo key; the last one of rows that are equal."""
        return {key: place for place, key in enumerate(self.rows())}

    def row(self, position: int) -> tuple[Hashable, ...]:
        """Return the labels of one row."""
        return tuple(
            labels[column[position]]
            for labels, column in zip(self.labels, self.codes, strict=True)
        )

    def rows(self) -> list[Hashable]:
        """Return the rows as Pyomo keys: tuples, or plain labels when there is one dimension."""
        columns = [self.column(dim) for dim in self.dims]
        return list(columns[0]) if len(columns) == 1 else list(zip(*columns, strict=True))


@dataclass(frozen=True, eq=False)
class MemberTable:
    """An indexed set as columns: for each row of a set, the rows of another.

    Parameters
    ----------
    keys
        The rows that have members.
    start
        One more entry than ``keys``: members of row ``k`` stand at ``start[k]`` to
        ``start[k + 1]``.
    index
        The members, all rows' one after the other; the names of its dimensions do not matter.
    """

    keys: Index
    start: Codes
    index: Index

    @classmethod
    def of(
        cls, keys: Index, dimen: int, members: Mapping[Hashable, Iterable[Hashable]]
    ) -> MemberTable:
        """Return the table of ``members`` by key, each once; of none where a key is not given."""
        owners: list[int] = []
        counts: list[int] = []
        rows: list[Hashable] = []
        places = keys.places if members else {}
        for key, some in members.items():
            place = places.get(key)
            if place is not None:
                once = dict.fromkeys(some)
                owners.append(place)
                counts.append(len(once))
                rows += once
        dims = [f"member_{number}" for number in range(dimen)]
        owner = np.repeat(np.array(owners, dtype=np.int64), counts)
        return cls.grouped(keys, owner, Index.of(dims, rows))

    @classmethod
    def grouped(cls, keys: Index, owners: Codes, index: Index) -> MemberTable:
        """Return the table in which row i of ``index`` belongs to row ``owners[i]`` of ``keys``.

        Members keep their order; those with a negative owner are left out. No row may be a member
        of the same owner twice.
        """
        if not len(keys):
            nobody = np.zeros(0, dtype=np.int64)
            return cls(keys, np.zeros(1, dtype=np.int64), index.take(nobody))
        order = np.argsort(owners, kind="stable")
        order = order[np.searchsorted(owners[order], 0) :]
        start = np.zeros(len(keys) + 1, dtype=np.int64)
        np.cumsum(np.bincount(owners[order], minlength=len(keys)), out=start[1:])
        return cls(keys, start, index.take(order))


def stacked(rows: Sequence[Values]) -> Values:
    """Return columns over time one after the other: the values of a cross with the nodes."""
    return np.concatenate(rows) if len(rows) else np.zeros(0)
