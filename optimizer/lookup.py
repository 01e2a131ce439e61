"""Look-ups: the positions of many index tuples in an index table at once."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.integer[Any]]

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from models.index import Codes, Index

WIDEST = 2**62
"""Largest key: a product of label counts beyond it is cut by numbering what occurs."""
_ROOM = 64
"""A table of all possible keys may hold this many times the rows."""
_SMALL = 1 << 16


@dataclass(frozen=True, eq=False, slots=True)
class Column:
    """One label per row, as positions in ``labels``."""

    codes: Codes
    labels: Sequence[Hashable]


class Translator:
    """Turns positions in one sequence of labels into positions in another, -1 where it lacks it.

    Sequences are told apart by identity, so that tables that share their labels cost nothing.
    """

    def __init__(self) -> None:
        self._places: dict[int, dict[Hashable, int]] = {}
        self._maps: dict[tuple[int, int], Codes] = {}
        self._kept: list[Sequence[Hashable]] = []

    def codes(self, column: Column, labels: Sequence[Hashable]) -> tuple[Codes, bool]:
        """Return the column's labels as positions in ``labels``, and whether all are there."""
        if column.labels is labels:
            return column.codes, True
        pair = (id(column.labels), id(labels))
        found = self._maps.get(pair)
        if found is None:
            places = self._places.get(id(labels))
            if places is None:
                places = {label: place for place, label in enumerate(labels)}
                self._places[id(labels)] = places
            # an identity is the sequence's as long as the sequence is kept
            self._kept += [column.labels, labels]
            found = np.array([places.get(label, -1) for label in column.labels], dtype=np.int64)
            self._maps[pair] = found
        if not len(found):
            return column.codes, True
        codes = found[column.codes]
        return codes, bool(found.min() >= 0) or not len(codes) or bool(codes.min() >= 0)


class Numbering:
    """Numbers the keys that occur, from 0 on in rising order.

    A table of all possible keys answers where it is a few times as long as the keys, else a
    search.

    Parameters
    ----------
    keys
        What occurs, perhaps repeatedly.
    size
        One more than the largest possible key.
    """

    def __init__(self, keys: Codes, size: int) -> None:
        self._table: NDArray[np.int32] | None = None
        self._known = np.zeros(0, dtype=np.int64)
        if size <= _ROOM * len(keys) + _SMALL:
            there = np.zeros(size, dtype=bool)
            there[keys] = True
            self._table = np.cumsum(there, dtype=np.int32)
            self._table[~there] = 0
            self._table -= 1
            self.count = int(there.sum())
        else:
            keys = np.sort(keys)
            self._known = keys[np.diff(keys, prepend=-1) > 0]
            self.count = len(self._known)

    def find(self, keys: Places) -> Places:
        """Return the number of each of ``keys``, -1 where it does not occur."""
        if self._table is not None:
            return self._table[keys]
        if not self.count:
            return np.full(len(keys), -1, dtype=np.int64)
        places = np.searchsorted(self._known, keys)
        places[places == self.count] = 0
        places[self._known[places] != keys] = -1
        return places


class Finder(ABC):
    """Finds rows of one index table."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def find(self, columns: Sequence[Column], count: int) -> Codes | slice:
        """Return the position of each of ``count`` rows of ``columns``, -1 where there is none.

        Where the rows of the table itself are asked for, it is all of them: a slice.
        """
        return slice(0, count) if self._itself(columns) else self._find(columns, count)

    @abstractmethod
    def _find(self, columns: Sequence[Column], count: int) -> Codes:
        """Return the positions, where the rows are not those of the table itself."""

    def _itself(self, columns: Sequence[Column]) -> bool:
        """Return whether the rows of this very table are asked for."""
        pairs = zip(columns, self._index.codes, self._index.labels, strict=True)
        return bool(columns) and all(
            column.codes is codes and column.labels is labels for column, codes, labels in pairs
        )


class CrossFinder(Finder):
    """Finds rows of a cross: those of its first table and of its second."""

    def __init__(self, index: Index, first: Finder, second: Finder) -> None:
        super().__init__(index)
        self._first, self._second = first, second

    def _find(self, columns: Sequence[Column], count: int) -> Codes:
        assert self._index.factors is not None
        one, other = self._index.factors
        split = len(one.dims)
        found = positions(self._first.find(columns[:split], count))
        last = positions(self._second.find(columns[split:], count))
        rows = found * len(other)
        rows += last
        if len(rows) and min(int(found.min()), int(last.min())) < 0:
            rows[(found < 0) | (last < 0)] = -1
        return rows


class KeyFinder(Finder):
    """Finds rows by keys.

    A row's key is a number in mixed radix, one digit per dimension. Where the next digit would
    make keys sparse, those that occur are numbered first.

    Raises
    ------
    ValueError
        The table holds a row twice.
    """

    def __init__(self, index: Index, translator: Translator) -> None:
        super().__init__(index)
        self._translate = translator
        self._steps: list[Numbering | None] = []
        keys = np.zeros(len(index), dtype=np.int64)
        size = 1
        room = _ROOM * len(index) + _SMALL
        for codes, labels in zip(index.codes, index.labels, strict=True):
            radix = max(len(labels), 1)
            step = None
            if size > 1 and size * radix > min(room, WIDEST):
                step = Numbering(keys, size)
                keys, size = step.find(keys).astype(np.int64), max(step.count, 1)
                if size * radix > WIDEST:
                    raise ValueError("an index table is too large")
            self._steps.append(step)
            keys = keys * radix + codes
            size *= radix
        self._last = Numbering(keys, size)
        numbers = self._last.find(keys)
        self._rows = np.full(self._last.count, -1, dtype=np.int32)
        self._rows[numbers] = np.arange(len(keys))
        if self._last.count != len(keys):
            twice = np.arange(len(keys)) != self._rows[numbers]
            raise ValueError(f"it holds {index.row(int(np.argmax(twice)))} twice")
        # rows in the order of their keys, the usual case, need no second step
        self._straight = bool((self._rows == np.arange(len(keys))).all())

    def _find(self, columns: Sequence[Column], count: int) -> Codes:
        keys: Places | None = None
        missing: NDArray[np.bool_] | None = None
        for column, labels, step in zip(columns, self._index.labels, self._steps, strict=True):
            if step is not None:
                assert keys is not None  # a step numbers the keys of what stands before
                keys, missing = _present(step.find(keys), missing)
            codes: Places
            codes, complete = self._translate.codes(column, labels)
            if not complete:
                codes, missing = _present(codes, missing)
            if keys is None:
                keys = codes
            else:
                keys = keys * max(len(labels), 1)
                keys += codes
        found: Places = self._last.find(np.zeros(count, dtype=np.int64) if keys is None else keys)
        if not self._straight:
            found = np.where(found < 0, -1, self._rows[found]) if len(self._rows) else found
        if missing is not None:
            found[missing] = -1
        return found.astype(np.int64, copy=False)


def positions(found: Codes | slice) -> Codes:
    """Return the positions that a slice stands for."""
    return np.arange(found.start, found.stop) if isinstance(found, slice) else found


def _present(
    found: Places, missing: NDArray[np.bool_] | None
) -> tuple[Places, NDArray[np.bool_] | None]:
    """Return what was found, 0 for what was not, and ``missing`` with what was not."""
    absent = found < 0
    if not absent.any():
        return found, missing
    return np.where(absent, 0, found), absent if missing is None else missing | absent
