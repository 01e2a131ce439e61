"""Look-ups: the positions of many index tuples in an index table at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from numpy.typing import NDArray

    from models.index import Codes, Index

WIDEST = 2**62
"""Largest key: a product of label counts beyond it is cut by numbering what occurs."""
_ROOM = 8
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


class Finder:
    """Finds rows of one index table.

    A row's key is a number in mixed radix, one digit per dimension. Where all possible keys fit
    into a table a few times the size of the rows, that table answers; else a sorted search, whose
    hits are compared with what was asked.

    Raises
    ------
    ValueError
        The table holds a row twice.
    """

    def __init__(self, index: Index, translator: Translator) -> None:
        self._index = index
        self._translate = translator
        self._steps: list[NDArray[np.int64] | None] = []
        keys = np.zeros(len(index), dtype=np.int64)
        size = 1
        for codes, labels in zip(index.codes, index.labels, strict=True):
            radix = max(len(labels), 1)
            if size * radix > WIDEST:
                known = np.unique(keys)
                keys, size = np.searchsorted(known, keys), len(known)
                self._steps.append(known)
                if size * radix > WIDEST:
                    raise ValueError("an index table is too large")
            else:
                self._steps.append(None)
            keys = keys * radix + codes
            size *= radix
        self._table: NDArray[np.int64] | None = None
        self._sorted = self._order = np.zeros(0, dtype=np.int64)
        if size <= _ROOM * len(keys) + _SMALL:
            self._table = np.full(size, -1, dtype=np.int64)
            self._table[keys] = np.arange(len(keys))
            if (self._table >= 0).sum() != len(keys):
                last = np.arange(len(keys)) != self._table[keys]
                raise ValueError(f"it holds {index.row(int(np.argmax(last)))} twice")
        else:
            self._order = np.argsort(keys, kind="stable")
            self._sorted = keys[self._order]
            twice = self._sorted[1:] == self._sorted[:-1]
            if twice.any():
                row = int(self._order[1:][twice][0])
                raise ValueError(f"it holds {index.row(row)} twice")

    def find(self, columns: Sequence[Column], count: int) -> Codes:
        """Return the position of each of ``count`` rows of ``columns``, -1 where there is none."""
        if self._itself(columns):
            return np.arange(count)
        keys = np.zeros(count, dtype=np.int64)
        missing: NDArray[np.bool_] | None = None
        for column, labels, known in zip(columns, self._index.labels, self._steps, strict=True):
            codes, complete = self._translate.codes(column, labels)
            if not complete:
                missing = (codes < 0) if missing is None else missing | (codes < 0)
            if known is not None:
                keys, absent = _search(known, keys)
                missing = absent if missing is None else missing | absent
            keys = keys * max(len(labels), 1) + codes
        if missing is not None:
            keys[missing] = 0
        if self._table is not None:
            found = self._table[keys]
        else:
            places, absent = _search(self._sorted, keys)
            found = np.where(absent, -1, self._order[places]) if len(self._order) else places - 1
        if missing is not None:
            found[missing] = -1
        return found

    def _itself(self, columns: Sequence[Column]) -> bool:
        """Return whether the rows of this very table are asked for."""
        pairs = zip(columns, self._index.codes, self._index.labels, strict=True)
        return bool(columns) and all(
            column.codes is codes and column.labels is labels for column, codes, labels in pairs
        )


def _search(known: NDArray[np.int64], keys: Codes) -> tuple[Codes, NDArray[np.bool_]]:
    """Return the place of each key in ``known``, 0 where it is not, and where it is not."""
    if not len(known):
        return np.zeros(len(keys), dtype=np.int64), np.ones(len(keys), dtype=bool)
    places = np.searchsorted(known, keys)
    places[places == len(known)] = 0
    absent = known[places] != keys
    places[absent] = 0
    return places, absent
